"""The store of the real sources: what is written comes back, half-written things vanish, nothing new changes no file."""

import hashlib
import re
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pyarrow as pa
import pytest

from deepsignal_pipeline.domain.quarters import Quarter
from deepsignal_pipeline.engines.duckdb import Session
from deepsignal_pipeline.lake import Lake, LakeError
from deepsignal_pipeline.sources import held
from deepsignal_pipeline.sources.pieces import COMMITS, Quarantined, held_by_quarter
from deepsignal_pipeline.sources.record import (
    STATUSES,
    Held,
    Record,
    failed,
    from_json,
    restatements,
    to_json,
    unchanged,
)
from deepsignal_pipeline.sources.store import Holding, Store

NOW = datetime(2023, 4, 2, tzinfo=UTC)


def commits(*when: str, repository: str = "a/b", login: str | None = None) -> pa.Table:
    """Describe commits, each with an id made of its place and date."""
    rows = [
        {
            "repository": repository,
            "sha": hashlib.sha1(f"{at} {n}".encode(), usedforsecurity=False).hexdigest(),
            "parents": ["0" * 40],
            "author_name": "Nari",
            "author_email": "nari@example.org",
            "author_login": login,
            "authored_at": datetime.fromisoformat(at).replace(tzinfo=UTC),
            "author_tz": 60,
            "committer_name": "Nari",
            "committer_email": "nari@example.org",
            "committed_at": datetime.fromisoformat(at).replace(tzinfo=UTC),
            "committer_tz": 60,
            "subject": "say what was done",
            "coauthors": [],
            "changes": [{"status": "M", "path": "a\n.py"}],
        }
        for n, at in enumerate(when)
    ]
    return pa.Table.from_pylist(rows, schema=COMMITS)


def publish(holding: Holding, *tables: pa.Table, quarantined: tuple[Quarantined, ...] = ()) -> Record:
    """Write one piece and a record that names it."""
    with holding.piece("one") as piece:
        for table in tables:
            piece.write(table)
        piece.quarantine(quarantined)
        done = piece.finish()
    record = Record(
        holding.repository, "git", "full", None, NOW, complete_until=NOW, tip="1" * 40, commits=3, pieces=(done,)
    )
    return holding.publish(record)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "name=value" / "mirrors", "git")  # no partition, whatever it looks like


def staged(store: Store, tmp_path: Path, quarter: str = "2023-Q1") -> dict[str, list[tuple]]:
    with duckdb.connect() as connection:
        connection.execute("SET TimeZone = 'UTC'")
        session = Session(connection, Lake(tmp_path))
        held.stage_snapshots(store, session)
        held.stage_history(store, session)
        held.stage_commits(store, session, Quarter.parse(quarter))
        held.stage_quarantine(store, session)
        names = ("source_snapshots", "source_history", "source_commits", "source_quarantine")
        return {name: connection.table(name).fetchall() for name in names}


def test_every_status_is_explained_with_what_to_do() -> None:
    docs = Path(__file__).parents[2] / "docs"
    for status in STATUSES:
        assert re.search(rf"(?m)^\| .*`{status}`.* \|", (docs / "runbook.md").read_text(encoding="utf-8"))
        assert f"| `{status}` |" in (docs / "sources.md").read_text()


def test_what_was_written_is_staged_by_quarter(store: Store, tmp_path: Path):
    table = commits("2022-12-31T23:59:59", "2023-01-01", "2023-03-31T23:59:59", "2023-04-01")
    with store.visiting("a/b") as holding:
        publish(holding, table.slice(0, 2), table.slice(2), quarantined=(Quarantined("f" * 40, "bad_date", "x"),))
    relations = staged(store, tmp_path)
    assert [row[1] for row in relations["source_commits"]] == table["sha"].to_pylist()[1:3]
    assert [list(row) for row in relations["source_commits"]] == [list(row.values()) for row in table.to_pylist()[1:3]]
    assert len(relations["source_history"]) == 4
    assert relations["source_quarantine"] == [("a/b", "f" * 40, "bad_date", "x")]
    assert relations["source_snapshots"][0][:5] == ("a/b", "1" * 40, "full", None, "git")
    assert staged(store, tmp_path, "2020-Q1")["source_commits"] == []


def test_a_record_comes_back_as_it_was(store: Store):
    with store.visiting("a/b") as holding:
        record = publish(holding, commits("2023-01-01"))
    assert from_json(to_json(record)) == record == store.record("a/b") == store.records()[0]
    assert from_json(to_json(record).replace('"format": 1', '"format": 0')) is None
    assert from_json("{") is None
    assert Store(store.root, "github").record("a/b") is None


def test_what_no_record_names_is_removed_by_the_next_visit(store: Store):
    with store.visiting("a/b") as holding:
        record = publish(holding, commits("2023-01-01"))
        with holding.piece("two") as piece:
            piece.write(commits("2023-01-02"))
            piece.finish()
        (holding.pieces / ".three.parquet.1-1.tmp").write_bytes(b"half")
        (holding.folder / ".mirror.git.1-1.tmp").mkdir()
    assert store.record("a/b") == record
    with store.visiting("a/b") as holding:
        assert [path.name for path in holding.pieces.iterdir()] == ["one.parquet"]
        assert not list(holding.folder.glob(".*"))
        assert holding.record == record


