"""What every request needs: the database, the way to the claims' workflows, the settings, the wall clock."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated, cast
from urllib.parse import quote

from fastapi import Depends, Request
from sqlalchemy.ext.asyncio import AsyncEngine

from api.telling import Telling

MEGABYTE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class ApiSettings:
    """What an entry point tells the API about where it runs."""

    temporal_ui_url: str = ""  # "" when unknown: claims then have no link
    temporal_namespace: str = "default"
    public_url: str = ""
    training: bool = False
    mailbox: Path | None = None  # the Maildir of the embedded mail sink
    secure_cookies: bool = False  # True behind https
    body_limit: int = 2 * MEGABYTE
    document_limit: int = 25 * MEGABYTE
    import_limit: int = 100 * MEGABYTE
    answer_deadline: timedelta = timedelta(seconds=1)  # how long a request waits for its claim's workflow

    def workflow_url(self, workflow_id: str) -> str | None:
        """Where the Temporal UI shows this workflow."""
        if not self.temporal_ui_url:
            return None
        return f"{self.temporal_ui_url.rstrip('/')}/namespaces/{self.temporal_namespace}/workflows/{quote(workflow_id, safe='')}"


def wall_clock() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Surroundings:
    engine: AsyncEngine
    telling: Telling
    settings: ApiSettings = field(default_factory=ApiSettings)
    now: Callable[[], datetime] = wall_clock


def surroundings_of(request: Request) -> Surroundings:
    return cast("Surroundings", request.app.state.surroundings)


Around = Annotated[Surroundings, Depends(surroundings_of)]
