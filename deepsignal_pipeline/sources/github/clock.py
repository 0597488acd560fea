"""The time, handed in: what waits does so through a Clock, so that a test of an hour's wait takes no time."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from typing import Protocol


class Clock(Protocol):
    """Tells the time and lets it pass."""

    def now(self) -> float:
        """Return the seconds since 1970 by this machine's clock."""

    def sleep(self, seconds: float) -> None:
        """Let time pass."""


class SystemClock:
    """This machine's clock."""

    def now(self) -> float:
        """Return the seconds since 1970."""
        return time.time()

    def sleep(self, seconds: float) -> None:
        """Let time pass."""
        time.sleep(seconds)


def as_instant(seconds: float) -> datetime:
    """Return the UTC instant of seconds since 1970."""
    return datetime.fromtimestamp(seconds, UTC)


def as_clock_time(seconds: float) -> str:
    """Say an instant as people read it in a line of progress, UTC."""
    return f"{as_instant(seconds):%Y-%m-%d %H:%M:%S} UTC"