def test_a_piece_that_is_not_finished_leaves_nothing(store: Store):
    with store.visiting("a/b") as holding:
        with holding.piece("one") as piece:
            piece.write(commits(*["2023-01-01"] * 20_000))
            assert [path.suffix for path in holding.pieces.iterdir()] == [".tmp"]
        assert list(holding.pieces.iterdir()) == []


@pytest.mark.parametrize("damage", [Path.unlink, lambda path: path.write_bytes(path.read_bytes()[:-1])])
def test_a_record_whose_piece_was_damaged_does_not_count(store: Store, damage: Callable[[Path], object]):
    with store.visiting("a/b") as holding:
        publish(holding, commits("2023-01-01"))
        damage(holding.pieces / "one.parquet")
    with store.visiting("a/b") as holding:
        assert holding.record is None


def test_the_digest_knows_rows_and_logins_and_not_their_order():
    table = commits("2023-01-01", "2023-02-01", "2023-05-01")
    turned = table.take([2, 1, 0])
    assert held_by_quarter(table) == held_by_quarter(turned)
    parts = [held_by_quarter(table.slice(0, 1)), held_by_quarter(table.slice(1))]
    assert parts[0]["2023-Q1"] + parts[1]["2023-Q1"] == held_by_quarter(table)["2023-Q1"]
    assert held_by_quarter(commits("2023-01-01"))["2023-Q1"] != held_by_quarter(commits("2023-01-02"))["2023-Q1"]
    assert held_by_quarter(commits("2023-01-01", login="nari")) != held_by_quarter(commits("2023-01-01"))


def test_the_state_of_a_quarter_changes_with_its_rows_only(store: Store):
    with store.visiting("a/b") as holding:
        publish(holding, commits("2023-01-01", "2023-05-01"))
    before = {quarter: store.state(quarter) for quarter in (None, "2023-Q1", "2023-Q2")}
    with store.visiting("c/d") as holding:
        publish(holding, commits("2023-05-01", repository="c/d"))
    after = {quarter: store.state(quarter) for quarter in before}
    assert before["2023-Q1"] == after["2023-Q1"]
    assert before["2023-Q2"] != after["2023-Q2"]
    assert before[None] != after[None]


def test_nothing_new_changes_no_record_until_a_quarter_ends():
    record = Record("a/b", "git", "full", None, NOW, complete_until=NOW)
    assert unchanged(record, datetime(2023, 6, 30, tzinfo=UTC)) == record
    later = unchanged(record, datetime(2023, 7, 1, tzinfo=UTC))
    assert (later.status, later.complete_until) == ("unchanged", datetime(2023, 7, 1, tzinfo=UTC))
    gone = failed(record, "a/b", "git", status="not_found", reason="gone", now=datetime(2023, 6, 1, tzinfo=UTC))
    assert (gone.status, gone.complete_until, gone.fetched_at) == ("not_found", NOW, NOW)
    assert unchanged(gone, datetime(2023, 6, 2, tzinfo=UTC)).status == "unchanged"


def test_only_quarters_that_were_complete_are_restated(store: Store):
    def holding_of(*when: str) -> Record:
        with store.visiting("a/b") as holding:
            return publish(holding, commits(*when))

    old = holding_of("2022-11-01", "2023-02-01", "2023-04-01")
    new = holding_of("2022-11-01", "2023-02-01", "2023-04-01", "2023-02-02", "2023-04-02")
    (restated,) = restatements(old, new, "late")
    assert (restated.quarter, restated.commits_before, restated.commits_after) == ("2023-Q1", 1, 2)
    assert restatements(None, new, "late") == ()
    assert from_json(to_json(new)).held("2023-Q1") == new.held("2023-Q1")
    assert Held(1, "f" * 32) + Held(1, "f" * 32) == Held(2, ("f" * 15 + "e") * 2)


def test_names_have_folders_of_their_own_below_the_root(store: Store):
    hostile = [
        "A/b",
        "a/B",
        "a/b",
        "../../x",
        "/abs",
        "a/../../b",
        "CON",
        "a/b\0c",
        "a/" + "x" * 255,
        "a\n/b",
        "é/è",
        "",
    ]
    folders = [store.folder(name) for name in hostile]
    assert len({folder.name.lower() for folder in folders}) == len(hostile)
    for folder in folders:
        assert folder.parent == store.root
        assert len(folder.name.encode()) < 100
        assert not set(folder.name) - set("abcdefghijklmnopqrstuvwxyz0123456789_-")


def test_a_link_in_the_place_of_a_folder_is_refused(store: Store, tmp_path: Path):
    store.prepare()
    (tmp_path / "elsewhere").mkdir()
    store.folder("a/b").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(LakeError, match="symbolic link"), store.visiting("a/b"):
        pass
    assert list((tmp_path / "elsewhere").iterdir()) == []
