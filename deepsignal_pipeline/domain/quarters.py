"""Quarters: the unit of time of every measure. Pure; no clock is read here: who needs "now" passes it in.

A quarter is a half-open interval [first day, first day of the next) in UTC; a commit belongs to that of its committer date.
Its key is its first day ("2023-01-01"), its label what people read ("2023-Q1"). Both are accepted everywhere.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time

_LABEL = re.compile(r"([0-9]{4})-[Qq]([1-4])")
_KEY = re.compile(r"([0-9]{4})-([0-9]{2})-01")
# Nothing is measured outside, and quarters before and after one within always have a date
_YEARS = range(1970, 3000)


class QuarterError(ValueError):
    """A quarter that cannot be read, or that is not to be had; the message says what would be."""


@dataclass(frozen=True, order=True)
class Quarter:
    """One calendar quarter, ordered by time."""

    year: int
    number: int  # 1..4

    @classmethod
    def parse(cls, text: str) -> Quarter:
        """Read a label ("2023-Q1") or a key ("2023-01-01"); raise QuarterError for anything else."""
        written = text.strip()
        if match := _LABEL.fullmatch(written):
            quarter = cls(int(match[1]), int(match[2]))
        elif (match := _KEY.fullmatch(written)) and int(match[2]) in (1, 4, 7, 10):
            quarter = cls(int(match[1]), (int(match[2]) + 2) // 3)
        else:
            raise QuarterError(f"quarter {text!r}: write it as 2023-Q1 or as its first day, 2023-01-01")
        if quarter.year not in _YEARS:
            raise QuarterError(f"quarter {text!r}: write a year from {_YEARS.start} to {_YEARS.stop - 1}")
        return quarter

    @classmethod
    def containing(cls, day: date) -> Quarter:
        """Return the quarter that holds a day."""
        return cls(day.year, (day.month + 2) // 3)

    @property
    def first_day(self) -> date:
        """First day of the quarter."""
        return date(self.year, 3 * self.number - 2, 1)

    @property
    def start(self) -> datetime:
        """First instant of the quarter, UTC."""
        return datetime.combine(self.first_day, time(), UTC)

    @property
    def end(self) -> datetime:
        """First instant after the quarter, UTC."""
        return self.shift(1).start

    @property
    def key(self) -> str:
        """Partition key, e.g. "2023-01-01"."""
        return self.first_day.isoformat()

    @property
    def label(self) -> str:
        """Label for people, e.g. "2023-Q1"."""
        return f"{self.year}-Q{self.number}"

    def shift(self, quarters: int) -> Quarter:
        """Return the quarter that many quarters later (earlier if negative)."""
        index = self.year * 4 + self.number - 1 + quarters
        return Quarter(index // 4, index % 4 + 1)

    def after(self, other: Quarter) -> int:
        """Return how many quarters it comes after another one (below 0: before)."""
        return (self.year - other.year) * 4 + self.number - other.number

    def __str__(self) -> str:
        return self.label


FIRST_QUARTER = Quarter(2015, 1)
"""First partition. Earlier commits still date people's first appearance, through contributor_aliases."""


def quarter_range(first: Quarter, last: Quarter) -> list[Quarter]:
    """Return every quarter from first to last, both included; raise QuarterError if they are reversed."""
    if last < first:
        raise QuarterError(f"from {first.label} to {last.label}: the first quarter lies after the last")
    return [first.shift(n) for n in range(last.after(first) + 1)]
