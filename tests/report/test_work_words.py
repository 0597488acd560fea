"""The words about the work itself: how far core files are shared, most and least, and against chance."""

from __future__ import annotations

from typing import Any

from small_lake import CATALOGUE, NAMES, PROVENANCE, QUARTER, connect

from deepsignal_pipeline.report.context import read_context
from deepsignal_pipeline.report.model import as_string
from deepsignal_pipeline.report.prose.work import write_coordination


def told(**changed: dict[str, Any]) -> str:
    shares = {
        slug: {"shared_core_file_share": 0.4 + n / 50, "coordination": 0.9 - n / 50} for n, slug in enumerate(NAMES)
    }
    categories = {slug: values | changed.get(slug.replace("-", "_"), {}) for slug, values in shares.items()}
    return as_string(write_coordination(read_context(connect(categories=categories), QUARTER, CATALOGUE, PROVENANCE)))


def test_the_ends_are_told_by_how_many_files_are_shared_and_then_against_chance() -> None:
    assert told() == (
        "In Agent Framework 62% of the core files that were changed twice or more have several authors, in GPU Kernels 40%. In "
        "all that are compared fewer have several than if authorship were dealt out by chance: from 0.68 of what it would give "
        "in Agent Framework to 0.90 in GPU Kernels."
    )


def test_all_that_tie_in_print_are_named() -> None:
    assert told(edge={"shared_core_file_share": 0.618}).startswith("In Agent Framework and Edge 62% of")


def test_chance_is_not_said_where_one_shares_as_much_as_by_chance() -> None:
    assert "by chance" not in told(edge={"coordination": 1.0})


def test_few_files_are_not_compared() -> None:
    assert "Agent Framework" not in told(agent_framework={"core_files": 12})
