"""The first answer to a request with an Idempotency-Key that is no entry of a claim's inbox (intake, files, catalogue)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from fastapi.responses import JSONResponse
from sqlalchemy import select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from api.inbox import fingerprint, key_of
from api.problems import Problem
from api.security import Who
from db.tables import answered

_UNDER_WAY = 0  # the status of a request whose transaction has not ended


@dataclass(frozen=True, slots=True)
class FirstAnswer:
    """`given` is the answer to repeat; without it, the work is to be done and its answer remembered in the same transaction."""

    given: JSONResponse | None
    connection: AsyncConnection
    author: str
    key: str | None

    async def remember(self, status: int, body: Mapping[str, Any]) -> None:
        if self.key is not None:
            row = update(answered).where(answered.c.author == self.author, answered.c.key == self.key)
            await self.connection.execute(row.values(status=status, body=dict(body)))


async def answer_once(
    connection: AsyncConnection, who: Who, header: str | None, kind: str, content: Mapping[str, Any]
) -> FirstAnswer:
    """Claim the key for this content. A repeat waits for the first one's transaction; raises Problem 409 for another content."""
    key = key_of(header)
    if key is None:
        return FirstAnswer(None, connection, who.author, None)
    mark = fingerprint(kind, content)
    row = insert(answered).values(author=who.author, key=key, fingerprint=mark, status=_UNDER_WAY, body={})
    taken = await connection.execute(row.on_conflict_do_nothing().returning(text("1")))
    if taken.scalar_one_or_none() is not None:
        return FirstAnswer(None, connection, who.author, key)
    first = (
        await connection.execute(select(answered).where(answered.c.author == who.author, answered.c.key == key))
    ).one()
    if first.fingerprint != mark:
        raise Problem(409, "key_reused")
    return FirstAnswer(JSONResponse(first.body, first.status), connection, who.author, key)
