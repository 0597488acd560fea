"""The lake: a new version takes the place of the old one at once, and only the dead are tidied up after."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from deepsignal_pipeline.domain.quarters import Quarter
from deepsignal_pipeline.lake import (
    Lake,
    LakeError,
    is_alive,
    process_born,
    reject,
    remove,
    replace_file,
    replace_folder,
    temporary,
)
from deepsignal_pipeline.tables import TABLES

QUARTER = Quarter(2023, 1)
QUARTERLY, WHOLE = TABLES["raw_commits"], TABLES["tracked_repositories"]


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    lake = Lake(tmp_path / "home")
    lake.prepare()
    return lake


@pytest.fixture
def live() -> Iterator[subprocess.Popen[bytes]]:
    """Run a process that lives until the test ends."""
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as process:
        yield process
        process.kill()


def dead_owner() -> tuple[int, int]:
    """Return the id and birth of a process that is gone."""
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as process:
        owner = process.pid, process_born(process.pid)
        process.kill()
    assert owner[1] > 0
    return owner


def left_behind(target: Path, pid: int, born: int) -> Path:
    target.parent.mkdir(parents=True, exist_ok=True)
    path = target.parent / f".{target.name}.{pid}-{born}.tmp"
    path.write_text("half of a file")
    return path


def test_a_table_is_a_folder_and_a_quarter_one_file(lake: Lake) -> None:
    assert lake.file(QUARTERLY, QUARTER) == lake.home / "lake/raw_commits/quarter=2023-01-01/part-0.parquet"
    assert lake.file(WHOLE) == lake.home / "lake/tracked_repositories/part-0.parquet"
    assert lake.edition(QUARTER) == lake.home / "editions/2023-Q1"


def test_a_quarter_is_asked_of_quarterly_tables_only(lake: Lake) -> None:
    with pytest.raises(LakeError, match="raw_commits is kept a quarter a file"):
        lake.file(QUARTERLY)
    with pytest.raises(LakeError, match="tracked_repositories is not kept a quarter a file"):
        lake.file(WHOLE, QUARTER)


def test_quarters_are_those_with_a_file_oldest_first(lake: Lake) -> None:
    for quarter in (Quarter(2023, 1), Quarter(2022, 4)):
        replace_file(written(temporary(lake.file(QUARTERLY, quarter)), "x"), lake.file(QUARTERLY, quarter))
    for stray in ("quarter=2022-02-01", "quarter=x", "other"):
        written(lake.folder(QUARTERLY) / stray / "part-0.parquet", "x")
    (lake.folder(QUARTERLY) / "quarter=2022-07-01").mkdir()
    assert lake.quarters(QUARTERLY) == [Quarter(2022, 4), Quarter(2023, 1)]
    assert lake.has(QUARTERLY, QUARTER)
    assert not lake.has(QUARTERLY, Quarter(2022, 3))


def written(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path


def test_a_file_takes_the_place_of_the_old_one_and_who_reads_the_old_one_reads_on(lake: Lake) -> None:
    target = written(lake.file(WHOLE), "old")
    with target.open() as reader:
        replace_file(written(temporary(target), "new"), target)
        assert reader.read() == "old"
    assert target.read_text() == "new"
    assert [path.name for path in target.parent.iterdir()] == ["part-0.parquet"]


def test_a_folder_is_exchanged_whole(lake: Lake) -> None:
    target = lake.edition(QUARTER)
    for text, names in (("old", ("index.html", "gone.html")), ("new", ("index.html", "charts/one.svg"))):
        folder = temporary(target)
        for name in names:
            written(folder / name, text)
        replace_folder(folder, target)
    assert sorted(str(p.relative_to(target)) for p in target.rglob("*.*")) == ["charts/one.svg", "index.html"]
    assert (target / "index.html").read_text() == "new"
    assert [path.name for path in target.parent.iterdir()] == ["2023-Q1"]


def test_a_reader_inside_the_old_folder_keeps_it_until_it_leaves(lake: Lake) -> None:
    target = lake.edition(QUARTER)
    replace_folder(written(temporary(target) / "index.html", "old").parent, target)
    with (target / "index.html").open() as reader:
        replace_folder(written(temporary(target) / "index.html", "new").parent, target)
        assert reader.read() == "old"


def test_a_refused_file_is_kept_where_no_reader_looks(lake: Lake) -> None:
    target = written(lake.file(QUARTERLY, QUARTER), "good")
    rejected = reject(written(temporary(target), "broken"), target)
    assert (target.read_text(), rejected.read_text()) == ("good", "broken")
    assert rejected.name == "part-0.parquet.rejected"
    assert rejected not in lake.folder(QUARTERLY).glob("*/part-0.parquet")


def test_a_temporary_name_is_hidden_and_tells_its_owner(lake: Lake) -> None:
    name = temporary(lake.file(WHOLE)).name
    assert name == f".part-0.parquet.{os.getpid()}-{process_born(os.getpid())}.tmp"


def test_only_what_the_dead_left_is_swept(lake: Lake, live: subprocess.Popen[bytes]) -> None:
    targets = [
        lake.file(WHOLE), lake.file(QUARTERLY, QUARTER), lake.edition(QUARTER), lake.home / "deepsignal.duckdb",
        lake.home / "lake" / ".views",
    ]  # fmt: skip
    dead = [left_behind(target, *dead_owner()) for target in targets]
    kept = [left_behind(target, live.pid, process_born(live.pid)) for target in targets]
    kept += [left_behind(target, os.getpid(), process_born(os.getpid())) for target in targets]
    # Files that only look alike
    kept += [written(lake.file(WHOLE).with_name(".part-0.parquet.tmp"), "x"), written(lake.file(WHOLE), "x")]
    assert sorted(lake.sweep()) == sorted(dead)
    assert not any(path.exists() for path in dead)
    assert all(path.exists() for path in kept)
    assert lake.sweep() == []


def test_a_dead_owners_folder_is_swept_whole(lake: Lake) -> None:
    pid, born = dead_owner()
    folder = lake.edition(QUARTER).with_name(f".2023-Q1.{pid}-{born}.tmp")
    written(folder / "charts" / "one.svg", "x")
    assert lake.sweep() == [folder]
    assert not folder.exists()


def test_an_id_that_another_process_has_now_is_not_its_owner(lake: Lake, live: subprocess.Popen[bytes]) -> None:
    born = process_born(live.pid)
    assert is_alive(live.pid, born)
    assert not is_alive(live.pid, born - 1)
    stale = left_behind(lake.file(WHOLE), live.pid, born - 1)
    assert lake.sweep() == [stale]


def test_a_zombie_is_dead(lake: Lake) -> None:
    process = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    born = process_born(process.pid)
    process.kill()
    os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)  # it has ended, and nobody has asked how
    assert not is_alive(process.pid, born)
    process.communicate()


def test_a_home_that_cannot_be_made_is_refused_with_the_setting_to_change(tmp_path: Path) -> None:
    written(tmp_path / "file", "x")
    with pytest.raises(LakeError, match=r"cannot be made .*set DEEPSIGNAL_HOME elsewhere"):
        Lake(tmp_path / "file" / "home").prepare()


def test_removing_what_is_not_there_is_no_error(tmp_path: Path) -> None:
    remove(tmp_path / "nothing")
    target = written(tmp_path / "folder" / "file", "x").parent
    (tmp_path / "link").symlink_to(target)
    remove(tmp_path / "link")
    assert (target / "file").exists()


PUBLISH = """
import sys
from pathlib import Path
from deepsignal_pipeline.domain.quarters import Quarter
from deepsignal_pipeline.lake import Lake, replace_file, replace_folder, temporary
from deepsignal_pipeline.tables import TABLES

