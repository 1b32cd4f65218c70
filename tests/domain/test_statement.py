"""The statement of the debt adds up, whatever arrives and in whatever order."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.claim import Claim, ItemKind, Payment, Stage, Takeover, Values
from domain.money import Money
from domain.statement import Statement, statement
from tests.builders import DUE_ON, a_claim, a_cost, a_payment, an_item, money

LATER = DUE_ON + timedelta(days=60)


def outstanding(found: Statement) -> dict[str, str]:
    return {line.item.reference: str(line.outstanding) for line in found.lines}


def parts(found: Statement) -> list[tuple[str, str, str]]:
    return [(part.item, part.to, str(part.amount)) for part in found.allocations]


def test_what_is_not_due_is_owed_but_not_overdue() -> None:
    claim = a_claim(an_item("F-1"), an_item("F-2", amount="50", due_on=LATER))
    found = statement(claim, DUE_ON + timedelta(days=1))
    assert (str(found.principal), str(found.overdue), str(found.balance_due)) == ("1050.00", "1000.00", "1050.00")


def test_an_item_is_overdue_from_the_day_after_its_due_date() -> None:
    assert not statement(a_claim(), DUE_ON).overdue
    assert str(statement(a_claim(), DUE_ON + timedelta(days=1)).overdue) == "1000.00"


def test_an_item_without_a_due_date_is_owed_and_never_overdue() -> None:
    found = statement(a_claim(an_item(due_on=None)), LATER)
    assert (str(found.balance_due), str(found.overdue)) == ("1000.00", "0.00")


def test_a_credit_note_reduces_the_oldest_debt() -> None:
    note = an_item("AV-1", amount="300", kind=ItemKind.CREDIT_NOTE, due_on=None)
    claim = a_claim(an_item("F-2", amount="500", due_on=LATER), an_item("F-1", amount="200"), note)
    found = statement(claim, LATER)
    assert outstanding(found) == {"F-2": "400.00", "F-1": "0.00"}
    assert (str(found.amount), str(found.balance_due)) == ("400.00", "400.00")


def test_what_was_paid_before_the_takeover_is_not_asked_again() -> None:
    claim = a_claim(takeover=Takeover(stage=Stage.AMICABLE, paid=money("250")))
    found = statement(claim, LATER)
    assert (str(found.paid), str(found.balance_due)) == ("250.00", "750.00")
    assert found.allocations[0].payment_id is None


def test_global_values_are_one_debt_due_when_the_claim_was_opened() -> None:
    claim = a_claim(values=Values.GLOBAL, global_amounts={"overdraft": "100.00", "contractual_interest": "12.50"})
    found = statement(claim, claim.opened_on + timedelta(days=1))
    assert (str(found.principal), str(found.interest), str(found.overdue)) == ("100.00", "12.50", "100.00")
    assert (str(found.amount), str(found.balance_due)) == ("112.50", "112.50")


def test_a_payment_of_a_global_claim_pays_its_contractual_interest_before_the_rest() -> None:
    claim = a_claim(
        values=Values.GLOBAL,
        global_amounts={"loan": "100.00", "contractual_interest": "12.50"},
        payments=(a_payment(amount="20"),),
    )
    assert parts(statement(claim, LATER)) == [("global", "interest", "12.50"), ("global", "principal", "7.50")]


def test_a_payment_goes_to_the_oldest_due_item_first() -> None:
    claim = a_claim(
        an_item("F-2", amount="500", due_on=LATER), an_item("F-1", amount="200"), payments=(a_payment(amount="250"),)
    )
    assert parts(statement(claim, LATER)) == [("F-1", "principal", "200.00"), ("F-2", "principal", "50.00")]


def test_the_debtors_choice_comes_first_and_what_the_item_does_not_owe_goes_by_rule() -> None:
    chosen = a_payment(amount="600", directed=(("F-2", money("600")),))
    claim = a_claim(an_item("F-1"), an_item("F-2", amount="500", due_on=LATER), payments=(chosen,))
    assert parts(statement(claim, LATER)) == [("F-2", "principal", "500.00"), ("F-1", "principal", "100.00")]


def test_chargeable_costs_are_paid_before_principal_and_others_never_by_the_debtor() -> None:
    costs = (a_cost("service", amount="40", chargeable_to_debtor=True), a_cost("lawyer", amount="300"))
    found = statement(a_claim(costs=costs, payments=(a_payment(amount="100"),)), LATER)
    assert parts(found) == [("service", "cost", "40.00"), ("F-1", "principal", "60.00")]
    assert (str(found.costs_incurred), str(found.costs_chargeable)) == ("340.00", "0.00")
    assert str(found.balance_due) == "940.00"


def test_the_three_flags_of_a_cost_and_an_advance_are_kept_apart() -> None:
    costs = (
        a_cost("service", amount="40", chargeable_to_debtor=True, billed_to_creditor=True),
        a_cost("lawyer", amount="300", billed_to_creditor=True),
        a_cost("stamp", amount="5"),
        a_cost("provision", amount="200", advance=True),
    )
    found = statement(a_claim(costs=costs), LATER)
    figures = (found.costs_incurred, found.costs_chargeable, found.costs_billed, found.advances)
    assert [str(figure) for figure in figures] == ["345.00", "40.00", "340.00", "200.00"]
    assert str(found.balance_due) == "1040.00"


def test_a_cost_incurred_after_a_payment_does_not_take_it_back_from_the_principal() -> None:
    cost = a_cost(amount="40", chargeable_to_debtor=True, incurred_on=DUE_ON + timedelta(days=10))
    found = statement(a_claim(costs=(cost,), payments=(a_payment(amount="1000"),)), LATER)
    assert (str(found.principal), str(found.costs_chargeable), str(found.balance_due)) == ("0.00", "40.00", "40.00")


def test_money_left_from_an_early_payment_covers_a_later_cost() -> None:
    cost = a_cost(amount="40", chargeable_to_debtor=True, incurred_on=DUE_ON + timedelta(days=10))
    found = statement(a_claim(costs=(cost,), payments=(a_payment(amount="1030"),)), LATER)
    assert (str(found.unapplied), str(found.balance_due), str(found.overpaid)) == ("30.00", "10.00", "0.00")


def test_a_payment_counts_from_its_value_date_until_it_is_reversed() -> None:
    paid_on, back_on = DUE_ON + timedelta(days=3), DUE_ON + timedelta(days=9)
    claim = a_claim(payments=(a_payment(amount="1000", value_date=paid_on, reversed_on=back_on),))
    balances = {day: str(statement(claim, DUE_ON + timedelta(days=day)).balance_due) for day in (2, 3, 8, 9)}
    assert balances == {2: "1000.00", 3: "0.00", 8: "0.00", 9: "1000.00"}


def test_more_than_the_debt_is_said_to_be_overpaid() -> None:
    payment = a_payment(amount="1000.01")
    found = statement(a_claim(payments=(payment,)), LATER)
    assert (str(found.balance_due), str(found.overpaid), str(found.unapplied)) == ("0.00", "0.01", "0.01")
    assert found.unallocated == {payment.id: money("0.01")}


@pytest.mark.parametrize(("currency", "zero"), [("TND", "0.000"), ("EUR", "0.00"), ("JPY", "0")])
def test_every_total_has_the_decimals_of_its_currency(currency: str, zero: str) -> None:
    claim = a_claim(an_item(amount=7, currency=currency), currency=currency)
    found = statement(claim, DUE_ON)
    assert {str(found.interest), str(found.costs_billed), str(found.overpaid), str(found.paid), str(found.overdue)} == {
        zero
    }


# ---- whatever the facts ----------------------------------------------------------------------

AMOUNTS = st.integers(min_value=1, max_value=3_000_000).map(lambda millimes: Decimal(millimes) / 1000)
DAYS = st.integers(min_value=-40, max_value=60).map(lambda days: DUE_ON + timedelta(days=days))


@st.composite
def payments(draw: st.DrawFn, references: list[str]) -> list[Payment]:
    found = []
    for n in range(draw(st.integers(0, 6))):
        amount = Money.of(draw(AMOUNTS), "TND")
        chosen = draw(st.sampled_from([*references, "", ""]))
        value_date = draw(DAYS)
        found.append(
            replace(
                a_payment(f"P-{n}", currency="TND", value_date=value_date),
                amount=amount,
                directed=((chosen, amount),) if chosen else (),
                reversed_on=draw(st.none() | DAYS),
            )
        )
    return found


@st.composite
def claims(draw: st.DrawFn) -> Claim:
    kinds = st.sampled_from([ItemKind.INVOICE, ItemKind.INVOICE, ItemKind.CREDIT_NOTE])
    items = [
        an_item(f"F-{n}", amount=str(draw(AMOUNTS)), currency="TND", kind=draw(kinds), due_on=draw(st.none() | DAYS))
        for n in range(draw(st.integers(1, 5)))
    ]
    costs = tuple(
        a_cost(
            f"cost {n}", amount=str(draw(AMOUNTS)), currency="TND", incurred_on=draw(DAYS), chargeable_to_debtor=charged
        )
        for n, charged in enumerate(draw(st.lists(st.booleans(), max_size=3)))
    )
    received = draw(payments([item.reference for item in items]))
    return a_claim(*items, currency="TND", costs=costs, payments=tuple(received))


@given(claims(), DAYS)
def test_the_statement_adds_up_to_the_last_millime(claim: Claim, on: date) -> None:
    found = statement(claim, on)
    lines = Money.total((line.outstanding for line in found.lines), "TND")
    assert found.principal == lines
    accrued = found.principal + found.interest + found.indemnities + found.costs_chargeable
    assert found.balance_due - found.overpaid == accrued - found.unapplied
    charged = Money.total((c.amount for c in claim.costs if c.chargeable_to_debtor and c.incurred_on <= on), "TND")
    assert found.balance_due - found.overpaid == found.amount + charged - found.paid


@given(claims(), DAYS)
def test_nothing_of_a_payment_is_lost(claim: Claim, on: date) -> None:
    found = statement(claim, on)
    nothing = Money.zero("TND")
    for payment in claim.payments:
        if payment.value_date <= on and (payment.reversed_on is None or payment.reversed_on > on):
            parts_ = Money.total((part.amount for part in found.of_payment(payment.id)), "TND")
            assert parts_ + found.unallocated.get(payment.id, nothing) == payment.amount
        else:
            assert found.of_payment(payment.id) == ()


@given(claims(), DAYS, st.randoms(use_true_random=False))
def test_any_order_of_arrival_gives_the_same_statement(claim: Claim, on: date, random: object) -> None:
    shuffled = list(claim.payments)
    random.shuffle(shuffled)  # type: ignore[attr-defined]  # hypothesis types it as object
    assert statement(replace(claim, payments=tuple(shuffled)), on) == statement(claim, on)


@given(claims(), DAYS)
def test_no_balance_is_below_zero_and_no_item_owes_less_than_nothing(claim: Claim, on: date) -> None:
    found = statement(claim, on)
    assert found.balance_due.amount >= 0
    assert not (found.balance_due and found.overpaid)
    assert all(line.outstanding.amount >= 0 for line in found.lines)
