"""Opting out: a person is gone from every file after everything was made anew, and what else was counted stays."""

from __future__ import annotations

import stat
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow.parquet as pq
import pytest

from deepsignal_pipeline.cli import main
from deepsignal_pipeline.opt_out_file import add_opt_out, read_opt_outs

if TYPE_CHECKING:
    from conftest import Bench, Lab

ADDRESS = "orla.brannigan@alpha.example"
TRACES = ("brannigan", "moonpie77", "alpha.example", "orlasother")


def described(lab: Lab) -> list[dict[str, object]]:
    """Describe commits of a person under four aliases, one of them found only in a trailer, and of a bystander."""
    c = lab.commit
    commits = [
        c("a/one", "Orla Brannigan", "2023-02-01", email=ADDRESS),
        c("a/one", "Orla Brannigan", "2023-02-02", email="55+moonpie77@users.noreply.github.com"),
        c("b/one", "moonpie77", "2023-02-03", email="moonpie77@gmail.com"),
        c("b/one", "Piet Vandersloot", "2023-02-04", coauthors=["Orla Brannigan"]),
        c("a/one", "Piet Vandersloot", "2023-02-05"),
        # A merge tells the login of the branch's owner, and one of its own an account that is never seen elsewhere
        c("a/one", "Orla Brannigan", "2023-02-06", email=ADDRESS, sha="8" * 40),
        c("a/one", "Piet Vandersloot", "2023-02-07", parents=2, merged_login="moonpie77", merged_sha="8" * 40),
        c("a/one", "Piet Vandersloot", "2023-02-08", parents=2, merged_login="orlasother", merged_sha="8" * 40),
    ]
    commits[4]["committer_name"], commits[4]["committer_email"] = "Orla Brannigan", "noreply@github.com"
    commits[4]["subject"] = f"Revert what {ADDRESS.upper()} did"
    return commits


def run(bench: Bench) -> Bench:
    return bench.run("report_facts", read="2022-Q3:2023-Q1", publish="2023-Q1")


@pytest.fixture(scope="module")
def benches(lab: Lab) -> tuple[Bench, Bench]:
    """Publish twice into one home: before and after the person opted out by one address."""
    before = run(lab.bench(described(lab), categories="ab"))
    after = lab.bench(described(lab), categories="ab")
    run(after)
    assert add_opt_out(after.lake.home, f" <{ADDRESS}>")
    return before, run(after)


def texts(home: Path) -> dict[Path, str]:
    """Return every file below a home as text, tables as their decoded values."""
    found: dict[Path, str] = {}
    for path in home.rglob("*"):
        if path.suffix == ".parquet":
            found[path] = str(pq.ParquetFile(path).read().to_pylist())
        elif path.is_file():
            found[path] = path.read_bytes().decode("utf-8", "replace")
    return found


def test_V02_a_person_who_opted_out_is_in_no_file(benches: tuple[Bench, Bench]) -> None:
    before, after = benches
    everything = "\n".join(texts(before.lake.home).values()).lower()
    assert all(trace in everything for trace in TRACES)
    hits = [(path, trace) for path, text in texts(after.lake.home).items() for trace in TRACES if trace in text.lower()]
    assert hits == []


def test_V02_totals_keep_one_anonymous_row(benches: tuple[Bench, Bench]) -> None:
    before, after = benches
    counted = [sum(row["commits"] for row in bench.rows("contributor_activity", "2023-Q1")) for bench in benches]
    assert counted == [6, 6]
    anonymous = [row for row in after.rows("contributor_activity", "2023-Q1") if row["contributor_id"] is None]
    assert [(row["repository"], row["commits"]) for row in anonymous] == [("a/one", 3), ("b/one", 1)]
    ids = [
        {row["contributor_id"] for row in bench.rows("contributor_activity", "2023-Q1")} - {None} for bench in benches
    ]
    assert len(ids[0]) == 2
    assert ids[1] == {after.person("Piet Vandersloot")} == {before.person("Piet Vandersloot")}


def test_V02_only_a_keyed_hash_is_kept(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["people", "opt-out", ADDRESS, "--home", str(tmp_path)]) == 0
    assert main(["people", "opt-out", ADDRESS.upper(), "--home", str(tmp_path)]) == 0
    told = capsys.readouterr()
    assert "opted out already" in told.out
    assert "brannigan" not in f"{told}{texts(tmp_path)}".lower()
    assert stat.S_IMODE((tmp_path / "opt-outs").stat().st_mode) == 0o600
    assert stat.S_IMODE((tmp_path / "identity.key").stat().st_mode) == 0o600
    kept = read_opt_outs(tmp_path)
    assert kept is not None
    assert len(kept.hashes) == 1


def test_V02_a_login_opts_out_what_bears_it(lab: Lab) -> None:
    bench = lab.bench(described(lab), categories="ab")
    add_opt_out(bench.lake.home, "@MoonPie77")
    run(bench)
    assert [text for text in texts(bench.lake.home).values() if any(trace in text.lower() for trace in TRACES)] == []
