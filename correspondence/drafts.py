"""The draft: what a person sees and what leaves, frozen. `draft()` writes it, the layouts only set it.

Amounts are strings in the currency's own decimals, so that a draft travels as JSON and comes back the same.
Days late are not frozen: a letter shows them at its own day.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from babel.lists import format_list

import wording
from correspondence.given import agents_address, given_facts
from correspondence.instalments import InstalmentAsked, instalment_asked, instalment_facts
from correspondence.matters import sums_about
from correspondence.recipients import NoUsableAddress, recipient_of
from correspondence.sums import Sums, sums_asked
from correspondence.texts import INTERNAL, language_of, template_for, words, written
from domain.catalogue import ActionType, Catalogue
from domain.claim import Action, Channel, Claim, Outcome, Values
from domain.money import Money
from domain.statement import Line

__all__ = ["AskedItem", "Draft", "NoUsableAddress", "draft"]

_ON_PAPER_OR_BY_MAIL = frozenset({Channel.EMAIL, Channel.LETTER, Channel.REGISTERED_LETTER})


LATER_FIELDS = ("on", "interest_until")  # drafts that were frozen before have none


@dataclass(frozen=True, slots=True)
class AskedItem:
    """One line of the table: an item that is due and owed, or a part of a claim of global values."""

    reference: str
    kind: str
    issued_on: str  # ISO dates, "" when unknown
    due_on: str
    amount: str
    outstanding: str


@dataclass(frozen=True, slots=True)
class Draft:
    channel: Channel
    recipient: str  # an e-mail address, the postal lines or a telephone number
    language: str
    template: str
    version: str  # a hash of the text's source
    subject: str
    text: str
    items: tuple[AskedItem, ...]
    currency: str
    principal: str  # of the items asked
    interest: str
    accessories: str  # indemnities, and costs the debtor owes
    credits: str  # money and credit notes not yet put against an item
    asked: str  # what the letter asks to pay: due and undisputed, credits deducted
    balance_due: str  # of the whole claim
    fee: str | None = None  # charged when the action is executed
    on: str = ""  # the day of its figures
    interest_until: str = ""  # the day up to which interest is counted: earlier when nobody gave a later rate

    def as_json(self) -> dict[str, Any]:
        return asdict(self) | {"channel": self.channel.value, "items": [asdict(item) for item in self.items]}

    @classmethod
    def from_json(cls, frozen: Mapping[str, Any]) -> Draft:
        """The draft as it was frozen; what others put beside it is left out."""
        fields = {name: frozen[name] for name in cls.__dataclass_fields__ if name in frozen or name not in LATER_FIELDS}
        fields["channel"] = Channel(frozen["channel"])
        fields["items"] = tuple(AskedItem(**item) for item in frozen["items"])
        return cls(**fields)

    def money(self, amount: str) -> Money:
        return Money.of(amount, self.currency)


def draft(
    claim: Claim,
    catalogue: Catalogue,
    action_type: str,
    channel: Channel,
    on: date,
    text: str | None = None,
    *,
    action: Action | None = None,
) -> Draft:
    """What would leave on this day; `text` is a person's own, in place of ours. Raises NoUsableAddress.

    `action` says which items it is about, whom inside it asks, which instalment it reminds of, to which agent it goes;
    without it, all that is due, and the type's own agent.
    """
    claim = replace(claim, debtor=claim.debtor.on(on))
    known = catalogue.action_types.get(action_type)
    internal = channel is Channel.INTERNAL_EMAIL or (known is not None and known.is_for_agent)
    language = language_of("" if internal else claim.debtor.language, catalogue.creditor.language)
    recipient = (
        agents_address(catalogue, known, action, channel)
        if known is not None and known.is_for_agent
        else recipient_of(claim, catalogue.creditor, channel, language, action)
    )
    about = action.items if action is not None else ()
    instalment = instalment_asked(claim, on, action.subject if action is not None else "")
    sums = instalment.sums if instalment else (sums_about if internal and about else sums_asked)(claim, on, about)
    facts = _facts(claim, catalogue, sums, channel, language, on) | {
        "action": wording.label(known.label, language) if known else action_type,
        **instalment_facts(instalment, language),
        **given_facts(claim, catalogue, action, language),
    }
    ours = written(_template(action_type, known, channel, inside=internal and bool(about)), language, facts)
    return Draft(
        channel=channel,
        recipient=recipient,
        language=language,
        template=ours.template,
        version=ours.version,
        subject=ours.subject,
        text=(text or "").strip() or ours.text,
        items=(_part(instalment, language),) if instalment else tuple(_asked(line) for line in sums.lines),
        currency=claim.currency,
        **sums.as_texts(),
        fee=_fee(catalogue, action_type, claim.currency),
        on=on.isoformat(),
        interest_until=sums.interest_until(on).isoformat(),
    )


def _template(action_type: str, known: ActionType | None, channel: Channel, *, inside: bool) -> str:
    """The text's name; the type's own text for the debtor is not for the people inside."""
    if inside and known is not None and channel not in known.channels:
        return INTERNAL
    return template_for(action_type, known, channel)


def _part(instalment: InstalmentAsked, language: str) -> AskedItem:
    """The one line of an instalment's reminder: its place in the plan, its day, what is left of it."""
    place = f"{instalment.number}/{instalment.count}"
    return AskedItem(
        reference=words(language)["instalment"].format(place=place),
        kind="instalment",
        issued_on="",
        due_on=instalment.due_on.isoformat(),
        amount=str(instalment.amount),
        outstanding=str(instalment.rest),
    )


