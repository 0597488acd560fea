"""What GitHub says of a repository is kept as it was said; a source that asks nobody gives no row."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pyarrow as pa

from deepsignal_pipeline.sources import Workspace

if TYPE_CHECKING:
    import pytest
    from conftest import Bench, Lab

_ANSWER = {
    "repository": "a/one",
    "github_id": 7,
    "names": ["a/zero", "a/one"],
    "stars": 12,
    "forks": 3,
    "topics": ["gpu", "llm"],
    "language": None,
    "licence": "Apache-2.0",
    "is_archived": False,
    "created_at": datetime(2020, 1, 1, tzinfo=UTC),
    "pushed_at": None,
    "fetched_at": datetime(2023, 4, 2, tzinfo=UTC),
}


def test_a_source_that_asks_nobody_gives_no_row(lab: Lab) -> None:
    bench = lab.bench([], categories="a").run("repository_metadata", read="2023-Q1")
    assert bench.rows("repository_metadata") == []


def test_an_answer_is_a_row(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    bench = _answering(lab, monkeypatch, _ANSWER)
    bench.run("repository_metadata", read="2023-Q1")
    assert bench.row("repository_metadata") == _ANSWER


def test_an_answer_without_the_number_is_refused(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    bench = _answering(lab, monkeypatch, _ANSWER | {"github_id": None})
    bench.run("repository_snapshots", read="2023-Q1")
    made = bench.make("repository_metadata")
    assert not made.is_published
    assert [outcome.check for outcome in made.outcomes if not outcome.passed] == [
        "repository_metadata_required_values_are_present"
    ]


def _answering(lab: Lab, monkeypatch: pytest.MonkeyPatch, answer: dict[str, object]) -> Bench:
    bench = lab.bench([], categories="a")
    instant = pa.timestamp("us", tz="UTC")
    types = dict.fromkeys(("created_at", "pushed_at", "fetched_at"), instant) | {"language": pa.string()}

    def stage_metadata(_: object, workspace: Workspace) -> None:
        columns = {name: pa.array([value], types.get(name)) for name, value in answer.items()}
        workspace.stage("source_metadata", pa.table(columns))

    monkeypatch.setattr(type(bench.pipeline.source), "stage_metadata", stage_metadata)
    return bench
