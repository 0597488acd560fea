"""What files of the lake say of themselves: a copy in another place is refused, named, and told how to mend."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from deepsignal_pipeline.cli import main
from deepsignal_pipeline.domain.quarters import Quarter
from deepsignal_pipeline.engines.stored_files import BrokenFileError, account_of, misplaced, refuse_misplaced
from deepsignal_pipeline.lake import Lake
from deepsignal_pipeline.tables import TABLES

if TYPE_CHECKING:
    from conftest import Lab

FACTS, METRICS = TABLES["report_facts"], TABLES["category_metrics"]
BEFORE, NOW = Quarter(2022, 4), Quarter(2023, 1)


def write(lake: Lake, account: dict[str, str]) -> None:
    file = lake.file(FACTS, NOW)
    file.parent.mkdir(parents=True, exist_ok=True)
    pq.write_table(pa.table({"n": [1]}).replace_schema_metadata(account), file)


@pytest.mark.parametrize(
    ("account", "said"),
    [
        (account_of(FACTS, NOW), ""),
        # As files were written before they carried their quarter
        ({k: v for k, v in account_of(FACTS, NOW).items() if not k.endswith("quarter")}, ""),
        (account_of(FACTS, BEFORE), "holds report_facts of 2022-Q4"),
        (account_of(METRICS, NOW), "holds category_metrics of 2023-Q1"),
        (
            account_of(FACTS, NOW) | {"deepsignal.version": "0"},
            f"has version 0 of its table, which is {FACTS.version} by",
        ),
        ({}, "was not written by this program"),
    ],
)
def test_a_file_must_be_what_its_place_says(tmp_path: Path, account: dict[str, str], said: str):
    lake = Lake(tmp_path)
    write(lake, account)
    assert misplaced(lake, FACTS, NOW).startswith(said)
    assert bool(misplaced(lake, FACTS, NOW)) == bool(said)
    if said:
        with pytest.raises(BrokenFileError) as caught:
            refuse_misplaced(lake, FACTS, [NOW])
        assert str(caught.value).startswith(f"{lake.file(FACTS, NOW)}: {said}")
        assert str(caught.value).endswith("; remove it and run: deepsignal run --quarter 2023-Q1")


def test_a_file_that_took_the_place_of_another_is_looked_at_again(tmp_path: Path):
    lake = Lake(tmp_path)
    write(lake, account_of(FACTS, NOW))
    assert misplaced(lake, FACTS, NOW) == ""
    write(lake, account_of(METRICS, NOW))
    assert misplaced(lake, FACTS, NOW) != ""


def test_a_copy_in_another_place_is_refused_by_whoever_reads_it_and_named_by_the_doctor(
    lab: Lab, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
):
    commits = lab.commits("a/one", "ada", "2022-Q4+1", "2023-Q1+1")
    bench = lab.bench(commits, categories=("a",)).write("category_metrics", read="2022-Q4:2023-Q1")
    activity = TABLES["alias_activity"]
    copied = bench.lake.file(activity, NOW)
    shutil.copy(bench.lake.file(activity, BEFORE), copied)
    told = f"{copied}: holds alias_activity of 2022-Q4; remove it and run: deepsignal run --job read_quarters --quarter"
    with pytest.raises(BrokenFileError) as caught:
        bench.write("category_metrics", read="2022-Q4", publish="2023-Q1")
    assert str(caught.value) == f"{told} 2023-Q1"
    monkeypatch.setenv("DEEPSIGNAL_HOME", str(bench.lake.home))
    assert main(["doctor"]) == 1
    assert f"MEND  {told} 2023-Q1\n" in capsys.readouterr().out


def test_identities_that_are_gone_are_told_with_the_command_that_makes_them(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("DEEPSIGNAL_HOME", str(tmp_path))
    lake = Lake(tmp_path)
    for quarter in (BEFORE, NOW):
        file = lake.file(FACTS, quarter)
        file.parent.mkdir(parents=True)
        pq.write_table(pa.table({"n": [1]}).replace_schema_metadata(account_of(FACTS, quarter)), file)
    assert main(["compare", "2022-Q4", "2023-Q1"]) == 1
    (told,) = capsys.readouterr().err.splitlines()
    command = "deepsignal run --job publish_quarters --quarter QUARTER"
    assert told == f"deepsignal: this table reads contributor_identities, which was never made; run: {command}"


def test_what_stands_in_the_way_of_a_home_is_told_by_the_doctor(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("DEEPSIGNAL_HOME", str(tmp_path))
    lake = Lake(tmp_path)
    pipe, folder = lake.file(FACTS, NOW), lake.file(METRICS, NOW)
    pipe.parent.mkdir(parents=True)
    os.mkfifo(pipe)
    folder.mkdir(parents=True)
    (tmp_path / "editions").write_text("")
    (tmp_path / "deepsignal.duckdb").write_text("")
    (tmp_path / ".views").write_bytes(b"\xff")
    assert main(["doctor"]) == 1
    told = [line for line in capsys.readouterr().out.splitlines() if line.startswith("MEND")]
    assert told[0] == f"MEND  {tmp_path / 'editions'}: is no folder; move it away"
    assert [line.partition("; ")[0] for line in told[1:3]] == [
        f"MEND  {folder}: is no regular file",
        f"MEND  {pipe}: is no regular file",
    ]
    assert told[3].startswith(f"MEND  {tmp_path / 'deepsignal.duckdb'}: ")
    assert main(["views"]) == 1
    assert f"{tmp_path / 'editions'}: cannot be made (File exists)" in capsys.readouterr().err
