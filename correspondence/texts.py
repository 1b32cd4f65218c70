"""The text of each action, one Jinja2 source per text and language in templates/texts/.

The first line is the subject; the paragraphs follow, apart by an empty line. A source sees the variables of
`drafts.py` and nothing else: no file, no module, no attribute of Python.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from jinja2 import FileSystemLoader, StrictUndefined
from jinja2.sandbox import ImmutableSandboxedEnvironment

from correspondence.pdf import TEMPLATES
from domain.catalogue import ActionType
from domain.claim import Channel

LANGUAGES = ("fr", "en")
_TEXTS = TEMPLATES / "texts"
INTERNAL = "internal"
# What is said where the action's own text is missing.
_INSTEAD = {
    Channel.INTERNAL_EMAIL: INTERNAL,
    Channel.CALL: "conversation",
    Channel.VISIT: "conversation",
    Channel.LEGAL_ACT: "instruction",
}

FOR_AGENTS = frozenset({"instruction", "agent_reminder"})  # nobody is asked to pay there

_sources = ImmutableSandboxedEnvironment(
    loader=FileSystemLoader(_TEXTS), undefined=StrictUndefined, autoescape=False, auto_reload=False
)


@dataclass(frozen=True, slots=True)
class Written:
    """A text as rendered, and the source it came from; `version` is a hash of that source."""

    template: str
    version: str
    subject: str
    text: str


def language_of(*wanted: str) -> str:
    """The first of these languages that has texts, else French."""
    return next((short for language in wanted if (short := language[:2].lower()) in LANGUAGES), "fr")


def template_for(action_type: str, known: ActionType | None, channel: Channel) -> str:
    """The action's own text, else what its channel calls for."""
    wanted = known.template if known is not None else action_type
    if wanted and wanted in templates():
        return wanted
    if known is not None and known.is_for_agent:
        return "instruction"
    return _INSTEAD.get(channel, "notice")


@cache
def templates() -> frozenset[str]:
    """The codes that have a text in every language."""
    return frozenset.intersection(*(_codes(language) for language in LANGUAGES))


def _codes(language: str) -> frozenset[str]:
    return frozenset(path.name.removesuffix(f".{language}.txt") for path in _TEXTS.glob(f"*.{language}.txt"))


@cache
def words(language: str) -> Mapping[str, Any]:
    """The words of the layouts: headings, labels, totals."""
    every: Mapping[str, Mapping[str, Any]] = json.loads((TEMPLATES / "letters" / "words.json").read_text("utf-8"))
    return every[language]


def written(template: str, language: str, facts: Mapping[str, object]) -> Written:
    """The text with its facts filled in; a variable that does not exist is an error, never a blank."""
    name = f"{template}.{language}.txt"
    subject, _, text = _sources.get_template(name).render(facts).strip().partition("\n")
    spaced = _french_spaces if language == "fr" else str
    return Written(template, _version(name), spaced(" ".join(subject.split())), spaced(text.strip()))


@cache
def _version(name: str) -> str:
    return hashlib.sha256((_TEXTS / name).read_bytes()).hexdigest()[:12]


def _french_spaces(text: str) -> str:
    """Spaces before : ; ? ! and inside « » never break."""
    return re.sub(r"« ", "«\u00a0", re.sub(r" ([:;?!»])", "\u00a0\\1", text))


def paragraphs(text: str) -> tuple[str, ...]:
    """The paragraphs of a text, the person's own or ours."""
    return tuple(part.strip() for part in re.split(r"\n\s*\n", text.replace("\r\n", "\n")) if part.strip())
