"""Guarantees and procedures of a claim as JSON; its clocks are in api/clock_json.py."""

from typing import Any

from api.procedure_json import guarantee_json, procedure_json
from domain.claim import Claim
from domain.statement import Statement


def law(claim: Claim, now: Statement) -> dict[str, Any]:  # noqa: ARG001
    """The keys of the whole claim about guarantees and procedures."""
    return {
        "guarantees": [guarantee_json(guarantee) for guarantee in claim.guarantees],
        "procedures": [procedure_json(procedure, claim) for procedure in claim.procedures],
    }
