"""What changes a claim's debt: items, payments, reversals, costs. All are facts: stored first, applied by the workflow."""

from typing import Annotated, Literal
from uuid import UUID, uuid4, uuid5

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse
from pydantic import Field
from sqlalchemy.ext.asyncio import AsyncConnection

from api.fields import AmountText, Body, Day, Line, Name, Ref, amount_in, found, not_after_today, same_currency
from api.inbox import IdempotencyKey, News, append, key_of, make_request, state_fact, tell_if_new
from api.languages import language_of
from api.problems import FieldError, Problem, invalid
from api.requests import ask_claim
from api.security import Supervisor, Worker
from api.surroundings import Around
from db import debts, documents, legal, portfolio
from db.portfolio import Found
from domain.claim import Values
from domain.intake import read_items
from domain.money import Money
from domain.reading import Reading, Refused

router = APIRouter(prefix="/api/claims/{ref}", tags=["debt"])


class Part(Body):
    item: Name
    amount: AmountText


class PaymentBody(Body):
    external_id: Annotated[
        Name, Field(description="The payer's side's own id: unique per claim, a repeat is the same payment")
    ]
    amount: AmountText
    currency: Annotated[str, Field(max_length=3)]
    value_date: Day
    method: Line = ""
    payer: Line = ""
    item: Name | None = None
    allocations: Annotated[list[Part], Field(max_length=1000)] | None = None


class ReversalBody(Body):
    reason: Annotated[str, Field(min_length=1, max_length=500)]
    value_date: Day


class CostBody(Body):
    kind: Name
    amount: AmountText
    currency: Annotated[str, Field(max_length=3)] | None = None
    incurred_on: Day
    agent: Line = ""
    chargeable_to_debtor: Annotated[
        bool | None, Field(description="When left out: only from the day of an enforceable title on")
    ] = None
    billed_to_creditor: bool = False
    advance: bool = False
    document: UUID | None = None


class CorrectionBody(Body):
    to: Literal["cost", "interest", "indemnity", "principal"]
    amount: AmountText
    currency: Annotated[str, Field(max_length=3)] | None = None
    on: Day
    reason: Annotated[str, Field(min_length=1, max_length=500)]
    item: Annotated[Name | None, Field(description="The item's reference; left out: the whole claim")] = None
    cost: Annotated[UUID | None, Field(description="The id of the cost, where a cost is corrected")] = None
    kind: Literal["correction", "waiver", "settlement", "dispute", "write_off"] = "correction"


class ItemBody(Body):
    reference: Name
    kind: Line = "invoice"
    issued_on: Day | None = None
    due_on: Day | None = None
    amount: AmountText
    currency: Annotated[str, Field(max_length=3)] | None = None
    terms: Annotated[dict[str, object], Field(default_factory=dict)]


class ItemsBody(Body):
    items: Annotated[list[ItemBody], Field(min_length=1, max_length=5000)]


@router.post(
    "/payments",
    status_code=202,
    summary="Money came in",
    responses={200: {"description": "A repeat: the same payment"}},
)
async def post_payment(ref: Ref, body: PaymentBody, who: Worker, around: Around) -> JSONResponse:
    """Recorded once per `external_id`; what an item does not owe goes by rule."""
    async with around.engine.connect() as connection:
        claim = found(await portfolio.find(connection, ref, who.scope))
        news = await _payment(connection, claim, body)
        not_after_today("value_date", body.value_date, claim.today(around.now()))
    appended = await state_fact(around, claim, news, who.author)
    answer = {"payment_id": str(payment_id(claim, body.external_id)), "entry": str(appended.entry_id)}
    return JSONResponse(answer, 200 if appended.repeated else 202)


def payment_id(claim: Found, external_id: str) -> UUID:
    return uuid5(claim.id, f"payment/{external_id}")


