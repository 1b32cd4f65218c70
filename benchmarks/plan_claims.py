"""The claims that benchmarks/plans.py plans: under the standard set as it is delivered, and lived by the rules themselves.

Each was opened, planned and carried out step by step up to `TODAY` (an e-mail left, a person answered or did not), and
told what makes its kind by the entries that the API writes. Nothing is stored and nothing is sent.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any
from uuid import UUID

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from db.catalogue import public_holidays
from domain.agreed_terms import setting_of, terms_of
from domain.asking import open_task, run_task_clock
from domain.catalogue import Calendar, Catalogue
from domain.catalogue_bodies import read
from domain.checks import check
from domain.claim import ActionState, Claim, Item, Mode, Outcome, Stage, TaskState
from domain.consequences import consequences
from domain.effects import begin, left
from domain.entries import Entry, apply
from domain.planner import next_step
from domain.steps import Step, StepKind
from tests.builders import a_claim, a_creditor, a_debtor, a_payment, an_id, an_item, at

STANDARD_SET = Path(__file__).resolve().parents[1] / "catalogue"
TODAY = date(2026, 1, 5)  # a Monday
MOST_STEPS = 60
CREDITOR = a_creditor()


# ---- the standard set ---------------------------------------------------------------------------


@cache
def _standard(kind: str) -> Mapping[str, Any]:
    bodies = json.loads((STANDARD_SET / f"{kind}.json").read_text(encoding="utf-8"))
    types = _standard("action-types") if kind in ("scenarios", "statuses") else None
    return {body["code"]: read(kind, body["code"], body, action_types=types) for body in bodies}


@cache
def catalogue_of(scenario: str, country: str) -> Catalogue:
    """What db/catalogue.py gives the plan of a claim in an installation that nobody has set up further."""
    return Catalogue(
        scenario=_standard("scenarios")[scenario],
        action_types=_standard("action-types"),
        statuses=_standard("statuses"),
        fees=_standard("fees"),
        creditor=CREDITOR,
        calendar=Calendar(country, public_holidays(country, TODAY.year - 1, TODAY.year + 15)),
        rates=_standard("rates"),
        countries=_standard("countries"),
        agents=_standard("agents"),
        sub_stages=_standard("sub-stages"),
    )


def catalogue_for(claim: Claim) -> Catalogue:
    return catalogue_of(claim.scenario, claim.country)


def _under_its_law(claim: Claim) -> Claim:
    setting = setting_of(claim, CREDITOR, _standard("rates"), _standard("countries"))
    return replace(claim, terms=terms_of(claim, setting))


# ---- a claim's life -----------------------------------------------------------------------------


def lived(claim: Claim, *, until: datetime, answers_after: int = 0) -> Claim:
    """The claim after every step up to that instant; a person who is asked answers after so many days."""
    catalogue, now = catalogue_for(claim), claim.opened_at
    for _ in range(MOST_STEPS):
        step = next_step(claim, catalogue, now).step
        if step.kind is StepKind.CLOSE or step.due_at is None or step.due_at > until:
            return claim
        now = max(now, step.due_at)
        claim = _taken(claim, catalogue, step, now, answered=now + timedelta(days=answers_after) <= until)
        claim = consequences(claim, catalogue, now).claim
    return claim


def _taken(claim: Claim, catalogue: Catalogue, step: Step, now: datetime, *, answered: bool) -> Claim:
    if step.kind is StepKind.CHECK:
        return check(claim, catalogue, step, now).claim
    if step.kind is StepKind.TASK_CLOCK:
        return run_task_clock(claim, next(t for t in claim.open_tasks if str(t.id) == step.task_id), now).claim
    asks = step.kind is StepKind.ASK
    begun, action = begin(claim, catalogue, step, now, ActionState.PROPOSED if asks else ActionState.SENDING)
    claim = begun.claim
    if asks:
        claim = open_task(claim, catalogue, step, action, now, {}).claim
        if not answered:
            return claim
        task = replace(claim.tasks[-1], state=TaskState.DECIDED, closed_at=now)
        claim = replace(claim, tasks=(*claim.tasks[:-1], task))
    outcome = Outcome.DONE if asks and step.mode is Mode.MANUAL else Outcome.SENT
    return left(claim, catalogue, action.id, now, outcome=outcome).claim


def told(claim: Claim, kind: str, on: date = TODAY, /, **payload: Any) -> Claim:
    """The claim after that entry."""
    entry = Entry(an_id(claim.number, kind, on, str(payload)), kind, payload, "leila", at(on))
    return apply(claim, entry, catalogue_for(claim), at(on)).claim


# ---- the kinds ----------------------------------------------------------------------------------


def _items(n: int, count: int, due_on: date, currency: str) -> Iterator[Item]:
    for k in range(count):
        late = due_on + timedelta(days=9 * k)
        amount = f"{150 + (37 * n + 411 * k) % 9000}.{n % 100:02}"
        issued_on = late - timedelta(days=30)
        yield an_item(f"F-{k}", amount=amount, currency=currency, due_on=late, issued_on=issued_on)


def opened(n: int, items: int, *, age: int, scenario: str = "standard", **facts: Any) -> Claim:
    """A claim whose oldest item fell due `age` days before TODAY; opened when that was invoiced."""
    due_on = TODAY - timedelta(days=age)
    own = _items(n, items, due_on, facts.get("currency", "EUR"))
    claim = a_claim(
        *own, id=an_id(n), number=f"R26-{n:07}", opened_on=due_on - timedelta(days=20), scenario=scenario, **facts
    )
    return _under_its_law(claim)


def _aged(n: int, items: int, **facts: Any) -> Claim:
    """From not yet due to four months late; people answer at once, or up to five days after they were asked."""
    age = (17 * n) % 140 - 20
    return lived(opened(n, items, age=age, **facts), until=at(TODAY, 8), answers_after=n % 6)


def ordinary(n: int) -> Claim:
    return _aged(n, (1, 1, 1, 2, 3)[n % 5])


def consumer(n: int) -> Claim:
    return _aged(n, 1 + n % 2, scenario="consumer", debtor=a_debtor(kind="person"))


def eight_items(n: int) -> Claim:
    return _aged(n, 8)


def part_paid(n: int) -> Claim:
    age = 30 + n % 60
    paid = tuple(
        a_payment(f"P-{k}", amount=f"{40 + (n + k) % 60}.{k:02}", value_date=TODAY - timedelta(days=age - 10 - 9 * k))
        for k in range(2)
    )
    return lived(opened(n, 2, age=age, payments=paid), until=at(TODAY, 8))


def promised(n: int) -> Claim:
    claim = lived(opened(n, 2, age=8 + n % 30), until=at(TODAY, 8))
    promised_on = (TODAY + timedelta(days=10 + n % 5)).isoformat()
    return told(claim, "make_promise", promised_on=promised_on, items=["F-0"])


def disputed(n: int) -> Claim:
    claim = lived(opened(n, 2, age=8 + n % 30), until=at(TODAY, 8))
    return told(claim, "raise_dispute", items=["F-0"], kind="disputed_price", text="Prix convenu : 80")


def arranged(n: int) -> Claim:
    claim = lived(opened(n, 2, age=8 + n % 30), until=at(TODAY, 8))
    first_due_on = (TODAY + timedelta(days=15 + n % 10)).isoformat()
    return told(claim, "agree_arrangement", count=4, first_due_on=first_due_on, every="month", supervises=True)


def in_court(n: int) -> Claim:
    """In litigation after its formal notice, with a payment order that was served and a summons with its hearing."""
    age = 200 + n % 100
    claim = lived(opened(n, 2, age=age), until=at(TODAY - timedelta(days=age - 60), 8))
    since = TODAY - timedelta(days=80)
    tasks = tuple(replace(t, state=TaskState.DECIDED, closed_at=at(since)) for t in claim.tasks)
    claim = replace(claim, tasks=tasks, stage=Stage.LITIGATION, sub_stage="payment_order", stage_since=since)
    claim = lived(claim, until=at(since + timedelta(days=20), 8))
    tasks = tuple(replace(t, state=TaskState.DECIDED, closed_at=at(since)) for t in claim.tasks)
    claim, on = replace(claim, tasks=tasks), since + timedelta(days=20)
    claim = told(claim, "open_procedure", on, kind="payment_order", opened_on=on.isoformat())
    order = str(claim.procedures[-1].id)
    judged_on, served_on = on + timedelta(days=15), on + timedelta(days=30)
    claim = told(claim, "record_judgment", judged_on, procedure=order, on=judged_on.isoformat(), outcome="granted")
    claim = told(claim, "record_service", served_on, procedure=order, on=served_on.isoformat(), mode="to_person")
    claim = told(claim, "open_procedure", served_on, kind="summons", opened_on=served_on.isoformat())
    summons, hearing = str(claim.procedures[-1].id), (TODAY + timedelta(days=30 + n % 20)).isoformat()
    claim = told(claim, "set_hearing", served_on, procedure=summons, on=hearing)
    return told(claim, "record_legal_event", served_on, kind="acknowledgement", on=served_on.isoformat(), item="F-0")


def tunisian(n: int) -> Claim:
    where = {"country": "TN", "currency": "TND", "time_zone": "Africa/Tunis"}
    return _aged(n, 1 + n % 3, scenario="tunisia", debtor=a_debtor(country="TN"), **where)


KINDS: tuple[tuple[str, Callable[[int], Claim]], ...] = (
    ("ordinary: 1 to 3 items", ordinary),
    ("a consumer", consumer),
    ("Tunisian, 1 to 3 items", tunisian),
    ("8 items", eight_items),
    ("2 items, 2 payments", part_paid),
    ("an open promise", promised),
    ("an open dispute", disputed),
    ("an arrangement", arranged),
    ("in court, 2 procedures", in_court),
)


def another(claim: Claim, n: int) -> Claim:
    """The same claim under a number and an id that no plan has met yet: what is remembered by either does not help."""
    return replace(claim, id=UUID(int=claim.id.int ^ (n << 80)), number=f"{claim.number}-{n}")