lake, letter = Lake(Path(sys.argv[1])), sys.argv[2]
file, edition = lake.file(TABLES["tracked_repositories"]), lake.edition(Quarter(2023, 1))
for _ in range(60):
    written = temporary(file)
    written.write_text(letter * 100_000)
    replace_file(written, file)
    folder = temporary(edition)
    folder.mkdir()
    for name in ("one", "two"):
        (folder / name).write_text(letter * 1_000)
    replace_folder(folder, edition)
"""


def test_two_processes_publish_while_a_third_reads_only_whole_versions(lake: Lake) -> None:
    file, edition = lake.file(WHOLE), lake.edition(QUARTER)
    command = [sys.executable, "-c", PUBLISH, str(lake.home)]
    writers = [subprocess.Popen([*command, letter], stderr=subprocess.PIPE) for letter in "ab"]
    seen = set()
    while any(writer.poll() is None for writer in writers):
        if file.exists() and edition.exists():
            seen |= {file.read_text(), *((edition / name).read_text() for name in ("one",))}
    errors = [writer.communicate()[1].decode() for writer in writers]
    assert [writer.returncode for writer in writers] == [0, 0], errors
    assert seen <= {"a" * 100_000, "b" * 100_000, "a" * 1_000, "b" * 1_000}
    assert (edition / "one").read_text() == (edition / "two").read_text()
    assert lake.sweep() == []
    assert [path.name for path in edition.parent.iterdir()] == ["2023-Q1"]
