"""People, their sessions, machines' keys and failed logins. Secrets are kept as SHA-256 (random ones) or argon2 (passwords)."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import delete, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from db.tables import api_key, login_attempt, person, session


@dataclass(frozen=True, slots=True)
class PersonRow:
    code: str
    email: str
    name: str
    role: str
    language: str
    creditors: frozenset[str]


@dataclass(frozen=True, slots=True)
class KeyRow:
    name: str
    role: str
    creditors: frozenset[str]


def digest(secret: str) -> str:
    """How a random secret is kept: 256 random bits need no salt."""
    return hashlib.sha256(secret.encode()).hexdigest()


COLLECTING = ("collector", "supervisor", "manager")

_PERSON = (person.c.code, person.c.email, person.c.name, person.c.role, person.c.language, person.c.creditors)


async def email_of(connection: AsyncConnection, code: str) -> str:
    """The e-mail address of the active person with this code; "" when there is none."""
    query = select(person.c.email).where(person.c.code == code, person.c.active)
    return (await connection.execute(query)).scalar_one_or_none() or ""


async def key_with(connection: AsyncConnection, secret: str) -> KeyRow | None:
    """The active API key with this secret."""
    query = select(api_key.c.name, api_key.c.role, api_key.c.creditors).where(
        api_key.c.key_sha256 == digest(secret), api_key.c.active
    )
    row = (await connection.execute(query)).one_or_none()
    return None if row is None else KeyRow(row.name, row.role, frozenset(row.creditors))


async def write_key(
    connection: AsyncConnection, *, name: str, secret: str, role: str, creditors: Sequence[str] = ()
) -> None:
    """Let a machine in with this secret; the same name again replaces the key."""
    row = {"key_sha256": digest(secret), "role": role, "creditors": list(creditors), "active": True}
    await connection.execute(
        insert(api_key).values(name=name, **row).on_conflict_do_update(index_elements=["name"], set_=row)
    )


async def write_person(
    connection: AsyncConnection,
    *,
    code: str,
    email: str,
    name: str,
    role: str,
    password_hash: str,
    language: str = "fr",
    creditors: Sequence[str] = (),
) -> None:
    """Add a person, or change the one with this code; a changed password ends the sessions begun with the old one."""
    row = {
        "email": email.strip().lower(),
        "name": name,
        "role": role,
        "password_hash": password_hash,
        "language": language,
        "creditors": list(creditors),
        "active": True,
    }
    await connection.execute(
        insert(person).values(code=code, **row).on_conflict_do_update(index_elements=["code"], set_=row)
    )
    await connection.execute(delete(session).where(session.c.person == code))


async def people(connection: AsyncConnection) -> list[PersonRow]:
    """Everybody who may sign in, by name."""
    query = select(*_PERSON).where(person.c.active).order_by(person.c.name)
    return [_read(row) for row in await connection.execute(query)]


async def person_exists(connection: AsyncConnection, code: str) -> bool:
    """Whether an active person has this code."""
    query = select(person.c.code).where(person.c.code == code, person.c.active)
    return (await connection.execute(query)).scalar_one_or_none() is not None


async def person_for_login(connection: AsyncConnection, email: str) -> tuple[PersonRow, str] | None:
    """The active person with this e-mail address, with the hash of the password."""
    query = select(*_PERSON, person.c.password_hash).where(person.c.email == email.strip().lower(), person.c.active)
    row = (await connection.execute(query)).one_or_none()
    return None if row is None else (_read(row), row.password_hash)


async def begin_session(connection: AsyncConnection, *, token: str, person_code: str, lasts: timedelta) -> None:
    """Sign a person in: this token stands for them until it expires or is revoked."""
    values = {"token_sha256": digest(token), "person": person_code, "expires_at": func.now() + lasts}
    await connection.execute(insert(session).values(values))


async def person_of_session(connection: AsyncConnection, token: str, *, idle: timedelta) -> PersonRow | None:
    """Whom this token stands for, while the session is neither idle for too long nor over."""
    live = select(*_PERSON, session.c.seen_at).join(session, session.c.person == person.c.code)
    live = live.where(
        session.c.token_sha256 == digest(token),
        person.c.active,
        session.c.expires_at > func.now(),
        session.c.seen_at > func.now() - idle,
    )
    row = (await connection.execute(live)).one_or_none()
    if row is None:
        return None
    minute_ago = func.now() - timedelta(minutes=1)  # one write a minute is enough to know that somebody is there
    seen = update(session).where(session.c.token_sha256 == digest(token), session.c.seen_at < minute_ago)
    await connection.execute(seen.values(seen_at=func.now()))
    return _read(row)


async def end_session(connection: AsyncConnection, token: str) -> None:
    await connection.execute(delete(session).where(session.c.token_sha256 == digest(token)))


async def note_attempt(connection: AsyncConnection, subject: str, *, within: timedelta) -> int:
    """Count a login attempt of this subject (an e-mail or a network address) and answer how many there were lately."""
    kept = digest(subject)
    await connection.execute(delete(login_attempt).where(login_attempt.c.at < func.now() - timedelta(days=1)))
    await connection.execute(insert(login_attempt).values(subject_sha256=kept))
    recent = select(func.count()).where(
        login_attempt.c.subject_sha256 == kept, login_attempt.c.at > func.now() - within
    )
    return int((await connection.execute(recent)).scalar_one())


async def forget_attempts(connection: AsyncConnection, subjects: Sequence[str]) -> None:
    """A login that succeeded clears what was counted against it."""
    await connection.execute(
        delete(login_attempt).where(login_attempt.c.subject_sha256.in_([digest(s) for s in subjects]))
    )


def _read(row: Any) -> PersonRow:
    return PersonRow(row.code, row.email, row.name, row.role, row.language, frozenset(row.creditors))


async def collects(connection: AsyncConnection, code: str) -> bool:
    """Whether claims may be given to this person."""
    query = select(person.c.code).where(person.c.code == code, person.c.active, person.c.role.in_(COLLECTING))
    return (await connection.execute(query)).scalar_one_or_none() is not None
