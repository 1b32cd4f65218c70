"""Instalments in a request's body: listed one by one, or so many equal ones at regular days."""

from typing import Annotated, Any, Literal

from pydantic import Field

from api.fields import AmountText, Body, Day, amount_in
from api.problems import FieldError, invalid
from domain.money import Money, NotAnAmount

MOST_INSTALMENTS = 240


class InstalmentBody(Body):
    due_on: Day
    amount: AmountText


class PlanBody(Body):
    instalments: Annotated[list[InstalmentBody], Field(min_length=1, max_length=MOST_INSTALMENTS)] | None = None
    count: (
        Annotated[int, Field(ge=1, le=MOST_INSTALMENTS, description="Equal instalments, in place of a list")] | None
    ) = None
    first_due_on: Day | None = None
    every: Annotated[
        Literal["week", "two_weeks", "month", "quarter"],
        Field(description="A month without the first one's day takes its last day"),
    ] = "month"


def plan_payload(body: PlanBody, currency: str, *, prefix: str = "", needed: bool = True) -> dict[str, Any]:
    """What the entry holds of it; raises Problem 422 for both forms at once, for half of one, and for wrong amounts."""
    if body.instalments is not None:
        if body.count or body.first_due_on is not None:
            raise invalid(FieldError(f"{prefix}instalments", "instalments_or_count"))
        return {
            "instalments": [
                {
                    "due_on": each.due_on.isoformat(),
                    "amount": str(amount_in(f"{prefix}instalments[{n}].amount", each.amount, currency)),
                }
                for n, each in enumerate(body.instalments)
            ]
        }
    if not body.count and body.first_due_on is None:
        if needed:
            raise invalid(FieldError(f"{prefix}instalments", "instalments_or_count"))
        return {}
    if not body.count or body.first_due_on is None:
        raise invalid(FieldError(f"{prefix}first_due_on" if body.count else f"{prefix}count", "needs_text"))
    return {"count": body.count, "first_due_on": body.first_due_on.isoformat(), "every": body.every}


def amount_or_none(field: str, text: str | None, currency: str) -> str | None:
    """An amount above zero as the entry holds it; raises Problem 422."""
    return None if text is None else str(amount_in(field, text, currency))


def amount_from_zero(field: str, text: str | None, currency: str) -> str | None:
    """An amount of zero or more; raises Problem 422."""
    try:
        nothing = text is not None and not Money.of(text, currency)
    except NotAnAmount:
        nothing = False
    return str(Money.zero(currency)) if nothing else amount_or_none(field, text, currency)
