"""What was counted for `category_changes`, by the SELECTs of sql/sums: nothing is estimated here."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa

from deepsignal_pipeline.domain.quarters import FIRST_QUARTER, Quarter
from deepsignal_pipeline.engines.duckdb import Session
from deepsignal_pipeline.sql import sums_text
from deepsignal_pipeline.statistics.changes import Cells
from deepsignal_pipeline.tables import TABLES

WINDOW = max(read.quarters_back for read in TABLES["category_changes"].reads)
"""Quarters looked back on: the change of the quarter, and eight before it."""

Row = dict[str, Any]
Known = dict[Quarter, list[Row]]
"""What was counted of quarters over all repositories, a row an entity: counted once for all windows that they are in."""
Counts = Mapping[str, int | None]


@dataclass(frozen=True)
class Sums:
    """What was counted of a category, or of the catalogue: counts a quarter, the newest first.

    By basket or not: cells of people, and the sums of the commits.
    """

    entity: str
    quarters: list[Counts]
    cells: dict[bool, Cells]
    commits: dict[bool, Row]


def count_changes(session: Session, quarter: Quarter, known: Known) -> Iterator[Sums]:
    """Count everything that the changes of a quarter need, an entity at a time; remember in `known` what lasts."""
    window = [q for n in range(WINDOW + 1) if (q := quarter.shift(-n)) >= FIRST_QUARTER]
    counting = _to_count(window, known)
    session.stage("counted_quarters", pa.Table.from_pylist([_described(window[n], n) for n in counting]))
    bounds = {"quarter_end": quarter.end, "previous_start": quarter.shift(-1).start}
    session.materialize("change_basket", sums_text("change_basket"), bounds)
    for name in ("change_presences", "change_people"):
        session.materialize(name, sums_text(name), {})
    counted: dict[int, list[Row]] = {n: [] for n in counting}
    for row in _records(session, "change_levels"):
        counted[row["quarters_back"]].append(row)
    for n in counting:
        if _is_lasting(n):
            known.setdefault(window[n], counted[n])
    quarters = [known[q] if _is_lasting(n) else counted[n] for n, q in enumerate(window)]
    cells, commits = _cells(session), _records(session, "change_commits")
    for place, entity in enumerate(row["entity"] for row in quarters[0]):
        yield Sums(
            entity,
            [rows[place] for rows in quarters],
            {is_basket: cells.get((entity, is_basket), _NOBODY) for is_basket in (False, True)},
            {row["is_basket"]: row for row in commits if row["entity"] == entity},
        )


def _is_lasting(back: int) -> bool:
    """Tell whether what is counted of a quarter that far back is the same in the windows of later quarters.

    The two that are compared know the basket of this quarter, and the oldest does not see the quarter before it.
    """
    return 2 <= back < WINDOW


def _to_count(window: Sequence[Quarter], known: Known) -> list[int]:
    """Return how far back quarters must be counted: those compared, the oldest, those unknown and the ones before them."""
    unknown = {n for n, q in enumerate(window) if _is_lasting(n) and q not in known}
    return sorted(({0, 1, 2, WINDOW} | unknown | {n + 1 for n in unknown}) & set(range(len(window))))


def _described(quarter: Quarter, back: int) -> Row:
    return {
        "quarter": quarter.first_day,
        "quarters_back": back,
        "quarter_start": quarter.start,
        "quarter_end": quarter.end,
        "has_previous": quarter > FIRST_QUARTER,
    }


def _records(session: Session, name: str) -> list[Row]:
    found = session.frame(sums_text(name))
    names = [column[0] for column in found.description or ()]
    return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


def _cells(session: Session) -> dict[tuple[str, bool], Cells]:
    """Return the cells of each entity and basket, in the order of the SELECT: sums of floats depend on it."""
    found = session.frame(sums_text("change_cells")).fetchnumpy()
    keys = list(zip(found["entity"].tolist(), found["is_basket"].tolist(), strict=True))
    if not keys:
        return {}
    starts = [n for n in range(len(keys)) if n == 0 or keys[n] != keys[n - 1]]
    return {
        keys[start]: Cells(
            np.asarray(found["weeks_now"][start:stop], np.int64),
            np.asarray(found["weeks_before"][start:stop], np.int64),
            np.asarray(found["weeks_earlier"][start:stop], np.int64),
            np.asarray(found["is_new_now"][start:stop], np.bool_),
            np.asarray(found["is_new_before"][start:stop], np.bool_),
            np.asarray(found["people"][start:stop], np.int64),
        )
        for start, stop in zip(starts, [*starts[1:], len(keys)], strict=True)
    }


_NONE = np.zeros(0, np.int64)
_NOBODY = Cells(_NONE, _NONE, _NONE, _NONE.astype(bool), _NONE.astype(bool), _NONE)
