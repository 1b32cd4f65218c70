"""Whatever the facts and their order of arrival: the statement adds up to the last unit, and nothing is lost or below zero."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from domain.claim import Claim, Correction, ItemKind, LegalEvent
from domain.money import Money, split
from domain.statement import Statement, statement
from tests.builders import a_claim, a_cost, a_debtor, a_payment, an_id, an_item, at, money
from tests.money_builders import a_correction, under

START = date(2025, 3, 15)
CURRENCIES = st.sampled_from(["EUR", "TND", "JPY"])
DAYS = st.integers(-60, 500).map(lambda days: START + timedelta(days=days))
TERMS = st.sampled_from(
    [
        None,
        {"interest": "none", "indemnity": "none"},
        {"interest": {"rate": "12.5", "compounding": "yearly"}, "indemnity": "25.00"},
        {"interest": {"reference": "tmm", "points": "3"}},
        {"interest": {"reference": "ecb", "points": "8"}, "allocation": ["principal", "interest", "indemnity", "cost"]},
    ]
)
OWN = st.sampled_from([{}, {}, {"interest": {"rate": "20"}}, {"interest": "none"}, {"indemnity": "none"}])
KINDS = st.sampled_from([ItemKind.INVOICE, ItemKind.INVOICE, ItemKind.BILL, ItemKind.CREDIT_NOTE])


def amounts(currency: str, most: int = 3000) -> st.SearchStrategy[str]:
    decimals = {"EUR": 2, "TND": 3, "JPY": 0}[currency]
    return st.integers(1, most * 10**decimals).map(lambda units: f"{Decimal(units).scaleb(-decimals):f}")


@st.composite
def claims(draw: st.DrawFn) -> Claim:
    currency = draw(CURRENCIES)
    amount = amounts(currency)
    items = [
        an_item(f"F-{n}", amount=draw(amount), currency=currency, kind=draw(KINDS), due_on=draw(st.none() | DAYS), terms=draw(OWN))
        for n in range(draw(st.integers(1, 4)))
    ]  # fmt: skip
    references = [item.reference for item in items]
    payments = []
    for n in range(draw(st.integers(0, 5))):
        of = draw(amount)
        chosen = draw(st.sampled_from([*references, "", "", ""]))
        directed = ((chosen, money(of, currency)),) if chosen else ()
        payment = a_payment(f"P-{n}", amount=of, currency=currency, value_date=draw(DAYS), directed=directed)
        payments.append(replace(payment, reversed_on=draw(st.none() | st.none() | DAYS)))
    costs = tuple(
        a_cost(f"cost {n}", amount=draw(amount), currency=currency, incurred_on=draw(DAYS), chargeable_to_debtor=draw(st.booleans()))
        for n in range(draw(st.integers(0, 2)))
    )  # fmt: skip
    corrections = tuple(
        draw(corrections_of(n, currency, references, [c.id for c in costs])) for n in range(draw(st.integers(0, 3)))
    )
    person = draw(st.booleans())
    events = (LegalEvent(an_id("notice"), "formal_notice", day := draw(DAYS), at(day), "x"),) if person else ()
    debtor = a_debtor(kind="person" if person else "company")
    claim = a_claim(
        *items, currency=currency, payments=tuple(payments), costs=costs, corrections=corrections, debtor=debtor, legal_events=events
    )  # fmt: skip
    return under(draw(TERMS), claim)


@st.composite
def corrections_of(draw: st.DrawFn, n: int, currency: str, items: list[str], costs: list[Any]) -> Correction:
    to = draw(st.sampled_from(["interest", "indemnity", "principal", *(["cost"] if costs else [])]))
    return a_correction(
        to,
        id=an_id("correction", n),
        amount=draw(amounts(currency, 200)),
        currency=currency,
        on=draw(DAYS),
        kind=draw(st.sampled_from(["correction", "waiver", "settlement", "write_off", "dispute"])),
        item="" if to == "cost" else draw(st.sampled_from([*items, ""])),
        cost_id=draw(st.sampled_from(costs)) if to == "cost" else None,
    )


def charges(found: Statement) -> Decimal:
    """All that was ever charged, less every correction of it."""
    lines = sum(
        line.item.amount.amount - line.charged.opening - line.charged.credited + line.charged.accrued_on(found.on) + line.charged.charged
        for line in found.lines
    )  # fmt: skip
    return lines + sum(charged.cost.amount.amount for charged in found.costs) - found.corrected.amount


@settings(max_examples=300)
@given(claims(), DAYS)
def test_the_statement_adds_up_to_the_last_unit(claim: Claim, on: date) -> None:
    found = statement(claim, on)
    assert found.principal.amount == sum(line.outstanding.amount for line in found.lines)
    assert found.interest.amount == sum(line.interest.amount for line in found.lines)
    assert found.indemnities.amount == sum(line.indemnity.amount for line in found.lines)
    parts = found.principal + found.interest + found.indemnities + found.costs_chargeable
    assert found.balance_due - found.overpaid == parts - found.unapplied
    credited = sum(item.amount.amount for item in claim.items if item.is_credit)
    left_of_credits = credited - sum(line.credited.amount for line in found.lines)
    assert (found.balance_due - found.overpaid).amount == charges(found) - found.paid.amount - left_of_credits
    for line in found.lines:
        assert line.owed == line.outstanding + line.interest + line.indemnity
        assert line.outstanding == line.item.amount - line.credited - line.corrected - line.paid
        assert sum(period.amount for period in line.periods) == line.charged.accrued_on(on)


@settings(max_examples=200)
@given(claims(), DAYS, st.integers(0, 2**32))
def test_the_same_facts_in_any_order_of_arrival_give_the_same_balance(claim: Claim, on: date, seed: int) -> None:
    random = Random(seed)

    def shuffled(facts: tuple[Any, ...]) -> tuple[Any, ...]:
        return tuple(random.sample(facts, len(facts)))

    items = tuple(replace(item, position=n) for n, item in enumerate(shuffled(claim.items)))
    other = replace(
        claim,
        items=items,
        payments=shuffled(claim.payments),
        costs=shuffled(claim.costs),
        corrections=shuffled(claim.corrections),
    )
    found, again = statement(claim, on), statement(other, on)
    assert again.balance_due == found.balance_due
    assert again.overpaid == found.overpaid
    assert again.unallocated == found.unallocated
    assert {line.item.reference: line.owed for line in again.lines} == {
        line.item.reference: line.owed for line in found.lines
    }


@settings(max_examples=200)
@given(claims(), DAYS)
def test_no_part_is_below_zero_and_a_balance_below_zero_is_said_to_be_overpaid(claim: Claim, on: date) -> None:
    found = statement(claim, on)
    assert found.balance_due.amount >= 0
    assert found.unapplied.amount >= 0
    assert not (found.balance_due and found.overpaid)
    for line in found.lines:
        assert min(line.outstanding.amount, line.interest.amount, line.indemnity.amount, line.paid.amount) >= 0
    assert all(charged.owed >= 0 for charged in found.costs)


@settings(max_examples=200)
@given(claims(), DAYS)
def test_nothing_of_a_payment_is_lost(claim: Claim, on: date) -> None:
    found = statement(claim, on)
    nothing = Money.zero(claim.currency)
    for payment in claim.payments:
        if payment.value_date <= on and (payment.reversed_on is None or payment.reversed_on > on):
            laid = Money.total((part.amount for part in found.of_payment(payment.id)), claim.currency)
            assert laid + found.unallocated.get(payment.id, nothing) == payment.amount
        else:
            assert found.of_payment(payment.id) == ()


@given(claims(), DAYS, st.integers(1, 400))
def test_interest_never_shrinks_while_nothing_happens(claim: Claim, on: date, days: int) -> None:
    quiet = replace(claim, payments=(), corrections=(), costs=())
    later = statement(quiet, on + timedelta(days=days))
    assert later.interest >= statement(quiet, on).interest


@given(st.integers(0, 10**9), st.lists(st.integers(0, 1000), min_size=1, max_size=9), CURRENCIES)
def test_no_split_loses_anything(units: int, weights: list[int], currency: str) -> None:
    decimals = {"EUR": 2, "TND": 3, "JPY": 0}[currency]
    total = Money.of(Decimal(units).scaleb(-decimals), currency)
    parts = split(total, [Decimal(weight) for weight in [*weights, 1]])
    assert Money.total(parts, currency) == total
    assert all(part.amount >= 0 for part in parts)
