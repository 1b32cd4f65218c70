"""The claim's loop on the real server: nothing that arrives is lost, nothing that was asked stays unanswered."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from temporalio.client import Client, WorkflowHandle, WorkflowUpdateFailedError
from temporalio.exceptions import ApplicationError
from temporalio.testing._timeskipping import TimeSkipper, TimeSkippingConfig
from temporalio.worker import Worker

from tests.workflows.invented_claim import InventedClaim
from workflows.clock import ToldClaim, ask, tell
from workflows.connection import Address, connect
from workflows.registry import RUNNER, WORKFLOWS

SOON = timedelta(seconds=10)


class Life:
    """A claim's workflow under test, told and asked as the API does."""

    def __init__(self, client: Client, told: ToldClaim, claim: InventedClaim) -> None:
        self.client, self.told, self.claim, self.ahead = client, told, claim, timedelta(0)

    @property
    def handle(self) -> WorkflowHandle:
        return self.client.get_workflow_handle(self.told.workflow_id)

    async def tell(self, kind: str = "payment_received") -> None:
        await tell(self.client, self.told, kind, uuid4(), now=datetime.now(UTC))

    async def ask(self, days: int, entry: str | None = None) -> str:
        entry = self.claim.put(entry or str(uuid4()), "promise", days)
        return await ask(self.client, self.told, "promise", UUID(entry), now=datetime.now(UTC), deadline=SOON)

    async def forward(self, days: float) -> None:
        skipper = TimeSkipper(self.client, config=TimeSkippingConfig(enabled=True, max_session_skip_count=10**6))
        assert await skipper.fast_forward(self.handle, timedelta(days=days))

    async def runs(self) -> int:
        return len([run async for run in self.client.list_workflows(f"WorkflowId='{self.told.workflow_id}'")])


@pytest.fixture
async def client(temporal_address: str) -> Client:
    return await connect(Address(temporal_address))


@asynccontextmanager
async def living(client: Client, claim: InventedClaim, **told: object) -> AsyncIterator[Life]:
    number = f"R26-{uuid4().int % 10**7:07}"
    life = Life(client, ToldClaim(uuid4(), number, "ACME", "EUR", "amicable", **told), claim)
    options = {"workflow_runner": RUNNER, "workflow_failure_exception_types": [Exception]}
    async with (
        Worker(client, task_queue="claims", workflows=WORKFLOWS, activities=[claim.plan], **options),
        Worker(client, task_queue="letters", activities=[claim.send_letter]),
    ):
        yield life
        if claim.owed > 0:
            await life.handle.terminate()


async def eventually(truth: object, within: float = 10) -> None:
    for _ in range(int(within / 0.02)):
        if truth():
            return
        await asyncio.sleep(0.02)
    raise AssertionError("it did not happen in time")


async def test_starting_twice_is_one_claim(client: Client) -> None:
    claim = InventedClaim()
    async with living(client, claim) as life:
        await asyncio.gather(*(life.tell("opened") for _ in range(8)))
        assert await life.runs() <= 1
        assert (await life.handle.describe()).id == life.told.workflow_id


async def test_news_between_the_read_and_the_wait_is_not_lost(client: Client) -> None:
    claim = InventedClaim(plan_gate=asyncio.Event())
    async with living(client, claim) as life:
        await life.tell("opened")
        await claim.planning.wait()  # it has read the inbox and not answered yet
        claim.put("late", "pay", 100)
        await life.tell()
        claim.plan_gate.set()
        await eventually(lambda: claim.owed == 0)
        assert await life.handle.result() == "paid"


async def test_a_request_is_answered_while_a_letter_is_being_prepared(client: Client) -> None:
    claim = InventedClaim(every=timedelta(seconds=0.2), letters=1, effect_gate=asyncio.Event())
    async with living(client, claim) as life:
        await life.tell("opened")
        await asyncio.sleep(0.8)  # the letter is under way
        assert await life.ask(5) == "promised"
        assert claim.sent == []
        claim.effect_gate.set()
        await eventually(lambda: len(claim.sent) == 1)


async def test_a_refusal_says_why(client: Client) -> None:
    async with living(client, InventedClaim()) as life:
        with pytest.raises(WorkflowUpdateFailedError) as refused:
            await life.ask(99)
        assert isinstance(refused.value.cause, ApplicationError)
        assert (refused.value.cause.type, refused.value.cause.message) == ("Refused", "too_far")


async def test_an_answer_whose_plan_died_after_its_commit_still_comes(client: Client) -> None:
    claim = InventedClaim(crash_after_commit=1)
    async with living(client, claim) as life:
        assert await life.ask(5) == "promised"


async def test_requests_around_the_close_are_all_answered(client: Client) -> None:
    claim = InventedClaim()
    async with living(client, claim) as life:
        await life.tell("opened")
        claim.put("paid", "pay", 100)

        async def one(n: int) -> str:
            await asyncio.sleep(n * 0.02)
            return await life.ask(5)

        answers = await asyncio.gather(life.tell(), *(one(n) for n in range(8)), return_exceptions=True)
        # One that falls between two runs may be told "accepted, then the run ended": the API reads the inbox then.
        unanswered = [a for a in answers[1:] if a != "promised" and "AcceptedUpdateCompletedWorkflow" not in repr(a)]
        assert unanswered == []
        assert len(claim.answers) == 9


async def test_a_closed_claim_that_is_told_news_lives_again(client: Client) -> None:
    claim = InventedClaim(owed=0)
    async with living(client, claim) as life:
        await life.tell("opened")
        assert await life.handle.result() == "paid"
        claim.put("bounced", "pay", -100)
        await life.tell("payment_reversed")
        await eventually(lambda: claim.owed == 100)
        assert (await life.handle.describe()).status.name == "RUNNING"


async def test_a_reopened_claim_goes_on_in_its_own_time(client: Client) -> None:
    ahead = timedelta(days=100)
    claim = InventedClaim(opened_at=datetime.now(UTC))
    async with living(client, claim, clock_ahead=ahead) as life:
        await life.tell("opened")
        await eventually(lambda: len(claim.sent) == 1)
        assert claim.sent[0][1] >= claim.opened_at + ahead


async def test_quick_chained_runs_keep_their_dates(client: Client) -> None:
    """Over at least four continue-as-new in a fast-forward, each letter leaves when it is due, not when the journey ends."""
    claim = InventedClaim(every=timedelta(days=3))
    async with living(client, claim) as life:
        await life.tell("opened")
        await eventually(lambda: claim.opened_at is not None)
        await asyncio.sleep(0.3)
        await life.forward(3 * 120 + 1)
        await eventually(lambda: len(claim.sent) == 120)
        assert await life.runs() >= 4
        assert max(as_of - due_at for due_at, as_of in claim.sent) < timedelta(seconds=30)
