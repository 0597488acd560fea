"""Figures of first editions, which no run makes anew: damage is told before any work, and their loss is never hidden."""

from __future__ import annotations

import shutil
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from pipeline_fixtures import Shared
from pipeline_runs import everything, published

PUBLISH = ("run", "--job", "publish_quarters", "--quarter", "2023-Q1")
FIGURES, PREDICTIONS = "published/2022-Q4/figures.parquet", "published/2022-Q4/predictions.parquet"
_REMEDY = {
    FIGURES: "or remove {file.parent}, and nothing of that edition can be told as restated",
    PREDICTIONS: "or remove it, and its predictions count as first printed by the next edition that knows them",
}

_DAMAGE = {
    "empty": (lambda file: file.write_bytes(b""), "cannot be read"),
    "cut in half": (lambda file: file.write_bytes(file.read_bytes()[: file.stat().st_size // 2]), "cannot be read"),
    "of another quarter": (
        lambda file: shutil.copy(file.parents[1] / "2023-Q1" / file.name, file),
        "holds figures of 2023-Q1",
    ),
    "of another table": (
        lambda file: shutil.copy(file.parents[2] / "lake" / "first_commits" / "part-0.parquet", file),
        "holds other columns",
    ),
}


@pytest.fixture(scope="module")
def home(runs: Shared) -> Path:
    """Copy a published home; each test puts back what it took."""
    return runs.copy(runs.published_home)


@pytest.mark.parametrize("damaged", _REMEDY)
@pytest.mark.parametrize("how", _DAMAGE)
def test_damaged_figures_are_told_before_any_work_and_by_the_doctor(runs: Shared, home: Path, how: str, damaged: str):
    file = home / damaged
    kept = file.read_bytes()
    damage, said = _DAMAGE[how]
    damage(file)
    before = everything(home)
    told = f"{file}: {said}, and no run makes it anew: restore it from a copy, {_REMEDY[damaged].format(file=file)}"
    assert runs.run(*PUBLISH, home=home).problem == told
    assert everything(home) == before
    assert f"MEND  figures of first editions: {told}" in runs.run("doctor", home=home).out
    file.write_bytes(kept)
    assert "ok    figures of first editions\n" in runs.run("doctor", home=home).out


def test_a_home_from_before_predictions_were_kept_publishes_as_if_none_were_printed(runs: Shared):
    home = runs.copy(runs.published_home)
    for file in (home / "published").glob("*/predictions.parquet"):
        file.unlink()
    ended = runs.run(*PUBLISH, home=home)
    assert ended.status == 0, ended
    assert published(home) == runs.clean
    assert not list((home / "published").glob("*/predictions.parquet"))
    assert "ok    figures of first editions\n" in runs.run("doctor", home=home).out


def test_a_file_in_the_place_of_the_folder_is_told(runs: Shared, home: Path):
    (home / "published").rename(home / "kept")
    (home / "published").write_text("")
    told = f"{home / 'published'}: is no folder, but figures of first editions are kept in one: move it away"
    assert runs.run(*PUBLISH, home=home).problem == told
    assert f"MEND  figures of first editions: {told}" in runs.run("doctor", home=home).out
    (home / "published").unlink()
    (home / "kept").rename(home / "published")


def test_figures_that_are_gone_are_told_and_todays_do_not_pass_for_them(runs: Shared, home: Path):
    page = home / "editions" / "2023-Q1" / "edition.md"
    assert "No figure of 2022-Q4 is known to have been printed otherwise than it stands now." in page.read_text()
    shutil.rmtree(home / "published")
    ended = runs.run(*PUBLISH, home=home)
    assert ended.status == 0, ended
    told = [line for line in ended.out.splitlines() if "nothing of it counts as restated" in line]
    assert [line.partition(":")[0] for line in told] == ["2022-Q4", "2023-Q1"]
    assert not (home / "published").exists()
    assert "ok    figures of first editions (lost: 2022-Q4, 2023-Q1)\n" in runs.run("doctor", home=home).out
    assert "No first edition of 2022-Q4 is held, so nothing counts as restated." in page.read_text()
    rows = pq.ParquetFile(home / "lake" / "restatements" / "quarter=2023-01-01" / "part-0.parquet").read().to_pylist()
    assert {row["commits_published"] for row in rows} == {row["contributors_published"] for row in rows} == {None}
