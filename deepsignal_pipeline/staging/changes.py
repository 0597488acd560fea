"""What `category_changes` is made from: what was counted, estimated by the statistics, read by the word table."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from deepsignal_pipeline.domain.quarters import Quarter
from deepsignal_pipeline.domain.trend_words import DOMINATED_OVER, SMALL_BASE, Change, differs, read_change
from deepsignal_pipeline.engines.duckdb import Session
from deepsignal_pipeline.staging.change_sums import Counts, Known, Row, Sums, count_changes
from deepsignal_pipeline.staging.inputs import Inputs
from deepsignal_pipeline.staging.relations import relation_of
from deepsignal_pipeline.statistics.changes import (
    MEASURES,
    Cells,
    Estimate,
    Level,
    Measure,
    change_of,
    estimate_change,
    estimate_level,
    level_of,
    step_of,
    steps_of,
)
from deepsignal_pipeline.statistics.intervals import Interval, Totals
from deepsignal_pipeline.statistics.surprise import Surprise, surprise
from deepsignal_pipeline.tables import TABLES


@dataclass(frozen=True)
class Compared:
    """A measure in the quarter and in the one before, over all repositories or over the same basket."""

    now: Level | None
    before: Level | None
    change: int | None
    estimate: Estimate

    @property
    def interval(self) -> Interval | tuple[None, None]:
        """The interval of the change, or two times nothing."""
        return self.estimate.interval or (None, None)

    @property
    def as_read(self) -> Change:
        """The change as the word table reads it."""
        return Change(self.change, *self.interval)


def stage_changes(session: Session, inputs: Inputs, quarter: Quarter) -> None:
    """Stage `estimated_changes`: a row a category, or the catalogue, and measure."""
    table = TABLES["category_changes"]
    session.read(table, quarter)
    rows = estimated_changes(session, quarter, inputs.counted)
    session.stage("estimated_changes", relation_of(rows, table.columns))


def estimated_changes(session: Session, quarter: Quarter, known: Known) -> list[Row]:
    """Return the rows, from the relations that are bound in the session; remember in `known` what was counted."""
    return [row for sums in count_changes(session, quarter, known) for row in _rows(sums)]


def _rows(sums: Sums) -> Iterator[Row]:
    for order, measure in enumerate(MEASURES):
        raw = _compared(sums, measure, is_basket=False)
        basket = _compared(sums, measure, is_basket=True)
        yield {
            "entity": sums.entity,
            "measure": measure.name,
            "measure_order": order,
            "unit": measure.unit,
            **_raw_columns(sums, measure, raw),
            **_basket_columns(sums, measure, basket),
            **_contributions(measure, raw, basket),
            **_surprise_columns(sums, measure),
            **_word_columns(sums, measure, raw, basket),
        }


def _raw_columns(sums: Sums, measure: Measure, raw: Compared) -> Row:
    """Return level and change over all repositories, and how many people stand behind them."""
    low, high = estimate_level(measure, raw.now, sums.cells[False]) or (None, None)
    return {
        "value": raw.now and raw.now.value(measure.scale),
        "value_low": low,
        "value_high": high,
        "people": raw.now.denominator if raw.now and measure.denominator else None,
        "previous": raw.before and raw.before.value(measure.scale),
        "change": raw.change,
        "change_unit": "points" if measure.kind == "share" else "%",
        "low": raw.interval[0],
        "high": raw.interval[1],
        "degrees": raw.estimate.degrees,
        "null_reason": raw.estimate.null_reason,
        "people_in_both": _in_both(sums.cells[False]),
        "smallest_part": _smallest_part(measure, raw),
        "change_without_top": _without_top(sums) if measure.kind == "total" else None,
    }


def _basket_columns(sums: Sums, measure: Measure, basket: Compared) -> Row:
    """Return level and change over the same basket of repositories."""
    return {
        "basket_value": basket.now and basket.now.value(measure.scale),
        "basket_previous": basket.before and basket.before.value(measure.scale),
        "basket_change": basket.change,
        "basket_low": basket.interval[0],
        "basket_high": basket.interval[1],
        "basket_people_in_both": _in_both(sums.cells[True]),
    }


def _surprise_columns(sums: Sums, measure: Measure) -> Row:
    """Return how far the change stands from the earlier ones."""
    steps = _earlier_steps(sums, measure)
    found = _surprise(sums, measure, steps)
    return {
        "earlier_changes": len(steps),
        "surprise": found and found.distance,
        "p_value": found and found.p_value,
    }


def _word_columns(sums: Sums, measure: Measure, raw: Compared, basket: Compared) -> Row:
    """Return the marks of a change, and the one word that the table has for it."""
    marks = _marks(sums, raw, basket, has_small_base=_is_small(sums, measure, raw, is_basket=False))
    is_basket_small = _is_small(sums, measure, basket, is_basket=True)
    reading = read_change(raw.as_read, basket.as_read, marks, is_basket_small=is_basket_small)
    return {"trend_word": reading.word, "is_word_of_basket": reading.is_of_basket, "marks": marks}


def _compared(sums: Sums, measure: Measure, *, is_basket: bool) -> Compared:
    now, before = (_basket_levels if is_basket else _levels)(sums, measure)
    change = change_of(measure, now, before)
    if change is None or now is None or before is None:
        has_previous = len(sums.quarters) > 1
        return Compared(now, before, None, Estimate(None, None, "no_base" if has_previous else "first_quarter"))
    totals = _totals(sums.commits[is_basket]) if is_basket in sums.commits else None
    return Compared(now, before, change, estimate_change(measure, now, before, sums.cells[is_basket], totals))


def _levels(sums: Sums, measure: Measure) -> tuple[Level | None, Level | None]:
    levels = [level_of(measure, counts) for counts in sums.quarters[:2]]
    return levels[0], levels[1] if len(levels) > 1 else None


def _basket_levels(sums: Sums, measure: Measure) -> tuple[Level | None, Level | None]:
    """Return both levels over the same basket: none of what looks at three quarters, for the basket spans two."""
    if len(sums.quarters) < 2 or measure.is_of_two_quarters:
        return None, None
    counts = _basket_counts(sums)
    return level_of(measure, counts[0]), level_of(measure, counts[1])


def _basket_counts(sums: Sums) -> tuple[Counts, Counts]:
    cells, commits = sums.cells[True], sums.commits.get(True, {})
    both: list[Counts] = [
        {
            "commits": int(commits.get(f"commits_{name}", 0)),
            "contributors": int(cells.people[weeks > 0].sum()),
            "contributors_new": int(cells.people[is_new & (weeks > 0)].sum()),
            "repositories_active": quarter["basket_repositories_active"],
            "weeks": int((cells.people * weeks).sum()),
            "one_week": int(cells.people[weeks == 1].sum()),
        }
        for name, weeks, is_new, quarter in zip(
            ("now", "before"),
            (cells.now, cells.before),
            (cells.is_new_now, cells.is_new_before),
            sums.quarters[:2],
            strict=True,
        )
    ]
    return both[0], both[1]


def _totals(commits: Row) -> Totals:
    powers = ((2, 0), (1, 1), (0, 2), (4, 0), (3, 1), (2, 2), (1, 3), (0, 4))
    return Totals(
        int(commits["commits_now"]),
        int(commits["commits_before"]),
        {(i, j): int(commits[f"sum_{i}_{j}"]) for i, j in powers},
    )


def _contributions(measure: Measure, raw: Compared, basket: Compared) -> Row:
    """Return what of the raw change of a count stands in the same basket, and what outside of it."""
    parts: list[int | None] = [None, None]
    levels = (raw.now, raw.before, basket.now, basket.before)
    if not measure.denominator and all(levels):
        now, before, basket_now, basket_before = (level.numerator for level in levels if level)
        parts = [basket_now - basket_before, (now - before) - (basket_now - basket_before)]
    return dict(zip(("basket_contribution", "catalogue_contribution"), parts, strict=True))


def _in_both(cells: Cells) -> int:
    return int(cells.people[(cells.now > 0) & (cells.before > 0)].sum())


def _smallest_part(measure: Measure, raw: Compared) -> int | None:
    """Return the fewest people who are, or are not, counted by a share, in this quarter or the one before."""
    if measure.kind != "share" or raw.now is None or raw.before is None:
        return None
    return min(min(level.numerator, level.denominator - level.numerator) for level in (raw.now, raw.before))


def _without_top(sums: Sums) -> int | None:
    """Return the change of commits without the quarter's largest contributor, in whole per cent."""
    commits = sums.commits.get(False)
    if commits is None or len(sums.quarters) < 2:
        return None
    now, before = (Level(int(commits[f"commits_{q}"] - commits[f"largest_{q}"]), 1) for q in ("now", "before"))
    return change_of(MEASURES[0], now, before)


