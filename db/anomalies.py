"""The anomaly task of a claim whose plan fails for a reason nobody foresaw: written without reading the claim."""

from datetime import datetime
from uuid import UUID, uuid5

from sqlalchemy import text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from db.tables import task, timeline


async def raise_unforeseen(connection: AsyncConnection, claim_id: UUID, error: str, as_of: datetime) -> None:
    """One open task for the supervisor; `error` is the type's name, never its words, which may hold facts of a person."""
    row = {
        "id": uuid5(claim_id, "task/anomaly/unforeseen"),
        "claim_id": claim_id,
        "kind": "anomaly",
        "version": 1,
        "state": "open",
        "role": "supervisor",
        "opened_at": as_of,
        "on_expiry": "wait",
        "allowed": ["done"],
        "proposed": {},
        "why": [{"code": "plan_failed", "facts": {"error": error}}],
    }
    again = {"state": "open", "opened_at": as_of, "closed_at": None, "decision": None, "why": row["why"]}
    opened = insert(task).values(row)
    opened = opened.on_conflict_do_update(
        index_elements=[task.c.id], set_={**again, "version": task.c.version + 1}, where=task.c.state != "open"
    )
    new = (await connection.execute(opened.returning(text("1")))).first() is not None
    if new:
        facts = {"code": "plan_failed", "error": error}
        event = {"claim_id": claim_id, "at": as_of, "kind": "anomaly", "author": "system", "facts": facts}
        await connection.execute(insert(timeline).values(event))
