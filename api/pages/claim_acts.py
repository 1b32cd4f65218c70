"""What a person does about a claim, each act a form in place: `CLAIM_ACTS` is the list, one row for each.

An act reads its form into the body of the JSON route and calls that route's own function: the page and the API cannot
differ in what they allow. The answer is the refreshed page, or the same form with what was typed and the reason why not.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from inspect import signature
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Response
from fastapi.responses import JSONResponse
from pydantic import BaseModel

from api import (
    actions,
    arrangements,
    course,
    debt,
    disputes,
    guarantees,
    legal_events,
    offers,
    procedures,
    promises,
    stages,
)
from api.pages.claim import carried_out
from api.pages.frame import Frame, frame_for
from api.pages.typed import body_of, typed_amount
from api.problems import FieldError, invalid, unreadable
from api.security import Permission
from domain.reading import Refused

router = APIRouter(prefix="/claims/{number}", include_in_schema=False)

Route = Callable[..., Awaitable[JSONResponse]]
Fields = dict[str, Any]

PROMISED: Final = "promise"  # the standard status of items for which a day was promised
AMOUNTS: Final = frozenset({"amount", "waiver", "credit", "counter_amount"})


@dataclass(frozen=True, slots=True)
class ClaimAct:
    """One form: its address, the JSON route that carries it out with which body, and what is said then (parts.html).

    `subject` is the name under which the route takes what the act is about (the form's `at`): a dispute, an action...
    """

    path: str
    done: str
    route: Route
    body: type[BaseModel]
    fields: tuple[str, ...]
    subject: str = ""
    permission: Permission = Permission.WORK_ON_CLAIMS
    ticks: bool = False  # at least one item is named
    shape: Callable[[Fields], Fields] = dict


def _counter(given: Fields) -> Fields:
    """The amount of a counter-offer is the body's `counter`."""
    amount = given.pop("counter_amount")
    return {**given, "counter": {"amount": amount} if amount and given["answer"] == "countered" else None}


def _qualified(given: Fields) -> Fields:
    """The items' status, given in the same act as the result of a call."""
    items, comment, promised_on = given.pop("items"), given["comment"], given["promised_on"] or None
    status = given.pop("status") or (PROMISED if promised_on else "")
    told = {"items": items, "status": status, "comment": comment, "promised_on": promised_on}
    return {**given, "statuses": [told] if status and items else None}


def _guarantor(given: Fields) -> Fields:
    name = given.pop("person")
    return {**given, "person": {"name": name} if name else None}


_SUPERVISE: Final = Permission.SUPERVISE
CLAIM_ACTS: Final = (
    ClaimAct(
        "promises",
        "promise_made",
        promises.post_promise,
        promises.PromiseBody,
        ("promised_on", "amount", "items", "comment"),
    ),
    ClaimAct(
        "promise-cancellation",
        "promise_cancelled",
        promises.post_cancellation,
        promises.CancellationBody,
        ("reason",),
        "promise_id",
    ),
    ClaimAct(
        "arrangements",
        "arrangement_agreed",
        arrangements.post_arrangement,
        arrangements.ArrangementBody,
        ("count", "every", "first_due_on", "waiver", "items", "comment"),
    ),
    ClaimAct(
        "arrangement-cancellation",
        "arrangement_cancelled",
        arrangements.post_cancellation,
        promises.CancellationBody,
        ("reason",),
        "arrangement_id",
    ),
    ClaimAct("offers", "offer_made", offers.post_offer, offers.OfferBody, ("by", "amount", "answer_by", "comment")),
    ClaimAct(
        "offer-answer",
        "offer_answered",
        offers.post_answer,
        offers.AnswerBody,
        ("answer", "counter_amount", "reason"),
        "offer_id",
        shape=_counter,
    ),
    ClaimAct(
        "disputes",
        "dispute_raised",
        disputes.post_dispute,
        disputes.DisputeBody,
        ("items", "kind", "text", "owner"),
        ticks=True,
    ),
    ClaimAct(
        "resolution",
        "dispute_resolved",
        disputes.post_resolution,
        disputes.ResolutionBody,
        ("outcome", "credit", "comment"),
        "dispute_id",
    ),
    ClaimAct(
        "statuses",
        "status_given",
        course.post_status,
        course.StatusBody,
        ("items", "status", "comment", "follow_up_on", "promised_on"),
        ticks=True,
    ),
    ClaimAct(
        "actions",
        "action_planned",
        actions.post_action,
        actions.ActionBody,
        ("action_type", "starts_on", "planned_end_on", "reminder_on", "agent", "object", "observations", "items"),
    ),
    ClaimAct(
        "execution",
        "action_executed",
        actions.post_execution,
        actions.ExecutionBody,
        ("result", "comment", "status", "items", "promised_on"),
        "action_id",
        shape=_qualified,
    ),
    ClaimAct(
        "cancellation",
        "action_cancelled",
        actions.post_cancellation,
        actions.CancellationBody,
        ("reason",),
        "action_id",
    ),
    ClaimAct("stage", "stage_changed", stages.post_stage, stages.StageBody, ("stage", "sub_stage", "reason")),
    ClaimAct(
        "closure",
        "closure_asked",
        course.post_closure,
        course.ClosureBody,
        ("ending", "reason"),
        permission=_SUPERVISE,
    ),
    ClaimAct(
        "reopening",
        "reopened",
        stages.post_reopening,
        stages.ReopeningBody,
        ("reason",),
        permission=_SUPERVISE,
    ),
    ClaimAct(
        "legal-events",
        "legal_event_recorded",
        legal_events.post_legal_event,
        legal_events.LegalEventBody,
        ("kind", "on", "item", "procedure", "comment"),
    ),
    ClaimAct(
        "procedures",
        "procedure_opened",
        procedures.post_procedure,
        procedures.ProcedureBody,
        ("kind", "court", "number", "agent", "opened_on", "comment"),
    ),
    ClaimAct(
        "hearings", "hearing_set", procedures.post_hearing, procedures.HearingBody, ("on", "purpose"), "procedure_id"
    ),
    ClaimAct(
        "judgment",
        "judgment_recorded",
        procedures.post_judgment,
        procedures.JudgmentBody,
        ("on", "outcome", "amount"),
        "procedure_id",
    ),
    ClaimAct("title", "title_recorded", procedures.post_title, procedures.TitleBody, ("on", "kind"), "procedure_id"),
    ClaimAct(
        "service", "service_recorded", procedures.post_service, procedures.ServiceBody, ("on", "mode"), "procedure_id"
    ),
    ClaimAct(
        "procedure-end", "procedure_ended", procedures.post_end, procedures.EndBody, ("on", "outcome"), "procedure_id"
    ),
    ClaimAct(
        "guarantees",
        "guarantee_added",
        guarantees.post_guarantee,
        guarantees.GuaranteeBody,
        ("kind", "amount", "rank", "valid_until", "person", "description"),
        shape=_guarantor,
    ),
    ClaimAct(
        "costs",
        "cost_added",
        debt.post_cost,
        debt.CostBody,
        ("kind", "amount", "incurred_on", "agent", "chargeable_to_debtor", "billed_to_creditor", "advance"),
    ),
    ClaimAct(
        "corrections",
        "correction_made",
        debt.post_correction,
        debt.CorrectionBody,
        ("to", "amount", "on", "reason", "item", "cost", "kind"),
        permission=_SUPERVISE,
    ),
    ClaimAct(
        "reversal",
        "payment_reversed",
        debt.post_reversal,
        debt.ReversalBody,
        ("reason", "value_date"),
        "external_id",
    ),
)


def _page_of(act: ClaimAct) -> Callable[..., Awaitable[Response]]:
    async def post_act(frame: Annotated[Frame, Depends(frame_for(act.permission))], number: str) -> Response:
        async def carry_out(fields: Fields) -> JSONResponse:
            return await _called(act, frame, number, fields)

        return await carried_out(frame, number, act.path, act.done, carry_out, (*act.fields, "at"))

    return post_act


async def _called(act: ClaimAct, frame: Frame, number: str, fields: Fields) -> JSONResponse:
    """Call the JSON route with what it asks for; raises its Problem."""
    if act.ticks and not fields["items"]:
        raise invalid(FieldError("items", "tick_an_item"))
    given: dict[str, Any] = {
        "ref": number,
        "body": _body(act, frame.language, fields),
        "request": frame.request,
        "who": frame.who,
        "around": frame.around,
        "key": fields["key"],
        act.subject: fields["at"],
    }
    try:
        return await act.route(**{name: given[name] for name in signature(act.route).parameters})
    except Refused as error:
        raise unreadable(error) from None


def _body(act: ClaimAct, language: str, fields: Mapping[str, Any]) -> BaseModel:
    read = {name: typed_amount(fields[name], language) if name in AMOUNTS else fields[name] for name in act.fields}
    return body_of(act.body, act.shape(read))


for _act in CLAIM_ACTS:
    router.add_api_route(f"/{_act.path}", _page_of(_act), methods=["POST"], name=_act.path)
