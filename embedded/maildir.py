"""A Maildir (tmp, new, cur) whose names sort by arrival and hold a hash of the Message-ID, to keep each mail once."""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Sequence
from email.parser import BytesHeaderParser
from email.policy import compat32
from pathlib import Path
from threading import Lock

_HASHED = 32  # hexadecimal digits of the Message-ID's hash in a name


class Maildir:
    """One writer at a time; readers look at new/ and cur/ whenever they like."""

    def __init__(self, folder: Path) -> None:
        self._tmp, self._new, self._cur = (folder / name for name in ("tmp", "new", "cur"))
        for place in (self._tmp, self._new, self._cur):
            place.mkdir(parents=True, exist_ok=True, mode=0o700)
        for half_written in self._tmp.iterdir():
            half_written.unlink()
        self._kept = {
            hashed for place in (self._new, self._cur) for path in place.iterdir() if (hashed := _hash_in(path.name))
        }
        self._writing = Lock()

    def keep(self, content: bytes, *, sender: str, recipients: Sequence[str]) -> bool:
        """On disk for good when it returns; False when this Message-ID is here already."""
        hashed = _hash_of(content)
        with self._writing:
            if hashed in self._kept:
                return False
            seconds, nanoseconds = divmod(time.time_ns(), 10**9)
            name = f"{seconds}.M{nanoseconds:09d}P{os.getpid()}H{hashed}.recouvra"
            self._write(name, _envelope(sender, recipients) + content)
            self._kept.add(hashed)
        return True

    def _write(self, name: str, content: bytes) -> None:
        with (self._tmp / name).open("xb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        (self._tmp / name).rename(self._new / name)
        folder = os.open(self._new, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


def _envelope(sender: str, recipients: Sequence[str]) -> bytes:
    """What the conversation said, as a mail server writes it above the message."""
    lines = [f"Return-Path: <{sender}>", *(f"Delivered-To: {recipient}" for recipient in recipients)]
    return "".join(f"{line}\r\n" for line in lines).encode("utf-8", "surrogateescape")


def _hash_of(content: bytes) -> str:
    """Of the Message-ID; a mail without one is told by its content."""
    message_id = str(BytesHeaderParser(policy=compat32).parsebytes(content).get("Message-ID", "")).strip()
    return hashlib.sha256(message_id.encode("utf-8", "surrogateescape") or content).hexdigest()[:_HASHED]


def _hash_in(name: str) -> str:
    _, _, rest = name.rpartition("H")
    return rest[:_HASHED] if len(rest) > _HASHED else ""