async def _payment(connection: AsyncConnection, claim: Found, body: PaymentBody) -> News:
    """The entry of a payment; raises Problem 422 for what the claim cannot take."""
    same_currency(body.currency, claim.currency)
    amount = amount_in("amount", body.amount, claim.currency)
    directed = _directed(body, amount)
    if directed:
        known = await debts.payable_items(connection, claim.id, Values(claim.values))
        unknown = [FieldError(field, "unknown_item") for field, item, _ in directed if item not in known]
        if unknown:
            raise invalid(*unknown[:50])
    payload = {
        "external_id": body.external_id,
        "amount": str(amount),
        "value_date": body.value_date.isoformat(),
        "method": body.method,
        "payer": body.payer,
        "directed": [[item, str(part)] for _, item, part in directed],
    }
    return News("payment_received", payload, payload, f"payment/{body.external_id}")


def _directed(body: PaymentBody, amount: Money) -> list[tuple[str, str, Money]]:
    """The debtor's choice as (field, item, amount); one item takes the whole amount."""
    if body.item is not None and body.allocations is not None:
        raise invalid(FieldError("allocations", "either_or"))
    if body.item is not None:
        return [("item", body.item, amount)]
    parts = [
        (f"allocations[{n}].item", part.item, amount_in(f"allocations[{n}].amount", part.amount, amount.currency))
        for n, part in enumerate(body.allocations or ())
    ]
    if Money.total((part for _, _, part in parts), amount.currency) > amount:
        raise invalid(FieldError("allocations", "above_amount"))
    return parts


@router.post("/payments/{external_id}/reversal", status_code=202, summary="Money went back")
async def post_reversal(ref: Ref, external_id: str, body: ReversalBody, who: Worker, around: Around) -> JSONResponse:
    """Owed again from the value date of its return, with the interest that ran meanwhile; a closed claim goes on."""
    async with around.engine.connect() as connection:
        claim = found(await portfolio.find(connection, ref, who.scope))
        paid_on = found(await debts.payment_value_date(connection, claim.id, external_id))
    not_after_today("value_date", body.value_date, claim.today(around.now()))
    if body.value_date < paid_on:
        raise invalid(FieldError("value_date", "before_payment"))
    payload = {"external_id": external_id, "reason": body.reason, "value_date": body.value_date.isoformat()}
    appended = await state_fact(
        around, claim, News("payment_reversed", payload, payload, f"reversal/{external_id}"), who.author
    )
    answer = {"payment_id": str(payment_id(claim, external_id)), "entry": str(appended.entry_id)}
    return JSONResponse(answer, 200 if appended.repeated else 202)


@router.post("/items", status_code=202, summary="More items or credit notes")
async def post_items(
    ref: Ref, body: ItemsBody, who: Worker, around: Around, key: IdempotencyKey = None
) -> JSONResponse:
    async with around.engine.begin() as connection:
        claim = found(await portfolio.find(connection, ref, who.scope))
        news = _items(claim, body, key)
        known = await debts.item_references(connection, claim.id)
        appended = await append(connection, claim, news, who.author)
        references = [str(item["reference"]) for item in news.payload["items"]]
        taken = [reference for reference in references if reference in known]
        if taken and not appended.repeated:
            raise Problem(
                409,
                "duplicate",
                errors=[FieldError("items", "duplicate", sentence=reference) for reference in taken[:20]],
            )
    await tell_if_new(around, claim, news, appended)
    return JSONResponse({"entry": str(appended.entry_id), "items": references}, 202)


