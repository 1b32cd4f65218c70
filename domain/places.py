"""Countries, languages and time zones, by their codes (ISO 3166, ISO 639, IANA), from CLDR."""

from __future__ import annotations

from functools import cache
from zoneinfo import available_timezones

from babel import Locale
from babel.core import get_global

# Where CLDR lists several zones for a country: the one of its capital or of most of its people.
_MAIN_ZONES = {
    "AR": "America/Argentina/Buenos_Aires", "AU": "Australia/Sydney", "BR": "America/Sao_Paulo",
    "CA": "America/Toronto", "CD": "Africa/Kinshasa", "CL": "America/Santiago", "CN": "Asia/Shanghai",
    "CY": "Asia/Nicosia", "DE": "Europe/Berlin", "EC": "America/Guayaquil", "ES": "Europe/Madrid",
    "FM": "Pacific/Pohnpei", "GL": "America/Nuuk", "ID": "Asia/Jakarta", "KI": "Pacific/Tarawa",
    "KZ": "Asia/Almaty", "MH": "Pacific/Majuro", "MN": "Asia/Ulaanbaatar", "MX": "America/Mexico_City",
    "MY": "Asia/Kuala_Lumpur", "NZ": "Pacific/Auckland", "PF": "Pacific/Tahiti", "PG": "Pacific/Port_Moresby",
    "PS": "Asia/Hebron", "PT": "Europe/Lisbon", "RU": "Europe/Moscow", "UA": "Europe/Kyiv",
    "UM": "Pacific/Wake", "US": "America/New_York", "UZ": "Asia/Tashkent",
}  # fmt: skip


@cache
def countries() -> frozenset[str]:
    """The two-letter codes of ISO 3166."""
    names = Locale("en").territories
    return frozenset(code for code in map(str, names) if len(code) == 2 and code.isalpha()) - {
        "EU",
        "EZ",
        "UN",
        "XA",
        "XB",
        "ZZ",
    }


@cache
def languages() -> frozenset[str]:
    """The codes of ISO 639 that CLDR knows: "fr", "en", "ar"..."""
    return frozenset(code for code in map(str, Locale("en").languages) if code.isalpha() and len(code) <= 3)


@cache
def time_zones() -> frozenset[str]:
    return frozenset(available_timezones())


def main_time_zone(country: str) -> str:
    """The main time zone of a country ("" when it has none that we know)."""
    zones: list[str] = get_global("territory_zones").get(country, [])
    chosen = _MAIN_ZONES.get(country) or (zones[0] if zones else "")
    return chosen if chosen in time_zones() else ""
