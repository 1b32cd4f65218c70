"""`plan`: apply the claim's inbox, decide the next step, write what lists and supervisors see. One transaction.

This is the claim's one writer together with the effects; all of them hold the claim's row lock while they write.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy.exc import DataError, IntegrityError, SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine
from temporalio import activity

from correspondence import draft
from correspondence.recipients import NoUsableAddress
from db.anomalies import raise_unforeseen
from db.catalogue import catalogue_for
from db.claims import load, record, save, show
from db.disputes import show_outstanding
from db.duplicates import Beside, beside
from db.entries import EntryRow, close_entry, outcomes, unapplied
from db.scenarios import to_move_to
from domain.anomalies import alerts
from domain.asking import raise_anomaly, settle_anomaly, with_task
from domain.catalogue import Catalogue
from domain.claim import Claim, Ending, Stage, Task, TaskKind
from domain.effects import Changed, action_of, today
from domain.endings import close, end_suspension, withdraw
from domain.entries import Entry, apply
from domain.events import Event
from domain.planner import next_step
from domain.priority import priority
from domain.refusals import Refused
from domain.statement import Statement, statement
from domain.steps import Answer, Decided, Plan, PlanAsk, PlanImpossible, Reason, Step, StepKind
from wording import sentence
from wording.supervisor import details_of, summary_of

UNFORESEEN_TRIES = 4
STUCK = 3  # takes in vain: a person has to look
UNMOVED = (
    "recipient",
    "balance_due",
    "items",
    "fee",
    "channel",
)  # what a preview stands on; a later day alone is no news


class Planning:
    """The planning activity with what it needs: the database and the installation's language."""

    def __init__(self, engine: AsyncEngine, *, language: str) -> None:
        self._engine = engine
        self._language = language

    @activity.defn
    async def plan(self, ask: PlanAsk) -> Plan:
        """Apply what arrived, in order; answer those who wait; say what comes next and why.

        An error that nobody foresaw is tried again, then becomes a supervisor's task and the claim waits for news:
        nothing of the inbox is lost, and the sweep tells it again. A database that is away is waited for.
        """
        try:
            return await self._plan(ask)
        except Exception as error:
            if _is_away(error) or activity.info().attempt < UNFORESEEN_TRIES:
                raise
            activity.logger.exception("the plan failed")
            return await self._wait_unplanned(ask, type(error).__name__)

    async def _wait_unplanned(self, ask: PlanAsk, error: str) -> Plan:
        async with self._engine.begin() as connection:
            await raise_unforeseen(connection, UUID(ask.claim_id), error, ask.as_of)
        why = sentence("plan_failed", {"error": error}, self._language)
        return Plan(StepKind.WAIT, None, "", why, why, "", "person")

    async def _plan(self, ask: PlanAsk) -> Plan:
        async with self._engine.begin() as connection:
            before = await load(connection, UUID(ask.claim_id), lock=True)
            if before is None:
                return Plan(StepKind.CLOSE, None, "", "", "", "closed", "nothing", ending="unknown")
            entries = await unapplied(connection, before.id)
            changed = await _apply_all(connection, before, entries, ask.as_of)
            changed, decided = await _decide(
                connection, changed, ask.as_of, news=bool(entries), stuck=ask.in_vain >= STUCK
            )
            changed = _note_waiting(changed, decided.step, ask.as_of)
            await save(connection, before, changed.claim)
            await record(connection, before.id, changed.events)
            now = statement(changed.claim, today(changed.claim, ask.as_of))
            known = await beside(connection, changed.claim)
            await show(connection, changed.claim, _listed(changed.claim, decided, now, known, ask.as_of))
            await show_outstanding(connection, now)
            answers = {str(row.id): _answer(row) for row in await outcomes(connection, [UUID(e) for e in ask.asked])}
        return self._plan_of(changed.claim, decided, answers, ask.as_of)

    def _plan_of(self, claim: Claim, decided: Decided, answers: dict[str, Answer], as_of: datetime) -> Plan:
        step = decided.step
        balance = statement(claim, today(claim, as_of)).balance_due
        return Plan(
            kind=step.kind,
            due_at=step.due_at,
            key=step.key,
            summary=summary_of(step, self._language),
            details=details_of(claim, decided, balance, self._language),
            stage=claim.stage.value,
            waiting_for=claim.waiting_for,
            ending=claim.ending.value if claim.ending else "",
            answers=answers,
        )


