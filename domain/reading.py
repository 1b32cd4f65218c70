"""Reading what came from outside, field by field: all that is wrong is noted, not only the first thing."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from domain.money import Money, NotAnAmount

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
_EMAIL = re.compile(r"[^@\s<>,;:\"()\[\]\\]+@[^@\s<>,;:\"()\[\]\\]+\.[^@\s<>,;:\"()\[\]\\.]+")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
FIRST_DAY, LAST_DAY = date(1900, 1, 1), date(2200, 1, 1)


@dataclass(frozen=True, slots=True)
class Refusal:
    """One thing that is wrong: where, what stood there, a code for programs and a sentence for people."""

    path: str
    value: str
    code: str
    reason: str


class Refused(ValueError):
    """The input cannot be taken; `refusals` says everything that is wrong with it."""

    def __init__(self, refusals: Collection[Refusal]) -> None:
        self.refusals = tuple(refusals)
        super().__init__("; ".join(f"{r.path}: {r.reason}" for r in self.refusals))


@dataclass(slots=True)
class Reading:
    """One object of the input. Each method answers the field's value, or notes a refusal and answers an empty one."""

    fields: Mapping[str, Any]
    path: str = ""
    refusals: list[Refusal] = field(default_factory=list)

    def refuse(self, name: str, code: str, reason: str) -> None:
        value = self.fields.get(name)
        shown = "" if value is None else re.sub(_CONTROL, "�", str(value))[:200]
        self.refusals.append(Refusal(f"{self.path}{name}", shown, code, reason))

    def has(self, name: str) -> bool:
        return self.fields.get(name) is not None

    def text(self, name: str, *, required: bool = False, longest: int = 200) -> str:
        """A text without control characters, trimmed; "" when absent."""
        value = self.fields.get(name)
        if value is None or value == "":
            if required:
                self.refuse(name, "missing", "is needed")
            return ""
        if not isinstance(value, str):
            self.refuse(name, "not_a_text", "must be a text")
            return ""
        text = value.strip()
        if _CONTROL.search(text):
            self.refuse(name, "control_character", "holds a control character")
        elif len(text) > longest:
            self.refuse(name, "too_long", f"is longer than {longest} characters")
        elif required and not text:
            self.refuse(name, "missing", "is needed")
        else:
            return text
        return ""

    def line(self, name: str, *, required: bool = False, longest: int = 200) -> str:
        """A text on one line: a code or a reference, which stands in headers, addresses and lists."""
        text = self.text(name, required=required, longest=longest)
        if any(character in text for character in "\t\r\n"):
            self.refuse(name, "control_character", "holds a line break or a tab")
            return ""
        return text

    def one_of(self, name: str, allowed: Collection[str], default: str = "", *, what: str = "") -> str:
        text = self.text(name)
        if not text:
            return default
        if text not in allowed:
            reason = what or f"must be one of {', '.join(sorted(allowed))}"
            self.refuse(name, "not_allowed", reason)
            return default
        return text

    def email(self, name: str) -> str:
        text = self.text(name, longest=254)
        if text and not _EMAIL.fullmatch(text):
            self.refuse(name, "not_an_email", "is not an e-mail address")
            return ""
        return text

    def identity(self, name: str) -> str:
        """The text of a UUID; "" when absent."""
        text = self.text(name)
        try:
            return str(UUID(text)) if text else ""
        except ValueError:
            self.refuse(name, "not_an_id", "is not an id (UUID)")
            return ""

    def day(self, name: str) -> date | None:
        """A date YYYY-MM-DD between 1900 and 2200."""
        value = self.fields.get(name)
        if value is None or value == "":
            return None
        if isinstance(value, date):
            day: date | None = value
        else:
            day = _day_of(value) if isinstance(value, str) else None
        if day is None or not FIRST_DAY <= day < LAST_DAY:
            self.refuse(name, "not_a_date", "must be a date YYYY-MM-DD")
            return None
        return day

    def amount(self, name: str, currency: str, *, required: bool = True, zero: bool = False) -> Money | None:
        """An amount above zero (or from zero) with at most the currency's decimals; needs a valid currency."""
        value = self.fields.get(name)
        if value is None or value == "":
            if required:
                self.refuse(name, "missing", "is needed")
            return None
        if isinstance(value, bool) or not isinstance(value, str | int | float | Decimal):
            self.refuse(name, "not_an_amount", 'must be an amount in a string, like "1234.50"')
            return None
        text = repr(value) if isinstance(value, float) else value
        try:
            money = Money.written(text.strip(), currency) if isinstance(text, str) else Money.stated(text, currency)
        except NotAnAmount as error:
            self.refuse(name, "not_an_amount", str(error)[:200])
            return None
        if money.amount < 0 or (not zero and not money):
            self.refuse(name, "not_positive", "must be zero or more" if zero else "must be above zero")
            return None
        return money

    def inner(self, name: str, *, required: bool = False) -> Reading:
        """The object in this field; an empty one when absent."""
        value = self.fields.get(name)
        if isinstance(value, Mapping):
            return Reading(value, f"{self.path}{name}.", self.refusals)
        if value is not None:
            self.refuse(name, "not_an_object", "must be an object")
        elif required:
            self.refuse(name, "missing", "is needed")
        return Reading({}, f"{self.path}{name}.", self.refusals)

    def each(self, name: str, *, most: int = 1000) -> list[Reading]:
        """The objects of the list in this field."""
        value = self.fields.get(name)
        if value is None:
            return []
        if not isinstance(value, list | tuple):
            self.refuse(name, "not_a_list", "must be a list")
            return []
        if len(value) > most:
            self.refuse(name, "too_many", f"holds more than {most} entries")
            return []
        for n, entry in enumerate(value):
            if not isinstance(entry, Mapping):
                self.refusals.append(
                    Refusal(f"{self.path}{name}[{n}]", str(entry)[:200], "not_an_object", "must be an object")
                )
        return [
            Reading(e, f"{self.path}{name}[{n}].", self.refusals) for n, e in enumerate(value) if isinstance(e, Mapping)
        ]

    def texts(self, name: str, *, most: int = 20) -> tuple[str, ...]:
        """A list of texts; a single text is split at its line ends."""
        value = self.fields.get(name)
        parts = value.split("\n") if isinstance(value, str) else value or []
        if not isinstance(parts, list | tuple) or len(parts) > most or not all(isinstance(p, str) for p in parts):
            self.refuse(name, "not_a_list", f"must be a list of at most {most} texts")
            return ()
        inner = Reading({str(n): part for n, part in enumerate(parts)}, f"{self.path}{name}.", self.refusals)
        return tuple(t for n in range(len(parts)) if (t := inner.text(str(n))))


def _day_of(text: str) -> date | None:
    try:
        return date.fromisoformat(text.strip()) if _DAY.fullmatch(text.strip()) else None
    except ValueError:
        return None
