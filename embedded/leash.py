"""Runs a program that dies with its parent: `leash.py SIGNAL PARENT [--user NAME] -- PROGRAM ...`.

A program of its own, because the kernel's parent-death signal must be set in the child, after any change of user,
and Python code between fork and exec is not safe in a parent with threads. It replaces itself by the program.
The signal is tied to the *thread* that forked: start children from the main thread.
"""

import ctypes
import os
import pwd
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO

PR_SET_PDEATHSIG = 1


def die_with_parent(number: int = signal.SIGTERM) -> None:
    """The kernel sends this process the signal when the thread that started it ends (Linux; elsewhere nothing)."""
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, int(number))


def start(
    program: Sequence[str | Path],
    *,
    dies_by: signal.Signals = signal.SIGTERM,
    user: str | None = None,
    environment: Mapping[str, str] | None = None,
    log: IO[bytes] | None = None,
) -> subprocess.Popen[bytes]:
    """A child in a session of its own (a terminal's Ctrl-C reaches only its parent, which stops it in order)."""
    leash = [sys.executable, "-I", "-S", str(Path(__file__).resolve()), str(int(dies_by)), str(os.getpid())]
    becomes = ["--user", user] if user else []
    words = [*leash, *becomes, "--", *map(str, program)]
    return subprocess.Popen(  # noqa: S603 - the program and its words are ours
        words,
        stdin=subprocess.DEVNULL,
        stdout=log,
        stderr=log and subprocess.STDOUT,
        env=environment,
        start_new_session=True,
    )


def become(name: str) -> None:
    account = pwd.getpwnam(name)
    os.setgroups([])
    os.setgid(account.pw_gid)
    os.setuid(account.pw_uid)


def main() -> None:
    number, parent, *rest = sys.argv[1:]
    words, program = rest[: rest.index("--")], rest[rest.index("--") + 1 :]
    if words:
        become(words[1])
    die_with_parent(int(number))
    if os.getppid() != int(parent):  # it died before the signal was set
        sys.exit(1)
    os.execvp(program[0], program)  # noqa: S606 - no shell is wanted


if __name__ == "__main__":
    main()