def _is_away(error: Exception) -> bool:
    """The database does not answer; what it answers and refuses, it will refuse again."""
    return isinstance(error, SQLAlchemyError | OSError) and not isinstance(error, DataError | IntegrityError)


async def _apply_all(
    connection: AsyncConnection, claim: Claim, entries: Sequence[EntryRow], as_of: datetime
) -> Changed:
    """Each entry in order, applied or refused; what the catalogue stands in the way of stays in the inbox."""
    changed = Changed(claim)
    for row in entries:
        try:
            catalogue = await catalogue_for(connection, changed.claim, scenario_needed=False)
            if row.kind == "move_scenario":
                catalogue = await _with_target(connection, catalogue, row)
            applied = apply(
                changed.claim, Entry(row.id, row.kind, row.payload, row.author, row.received_at), catalogue, as_of
            )
        except PlanImpossible:
            break  # the plan says so as an anomaly; nothing is lost
        except Refused as refusal:
            outcome = {"code": refusal.code, **refusal.facts}
            await close_entry(
                connection, row.id, applied_at=as_of, state="refused", outcome=outcome, reason=refusal.code
            )
            event = Event(
                "entry_refused", as_of, row.author, {"entry": row.kind, "reason": refusal.code}, entry_id=row.id
            )
            changed = changed.then(Changed(changed.claim, (event,)))
        else:
            await close_entry(connection, row.id, applied_at=as_of, state="applied", outcome=applied.outcome, reason="")
            changed = changed.then(Changed(applied.claim, applied.events))
    return changed


async def _with_target(connection: AsyncConnection, catalogue: Catalogue, row: EntryRow) -> Catalogue:
    """The catalogue with the scenario that the entry moves the claim to. Raises Refused when there is none to move to."""
    code, version = str(row.payload.get("scenario")), row.payload.get("version")
    if not isinstance(version, int):
        raise Refused("malformed", field="version")
    return replace(catalogue, moving_to=await to_move_to(connection, code, version, catalogue.action_types))


async def _decide(
    connection: AsyncConnection, changed: Changed, as_of: datetime, *, news: bool, stuck: bool
) -> tuple[Changed, Decided]:
    """The next step, with the open previews refreshed first; what cannot be planned becomes an anomaly task."""
    try:
        catalogue = await catalogue_for(connection, changed.claim)
        if news:
            changed = changed.then(_refresh_previews(changed.claim, catalogue, as_of))
        changed = changed.then(end_suspension(changed.claim, as_of))
        without_anomaly = settle_anomaly(changed.claim, as_of)
        decided = next_step(without_anomaly.claim, catalogue, as_of)
        if decided.step.kind is StepKind.WAIT and decided.step.due_at is not None and decided.step.due_at <= as_of:
            raise PlanImpossible("waits_for_the_past", {"due_at": decided.step.due_at.isoformat()})  # noqa: TRY301  one way out
    except PlanImpossible as impossible:
        changed = changed.then(raise_anomaly(changed.claim, impossible.code, dict(impossible.facts), as_of))
        reason = Reason(impossible.code, impossible.facts)
        return changed, Decided(Step(StepKind.WAIT, waiting_for="person", why=(reason,)))
    if stuck and decided.step.kind is not StepKind.CLOSE:
        facts = {"step": decided.step.kind.value, "action_type": decided.step.action_type}
        return changed.then(raise_anomaly(changed.claim, "step_not_taken", facts, as_of)), decided
    changed = changed.then(without_anomaly)
    if decided.step.kind is StepKind.CLOSE:
        changed = changed.then(close(changed.claim, Ending(decided.step.ending), as_of))
    return changed, decided


