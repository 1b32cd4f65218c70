"""What is wrong with a claim, or soon will be: `alerts`, recomputed at each plan, each with the facts behind it.

Pure. An alert stands from its `since`: the day on which it was first raised while it stands. Two of them come with the
calendar alone (a payment due soon, a payment overdue): the plan foresees their day, and lists show them from that day on
(`standing_on`) without waking the claim for it. What only the database can tell (duplicates) is an argument.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from domain.calendar import local_day
from domain.claim import Claim, Item, ItemKind, ReturnedMail, Stage, TaskKind, TaskState
from domain.expected_payments import Expected, expected_payments
from domain.identifiers import faulty
from domain.legal_holds import chasing_is_held
from domain.mail_address import usable_email
from domain.money import Money
from domain.statement import Line, Statement, rate_missing
from domain.terms import PromiseState

DUE_SOON_DAYS = 7
OF_TASK = {TaskKind.ANOMALY: "plan_impossible", TaskKind.FIND_ADDRESS: "no_usable_address"}


@dataclass(frozen=True, slots=True)
class Alert:
    """`since` may be to come, and `until` is the last day on which it stands when that is known already."""

    code: str
    since: date
    facts: dict[str, Any] = field(default_factory=dict)
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Duplicates:
    """What the database knows beside the claim: references of debtors of the same creditor who look the same, and why;
    items of the claim that stand on another open claim of that creditor, with its number."""

    debtors: tuple[tuple[str, tuple[str, ...]], ...] = ()
    items: tuple[tuple[str, str], ...] = ()


NO_DUPLICATES = Duplicates()


@dataclass(frozen=True, slots=True)
class Seen:
    """The claim at its own day, with what it owes then."""

    claim: Claim
    owed: Statement
    on: date
    duplicates: Duplicates

    @property
    def lines(self) -> list[Line]:
        return [line for line in self.owed.lines if line.owed.amount > 0]


Finder = Callable[[Seen], Iterator[Alert]]


def alerts(
    claim: Claim,
    owed: Statement,
    on: date,
    *,
    stored: Sequence[Mapping[str, Any]] = (),
    duplicates: Duplicates = NO_DUPLICATES,
) -> list[dict[str, Any]]:
    """The alerts of the claim on that day as they are stored: {code, since, until?, ...facts}; one of each code.

    `stored` are those of the plan before: one that still stood on this day keeps its `since`.
    """
    seen = Seen(claim, owed, on, duplicates)
    finders = OF_ANY if claim.stage is Stage.CLOSED or not seen.owed.balance_due else (*OF_ANY, *OF_LIVING)
    standing = {str(alert["code"]): str(alert["since"]) for alert in standing_on(stored, on)}
    found: dict[str, dict[str, Any]] = {}
    for finder in finders:
        for alert in finder(seen):
            since = standing.get(alert.code, alert.since.isoformat()) if alert.since <= on else alert.since.isoformat()
            until = {} if alert.until is None else {"until": alert.until.isoformat()}
            found.setdefault(alert.code, {"code": alert.code, "since": since, **until, **alert.facts})
    return list(found.values())


def standing_on(stored: Sequence[Mapping[str, Any]], day: date) -> list[Mapping[str, Any]]:
    """Those of the stored alerts that stand on a day: not the ones that are only foreseen, nor those that are over."""
    today = day.isoformat()
    return [a for a in stored if str(a.get("since") or today) <= today <= str(a.get("until") or today)]


# ---- the money


def _payment_larger_than_debt(seen: Seen) -> Iterator[Alert]:
    """The claim closes as paid, and the money has to go back: the alert stays until it has (a reversal)."""
    if seen.owed.overpaid:
        facts = {"amount": str(seen.owed.overpaid), "currency": seen.owed.currency}
        yield Alert("payment_larger_than_debt", seen.on, facts)


def _payments_expected(seen: Seen) -> Iterator[Alert]:
    """Promised, in an instalment, or due by an item that the scenario may ask for."""
    expected = expected_payments(seen.claim, seen.owed)
    late = [each for each in expected if each.day < seen.on]
    if late:
        facts = {"due_on": late[0].day.isoformat(), "amount": str(_sum(late)), "currency": seen.owed.currency}
        yield Alert("payment_overdue", seen.on, facts)
    to_come = [each for each in expected if each.day >= seen.on]
    if to_come and not late:
        first = [each for each in to_come if each.day == to_come[0].day]
        facts = {"due_on": first[0].day.isoformat(), "amount": str(_sum(first)), "currency": seen.owed.currency}
        yield Alert("payment_overdue", first[0].day + timedelta(days=1), facts)
    agreed = [each for each in to_come if each.agreed]
    if agreed:
        day = agreed[0].day
        due = _sum([each for each in agreed if each.day == day])
        facts = {"due_on": day.isoformat(), "amount": str(due), "currency": seen.owed.currency}
        yield Alert("payment_due_soon", max(seen.on, day - timedelta(days=DUE_SOON_DAYS)), facts, until=day)


def _sum(expected: Sequence[Expected]) -> Money:
    return Money.total((each.amount for each in expected), expected[0].amount.currency)


def _broken_promise_unanswered(seen: Seen) -> Iterator[Alert]:
    broken = [p for p in seen.claim.promises if p.state is PromiseState.BROKEN]
    unanswered = [p for p in broken if not _answered(seen.claim, f"promise/{p.id}", p.settled_on or p.promised_on)]
    if unanswered:
        first = min(unanswered, key=lambda p: p.promised_on)
        facts = {"promised_on": first.promised_on.isoformat(), "amount": str(first.amount)}
        yield Alert("broken_promise_unanswered", seen.on, {**facts, "currency": seen.owed.currency})
    elif any(t.kind is TaskKind.BROKEN_PROMISE for t in seen.claim.open_tasks):
        yield Alert("broken_promise_unanswered", seen.on)


def _answered(claim: Claim, subject: str, broken_on: date) -> bool:
    """A person decided about it, or something was said or done since."""
    about = [task for task in claim.tasks if task.kind is TaskKind.BROKEN_PROMISE and task.subject == subject]
    if any(task.state is TaskState.OPEN for task in about):
        return False
    later = any(
        a.done_at is not None and a.reached and local_day(a.done_at, claim.time_zone) >= broken_on
        for a in claim.actions
    )
    agreed = any(p.made_on >= broken_on for p in claim.promises) or any(
        a.agreed_on >= broken_on for a in claim.arrangements
    )
    return later or agreed or any(task.state is TaskState.DECIDED for task in about)


def _undated(seen: Seen) -> Iterator[Alert]:
    items = [line.item.reference for line in seen.lines if line.item.due_on is None]
    if items:
        yield Alert("item_without_due_date", seen.on, {"items": items})


def _duplicate_item(seen: Seen) -> Iterator[Alert]:
    """On another open claim of the creditor, or twice in this one: the same amount, day of issue and due date."""
    owed = {line.item.reference for line in seen.lines}
    elsewhere = [(reference, number) for reference, number in seen.duplicates.items if reference in owed]
    twice = _twice([line.item for line in seen.lines])
    items = list(dict.fromkeys([*(reference for reference, _ in elsewhere), *twice]))
    if items:
        claims = list(dict.fromkeys(number for _, number in elsewhere))
        yield Alert("duplicate_item", seen.on, {"items": items, **({"claims": claims} if claims else {})})


def _twice(items: Sequence[Item]) -> list[str]:
    alike: dict[tuple[object, ...], list[str]] = {}
    for item in items:
        if item.issued_on is not None and item.due_on is not None and item.kind is not ItemKind.CREDIT_NOTE:
            alike.setdefault((item.kind, item.amount, item.issued_on, item.due_on), []).append(item.reference)
    return [reference for group in alike.values() if len(group) > 1 for reference in group]


# ---- the debtor


def _contact(seen: Seen) -> Iterator[Alert]:
    """Missing: nothing to write to. Bad: what there is has come back, is no address, or fails its check."""
    debtor = seen.claim.debtor.on(seen.on)
    if not debtor.email() and debtor.postal_address() is None:
        yield Alert("missing_contact", seen.on)
    wrong = []
    given = [contact for contact in debtor.contacts if contact.email]
    if given and not any(contact.valid and usable_email(contact.email) for contact in given):
        wrong.append("email")
    if debtor.addresses and not any(a.valid and (a.lines or a.city) for a in debtor.addresses):
        wrong.append("address")
    wrong += faulty(debtor.identifiers, debtor.bank_accounts, debtor.country)
    if wrong:
        yield Alert("bad_contact", seen.on, {"wrong": wrong})


def _duplicate_debtor(seen: Seen) -> Iterator[Alert]:
    if seen.duplicates.debtors:
        why = sorted({key for _, keys in seen.duplicates.debtors for key in keys})
        facts = {"debtors": [reference for reference, _ in seen.duplicates.debtors], "same": why}
        yield Alert("duplicate_debtor", seen.on, facts)


def _returned(seen: Seen) -> Iterator[Alert]:
    """Mail that came back, and nothing was changed, decided, sent or done since."""
    waiting = [each for each in seen.claim.returned if not _is_handled(seen.claim, each)]
    if waiting:
        facts = {"returned_on": waiting[0].returned_on.isoformat(), "reason": waiting[0].reason}
        yield Alert("returned_letter_unhandled", seen.on, facts)


def _is_handled(claim: Claim, came_back: ReturnedMail) -> bool:
    if came_back.handled_on is not None:
        return True
    if any(a.done_at and a.done_at >= came_back.recorded_at and a.reached for a in claim.actions):
        return True
    return any(
        task.kind is TaskKind.FIND_ADDRESS
        and task.state is TaskState.DECIDED
        and task.closed_at is not None
        and task.closed_at >= came_back.recorded_at
        for task in claim.tasks
    )


def _rate_missing(seen: Seen) -> Iterator[Alert]:
    """A part of the interest is in no amount, because nobody gave the rate."""
    missing = [days for of_item in rate_missing(seen.owed).values() for days in of_item]
    if missing:
        first = min(missing, key=lambda days: days.since)
        yield Alert("rate_missing", first.since, {"rate": first.rate})


# ---- the work


def _idle(seen: Seen) -> Iterator[Alert]:
    claim = seen.claim
    if claim.waiting_for == "nothing" and claim.suspended is None and not chasing_is_held(claim) and seen.lines:
        since = local_day(claim.waiting_since, claim.time_zone) if claim.waiting_since else seen.on
        yield Alert("no_planned_action", since)


def _limitation_near(seen: Seen) -> Iterator[Alert]:
    """Somebody was warned of a clock of the law that still runs: it stands until it is met, moved or over."""
    days = [mark.runs_out_on for mark in seen.claim.clock_marks if mark.warned and mark.runs_out_on >= seen.on]
    if days:
        yield Alert("limitation_near", seen.on, {"runs_out_on": min(days).isoformat()})


def _of_tasks(seen: Seen) -> Iterator[Alert]:
    overdue = [t for t in seen.claim.open_tasks if t.escalated_at is not None and t.kind not in OF_TASK]
    for task in seen.claim.open_tasks:
        if task.kind in OF_TASK:
            yield Alert(OF_TASK[task.kind], local_day(task.opened_at, seen.claim.time_zone))
    if overdue:
        yield Alert("task_overdue", seen.on, {"tasks": len(overdue), "task": overdue[0].kind.value})


OF_ANY: tuple[Finder, ...] = (_payment_larger_than_debt,)
OF_LIVING: tuple[Finder, ...] = (
    _limitation_near,
    _broken_promise_unanswered,
    _of_tasks,
    _idle,
    _contact,
    _returned,
    _undated,
    _duplicate_debtor,
    _duplicate_item,
    _rate_missing,
    _payments_expected,  # last: most claims have it, and what is told first is read first
)
