"""Labels of the fixed codes (stages, channels, modes, outcomes, tasks...) and of the standard catalogue, by language."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from wording import labels, labels_of_collection
from wording.figures import label

LABELS: Mapping[str, Mapping[str, tuple[str, str]]] = {**labels.LABELS, **labels_of_collection.LABELS}
STANDARD_SET = Path(__file__).parent.parent / "catalogue"


def code_label(kind: str, code: str, language: str) -> str:
    """The label of a fixed code; the code itself when nobody named it."""
    named = LABELS.get(kind, {}).get(code)
    if named is None:
        return code
    return named[1] if language[:2].lower() == "en" else named[0]


def catalogue_label(kind: str, code: str, language: str) -> str:
    """The standard label of an action type, a status or a fee; the code itself for those that users added."""
    return label(_standard(kind).get(code, {}), language) or code


@cache
def _standard(kind: str) -> dict[str, Mapping[str, str]]:
    bodies = json.loads((STANDARD_SET / f"{kind}.json").read_text(encoding="utf-8"))
    return {body["code"]: body["label"] for body in bodies}
