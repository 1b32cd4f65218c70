"""THE LIFE OF A CLAIM. Start with `ClaimWorkflow.run`: plan, wait, take, until nothing is left to do.

The workflow decides nothing: what comes next, when and why is computed in the `plan` activity from the facts in
PostgreSQL. So rules and law change without touching this file, and histories that are years old still replay.
Entries of the claim's inbox arrive here by id alone: facts as signals, requests as updates, each under its own name.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from temporalio import workflow
from temporalio.common import RawValue, RetryPolicy, SearchAttributeKey, SearchAttributeUpdate
from temporalio.exceptions import ActivityError, ApplicationError

from domain.steps import Answer, ClaimRun, Order, Plan, PlanAsk, StepKind

STAGE = SearchAttributeKey.for_keyword("ClaimStage")
WAITING_FOR = SearchAttributeKey.for_keyword("ClaimWaitingFor")
WAITING_SINCE = SearchAttributeKey.for_datetime("ClaimWaitingSince")

LONG_HISTORY = 400  # events; a monthly wake replays a history from its start, so runs are kept short
PLAN_LIMIT = timedelta(seconds=30)
EFFECT_LIMIT = timedelta(seconds=90)
PLAN_RETRY = RetryPolicy(initial_interval=timedelta(seconds=1), maximum_interval=timedelta(seconds=30))
EFFECT_RETRY = RetryPolicy(
    initial_interval=timedelta(seconds=1), maximum_interval=timedelta(seconds=10), maximum_attempts=4
)
PATIENCE = 3  # takes that came to nothing before the claim slows down and a supervisor is told
PAUSE_IN_VAIN = timedelta(minutes=10)  # then; doubled each time up to a day
LONGEST_PAUSE = timedelta(days=1)

# E-mail has a queue of its own: a mail storm never delays a payment. The others share the worker's.
QUEUE_OF = {StepKind.SEND_EMAIL: "emails", StepKind.SEND_LETTER: "letters"}


@workflow.defn(name="Claim")
class ClaimWorkflow:
    """One claim (créance) from intake to its end, through every reopening."""

    @workflow.init
    def __init__(self, claim: ClaimRun) -> None:
        self._claim = claim
        self._news = False
        self._asked: list[str] = []
        self._answers: dict[str, Answer] = {}
        self._in_vain = 0
        self._summary = ""

    @workflow.run
    async def run(self, claim: ClaimRun) -> str:
        await self._reach_its_own_time()
        while (plan := await self._plan()).kind is not StepKind.CLOSE:
            await self._continue_as_new_if_long()  # here: whatever was asked has just been answered
            if not await self._something_happens_before(plan.due_at):  # None: wait for news, no timer
                await self._take(plan)  # send, charge, ask a person
        await workflow.wait_condition(workflow.all_handlers_finished)
        return plan.ending

    # ---- the steps of the loop -------------------------------------------------------------------

    async def _plan(self) -> Plan:
        """Plan until the answer holds: a claim never closes over news it has not read."""
        while (plan := await self._apply_and_plan()).kind is StepKind.CLOSE and self._news:
            pass
        return plan

    async def _apply_and_plan(self) -> Plan:
        self._news = False  # before the inbox is read: what arrives meanwhile is planned again, never lost
        plan: Plan = await workflow.execute_activity(
            "plan",
            PlanAsk(self._claim.claim_id, workflow.now(), list(self._asked), self._in_vain),
            result_type=Plan,
            start_to_close_timeout=PLAN_LIMIT,
            retry_policy=PLAN_RETRY,
            summary="apply news, plan",
        )
        self._answers.update(plan.answers)
        self._asked = [entry for entry in self._asked if entry not in plan.answers]
        self._show(plan)
        return plan

    async def _something_happens_before(self, due_at: datetime | None) -> bool:
        """Wait for news until the step is due; True when news came first."""
        if due_at is not None and self._in_vain >= PATIENCE:
            pause = PAUSE_IN_VAIN * 2 ** min(self._in_vain - PATIENCE, 10)
            due_at = max(due_at, workflow.now() + min(pause, LONGEST_PAUSE))
        delay = None if due_at is None else due_at - workflow.now()
        if delay is not None and delay <= timedelta(0):
            return self._news
        try:
            await workflow.wait_condition(lambda: self._news, timeout=delay, timeout_summary=self._summary)
        except TimeoutError:
            return self._news
        return True

    async def _take(self, plan: Plan) -> None:
        """Carry the step out; news that arrives meanwhile is applied and answered at once, the step never cancelled."""
        if plan.kind is StepKind.WAIT:
            return
        effect = workflow.start_activity(
            plan.kind.value,
            Order(self._claim.claim_id, plan.kind, plan.key, workflow.now()),
            result_type=str,
            task_queue=QUEUE_OF.get(plan.kind),
            start_to_close_timeout=EFFECT_LIMIT,
            retry_policy=EFFECT_RETRY,
            summary=plan.summary,
        )
        while not effect.done():
            await workflow.wait_condition(lambda: effect.done() or self._news)
            if not effect.done():
                await self._apply_and_plan()
        try:
            done = await effect != "not sent"
        except ActivityError as error:  # ends this take: the next plan sees how far it came
            workflow.logger.warning("the step was not taken: %s", type(error.cause).__name__)
            done = False
        self._in_vain = 0 if done else self._in_vain + 1

    async def _continue_as_new_if_long(self) -> None:
        if workflow.info().get_current_history_length() < LONG_HISTORY or self._asked:
            return
        await workflow.wait_condition(workflow.all_handlers_finished)
        if not self._asked:
            workflow.continue_as_new(self._claim)

    async def _reach_its_own_time(self) -> None:
        """Training: a claim that was moved ahead and is reopened goes on in its own time, not in ours."""
        if self._claim.resumes_at is not None and (ahead := self._claim.resumes_at - workflow.now()) > timedelta(0):
            await workflow.sleep(ahead, summary="back to the claim's own time (training)")
        self._claim.resumes_at = None

    # ---- what a supervisor reads in the Temporal UI ----------------------------------------------

    def _show(self, plan: Plan) -> None:
        self._summary = plan.summary
        workflow.set_current_details(plan.details)
        shown = (self._claim.stage, self._claim.waiting_for)
        if not plan.stage or shown == (plan.stage, plan.waiting_for):  # no stage: it could not be read
            return
        self._claim.stage, self._claim.waiting_for = plan.stage, plan.waiting_for
        changes: list[SearchAttributeUpdate[Any]] = [
            STAGE.value_set(plan.stage),
            WAITING_FOR.value_set(plan.waiting_for),
            WAITING_SINCE.value_set(workflow.now()),
        ]
        workflow.upsert_search_attributes(changes)

    # ---- what arrives: facts are signals, requests are updates ------------------------------------

    @workflow.signal(dynamic=True)
    def fact(self, name: str, args: Sequence[RawValue]) -> None:
        """A fact stands in the inbox (payment_received, note_added, ...): it cannot be refused."""
        self._news = True

    @workflow.update(dynamic=True)
    async def request(self, name: str, args: Sequence[RawValue]) -> str:
        """A request stands in the inbox (decide, suspend, ...): answered when the loop has applied it."""
        entry: str = workflow.payload_converter().from_payload(args[0].payload, str)
        self._asked.append(entry)
        self._news = True
        await workflow.wait_condition(lambda: entry in self._answers)
        answer = self._answers[entry]
        if not answer.accepted:
            raise ApplicationError(answer.text, type="Refused", non_retryable=True)
        return answer.text
