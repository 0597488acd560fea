"""`deepsignal imports propose`: candidates as entries that content/overrides.yaml takes."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from deepsignal_pipeline.cli import main
from deepsignal_pipeline.domain.overrides import parse_overrides

if TYPE_CHECKING:
    from conftest import Bench, Lab

DROP = [f"A:new/{n}.py" for n in range(200)]


@pytest.fixture(scope="module")
def bench(lab: Lab) -> Bench:
    commits = [
        lab.commit(
            "a/one",
            "ada",
            "2022-Q4+1",
            sha="1" * 40,
            paths=DROP,
            parents=0,
            subject="Initial: \N{RIGHT-TO-LEFT OVERRIDE}",
        ),
        lab.commit("a/one", "ada", "2023-Q1+1", sha="2" * 40, paths=DROP, subject="squash of elsewhere"),
        lab.commit("a/one", "ada", "2023-Q1+2", sha="3" * 40, paths=DROP, subject="import more"),
    ]
    imports = [{"repository": "a/one", "sha": "3" * 40}]
    return lab.bench(commits, categories="a", imports=imports).write("proposed_imports", read="2022-Q4:2023-Q1")


def test_what_is_not_listed_yet_is_printed_as_entries(bench: Bench, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["imports", "propose", "--home", str(bench.lake.home)]) == 0
    told = capsys.readouterr().out
    assert told.startswith("# 2 proposed of 2 quarters from 2022-Q4 to 2023-Q1; look at each")
    assert "# 2023-01-02: 200 of 200 paths added; its subject says so\n# squash of elsewhere\n" in told
    assert "# Initial: \\u202e\n" in told
    written = told.replace('why: ""', "why: looked at")
    entries = parse_overrides(f"imports:\n{written}".encode()).imports
    assert [(entry.repository, entry.sha) for entry in entries] == [("a/one", "1" * 40), ("a/one", "2" * 40)]


def test_an_entry_without_a_reason_in_words_is_refused(bench: Bench, capsys: pytest.CaptureFixture[str]) -> None:
    main(["imports", "propose", "--home", str(bench.lake.home)])
    with pytest.raises(ValueError, match="why is empty"):
        parse_overrides(f"imports:\n{capsys.readouterr().out}".encode())


def test_without_a_quarter_it_says_what_to_run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["imports", "propose", "--home", str(tmp_path)]) == 1
    assert "no quarter was read yet; run: deepsignal run" in capsys.readouterr().err


def test_a_damaged_file_is_named(bench: Bench, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "lake" / "proposed_imports" / "quarter=2023-01-01" / "part-0.parquet"
    file.parent.mkdir(parents=True)
    file.write_bytes(b"PAR1")
    assert main(["imports", "propose", "--home", str(tmp_path)]) == 1
    assert f"{file}: cannot be read; remove it and run: deepsignal run --job read_quarters" in capsys.readouterr().err
