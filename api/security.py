"""Who asks, and what their role allows: API keys for machines, a session cookie for people."""

from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from typing import Annotated, Any
from urllib.parse import urlsplit

from fastapi import Depends, Request

from api.problems import Problem
from api.surroundings import Surroundings, surroundings_of
from db import people
from db.portfolio import EVERYTHING, Scope

COOKIE = "recouvra_session"
IDLE = timedelta(hours=8)
LASTS = timedelta(days=7)
_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


class Role(StrEnum):
    COLLECTOR = "collector"  # own claims; decides up to a limit
    SUPERVISOR = "supervisor"  # the team; escalations, the second person, moves scenarios
    MANAGER = "manager"  # all; write-off, reports
    ADMINISTRATOR = "administrator"  # settings and users; no decision on claims
    READER = "reader"
    CREDITOR = "creditor"  # own claims, read
    EVERYTHING = "everything"  # the machine of the installation itself


class Permission(StrEnum):
    READ_CLAIMS = "read_claims"
    WORK_ON_CLAIMS = "work_on_claims"  # intake, payments, notes, statuses, suspension, files, decisions on tasks
    SUPERVISE = "supervise"  # closure, reopening, another collector, the second person
    READ_CATALOGUE = "read_catalogue"
    WRITE_CATALOGUE = "write_catalogue"
    IMPORT = "import"
    TRAIN = "train"
    READ_MAILBOX = "read_mailbox"
    ADMINISTER = "administer"
    SIGNED_IN = "signed_in"


_P = Permission
_DESK = {_P.READ_CLAIMS, _P.WORK_ON_CLAIMS, _P.READ_CATALOGUE, _P.TRAIN, _P.READ_MAILBOX, _P.SIGNED_IN}
_TEAM = _DESK | {_P.SUPERVISE, _P.IMPORT}
ALLOWED: dict[Role, frozenset[Permission]] = {
    Role.COLLECTOR: frozenset(_DESK),
    Role.SUPERVISOR: frozenset(_TEAM),
    Role.MANAGER: frozenset(_TEAM | {_P.WRITE_CATALOGUE}),
    Role.ADMINISTRATOR: frozenset(
        {
            _P.READ_CLAIMS,
            _P.READ_CATALOGUE,
            _P.WRITE_CATALOGUE,
            _P.IMPORT,
            _P.TRAIN,
            _P.READ_MAILBOX,
            _P.ADMINISTER,
            _P.SIGNED_IN,
        }
    ),
    Role.READER: frozenset({_P.READ_CLAIMS, _P.READ_CATALOGUE, _P.SIGNED_IN}),
    Role.CREDITOR: frozenset({_P.READ_CLAIMS, _P.SIGNED_IN}),
    Role.EVERYTHING: frozenset(Permission),
}


@dataclass(frozen=True, slots=True)
class Who:
    """Somebody who was let in: a person (author = their code) or a machine (author = "api:<name>", never a second person)."""

    author: str
    role: Role
    name: str = ""
    language: str = ""
    creditors: frozenset[str] = field(default_factory=frozenset)
    is_machine: bool = False

    def may(self, permission: Permission) -> bool:
        return permission in ALLOWED[self.role]

    @property
    def scope(self) -> Scope:
        """Which claims exist for them: a collector's own, a creditor's own, a machine's creditors."""
        if self.role is Role.COLLECTOR and not self.is_machine:
            return Scope(creditors=self.creditors or None, collector=self.author)
        if self.role is Role.CREDITOR or self.creditors:
            return Scope(creditors=self.creditors)
        return EVERYTHING


async def who_asks(request: Request) -> Who | None:
    """The person or machine behind this request, or None; a cookie counts only from our own pages (CSRF)."""
    around = surroundings_of(request)
    scheme, _, secret = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer":
        return await _machine(around, secret.strip())
    token = request.cookies.get(COOKIE, "")
    if not token:
        return None
    if request.method not in _SAFE and not is_own_origin(request):
        raise Problem(403, "foreign_origin")
    return await _person(around, token)


async def _machine(around: Surroundings, secret: str) -> Who | None:
    if not secret.isascii() or not 8 <= len(secret) <= 200:
        return None
    async with around.engine.connect() as connection:
        key = await people.key_with(connection, secret)
    return None if key is None else Who(f"api:{key.name}", Role(key.role), key.name, "", key.creditors, is_machine=True)


async def _person(around: Surroundings, token: str) -> Who | None:
    async with around.engine.begin() as connection:
        row = await people.person_of_session(connection, token, idle=IDLE)
    return None if row is None else Who(row.code, Role(row.role), row.name, row.language, row.creditors)


def is_own_origin(request: Request) -> bool:
    """Whether the browser says that our own page sent this (Sec-Fetch-Site, else Origin, else the absence of both)."""
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        return site in ("same-origin", "none")
    origin = request.headers.get("origin")
    return origin is None or urlsplit(origin).netloc == request.headers.get("host", "")


class Needs:
    """The dependency of every route but health, login and the static files: 401 without a known caller, 403 without the role."""

    def __init__(self, permission: Permission) -> None:
        self.permission = permission

    async def __call__(self, request: Request) -> Who:
        who = await who_asks(request)
        if who is None:
            raise Problem(401, "unauthenticated", headers={"WWW-Authenticate": 'Bearer realm="recouvra"'})
        request.state.who = who
        if not who.may(self.permission):
            raise Problem(403, "forbidden")
        return who


def needs(permission: Permission) -> Any:
    """For `dependencies=[needs(...)]` of a router whose routes do not look at who asks."""
    return Depends(Needs(permission))


Reader = Annotated[Who, Depends(Needs(Permission.READ_CLAIMS))]
Worker = Annotated[Who, Depends(Needs(Permission.WORK_ON_CLAIMS))]
Supervisor = Annotated[Who, Depends(Needs(Permission.SUPERVISE))]
CatalogueReader = Annotated[Who, Depends(Needs(Permission.READ_CATALOGUE))]
CatalogueWriter = Annotated[Who, Depends(Needs(Permission.WRITE_CATALOGUE))]
Importer = Annotated[Who, Depends(Needs(Permission.IMPORT))]
Trainer = Annotated[Who, Depends(Needs(Permission.TRAIN))]
MailboxReader = Annotated[Who, Depends(Needs(Permission.READ_MAILBOX))]
SignedIn = Annotated[Who, Depends(Needs(Permission.SIGNED_IN))]
