"""Which cells of a publication are hidden, so that none of few people can be read or worked out.

Cells are sensitive by themselves (primary); others are withheld because a sum would give a sensitive one away
(complementary). What a reader could work out is computed as a reader would: every sum bounds each of its cells by the
others. Which cells exist, which are sensitive and what they add up to is told by the caller.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

FEW = 5
"""A count of fewer people than this is sensitive, none included: "< 5" is printed for both."""

Hidden = Literal["few", "withheld"]
_ENDLESS = 1 << 62


@dataclass(frozen=True)
class Cell:
    """A published whole number.

    `is_sensitive`: it must not be read. `is_count`: it counts people, so that hiding it as few says that it is below
    FEW, and withholding it that it is not. `rank`: cells of a higher rank are withheld last.
    """

    value: int
    is_sensitive: bool = False
    is_count: bool = True
    rank: int = 0


@dataclass(frozen=True)
class Sum:
    """A total and its parts, by the keys of their cells. The parts add up to the total exactly."""

    total: str
    parts: tuple[str, ...]


def suppress(cells: Mapping[str, Cell], sums: Sequence[Sum]) -> dict[str, Hidden]:
    """Return which cells are hidden and why.

    Sums with a cell that is not among `cells`, or that do not add up, bind nobody and are left out. A sensitive cell
    that stays determined although all of its sums are hidden cannot occur: a sum whose cells are all hidden bounds none.
    """
    binding = [one for one in sums if _is_binding(cells, one)]
    hidden: dict[str, Hidden] = {key: "few" for key, cell in cells.items() if cell.is_sensitive}
    while True:
        bounds = bounds_of(cells, binding, hidden)
        # A withheld cell that is worked out gives nothing away by itself; the sensitive ones behind it are looked at here
        exposed = sorted(key for key in hidden if cells[key].is_sensitive and bounds[key][0] == bounds[key][1])
        more = {
            choice
            for key in exposed
            if (choice := _cheapest(cells, binding, _Reading(hidden, bounds), key)) is not None
        }
        if not more:
            return hidden
        hidden |= dict.fromkeys(sorted(more), "withheld")


def bounds_of(
    cells: Mapping[str, Cell], sums: Sequence[Sum], hidden: Mapping[str, Hidden]
) -> dict[str, tuple[int, int]]:
    """Return the smallest and the largest value that a reader can leave open for each cell.

    A reader knows every cell that is not hidden, that no cell is negative, what hiding says of a count, and all sums.
    """
    bounds = {key: _open(cell, hidden[key]) if key in hidden else (cell.value,) * 2 for key, cell in cells.items()}
    changed = True
    while changed:
        changed = False
        for one in sums:
            changed |= _tighten(bounds, one)
    return bounds


def _is_binding(cells: Mapping[str, Cell], one: Sum) -> bool:
    keys = (one.total, *one.parts)
    return all(key in cells for key in keys) and cells[one.total].value == sum(cells[k].value for k in one.parts)


def _open(cell: Cell, why: Hidden) -> tuple[int, int]:
    if not cell.is_count:
        return (0, _ENDLESS)
    return (0, FEW - 1) if why == "few" else (FEW, _ENDLESS)


def _tighten(bounds: dict[str, tuple[int, int]], one: Sum) -> bool:
    """Narrow the cells of a sum by one another; tell whether anything changed."""
    total_low, total_high = bounds[one.total]
    lowest = sum(bounds[part][0] for part in one.parts)
    highest = sum(bounds[part][1] for part in one.parts)
    found = {one.total: (max(total_low, lowest), min(total_high, highest))}
    for part in one.parts:
        low, high = bounds[part]
        found[part] = (max(low, total_low - (highest - high)), min(high, total_high - (lowest - low)))
    changed = any(bounds[key] != new for key, new in found.items())
    bounds.update(found)
    return changed


@dataclass(frozen=True)
class _Reading:
    """What is hidden so far, and what a reader makes of it."""

    hidden: Mapping[str, Hidden]
    bounds: Mapping[str, tuple[int, int]]

    def is_worked_out(self, key: str) -> bool:
        """Whether a cell is hidden in vain."""
        return key in self.hidden and self.bounds[key][0] == self.bounds[key][1]


def _cheapest(cells: Mapping[str, Cell], sums: Sequence[Sum], reading: _Reading, exposed: str) -> str | None:
    """Return the visible cell that costs a reader least among those by which the exposed cell is worked out.

    These stand in a sum with it, or with a hidden cell of such a sum that is worked out as well, and so on. Parts come
    before totals, then the lowest rank, then the smallest value, then the key.
    """
    reached, near = {exposed}, list[Sum]()
    while True:
        near = [one for one in sums if reached & {one.total, *one.parts}]
        more = {key for one in near for key in (one.total, *one.parts) if reading.is_worked_out(key)} - reached
        if not more:
            break
        reached |= more
    totals = {one.total for one in near}
    keys = {key for one in near for key in (one.total, *one.parts) if key not in reading.hidden}
    return min(keys, key=lambda key: (key in totals, cells[key].rank, cells[key].value, key), default=None)
