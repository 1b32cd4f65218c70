"""What long jobs tell their workflows: counts only, never anything of a file or a claim."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class ImportProgress:
    rows: int = 0
    accepted: int = 0
    unchanged: int = 0
    rejected: int = 0
    claims_started: int = 0
    claims_total: int = 0
    finished: bool = False
    failed: bool = False


@dataclass(frozen=True)
class JourneyProgress:
    """Of a fast-forward: claims that are to move, are there, stopped at a task, could not be moved."""

    total: int = 0
    arrived: int = 0
    stopped: int = 0
    failed: int = 0
    finished: bool = False


@dataclass(frozen=True)
class Swept:
    """Of one sweep; `after` is the id of the claim where the next one goes on looking for missing workflows."""

    unread: int = 0  # claims told again because their inbox was not read
    missing: int = 0  # open claims that had no running workflow
    after: str = ""
