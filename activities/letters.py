"""`send_letter`: the PDF is rendered, then stored and handed to the day's print run in one transaction with its mark."""

import asyncio
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncEngine
from temporalio import activity

from correspondence import Draft, letter_name, letter_pdf
from correspondence.leaving import what_leaves
from correspondence.recipients import NoUsableAddress
from db.claims import record, save
from db.documents import NewDocument, keep
from db.effects import NOT_SENT, SENT, Due, due_step
from domain.calendar import closing_instant, first_sending_day, local_day
from domain.claim import Action, ActionState, Claim, Outcome
from domain.effects import begin, given_up, left, today
from domain.steps import Order


class Letters:
    """Letters to the debtor, simple or registered."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    @activity.defn
    async def send_letter(self, order: Order) -> str:
        """Render without the lock, then store under it, only if nothing the letter says has changed meanwhile."""
        async with self._engine.begin() as connection:
            due = await due_step(connection, order, lock=False)
        if isinstance(due, str):
            return due
        try:
            text = _text(due, order)
        except NoUsableAddress:
            return await self._without_address(order)
        content = await asyncio.to_thread(letter_pdf, text, due.claim, due.catalogue, today(due.claim, order.as_of))
        async with self._engine.begin() as connection:
            due = await due_step(connection, order)
            if isinstance(due, str):
                return due
            if _text(due, order) != text:
                return NOT_SENT
            begun, action = begin(due.claim, due.catalogue, due.step, order.as_of, ActionState.SENDING)
            changed = begun.then(left(begun.claim, due.catalogue, action.id, order.as_of, outcome=Outcome.SENT))
            await save(connection, due.claim, changed.claim)
            await record(connection, due.claim.id, changed.events)
            await keep(connection, _document(due, action, text, content, order))
        return SENT

    async def _without_address(self, order: Order) -> str:
        """The address went since the plan: the action has failed; the planner asks a person before the next one."""
        async with self._engine.begin() as connection:
            due = await due_step(connection, order)
            if isinstance(due, str):
                return due
            begun, action = begin(due.claim, due.catalogue, due.step, order.as_of, ActionState.SENDING)
            failed = begun.then(given_up(begun.claim, action.id, order.as_of, reason="no_usable_address"))
            await save(connection, due.claim, failed.claim)
            await record(connection, due.claim.id, failed.events)
        return SENT


def _text(due: Due, order: Order) -> Draft:
    return what_leaves(due.claim, due.catalogue, due.step, today(due.claim, order.as_of))


def _document(due: Due, action: Action, text: Draft, content: bytes, order: Order) -> NewDocument:
    address = due.claim.debtor.on(today(due.claim, order.as_of)).postal_address()
    return NewDocument(
        id=due.claim.id_for("document", "letter", action.sequence),
        claim_id=due.claim.id,
        kind=text.channel.value,
        media_type="application/pdf",
        name=letter_name(due.claim.number, action.sequence, action.action_type, today(due.claim, order.as_of)),
        content=content,
        state="rendered",
        created_at=order.as_of,
        action_id=action.id,
        template=text.template,
        version=text.version,
        key=order.key,
        posts_at=_print_run(due.claim, due, order.as_of),
        address_id=address.id if address else None,
        items=tuple(asked.reference for asked in text.items),
    )


def _print_run(claim: Claim, due: Due, as_of: datetime) -> datetime:
    """The end of the sending hours of the day, or of the next sending day: until then a payment still catches the letter."""
    scenario, calendar = due.catalogue.scenario, due.catalogue.calendar
    day = local_day(as_of, claim.time_zone)
    for begins in (day, day + timedelta(days=1)):
        closing = closing_instant(first_sending_day(begins, scenario, calendar), scenario, claim.time_zone)
        if closing > as_of:
            break
    return closing
