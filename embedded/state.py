"""What an installation keeps under its state folder: who runs on it, its made-up secrets, where it can be reached."""

import fcntl
import json
import os
import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

ADDRESSES = "addresses.json"
LOG_LIMIT = 20_000_000  # bytes; a longer log is set aside at the next start


class AlreadyRunning(RuntimeError):
    """Another supervisor holds this state folder."""


@contextmanager
def held(var: Path) -> Iterator[None]:
    """Nobody else runs on this folder meanwhile; the kernel lets go when we die. Raises AlreadyRunning."""
    var.mkdir(parents=True, exist_ok=True, mode=0o711)  # passable for a PostgreSQL that runs as nobody, not readable
    with (var / "lock").open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.seek(0)
            raise AlreadyRunning(
                f"Recouvra already runs on {var} (process {lock.read().strip()}). Stop it, or set RECOUVRA_VAR to another folder."
            ) from None
        lock.truncate(0)
        lock.write(str(os.getpid()))
        lock.flush()
        yield


def write_for_owner(file: Path, text: str) -> None:
    """At once and readable by its owner only: nobody ever sees half of it."""
    unfinished = file.with_name(f".{file.name}.{os.getpid()}")
    with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as writing:
        writing.write(text)
        writing.flush()
        os.fsync(writing.fileno())
    unfinished.replace(file)


def kept_secret(file: Path, prefix: str = "") -> str:
    """The secret made up at the first start."""
    if not file.exists():
        write_for_owner(file, prefix + secrets.token_urlsafe(24))
    return file.read_text().strip()


def write_addresses(var: Path, addresses: Mapping[str, Any]) -> None:
    write_for_owner(var / ADDRESSES, json.dumps(addresses, indent=2) + "\n")


def forget_addresses(var: Path) -> None:
    (var / ADDRESSES).unlink(missing_ok=True)


def log_file(var: Path, name: str) -> Path:
    """Where a child's output goes; one older log is kept."""
    file = var / "logs" / f"{name}.log"
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    if file.exists() and file.stat().st_size > LOG_LIMIT:
        file.replace(file.with_suffix(".log.1"))
    return file
