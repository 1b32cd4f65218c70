"""How values of the JSON views are written on pages: amounts, dates, codes with a label of the catalogue, people."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, Final
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_skeleton, format_time
from babel.numbers import format_decimal
from jinja2 import pass_context
from jinja2.runtime import Context
from markupsafe import Markup

from api.pages.changes import as_seen
from domain.money import Money
from wording import amount as amount_words
from wording import capital, code_label
from wording import day as day_words
from wording.figures import locale_of


@pass_context
def amount(context: Context, text: str | None, currency: str) -> str:
    """ "1234.500" of TND as the reader writes it."""
    return "—" if text is None else amount_words(Money.of(text, currency), _language(context))


@pass_context
def day(context: Context, value: str | date) -> str:
    return day_words(_date(value), _language(context))


@pass_context
def long_day(context: Context, value: datetime) -> str:
    """Monday, 23 November 2026."""
    return format_date(value, "full", locale=_locale(context))


@pass_context
def short_date(context: Context, value: str | date | datetime, time_zone: str | None = None) -> str:
    """23/11/2026."""
    moment = _moment(value)
    shown = _local(moment, time_zone) if isinstance(moment, datetime) else moment
    return format_date(shown, "dd/MM/yyyy", locale=_locale(context))


@pass_context
def short_day(context: Context, value: str | datetime, time_zone: str | None = None) -> str:
    """23 Nov., in the claim's own time zone; with the year when it is not this one."""
    moment = _local(_instant(value), time_zone)
    same_year = moment.year == context["site"].now.year
    return format_skeleton("MMMd" if same_year else "yMMMd", moment, locale=_locale(context))


@pass_context
def hour(context: Context, value: str | datetime, time_zone: str | None = None) -> str:
    return format_time(_local(_instant(value), time_zone), "HH:mm", locale=_locale(context))


@pass_context
def local_time(context: Context, value: str | datetime) -> Markup:
    """An instant of the wall clock: in UTC, until app.js writes it as the reader's own clock shows it."""
    moment = _instant(value).astimezone(UTC)
    text = f"{short_date(context, moment)} {hour(context, moment)} UTC"
    return Markup('<time datetime="{}" data-local>{}</time>').format(moment.isoformat(), text)


def labelled(kind: str) -> Callable[[Context, str | None], str]:
    """A filter: the label of a code of this kind of catalogue entry; "" when the catalogue has none."""

    @pass_context
    def of_code(context: Context, code: str | None) -> str:
        return str(context["labels"].of(kind, code or ""))

    return of_code


@pass_context
def person(context: Context, code: str | None) -> str:
    """The name behind an author: a person's, "Recouvra" for the system, a program's key by its name."""
    if not code:
        return ""
    if code in ("system", "sample"):
        return "Recouvra"
    if code.startswith("api:"):
        return code.removeprefix("api:")
    return str(context["labels"].of("person", code) or code)


@pass_context
def named(context: Context, code: str | None, kind: str) -> str:
    """The label of a fixed code (promise_state, clock_state, ...) as a word of its own: it begins with a capital."""
    return capital(code_label(kind, code or "", _language(context)))


@pass_context
def rate(context: Context, text: str) -> str:
    """ "12.15" percent as the reader writes it."""
    return format_decimal(Decimal(text), locale=_locale(context), decimal_quantization=False)


@pass_context
def reason(context: Context, code: str) -> str:
    """Why an action ended: a code of the domain, the result of a call, or what a person wrote."""
    words = code_label("reason", code, _language(context))
    return code_label("result", code, _language(context)) if words == code else words


def recipient(value: str | Mapping[str, Any] | None) -> str:
    """To whom it goes: an e-mail address, or the lines of a postal one."""
    if isinstance(value, Mapping):
        lines = [value.get("name"), *value.get("lines", ())]
        lines.append(" ".join(p for p in (value.get("postal_code"), value.get("city")) if p))
        lines.extend((value.get("country"), value.get("email")))
        return "\n".join(str(line) for line in lines if line)
    return value or "—"


def _language(context: Context) -> str:
    return str(context["language"])


def _locale(context: Context) -> Locale:
    return locale_of(_language(context))


def _date(value: str | date) -> date:
    return date.fromisoformat(value[:10]) if isinstance(value, str) else value


def _instant(value: str | datetime) -> datetime:
    return datetime.fromisoformat(value) if isinstance(value, str) else value


def _moment(value: str | date | datetime) -> date | datetime:
    if not isinstance(value, str):
        return value
    return date.fromisoformat(value) if len(value) == len("2026-11-23") else datetime.fromisoformat(value)


def _local(moment: datetime, time_zone: str | None) -> datetime:
    return moment.astimezone(ZoneInfo(time_zone) if time_zone else UTC)


FILTERS: Final[Mapping[str, Callable[..., str]]] = {
    "amount": amount,
    "day": day,
    "long_day": long_day,
    "short_date": short_date,
    "short_day": short_day,
    "hour": hour,
    "local_time": local_time,
    "action_type": labelled("action_type"),
    "status": labelled("status"),
    "creditor": labelled("creditor"),
    "scenario": labelled("scenario"),
    "sub_stage": labelled("sub_stage"),
    "agent": labelled("agent"),
    "named": named,
    "rate": rate,
    "person": person,
    "reason": reason,
    "recipient": recipient,
    "seen": as_seen,
}
