"""What no quarter can hold is listed with the reason, once a commit of a repository."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa

from deepsignal_pipeline.sources import Workspace

if TYPE_CHECKING:
    import pytest
    from conftest import Bench, Lab

_KEPT = {"repository": "a/one", "sha": "0" * 40, "reason": "no date that a calendar has", "raw": "99999999999999"}


def test_a_source_that_holds_none_gives_no_row(lab: Lab) -> None:
    bench = lab.bench([], categories="a").run("quarantined_commits", read="2023-Q1")
    assert bench.rows("quarantined_commits") == []


def test_what_is_kept_apart_is_a_row_with_the_reason(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    bench = _holding(lab, monkeypatch, [_KEPT]).run("quarantined_commits", read="2023-Q1")
    assert bench.rows("quarantined_commits") == [_KEPT]


def test_a_commit_kept_apart_twice_is_refused(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    bench = _holding(lab, monkeypatch, [_KEPT, _KEPT]).run("repository_snapshots", read="2023-Q1")
    made = bench.make("quarantined_commits")
    assert [outcome.check for outcome in made.outcomes if not outcome.passed] == ["quarantined_commits_grain_is_unique"]


def _holding(lab: Lab, monkeypatch: pytest.MonkeyPatch, rows: list[dict[str, str]]) -> Bench:
    bench = lab.bench([], categories="a")

    def stage_quarantine(_: object, workspace: Workspace) -> None:
        workspace.stage("source_quarantine", pa.Table.from_pylist(rows))

    monkeypatch.setattr(type(bench.pipeline.source), "stage_quarantine", stage_quarantine)
    return bench
