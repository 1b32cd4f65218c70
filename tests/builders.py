"""Builders with keyword defaults: a test names only the facts that matter to it. Start with `a_claim`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid5

from domain.catalogue import (
    ActionType,
    Calendar,
    Catalogue,
    Conditions,
    Creditor,
    Fee,
    Scenario,
    ScenarioStep,
    Status,
)
from domain.claim import (
    Action,
    ActionState,
    Address,
    Channel,
    Claim,
    Contact,
    Cost,
    Debtor,
    Decision,
    Item,
    ItemKind,
    Mode,
    OnExpiry,
    Origin,
    Outcome,
    Payment,
    Stage,
    StatusCategory,
    Task,
    TaskKind,
    TaskState,
    Values,
)
from domain.money import Money

NAMESPACE = UUID("00000000-0000-4000-8000-000000000000")
OPENED_ON = date(2026, 1, 5)  # a Monday
DUE_ON = date(2026, 1, 12)  # a Monday


def an_id(*path: object) -> UUID:
    """The same path gives the same id."""
    return uuid5(NAMESPACE, "/".join(str(part) for part in path))


def at(day: date | str, hour: int = 12, minute: int = 0) -> datetime:
    """An instant of that day, UTC."""
    on = date.fromisoformat(day) if isinstance(day, str) else day
    return datetime.combine(on, time(hour, minute), UTC)


def money(amount: str | int, currency: str = "EUR") -> Money:
    return Money.of(amount, currency)


def an_address(**facts: Any) -> Address:
    given: dict[str, Any] = {
        "id": an_id("address"),
        "use": "main",
        "lines": ("12 rue des Lilas",),
        "postal_code": "69003",
        "city": "Lyon",
        "country": "FR",
    }
    return Address(**{**given, **facts})


def a_contact(**facts: Any) -> Contact:
    given: dict[str, Any] = {
        "id": an_id("contact"),
        "name": "Camille Perrin",
        "role": "accounts payable",
        "email": "comptes@debtor.example",
        "phone": "+33400000000",
    }
    return Contact(**{**given, **facts})


def a_debtor(**facts: Any) -> Debtor:
    """A French company with an e-mail and a postal address."""
    given: dict[str, Any] = {
        "id": an_id("debtor"),
        "reference": "C-100",
        "kind": "company",
        "name": "Menuiserie Perrin",
        "language": "fr",
        "country": "FR",
        "preferred_channel": "",
        "addresses": (an_address(),),
        "contacts": (a_contact(),),
    }
    return Debtor(**{**given, **facts})


def an_item(reference: str = "F-1", *, amount: str | int = "1000.00", currency: str = "EUR", **facts: Any) -> Item:
    given: dict[str, Any] = {
        "id": an_id("item", reference),
        "position": 0,
        "reference": reference,
        "kind": ItemKind.INVOICE,
        "issued_on": DUE_ON - timedelta(days=30),
        "due_on": DUE_ON,
        "amount": money(amount, currency),
    }
    return Item(**{**given, **facts})


def a_disputed(item: Item) -> Item:
    return replace(item, status="disputed_price", status_category=StatusCategory.DISPUTE)


def a_promised(item: Item, promised_on: date) -> Item:
    return replace(item, status="promise", status_category=StatusCategory.PROMISE, promised_on=promised_on)


def a_payment(
    external_id: str = "P-1", *, amount: str | int = "100.00", currency: str = "EUR", **facts: Any
) -> Payment:
    value_date: date = facts.pop("value_date", DUE_ON + timedelta(days=1))
    given: dict[str, Any] = {
        "id": an_id("payment", external_id),
        "external_id": external_id,
        "amount": money(amount, currency),
        "value_date": value_date,
        "received_at": at(value_date),
    }
    return Payment(**{**given, **facts})


def a_cost(kind: str = "bailiff", *, amount: str | int = "50.00", currency: str = "EUR", **facts: Any) -> Cost:
    given: dict[str, Any] = {
        "id": an_id("cost", kind, amount),
        "kind": kind,
        "amount": money(amount, currency),
        "incurred_on": DUE_ON,
    }
    return Cost(**{**given, **facts})


def an_action(sequence: int = 1, *, action_type: str = "reminder_1", **facts: Any) -> Action:
    """An automatic e-mail of the scenario's first step, sent; name what differs."""
    given: dict[str, Any] = {
        "id": an_id("action", sequence),
        "sequence": sequence,
        "action_type": action_type,
        "category": Stage.AMICABLE,
        "origin": Origin.SCENARIO,
        "mode": Mode.AUTOMATIC,
        "channel": Channel.EMAIL,
        "state": ActionState.FINISHED,
        "step": 0,
        "scenario_version": 1,
        "outcome": Outcome.SENT,
        "done_at": at(DUE_ON + timedelta(days=5)),
    }
    if facts.get("state", ActionState.FINISHED) is not ActionState.FINISHED:
        given |= {"outcome": None, "done_at": None}
    return Action(**{**given, **facts})


def a_task(**facts: Any) -> Task:
    """An open proposal of six days for the collector."""
    opened_at: datetime = facts.pop("opened_at", at(DUE_ON + timedelta(days=30)))
    given: dict[str, Any] = {
        "id": an_id("task", facts.get("kind", ""), facts.get("step", "")),
        "kind": TaskKind.CONFIRM_ACTION,
        "version": 1,
        "state": TaskState.OPEN,
        "action_id": None,
        "action_type": "formal_notice",
        "step": None,
        "role": "collector",
        "assignee": "",
        "opened_at": opened_at,
        "due_at": opened_at + timedelta(days=6),
        "reminds_at": opened_at + timedelta(days=2),
        "escalates_at": opened_at + timedelta(days=4),
        "expires_at": opened_at + timedelta(days=6),
        "on_expiry": OnExpiry.WITHDRAW,
        "allowed": (Decision.CONFIRM, Decision.OVERRIDE, Decision.POSTPONE, Decision.SKIP),
        "proposed": {},
        "why": (),
    }
    return Task(**{**given, **facts})


