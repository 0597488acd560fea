"""Great Expectations says the same in a process of its own as in this one."""

from __future__ import annotations

import pyarrow as pa
import pytest

from deepsignal_pipeline.quality import checker
from deepsignal_pipeline.quality.suites import Batch, Outcome
from deepsignal_pipeline.tables import TABLES
from deepsignal_pipeline.workers import WorkerError

_ROWS = pa.table(
    {
        "quarter": ["", "", ""],
        "repository": ["a/one", "a/one", "b/one"],
        "sha": ["1", "1", "2"],
        "required_values_are_present": [None, None, "reason is null"],
        "values_are_in_bounds": pa.array([None, None, None], pa.string()),
    }
)
_BATCH = Batch(TABLES["quarantined_commits"], ("",), _ROWS)


@pytest.fixture
def beside(monkeypatch: pytest.MonkeyPatch) -> None:
    """Judge in a process beside this one, whatever this one has imported."""
    monkeypatch.setattr(checker, "_is_imported", lambda: False)


def broken(outcomes: list[Outcome]) -> dict[str, tuple[str, ...]]:
    return {outcome.check: outcome.examples for outcome in outcomes if not outcome.passed}


def test_the_process_says_what_this_one_says(beside: None, monkeypatch: pytest.MonkeyPatch) -> None:
    told = checker.judged(_BATCH)
    assert broken(told) == {
        "quarantined_commits_grain_is_unique": ("a/one / 1: stands more than once",) * 2,
        "quarantined_commits_required_values_are_present": ("b/one / 2: reason is null",),
    }
    monkeypatch.setattr(checker, "_is_imported", lambda: True)
    assert checker.judged(_BATCH) == told


def test_a_process_that_died_is_told_once_and_then_replaced(beside: None) -> None:
    checker.warm_up()
    checker._started[0]._process.kill()
    with pytest.raises(WorkerError, match="ended with status -9"):
        checker.judged(_BATCH)
    assert len(broken(checker.judged(_BATCH))) == 2
