"""Focus terms against the formula computed directly, under shuffled quarters, and whatever the number of threads."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from deepsignal_pipeline.domain.quarters import Quarter
from deepsignal_pipeline.engines.duckdb import DuckDBEngine
from deepsignal_pipeline.tables import TABLES

if TYPE_CHECKING:
    from conftest import Bench, Lab, Row

NOW = "2023-Q1"
QUARTERS = ("2022-Q1", "2022-Q2", "2022-Q3", "2022-Q4", NOW)
REPOSITORIES = tuple(f"o/r{n}" for n in range(4))
TERMS = ("flash", "dynamo", "triton", "llama", "inductor", "lora")
PEOPLE = 30


def drawn(lab: Lab, seed: int, *, is_moved: bool) -> list[Row]:
    """Draw who is active where and what they say; if moved, each term is said more in some repositories now."""
    rng = np.random.default_rng(seed)
    rates = rng.uniform(0.05, 0.3, (len(REPOSITORIES), len(TERMS)))
    raised = rng.uniform(0, 0.6, rates.shape) if is_moved else 0
    commits = []
    for quarter in QUARTERS:
        for place, repository in enumerate(REPOSITORIES):
            for number in np.flatnonzero(rng.random(PEOPLE) < 0.6):
                said = rng.random(len(TERMS)) < rates[place] + (raised[place] if quarter == NOW and is_moved else 0)
                words = " ".join(["plainword", *np.array(TERMS)[said]])
                commits.append(lab.commit(repository, f"person-{place}-{number}", f"{quarter}+1", subject=words))
    return commits


def published(lab: Lab, commits: list[Row]) -> Bench:
    entries = {repository: {"category": "a"} for repository in REPOSITORIES}
    bench = lab.bench(commits, categories="a", repositories=entries)
    return bench.write("focus_terms", read=f"2022-Q1:{NOW}", publish=NOW)


def direct(commits: list[Row]) -> Iterator[tuple[str, str, str, float]]:
    """Compute z over all repositories and in each from the commits alone: sums of hypergeometric means and variances."""
    units = {(c["repository"], c["author_name"], c["committed_at"]): set(c["subject"].split()) for c in commits}
    now = Quarter.parse(NOW).start
    for term in TERMS:
        parts, uses = [], Counter[str]()
        for repository in REPOSITORIES:
            said = [(at >= now, term in words) for (place, _, at), words in units.items() if place == repository]
            a = sum(is_now and has for is_now, has in said)
            n1, m1, n = sum(is_now for is_now, _ in said), sum(has for _, has in said), len(said)
            parts.append((a - n1 * m1 / n, n1 * (n - n1) * m1 * (n - m1) / (n * n * (n - 1))))
            uses[repository] = a
            if a >= 5:
                yield "repository", term, repository, parts[-1][0] / np.sqrt(parts[-1][1])
        above, variance = np.sum(np.array(parts), axis=0)
        if max(uses.values()) <= 0.8 * uses.total() and sum(u > 0 for u in uses.values()) >= 3 and uses.total() >= 5:
            yield "across", term, "", above / np.sqrt(variance)


@pytest.mark.parametrize("seed", range(4))
def test_z_is_that_of_the_formula_and_nothing_above_the_line_is_missing(lab: Lab, seed: int) -> None:
    commits = drawn(lab, seed, is_moved=True)
    rows = published(lab, commits).rows("focus_terms", NOW, category="a")
    found = {(r["scope"], r["term"], r["repositories"][0] if r["scope"] == "repository" else ""): r["z"] for r in rows}
    expected = {
        (scope, term, place): z for scope, term, place, z in direct(commits) if z > (3.5 if scope == "across" else 3.25)
    }
    told_across = {term for scope, term, _ in expected if scope == "across"}
    expected = {key: z for key, z in expected.items() if key[0] == "across" or key[1] not in told_across}
    assert found == pytest.approx({key: round(z, 1) for key, z in expected.items()}, abs=1e-9)
    assert found


def test_without_a_change_hardly_any_term_rises(lab: Lab) -> None:
    found = [
        len(published(lab, drawn(lab, seed, is_moved=False)).rows("focus_terms", NOW, category="a"))
        for seed in range(6)
    ]
    # 6 draws x 6 terms x 5 tests at odds of less than one in a thousand each
    assert sum(found) <= 1


def test_the_same_bytes_whatever_the_number_of_threads_and_the_order_of_commits(lab: Lab) -> None:
    commits = drawn(lab, 9, is_moved=True)
    files = [
        bench.lake.file(TABLES[name], Quarter.parse(NOW)).read_bytes()
        for bench in (published(lab, commits), with_threads(published(lab, commits[::-1]), 4))
        for name in ("alias_terms", "focus_terms")
    ]
    assert files[:2] == files[2:]


def with_threads(bench: Bench, threads: int) -> Bench:
    """Make both tables again with a number of threads."""
    engine = DuckDBEngine(bench.pipeline.engine.connect, bench.lake, threads)
    other = replace(bench, pipeline=replace(bench.pipeline, engine=engine))
    return other.write("focus_terms", read=f"2022-Q1:{NOW}", publish=NOW)


def test_no_term_of_the_sample_names_anybody(sample: Bench) -> None:
    humans = {row["alias_id"] for row in sample.rows("contributor_identities") if row["kind"] == "human"}
    named = set()
    for row in sample.rows("contributor_aliases"):
        if row["alias_id"] in humans:
            local_part = row["email"].partition("@")[0].rpartition("+")[2]
            named |= {plain(text) for text in (row["name"], row["login"] or "", local_part)}
            named |= {plain(word) for word in row["name"].split()}
    for quarter in ("2022-Q4", NOW, "2023-Q2"):
        rows = sample.rows("focus_terms", quarter)
        assert len(rows) > 100
        for row in rows:
            parts = row["term"].replace(".", "_").replace("-", "_").replace("+", "_").split("_")
            assert not {plain(word) for word in [row["term"], *parts]} & (named - {""} - SHORT)
            assert row["people"] >= 5


SHORT = {chr(letter) for letter in range(97, 123)} | {
    f"{a}{b}" for a in map(chr, range(97, 123)) for b in map(chr, range(97, 123))
}
"""One letter or two are nobody's name here: a made-up person may be called so, and terms have three."""


def plain(text: str) -> str:
    return "".join(letter for letter in text.lower() if letter.isascii() and letter.isalnum())
