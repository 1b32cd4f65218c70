"""The training mode: move chosen claims, or all of them, ahead in their own time, and see how far they are."""

from __future__ import annotations

import re
import secrets
from collections import defaultdict
from typing import Any, Final

from fastapi import APIRouter, Response

from api import training
from api.pages.frame import Frame, Said, TrainerFrame
from api.pages.trouble import words_of
from api.pages.typed import body_of
from api.problems import Problem
from db import journeys

router = APIRouter(prefix="/training", include_in_schema=False)

SHOWN: Final = 20


@router.get("")
async def get_training(frame: TrainerFrame) -> Response:
    await training.only_in_training(frame.around)
    return await _training_page(frame)


@router.post("")
async def post_training(frame: TrainerFrame) -> Response:
    await training.only_in_training(frame.around)
    form = await frame.request.form()
    typed = {name: str(form.get(name, "")).strip() for name in ("how", "days", "until", "claims", "key")}
    typed["stop_at_task"] = str(form.get("stop_at_task", "no"))
    try:
        body = body_of(training.FastForward, _journey(typed))
        await training.post_fast_forward(body, frame.who, frame.around, typed["key"] or None)
    except Problem as problem:
        if problem.status not in (404, 409, 422):
            raise
        told = Said("bad", "refused", words_of(problem, frame.language))
        return await _training_page(frame, told=told, typed=typed, status=problem.status)
    return frame.go_to("/training", Said("good", "journey_begun"))


def _journey(typed: dict[str, str]) -> dict[str, Any]:
    far: dict[str, Any] = {"until": typed["until"]}
    if typed["how"] != "until":
        far = {"days": int(typed["days"]) if typed["days"].isdecimal() else typed["days"]}
    named = [name for name in re.split(r"[\s,;]+", typed["claims"]) if name]
    return {**far, "claims": named or None, "stop_at_task": typed["stop_at_task"] == "yes"}


async def _training_page(
    frame: Frame, *, told: Said | None = None, typed: dict[str, str] | None = None, status: int = 200
) -> Response:
    async with frame.around.engine.connect() as connection:
        latest = await journeys.latest(connection, limit=SHOWN)
    return await frame.page(
        "training",
        here="training",
        status=status,
        journeys=latest,
        journeys_run=any(journey.state in ("queued", "running") for journey in latest),
        form_key=secrets.token_hex(8),
        told_here=told,
        typed=defaultdict(str, typed or {}),
    )