def a_claim(*items: Item, **facts: Any) -> Claim:
    """A French claim of one invoice of EUR 1,000 due 12 January 2026; items are renumbered in the order given."""
    own: Iterable[Item] = items or ((an_item(),) if facts.get("values") is not Values.GLOBAL else ())
    opened_on: date = facts.pop("opened_on", OPENED_ON)
    given: dict[str, Any] = {
        "id": an_id("claim", facts.get("number", "R26-0000001")),
        "number": "R26-0000001",
        "reference": "DOS-1",
        "creditor": "ACME",
        "currency": "EUR",
        "values": Values.DETAILED,
        "global_amounts": {},
        "time_zone": "Europe/Paris",
        "country": "FR",
        "opened_at": at(opened_on, 8),
        "opened_on": opened_on,
        "stage": Stage.AMICABLE,
        "sub_stage": "",
        "stage_since": opened_on,
        "scenario": "standard",
        "scenario_version": 1,
        "collector": "",
        "debtor": a_debtor(),
        "items": tuple(replace(item, position=n) for n, item in enumerate(own)),
    }
    claim = Claim(**{**given, **facts})
    last = max((action.sequence for action in claim.actions), default=0)
    return replace(claim, sequence=max(claim.sequence, last))


def an_action_type(code: str, **facts: Any) -> ActionType:
    given: dict[str, Any] = {
        "code": code,
        "label": {"fr": code, "en": code},
        "category": Stage.AMICABLE,
        "type": "reminder",
        "channels": (Channel.EMAIL, Channel.LETTER),
        "template": "reminder",
        "mode": Mode.AUTOMATIC,
    }
    return ActionType(**{**given, **facts})


ACTION_TYPES: tuple[ActionType, ...] = (
    an_action_type("reminder_1"),
    an_action_type("reminder_2"),
    an_action_type("last_reminder"),
    an_action_type(
        "formal_notice",
        type="notice",
        channels=(Channel.REGISTERED_LETTER, Channel.LETTER, Channel.EMAIL),
        template="formal_notice",
        mode=Mode.TO_CONFIRM,
    ),
    an_action_type("call", type="call", channels=(Channel.CALL,), template=None, mode=Mode.MANUAL),
    an_action_type("find_address", type="task", channels=(Channel.INTERNAL_EMAIL,), template=None, mode=Mode.MANUAL),
    an_action_type(
        "summons",
        type="legal",
        category=Stage.LITIGATION,
        channels=(Channel.LEGAL_ACT,),
        template=None,
        mode=Mode.MANUAL,
    ),
)


def a_step(action_type: str = "reminder_1", days: int = 5, *, after: str = "due_date", **facts: Any) -> ScenarioStep:
    mode = Mode.TO_CONFIRM if action_type == "formal_notice" else Mode.AUTOMATIC
    given: dict[str, Any] = {"action_type": action_type, "mode": mode, "after": after, "days": days}
    if "minimum_balance" in facts:
        given["conditions"] = Conditions(minimum_balance=Decimal(facts.pop("minimum_balance")))
    return ScenarioStep(**{**given, **facts})


def a_scenario(*steps: ScenarioStep, **facts: Any) -> Scenario:
    """Reminders 5 and 15 days after the due date, a formal notice to confirm after 30; weekdays from 9 to 18."""
    given: dict[str, Any] = {
        "code": "standard",
        "version": 1,
        "label": {"fr": "Standard", "en": "Standard"},
        "steps": steps or (a_step("reminder_1", 5), a_step("reminder_2", 15), a_step("formal_notice", 30)),
    }
    return Scenario(**{**given, **facts})


def a_calendar(*holidays: date, country: str = "FR") -> Calendar:
    return Calendar(country=country, holidays=frozenset(holidays))


def a_creditor(**facts: Any) -> Creditor:
    given: dict[str, Any] = {
        "code": "ACME",
        "name": "ACME Fournitures",
        "country": "FR",
        "time_zone": "Europe/Paris",
        "address": {"lines": "1 place Bellecour", "postal_code": "69002", "city": "Lyon", "country": "FR"},
        "email": "compta@acme.example",
    }
    return Creditor(**{**given, **facts})


def a_fee(code: str = "formal_notice_fee", **facts: Any) -> Fee:
    given: dict[str, Any] = {
        "code": code,
        "label": {"fr": "Frais de mise en demeure", "en": "Formal notice fee"},
        "amounts": {"EUR": Decimal("15.00"), "TND": Decimal("20.000")},
    }
    return Fee(**{**given, **facts})


def a_catalogue(
    *steps: ScenarioStep,
    scenario: Scenario | None = None,
    action_types: Iterable[ActionType] = (),
    statuses: Mapping[str, Status] | None = None,
    fees: Iterable[Fee] = (),
    creditor: Creditor | None = None,
    calendar: Calendar | None = None,
    **scenario_facts: Any,
) -> Catalogue:
    """The builders' action types (those given replace theirs) around a scenario of these steps."""
    types = {kind.code: kind for kind in (*ACTION_TYPES, *action_types)}
    return Catalogue(
        scenario=scenario or a_scenario(*steps, **scenario_facts),
        action_types=types,
        statuses=statuses or {},
        fees={fee.code: fee for fee in (fees or (a_fee(),))},
        creditor=creditor or a_creditor(),
        calendar=calendar or a_calendar(),
    )
