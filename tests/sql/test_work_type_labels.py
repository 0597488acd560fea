"""The shipped rules of work types against paths that were labelled by reading them (work_type_labels.csv).

Distinct paths of the embedded sample's counted commits of at most 50 paths, drawn by hash, as many from each category:
`first`, 50 a category of 2023-Q1; `second`, 20 of 2022-Q3; `held_out`, 25 of 2023-Q2; `fresh`, 50 of 2022-Q1 to 2023-Q3 that
no other draw has, those with the lowest md5 of 'fresh ' || repository || ' ' || path; `blind`, `agreed` and `read` likewise.
Each was labelled by the meanings that content/work_types.yaml gives, before the rules were asked; of `fresh` without a look at
earlier labels, and some in doubt by what the repository holds too; `agreed` and `read` by readers who saw neither the rules nor
each other's labels: three of all of `agreed`, two of all of `read` and a third of what these two did not agree on. The label is
what most of them said, and `readings` has what each said where they differ.

The rules were mended on a draw after it had told how good they were; a draw that they were not mended on stands in BLIND, and
whoever mends them on it empties that and draws anew.

After a change of the rules, write the tables of docs/analysis.md anew with `python tests/sql/test_work_type_labels.py`.
"""

from __future__ import annotations

import csv
import re
import sys
import tempfile
from collections import Counter, defaultdict
from importlib import import_module
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest

from deepsignal_pipeline.domain.work_types import CLASSES
from deepsignal_pipeline.statistics.intervals import wilson

if TYPE_CHECKING:
    from conftest import Lab

Row = dict[str, Any]

LABELS = Path(__file__).with_name("work_type_labels.csv")
ANALYSIS = Path(__file__).parents[2] / "docs" / "analysis.md"
DRAWS = {"read": 600, "agreed": 600, "blind": 600, "fresh": 600, "held_out": 300, "first": 600, "second": 240}
BLIND: tuple[str, ...] = ("read",)
QUARTER = "2023-Q1"
_GENERATED = re.compile(r"(?<=<!-- work types: generated -->\n).*?(?=<!-- end -->)", re.DOTALL)


def labels() -> list[Row]:
    with LABELS.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def classify(lab: Lab) -> dict[tuple[str, str], str]:
    """Have the SELECT of changed_paths tell the work type of every labelled path, under the shipped rules."""
    paths: dict[str, set[str]] = defaultdict(set)
    for row in labels():
        paths[row["repository"]].add(f"M:{row['path']}")
    commits = [
        lab.commit(repository, "ada", f"{QUARTER}+1", paths=touched[start : start + 50])
        for repository, found in sorted(paths.items())
        for touched in [sorted(found)]
        for start in range(0, len(touched), 50)
    ]
    bench = lab.over_shipped_content(commits).write("changed_paths", read=QUARTER)
    return {(row["repository"], row["path"]): row["work_type"] for row in bench.rows("changed_paths", QUARTER)}


def right(found: dict[tuple[str, str], str], draw: str) -> int:
    return sum(found[row["repository"], row["path"]] == row["label"] for row in labels() if row["draw"] == draw)


def tables(found: dict[tuple[str, str], str]) -> str:
    """Return the accuracy of each draw with its 95 % interval (Wilson), and the confusion matrix of all but `second`."""
    lines = [
        "",
        "| draw | rules mended on it | paths | told as labelled | 95 % interval (Wilson) |",
        "|---|---|---|---|---|",
    ]
    for draw, count in DRAWS.items():
        agreed = right(found, draw)
        interval = wilson(agreed, count)
        assert interval is not None
        mended = "no" if draw in BLIND else "yes"
        lines.append(
            f"| {draw} | {mended} | {count} | {agreed / count:.1%} | {interval.low:.1%} to {interval.high:.1%} |"
        )
    for draw in (draw for draw in DRAWS if draw != "second"):
        counted = Counter(
            (row["label"], found[row["repository"], row["path"]]) for row in labels() if row["draw"] == draw
        )
        lines += [
            "",
            f"Draw `{draw}`: labels down, rules across.",
            "",
            f"| | {' | '.join(CLASSES)} |",
            "|---" * 8 + "|",
        ]
        lines += [
            f"| {label} | {' | '.join(str(counted[label, told] or '') for told in CLASSES)} |" for label in CLASSES
        ]
    return "\n".join([*lines, "", ""])


@pytest.fixture(scope="module")
def found(lab: Lab) -> dict[tuple[str, str], str]:
    return classify(lab)


def test_the_draws_are_as_large_as_they_say_and_cover_all_twelve_categories() -> None:
    rows = labels()
    assert Counter(row["draw"] for row in rows) == DRAWS
    for draw, count in DRAWS.items():
        categories = Counter(row["category"] for row in rows if row["draw"] == draw)
        assert set(categories.values()) == {count // 12}
    assert {row["label"] for row in rows} == set(CLASSES)
    assert len({(row["draw"], row["repository"], row["path"]) for row in rows}) == len(rows)


def test_a_label_is_what_most_readers_said() -> None:
    disputed = [row for row in labels() if row["readings"]]
    assert {row["draw"] for row in disputed} == {"agreed", "read"}
    for row in disputed:
        ((label, times),) = Counter(row["readings"].split()).most_common(1)
        assert (label, times) == (row["label"], 2), row["path"]


@pytest.mark.parametrize("draw", DRAWS)
def test_the_rules_tell_95_of_100_paths_as_people_do(found: dict[tuple[str, str], str], draw: str) -> None:
    assert right(found, draw) / DRAWS[draw] >= 0.95


@pytest.mark.parametrize("label", CLASSES)
def test_of_each_class_three_in_four_paths_are_told(found: dict[tuple[str, str], str], label: str) -> None:
    told = [found[row["repository"], row["path"]] for row in labels() if row["label"] == label]
    assert told.count(label) / len(told) >= 0.75


def test_the_tables_of_the_docs_are_what_the_rules_give(found: dict[tuple[str, str], str]) -> None:
    written = _GENERATED.search(ANALYSIS.read_text(encoding="utf-8"))
    assert written is not None
    assert written[0] == tables(found), "run: python tests/sql/test_work_type_labels.py"


def write_tables() -> None:
    """Write the tables into the docs."""
    tests = Path(__file__).parents[1]
    sys.path[:0] = [str(tests), str(tests / "peers")]
    lab = import_module("conftest").Lab(SimpleNamespace(mktemp=lambda name: Path(tempfile.mkdtemp(prefix=name))))
    text = ANALYSIS.read_text(encoding="utf-8")
    ANALYSIS.write_text(_GENERATED.sub(lambda _: tables(classify(lab)), text), encoding="utf-8")


if __name__ == "__main__":
    write_tables()
