"""A refusal by the state of things: a code that wording/ turns into a sentence, and its facts."""

from __future__ import annotations

from typing import Any


class Refused(Exception):
    """What was asked cannot be done now; the reason is for the person who asked."""

    def __init__(self, code: str, **facts: Any) -> None:
        super().__init__(code)
        self.code = code
        self.facts = facts