def _items(claim: Found, body: ItemsBody, key: str | None) -> News:
    """The entry of more items; raises what refuses them."""
    if claim.values == Values.GLOBAL:
        raise Problem(409, "global_values")
    for n, given in enumerate(body.items):
        if given.currency is not None and given.currency != claim.currency:
            raise invalid(FieldError(f"items[{n}].currency", "wrong_currency", {"currency": claim.currency}))
    reading = Reading(body.model_dump(mode="json", exclude={"items": {"__all__": {"currency"}}}))
    items = read_items(reading, claim.currency)
    if reading.refusals:
        raise Refused(reading.refusals)
    payload = {
        "items": [
            {
                "reference": item.reference,
                "kind": item.kind.value,
                "issued_on": item.issued_on and item.issued_on.isoformat(),
                "due_on": item.due_on and item.due_on.isoformat(),
                "amount": str(item.amount),
                "terms": item.terms,
            }
            for item in items
        ]
    }
    return News("items_added", payload, payload, key_of(key))


@router.post("/costs", status_code=201, summary="A cost was incurred")
async def post_cost(ref: Ref, body: CostBody, who: Worker, around: Around, key: IdempotencyKey = None) -> JSONResponse:
    """Before an enforceable title a cost stays with the creditor, from then on it is the debtor's, unless said otherwise."""
    entry_key = key_of(key)
    async with around.engine.begin() as connection:
        claim = found(await portfolio.find(connection, ref, who.scope))
        news = _cost(claim, body, entry_key)
        not_after_today("incurred_on", body.incurred_on, claim.today(around.now()))
        if body.document is not None and not await documents.belongs_to(connection, body.document, claim.id):
            raise invalid(FieldError("document", "unknown_document"))
        chargeable = body.chargeable_to_debtor
        if chargeable is None:  # the claim decides, this is what is known of it
            chargeable = await legal.has_title(connection, claim.id, body.incurred_on)
    # A fact, but asked like a request: once 201 is answered, whoever reads the claim finds the cost in it.
    row = await make_request(around, claim, news, who.author)
    shown = {**news.payload, "chargeable_to_debtor": chargeable, "currency": claim.currency}
    shown["entry"] = str(row.id)
    return JSONResponse({"id": shown.pop("cost_id"), **shown}, 201)


def _cost(claim: Found, body: CostBody, key: str | None) -> News:
    if body.currency is not None:
        same_currency(body.currency, claim.currency)
    content = {
        **body.model_dump(mode="json", exclude={"currency"}),
        "amount": str(amount_in("amount", body.amount, claim.currency)),
    }
    cost_id = uuid4() if key is None else uuid5(claim.id, f"cost/{key}")
    return News("cost_added", {"cost_id": str(cost_id), **content}, content, key)


@router.post(
    "/corrections",
    status_code=201,
    summary="A counter entry: reduce what was charged; nothing charged is ever deleted",
    responses={202: {"description": "Taken, the claim answers later"}, 409: {"description": "More than was charged"}},
)
async def post_correction(
    ref: Ref, body: CorrectionBody, request: Request, who: Supervisor, around: Around, key: IdempotencyKey = None
) -> JSONResponse:
    """A mistake (`correction`) gives back what was paid on it; a waiver or settlement ends what is still owed."""
    async with around.engine.connect() as connection:
        claim = found(await portfolio.find(connection, ref, who.scope))
        if body.item is not None and body.item not in await debts.payable_items(
            connection, claim.id, Values(claim.values)
        ):
            raise invalid(FieldError("item", "unknown_item"))
    if (body.to == "cost") != (body.cost is not None):
        raise invalid(FieldError("cost", "either_or" if body.cost else "missing"))
    if body.cost is not None and body.item is not None:
        raise invalid(FieldError("item", "either_or"))
    not_after_today("on", body.on, claim.today(around.now()))
    answer = await ask_claim(around, claim, _correction(claim, body, key), who, language_of(request))
    if answer.status_code == 200:
        answer.status_code = 201
    return answer


def _correction(claim: Found, body: CorrectionBody, key: str | None) -> News:
    if body.currency is not None:
        same_currency(body.currency, claim.currency)
    amount = amount_in("amount", body.amount, claim.currency)
    payload = {**body.model_dump(mode="json", exclude={"currency"}), "amount": str(amount)}
    return News("correct", payload, payload, key_of(key))