def _asked(line: Line) -> AskedItem:
    item = line.item
    return AskedItem(
        reference=item.reference,
        kind=item.kind.value,
        issued_on=item.issued_on.isoformat() if item.issued_on else "",
        due_on=item.due_on.isoformat() if item.due_on else "",
        amount=str(item.amount),
        outstanding=str(line.outstanding),
    )


def _facts(
    claim: Claim, catalogue: Catalogue, sums: Sums, channel: Channel, language: str, on: date
) -> dict[str, object]:
    """The fixed list of what a text may name, as words already: no object to reach through."""
    oldest = sums.oldest_due_on(on)
    days_late = (on - oldest).days
    earlier = [wording.day(day, language) for day in _written_on(claim, catalogue)]
    one, many = _things(sums, language)
    late_one, late_many = words(language)["late_days"]
    return {
        "channel": channel.value,
        "company": claim.debtor.kind == "company",
        "debtor": claim.debtor.name,
        "creditor": catalogue.creditor.name,
        "number": claim.number,
        "count": 0 if claim.values is Values.GLOBAL else len(sums.lines),
        "thing": one,
        "things": many,
        "oldest_due_on": wording.day(oldest, language),
        "late": (late_many if days_late > 1 else late_one).format(count=days_late),
        "asked": wording.amount(sums.asked, language),
        "paid": wording.amount(sums.paid, language) if sums.paid else "",
        "earlier": earlier,
        "earlier_days": format_list(earlier, locale=language) if earlier else "",
        "off_scenario": [
            {
                "reference": line.item.reference,
                "outstanding": wording.amount(line.owed, language),
                "comment": line.item.comment,
            }
            for line in sums.off_scenario
        ],
    }


def _things(sums: Sums, language: str) -> tuple[str, str]:
    """What to call the items, one and many: by their kind when they have only one."""
    names = words(language)["things"]
    kinds = {line.item.kind.value for line in sums.lines}
    one, many = names.get(kinds.pop() if len(kinds) == 1 else "other", names["other"])
    return one, many


def _written_on(claim: Claim, catalogue: Catalogue) -> list[date]:
    """The days, in the claim's time zone, on which the debtor (and no agent) was written to."""
    to_agents = {kind.code for kind in catalogue.action_types.values() if kind.is_for_agent}
    zone = ZoneInfo(claim.time_zone)
    days = {
        action.done_at.astimezone(zone).date()
        for action in claim.actions
        if action.outcome is Outcome.SENT
        and action.reached
        and action.done_at
        and action.channel in _ON_PAPER_OR_BY_MAIL
        and action.action_type not in to_agents
    }
    return sorted(days)


def _fee(catalogue: Catalogue, action_type: str, currency: str) -> str | None:
    known = catalogue.action_types.get(action_type)
    fee = catalogue.fees.get(known.automatic_fee or "") if known else None
    amount = fee.amounts.get(currency) if fee else None
    return None if amount is None else str(Money.of(amount, currency))
