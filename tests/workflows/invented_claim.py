"""A claim invented for the loop's own tests: facts in memory, effects that keep what they were given."""

import asyncio
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from temporalio import activity

from domain.steps import Answer, Order, Plan, PlanAsk, StepKind


@dataclass
class InventedClaim:
    """Letters every `every`, until `owed` is 0. Entries: ("pay", amount) or ("promise", days)."""

    opened_at: datetime | None = None
    every: timedelta = timedelta(days=15)
    letters: int = 10**6
    owed: int = 100
    sequence: int = 0
    inbox: dict[str, tuple[str, int]] = field(default_factory=dict)
    answers: dict[str, Answer] = field(default_factory=dict)
    sent: list[tuple[datetime, datetime]] = field(default_factory=list)  # due_at, as_of
    planning: asyncio.Event = field(default_factory=asyncio.Event)
    plan_gate: asyncio.Event | None = None
    effect_gate: asyncio.Event | None = None
    crash_after_commit: int = 0

    def put(self, entry: str, kind: str, value: int) -> str:
        self.inbox[entry] = (kind, value)
        return entry

    def next_due(self) -> datetime:
        assert self.opened_at is not None
        return self.opened_at + self.every * (self.sequence + 1)

    @activity.defn
    async def plan(self, ask: PlanAsk) -> Plan:
        self.opened_at = self.opened_at or ask.as_of
        for entry in [e for e in self.inbox if e not in self.answers]:
            self.answers[entry] = self._apply(*self.inbox[entry])
        if self.crash_after_commit:
            self.crash_after_commit -= 1
            raise RuntimeError("the worker died after its transaction")
        plan = self._plan(ask)
        self.planning.set()
        if self.plan_gate is not None:
            await self.plan_gate.wait()
        return plan

    def _apply(self, kind: str, value: int) -> Answer:
        if kind == "pay":
            self.owed -= value
            return Answer(True, "applied")
        return Answer(value <= 60, "promised" if value <= 60 else "too_far")

    def _plan(self, ask: PlanAsk) -> Plan:
        kind, due_at, ending = StepKind.SEND_LETTER, self.next_due(), ""
        if self.owed <= 0:
            kind, due_at, ending = StepKind.CLOSE, None, "paid"
        elif self.sequence >= self.letters:
            kind, due_at = StepKind.WAIT, None
        return Plan(
            kind,
            due_at,
            key=str(self.sequence + 1),
            summary=f"letter {self.sequence + 1}",
            details="**amicable**",
            stage="closed" if ending else "amicable",
            waiting_for="nothing" if ending else "date",
            ending=ending,
            answers={e: self.answers[e] for e in ask.asked if e in self.answers},
        )

    @activity.defn
    async def send_letter(self, order: Order) -> str:
        if self.effect_gate is not None:
            await self.effect_gate.wait()
        if self.owed <= 0 or order.key != str(self.sequence + 1):
            return "not sent"
        self.sent.append((self.next_due(), order.as_of))
        self.sequence += 1
        return "sent"