def _earlier_steps(sums: Sums, measure: Measure) -> list[float]:
    """Return the changes before the quarter's own, without those into or out of a quarter that was read in part."""
    levels = [None if counts["is_partial"] else level_of(measure, counts) for counts in sums.quarters[1:]]
    return steps_of(measure, levels)


def _surprise(sums: Sums, measure: Measure, steps: list[float]) -> Surprise | None:
    now, before = _levels(sums, measure)
    step = step_of(measure, now, before)
    if step is None or any(counts["is_partial"] for counts in sums.quarters[:2]):
        return None
    return surprise(step, steps)


def _marks(sums: Sums, raw: Compared, basket: Compared, *, has_small_base: bool) -> list[str]:
    quarter, top = sums.quarters[0], int(sums.commits.get(False, {}).get("largest_now", 0))
    has_previous = len(sums.quarters) > 1
    commits = quarter["commits"] or 0
    found = {
        "partial": bool(quarter["is_partial"]),
        "dominated": top > DOMINATED_OVER * commits,
        "first_quarter": not has_previous,
        "new": has_previous and commits > 0 and sums.quarters[1]["commits"] == 0,
        "small_base": has_small_base,
        "basket_differs": differs(raw.change, basket.change),
        "change_by_few": raw.estimate.null_reason == "change_by_few",
    }
    return [mark for mark, is_so in found.items() if is_so]


def _is_small(sums: Sums, measure: Measure, compared: Compared, *, is_basket: bool) -> bool:
    """Tell whether the change stands on a base under SMALL_BASE: of commits, of people, or of what is compared itself."""
    if len(sums.quarters) < 2:
        return False
    before = _basket_counts(sums)[1] if is_basket else sums.quarters[1]
    levels = [level for level in (compared.now, compared.before) if level]
    own = [level.denominator for level in levels] if measure.denominator else [level.numerator for level in levels[1:]]
    return any(base is not None and 0 < base < SMALL_BASE for base in (before["commits"], before["contributors"], *own))
