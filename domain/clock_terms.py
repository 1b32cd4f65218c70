"""A clock of the law as it stands: what runs, since when and why, until when."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import NamedTuple
from uuid import UUID

from domain.catalogue import Calendar, CountryPack
from domain.legal_facts import Seen
from domain.steps import Reason


class Law(NamedTuple):
    """What the clocks of one claim are counted with: its country's pack and holidays, and what happened in law."""

    pack: CountryPack
    calendar: Calendar
    events: tuple[Seen, ...]


class ClockState(StrEnum):
    RUNNING = "running"
    WARNED = "warned"  # within the days before its end on which people are warned
    RUN_OUT = "run_out"
    STOPPED = "stopped"  # stands still: a court or an insolvency has the matter
    MET = "met"  # what had to be done was done in time


class Clock(NamedTuple):
    """`runs_out_on` is the last day on which it is still in time; None while it stands still."""

    code: str
    source: str
    starts_on: date
    runs_out_on: date | None
    state: ClockState = ClockState.RUNNING
    item: str = ""  # a reference; "": the whole claim
    procedure_id: UUID | None = None
    why: tuple[Reason, ...] = ()
    is_waiting: bool = False  # a time that the debtor has: its end is good news
