"""Days and instants as JSON."""

from datetime import date, datetime


def day_json(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def instant_json(at: datetime | None) -> str | None:
    return None if at is None else at.isoformat()
