"""`send_email`: recorded as "sending" with its bytes, really sent by SMTP, then marked.

After a crash nobody knows whether it left: the same bytes go again under the same Message-ID, which receivers drop
as a duplicate. A refusal for good falls back to a letter, one for now is tried again for some days.
"""

from datetime import datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncEngine
from temporalio import activity

from correspondence import Draft, email_message
from correspondence.leaving import what_leaves
from correspondence.recipients import NoUsableAddress
from correspondence.smtp import DeliveryUnknown, RecipientRefused, RefusedForGood, RefusedForNow, deliver
from db.catalogue import catalogue_for
from db.claims import load, record, save
from db.debtors import mark_email_unusable
from db.documents import NewDocument, content_of, keep, mark
from db.effects import NOT_SENT, SENT, Due, due_step
from domain.claim import ActionState, Claim, Outcome
from domain.effects import Changed, action_of, begin, given_up, left, not_left, refused_for_good, today
from domain.returned_mail import bounced
from domain.steps import Order

WAITS = tuple(timedelta(minutes=m) for m in (5, 15, 60))  # then every four hours
LATER = timedelta(hours=4)
GIVE_UP_AFTER = 15  # tries: four or five days, for they keep to the sending hours


class Emails:
    """E-mails to the debtor, over one SMTP server."""

    def __init__(self, engine: AsyncEngine, *, smtp_url: str, sender: str) -> None:
        self._engine = engine
        self._smtp_url = smtp_url
        self._sender = sender

    @activity.defn
    async def send_email(self, order: Order) -> str:
        """Record, send, mark; the caller's key decides the Message-ID."""
        begun = await self._begin(order)
        if isinstance(begun, str):
            return begun
        claim_id, action_id, document_id, content = begun
        message = message_from_bytes(content, policy=SMTP)
        try:
            await deliver(message, self._smtp_url)
        except DeliveryUnknown:
            raise  # it may have left: the action stays "sending", the same bytes go again
        except RecipientRefused as refusal:
            await self._never_again(claim_id, message)
            return await self._mark(claim_id, order, action_id, refusal=refusal, came_back=document_id)
        except RefusedForGood as refusal:
            return await self._mark(claim_id, order, action_id, refusal=refusal)
        except RefusedForNow as refusal:
            return await self._mark(claim_id, order, action_id, retry=refusal)
        return await self._mark(claim_id, order, action_id, document_id=document_id)

    async def _begin(self, order: Order) -> tuple[UUID, UUID, UUID, bytes] | str:
        """The bytes that leave, stored with the action as "sending"; the stored ones again when it is so already. Else why not."""
        async with self._engine.begin() as connection:
            due = await due_step(connection, order)
            if isinstance(due, str):
                return due
            begun, action = begin(due.claim, due.catalogue, due.step, order.as_of, ActionState.SENDING)
            document_id = due.claim.id_for("document", "email", action.sequence, action.attempts)
            content = await content_of(connection, document_id)
            if content is None:
                try:
                    text = what_leaves(due.claim, due.catalogue, due.step, today(due.claim, order.as_of))
                except (
                    NoUsableAddress
                ):  # it went since the plan: what a person released has failed, a step asks for one
                    failed = given_up(begun.claim, action.id, order.as_of, reason="no_usable_address")
                    await save(connection, due.claim, failed.claim)
                    await record(connection, due.claim.id, (*begun.events, *failed.events))
                    return NOT_SENT
                content = _bytes(email_message(text, due.claim, due.catalogue, order.key, order.as_of, self._sender))
                await keep(connection, _document(due, document_id, action.id, text, content, order))
            await save(connection, due.claim, begun.claim)
            await record(connection, due.claim.id, begun.events)
        return due.claim.id, action.id, document_id, content

    async def _never_again(self, claim_id: UUID, message: EmailMessage) -> None:
        """The address that this mail went to takes no mail: it may be another one than the debtor's of today.

        In a transaction of its own, before the claim is locked: a change of the debtor locks the debtor first, too.
        """
        async with self._engine.begin() as connection:
            for address in message["To"].addresses:
                await mark_email_unusable(connection, claim_id, address.addr_spec)

    async def _mark(
        self,
        claim_id: UUID,
        order: Order,
        action_id: UUID,
        *,
        document_id: UUID | None = None,
        refusal: RefusedForGood | None = None,
        came_back: UUID | None = None,
        retry: RefusedForNow | None = None,
    ) -> str:
        async with self._engine.begin() as connection:
            claim = await load(connection, claim_id, lock=True)
            assert claim is not None  # noqa: S101  it was there a moment ago and is never deleted
            catalogue = await catalogue_for(connection, claim)
            if document_id is not None:
                changed = left(claim, catalogue, action_id, order.as_of, outcome=Outcome.SENT)
                await mark(connection, document_id, "sent")
            elif refusal is not None:
                changed = Changed(claim)
                if came_back is not None:
                    changed = bounced(claim, action_id, came_back, order.as_of)
                changed = changed.then(
                    refused_for_good(changed.claim, catalogue, action_id, order.as_of, reason=str(refusal.code))
                )
            else:
                changed = _again(claim, action_id, order.as_of)
            await save(connection, claim, changed.claim)
            await record(connection, claim.id, changed.events)
        return SENT


def _again(claim: Claim, action_id: UUID, as_of: datetime) -> Changed:
    attempts = action_of(claim, action_id).attempts
    if attempts >= GIVE_UP_AFTER:
        return given_up(claim, action_id, as_of, reason="mail_server")
    wait = WAITS[attempts] if attempts < len(WAITS) else LATER
    return not_left(claim, action_id, as_of, retry_at=as_of + wait, reason="mail_server")


def _bytes(message: EmailMessage) -> bytes:
    return message.as_bytes(policy=SMTP)


def _document(due: Due, document_id: UUID, action_id: UUID, text: Draft, content: bytes, order: Order) -> NewDocument:
    return NewDocument(
        id=document_id,
        claim_id=due.claim.id,
        kind="email",
        media_type="message/rfc822",
        name=f"{order.key.replace('/', '-')}.eml",
        content=content,
        state="rendered",
        created_at=order.as_of,
        action_id=action_id,
        template=text.template,
        version=text.version,
        key=f"{order.key}/{document_id}",
    )
