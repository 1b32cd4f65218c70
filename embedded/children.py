"""A child process that is started again when it crashes, after a pause that grows."""

import signal
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass, field

FIRST_PAUSE = 1.0  # seconds
LONGEST_PAUSE = 30.0
STEADY_AFTER = 60.0  # a child that ran so long has no crashes to answer for


@dataclass
class Child:
    """One part of the installation as a process of its own."""

    name: str
    launch: Callable[[], subprocess.Popen[bytes]]
    asks_to_stop: signal.Signals = signal.SIGTERM
    grace: float = 15.0  # seconds between asking it to stop and killing it
    ends_by_itself: bool = False
    process: subprocess.Popen[bytes] | None = None
    crashes: int = 0
    _started_at: float = field(default=0.0, repr=False)
    _again_at: float | None = field(default=None, repr=False)

    def start(self) -> None:
        self._again_at = None
        self._started_at = time.monotonic()
        self.process = self.launch()

    @property
    def pid(self) -> int | None:
        return self.process.pid if self.process and self.process.poll() is None else None

    def mend(self) -> str | None:
        """Start it again once its pause is over; the sentence says what was noticed or done."""
        if self.pid is not None or self.ends_by_itself:
            return None
        now = time.monotonic()
        if self._again_at is None:
            self.crashes = 1 if now - self._started_at > STEADY_AFTER else self.crashes + 1
            pause = min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** (self.crashes - 1))
            self._again_at = now + pause
            return f"{self.name} stopped ({self._how()}); starting it again in {pause:.0f} s."
        if now < self._again_at:
            return None
        try:
            self.start()
        except (RuntimeError, OSError) as error:
            return f"{self.name} did not start: {error}"
        return f"{self.name} runs again (process {self.pid})."

    def _how(self) -> str:
        code = self.process.returncode if self.process else None
        return f"signal {signal.Signals(-code).name}" if code is not None and code < 0 else f"exit status {code}"

    def stop(self, *, is_hurried: Callable[[], bool]) -> None:
        """Ask it to stop, wait, and kill it when it does not or when somebody is in a hurry."""
        if self.process is None or self.pid is None:
            return
        self.process.send_signal(self.asks_to_stop)
        deadline = time.monotonic() + self.grace
        while self.process.poll() is None:
            if is_hurried() or time.monotonic() > deadline:
                self.process.kill()
                self.process.wait()
                return
            time.sleep(0.02)
