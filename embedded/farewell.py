"""Removes a file when the process that started it is gone, however it went: `farewell.py FILE`.

It waits for the end of its standard input, whose other end only that process holds: the kernel closes it even after
kill -9. So nobody reads the addresses of an installation that is dead.
"""

import subprocess
import sys
from pathlib import Path


def promise(file: Path) -> subprocess.Popen[bytes]:
    """The file will be gone when we are; keep what this returns."""
    words = [sys.executable, "-I", "-S", str(Path(__file__).resolve()), str(file)]
    return subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, start_new_session=True)  # noqa: S603 - our own words


def main() -> None:
    sys.stdin.buffer.read()
    Path(sys.argv[1]).unlink(missing_ok=True)


if __name__ == "__main__":
    main()