def _refresh_previews(claim: Claim, catalogue: Catalogue, as_of: datetime) -> Changed:
    """The ground moved: what a person is looking at gets the new facts and a new version.

    A proposal whose address has gone is taken back: its step is planned anew, by another channel or for a person to find one.
    """
    events: list[Event] = []
    for task in claim.open_tasks:
        if task.kind is not TaskKind.CONFIRM_ACTION or task.action_id is None:
            continue
        fresh = _preview(claim, task, catalogue, today(claim, as_of))
        if fresh is None:
            proposed = [] if task.step is None else [action_of(claim, task.action_id)]
            gone = withdraw(
                claim, as_of, reason="no_usable_address", tasks=[task] if proposed else [], actions=proposed
            )
            claim, events = gone.claim, [*events, *gone.events]
            continue
        if _is_same(fresh, claim, task, catalogue):
            continue
        claim = with_task(claim, replace(task, proposed=fresh, version=task.version + 1))
        facts = {"task": task.kind.value, "action_type": task.action_type, "version": task.version + 1}
        events.append(Event("task_refreshed", as_of, facts=facts, action_id=task.action_id))
    return Changed(claim, tuple(events))


def _is_same(fresh: Mapping[str, Any], claim: Claim, task: Task, catalogue: Catalogue) -> bool:
    """Interest of a further day is no news: what was frozen is compared as of its own day."""
    frozen = task.proposed
    if frozen.get("on") not in (None, fresh["on"]):
        then = _preview(claim, task, catalogue, date.fromisoformat(str(frozen["on"])))
        fresh = fresh if then is None else then
    return all(fresh.get(key) == frozen.get(key) for key in UNMOVED)


def _preview(claim: Claim, task: Task, catalogue: Catalogue, on: date) -> dict[str, Any] | None:
    assert task.action_id is not None  # noqa: S101  the caller leaves out tasks without an action
    action = action_of(claim, task.action_id)
    try:
        return draft(claim, catalogue, action.action_type, action.channel, on, action=action).as_json()
    except NoUsableAddress:
        return None


def _note_waiting(changed: Changed, step: Step, as_of: datetime) -> Changed:
    waiting_for = "nothing" if changed.claim.stage is Stage.CLOSED else step.waiting_for
    if waiting_for == changed.claim.waiting_for and changed.claim.waiting_since is not None:
        return changed
    return Changed(replace(changed.claim, waiting_for=waiting_for, waiting_since=as_of), changed.events)


def _listed(claim: Claim, decided: Decided, now: Statement, known: Beside, as_of: datetime) -> dict[str, Any]:
    """The columns that lists show and sort by."""
    day, step = now.on, decided.step
    owed = [i for i in claim.items if now.owed(i.id).amount > 0]
    statuses = {i.status for i in owed if i.status} | {i.status_category.value for i in owed if i.status_category}
    return {
        "balance_due": now.balance_due.amount,
        "principal_due": now.principal.amount,
        "oldest_due_on": min((i.due_on for i in owed if i.due_on), default=None),
        "statuses": sorted(statuses),
        "next_action": step.action_type,
        "next_action_at": step.due_at,
        "next_action_on": _happens_on(claim, step),
        "priority": priority(claim, now, day).score,
        "alerts": alerts(claim, now, day, stored=known.alerts, duplicates=known.duplicates),
        "planned_at": as_of,
    }


def _happens_on(claim: Claim, step: Step) -> date | None:
    """The day on which the next step is taken: one that is late, or fell due before the claim came, is taken now."""
    days = [day for day in (step.due_on, today(claim, step.due_at) if step.due_at else None) if day is not None]
    return max(days, default=None)


def _answer(row: EntryRow) -> Answer:
    return Answer(row.state == "applied", row.reason or str((row.outcome or {}).get("outcome") or "applied"))
