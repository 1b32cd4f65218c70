"""Telling a claim's workflow what stands in its inbox, and giving a reopened claim its own time again.

Always with-start and USE_EXISTING: a closed or missing workflow gets a run that plans, applies, answers and closes
again, so reopening needs no code of its own.
"""

from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import temporalio.api.common.v1 as common
from temporalio.client import (
    Client,
    Interceptor,
    OutboundInterceptor,
    StartWorkflowInput,
    StartWorkflowUpdateWithStartInput,
    WithStartWorkflowOperation,
    WorkflowHandle,
    WorkflowUpdateHandle,
)
from temporalio.common import (
    Priority,
    SearchAttributeKey,
    SearchAttributePair,
    TypedSearchAttributes,
    WorkflowIDConflictPolicy,
)

from domain.steps import ClaimRun

QUEUE = "claims"
CREDITOR = SearchAttributeKey.for_keyword("ClaimCreditor")
STAGE = SearchAttributeKey.for_keyword("ClaimStage")
ONE_SKIP = 1  # to its own time; more, and the server may skip on to the next timer (docs/decisions/0009)

_ahead: ContextVar[timedelta] = ContextVar("ahead", default=timedelta(0))


@dataclass(frozen=True, slots=True)
class ToldClaim:
    """What starting a claim's workflow needs: nothing personal."""

    id: UUID
    number: str
    creditor: str
    currency: str
    stage: str
    clock_ahead: timedelta = timedelta(0)  # training: how far its time is ahead of ours

    @property
    def workflow_id(self) -> str:
        return f"claim/{self.number}"


class OwnTime(Interceptor):
    """Stamps time skipping on the start of a claim that lives ahead of our time; others start without."""

    def intercept_client(self, next: OutboundInterceptor) -> OutboundInterceptor:  # noqa: A002  the SDK's own name
        return _OwnTimeOutbound(next)


class _OwnTimeOutbound(OutboundInterceptor):
    async def start_workflow(self, input: StartWorkflowInput) -> WorkflowHandle[Any, Any]:  # noqa: A002  the SDK's own name
        input.time_skipping_config = _skipping()
        return await super().start_workflow(input)

    async def start_update_with_start_workflow(
        self,
        input: StartWorkflowUpdateWithStartInput,  # noqa: A002  the SDK's own name
    ) -> WorkflowUpdateHandle[Any]:
        input.start_workflow_input.time_skipping_config = _skipping()
        return await super().start_update_with_start_workflow(input)


def _skipping() -> common.TimeSkippingConfig | None:
    ahead = _ahead.get()
    if ahead <= timedelta(0):
        return None
    forward = common.FastForwardConfig(id="own-time")
    forward.duration.FromTimedelta(ahead)
    return common.TimeSkippingConfig(enabled=True, fast_forward_config=forward, max_session_skip_count=ONE_SKIP)


async def tell(
    client: Client,
    claim: ToldClaim,
    kind: str,
    entry_id: UUID,
    *,
    now: datetime,
    deadline: timedelta | None = None,
    bulk: bool = False,
) -> None:
    """Tell the claim that a fact stands in its inbox; starts its workflow when none runs.

    Raises temporalio.service.RPCError or RuntimeError when the server is not reached: the entry stays in the inbox
    and the sweep tells it again.
    """
    token = _ahead.set(claim.clock_ahead)
    try:
        await client.start_workflow(
            "Claim",
            _run(claim, now),
            id=claim.workflow_id,
            task_queue=QUEUE,
            id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
            start_signal=kind,
            start_signal_args=[str(entry_id)],
            rpc_timeout=deadline,
            **_shown(claim, bulk=bulk),
        )
    finally:
        _ahead.reset(token)


async def ask(
    client: Client, claim: ToldClaim, kind: str, entry_id: UUID, *, now: datetime, deadline: timedelta
) -> str:
    """Ask the claim to decide on an entry and wait for its answer, at most `deadline`.

    Raises WorkflowUpdateFailedError when it is refused; any other error means: unknown, read the inbox.
    """
    token = _ahead.set(claim.clock_ahead)
    try:
        start: WithStartWorkflowOperation[Any, str] = WithStartWorkflowOperation(
            "Claim",
            _run(claim, now),
            id=claim.workflow_id,
            task_queue=QUEUE,
            id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
            **_shown(claim, bulk=False),
        )
        answer: str = await client.execute_update_with_start_workflow(
            kind, str(entry_id), start_workflow_operation=start, result_type=str, rpc_timeout=deadline
        )
        return answer
    finally:
        _ahead.reset(token)


def _run(claim: ToldClaim, now: datetime) -> ClaimRun:
    resumes_at = now + claim.clock_ahead if claim.clock_ahead > timedelta(0) else None
    return ClaimRun(str(claim.id), claim.number, resumes_at)


def _shown(claim: ToldClaim, *, bulk: bool) -> dict[str, Any]:
    """What the Temporal UI's list and header show; the memo goes on through continue-as-new, the summary does not."""
    attributes = [SearchAttributePair(CREDITOR, claim.creditor), SearchAttributePair(STAGE, claim.stage)]
    return {
        "static_summary": f"{claim.number} · {claim.creditor} · {claim.currency}",
        "memo": {"number": claim.number, "creditor": claim.creditor, "currency": claim.currency},
        "search_attributes": TypedSearchAttributes(attributes),
        "priority": Priority(priority_key=5 if bulk else 3),
    }
