"""Lines that tell how far a round of visits is: repositories, commits, speed, time left, the slowest one. No clock is read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from deepsignal_pipeline.sources.git.visit import Visit

_PAUSE = 5.0  # seconds between two lines


@dataclass
class Progress:
    """Counts visits as they end. `sizes` are the work that each repository is, `clock` gives rising seconds."""

    sizes: Mapping[str, int]
    clock: Callable[[], float]
    say: Callable[[str], None]
    _visits: list[Visit] = field(default_factory=list)
    _started: float = field(init=False)
    _said: float = field(init=False)

    def __post_init__(self) -> None:
        self._started = self._said = self.clock()

    def tell(self, visit: Visit) -> None:
        """Count a visit. What did not go well is told at once, how far it is every few seconds."""
        self._visits.append(visit)
        record = visit.record
        if not record.is_good:
            self.say(f"{record.repository}: {record.status}: {record.reason}")
        for sentence in record.news if visit.read else ():
            self.say(f"{record.repository}: {sentence}")
        if self.clock() - self._said >= _PAUSE and len(self._visits) < len(self.sizes):
            self._said = self.clock()
            self.say(self._line() + f", about {self._left():,.0f} s left")

    def close(self) -> None:
        """Tell the end."""
        statuses = Counter(visit.record.status for visit in self._visits)
        told = ", ".join(f"{number} {status}" for status, number in sorted(statuses.items()))
        self.say(f"{self._line()}; {told or 'nothing was asked for'}")

    def _line(self) -> str:
        passed = max(self.clock() - self._started, 0.001)
        read = sum(visit.read for visit in self._visits)
        line = (
            f"{len(self._visits)} of {len(self.sizes)} repositories, {read:,} commits, {read / passed:,.0f} commits/s"
        )
        slowest = max(self._visits, key=lambda visit: visit.seconds, default=None)
        return line + (f", slowest {slowest.record.repository} {slowest.seconds:,.1f} s" if slowest else "")

    def _left(self) -> float:
        """Estimate the seconds left from the work done so far, counted in bytes of packs and one more a repository."""
        done = sum(self._work(visit.record.repository) for visit in self._visits)
        every = sum(self._work(name) for name in self.sizes)
        return (self.clock() - self._started) * (every - done) / done

    def _work(self, name: str) -> int:
        return 1 + self.sizes[name]
