"""Which terms apply to a claim's items: the item's own, else the creditor's, else the debtor's country pack; else none.

Start with `terms_of`; domain/stated_terms.py has the form in which items and creditors state theirs.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from domain.catalogue import CountryPack, Creditor, Dated, Rate
from domain.claim import Claim, ItemKind
from domain.debt_terms import LEGAL_ORDER, NO_TERMS, ClaimTerms, DebtTerms, InterestTerms, Span
from domain.interest import FIRST_DAY, LAST_DAY, Floor, contract_interest, rate_interest, reference_interest
from domain.money import Money, NotAnAmount
from domain.reading import Reading
from domain.stated_terms import INDEMNITY_CURRENCY, AgreedInterest, Stated, read_stated

COMMERCIAL = frozenset({ItemKind.INVOICE, ItemKind.BILL, ItemKind.CHEQUE})  # what L441-10 is about
ALIASES = {"ecb": "ecb_refinancing"}


@dataclass(frozen=True, slots=True)
class Setting:
    """What the terms of one claim are found in: its creditor, the reference rates, the law of the debtor's country."""

    creditor: Creditor
    rates: Mapping[str, Rate]
    pack: CountryPack
    is_person: bool
    currency: str


def setting_of(
    claim: Claim, creditor: Creditor, rates: Mapping[str, Rate], packs: Mapping[str, CountryPack]
) -> Setting:
    """The debtor's own country's pack only: an unknown country has no law here."""
    country = claim.debtor.country
    return Setting(
        creditor, rates, packs.get(country) or CountryPack(country, {}), claim.debtor.kind == "person", claim.currency
    )


def terms_of(claim: Claim, setting: Setting) -> ClaimTerms:
    """The terms of every item of the claim, with the rates they need."""
    by_kind = {kind: _of_kind(kind, Stated(), setting) for kind in ItemKind}
    own = {i.reference: _of_kind(i.kind, read_stated(Reading(i.terms)), setting) for i in claim.items if i.terms}
    return ClaimTerms(by_kind, own, setting.creditor.terms.order if setting.creditor.terms else LEGAL_ORDER)


def _of_kind(kind: ItemKind, own: Stated, setting: Setting) -> DebtTerms:
    if kind is ItemKind.CREDIT_NOTE:
        return NO_TERMS
    agreed = setting.creditor.terms or Stated()
    interest = own.interest if own.interest is not None else agreed.interest
    return DebtTerms(
        interest=_lawful(kind, setting) if interest is None else _agreed(interest, kind, setting),
        indemnity=_indemnities(kind, own, agreed, setting),
    )


def _agreed(interest: AgreedInterest, kind: ItemKind, setting: Setting) -> InterestTerms | None:
    from_notice = _from_notice(setting) if interest.from_notice is None else interest.from_notice
    how = {"from_notice": from_notice, "compounding": interest.compounding}
    floor = None if setting.is_person or kind not in COMMERCIAL else _floor(setting)
    if interest.rate is not None:
        return contract_interest(f"{interest.rate:f}", floor, **how)
    if not interest.reference:
        return None
    code = ALIASES.get(interest.reference, interest.reference)
    points = (Dated(f"{interest.points:f}", FIRST_DAY, None, "contract"),)
    rate = setting.rates.get(code)
    if rate is None:  # nobody has set it up: the whole of it is missing
        return reference_interest(code, (), "day", points, **how)
    return rate_interest(rate, points, floor, **how)


def _lawful(kind: ItemKind, setting: Setting) -> InterestTerms | None:
    """The rule of the debtor's country: between professionals, else that of any debt of money."""
    parameters = setting.pack.parameters
    commercial = kind in COMMERCIAL and not setting.is_person
    rule = "interest_company" if commercial else "interest_civil"
    references = parameters.get(f"{rule}_reference", ())
    known = [setting.rates[each.value] for each in references if each.value in setting.rates]
    if not references:
        return None
    points = parameters.get(f"{rule}_points") or (
        Dated("0", references[0].since, references[-1].until, references[0].source),
    )
    if not known:  # the law names a rate that nobody has set up: missing, and said so
        return reference_interest(references[-1].value, (), "day", points, from_notice=not commercial)
    last = known[-1]
    values = last.values if len(references) == 1 else _one_after_another(references, setting.rates)
    return reference_interest(last.code, values, last.applies, points, from_notice=not commercial)


def _one_after_another(references: tuple[Dated, ...], rates: Mapping[str, Rate]) -> tuple[Dated, ...]:
    """Another reference rate takes over from its own date on."""
    return tuple(
        Dated(
            value.value,
            max(value.since, each.since),
            min(value.until or LAST_DAY, each.until or LAST_DAY),
            value.source,
        )
        for each in references
        for value in (rates[each.value].values if each.value in rates else ())
        if value.since <= (each.until or LAST_DAY) and (value.until or LAST_DAY) >= each.since
    )


def _from_notice(setting: Setting) -> bool:
    """Against a person a contract's interest too waits for the formal notice, where the country's law is so."""
    return setting.is_person and bool(setting.pack.parameters.get("interest_civil_reference"))


def _floor(setting: Setting) -> Floor | None:
    parameters = setting.pack.parameters
    references, times = parameters.get("interest_floor_reference", ()), parameters.get("interest_floor_times", ())
    rate = setting.rates.get(references[-1].value) if references else None
    return None if rate is None or not times else Floor(rate.values, rate.applies, times)


def _indemnities(kind: ItemKind, own: Stated, agreed: Stated, setting: Setting) -> tuple[Span, ...]:
    """Between professionals, in euros, of an invoice (or of an item whose own terms fix one)."""
    if setting.is_person or setting.currency != INDEMNITY_CURRENCY:
        return ()
    if own.indemnity is not None:
        return _fixed(own.indemnity)
    if kind is not ItemKind.INVOICE:
        return ()
    if agreed.indemnity is not None:
        return _fixed(agreed.indemnity)
    lawful = setting.pack.parameters.get("indemnity_company", ())
    return tuple(
        Span(d.since, d.until or LAST_DAY, amount, d.source, "indemnity") for d in lawful if (amount := _euros(d.value))
    )


def _fixed(amount: Decimal) -> tuple[Span, ...]:
    return (Span(FIRST_DAY, LAST_DAY, amount, "contract"),) if amount else ()


def _euros(text: str) -> Decimal | None:
    try:
        return Money.of(text, INDEMNITY_CURRENCY).amount
    except NotAnAmount:
        return None
