"""Real bare repositories for tests: rebuilt from rows of the embedded sample, written by hand, or hostile to the byte.

A rebuilt repository has the sample's people, dates, messages, topology and changed paths; contents are made up, so commit
ids are new, and `Rebuilt.ids` gives the new id of each old one.
"""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb

from deepsignal_pipeline.sources.sample import _FOLDER as SAMPLE

Row = dict[str, Any]
ALWAYS = {
    "window_start": datetime(1970, 1, 1, tzinfo=UTC),
    "window_end": datetime(2100, 1, 1, tzinfo=UTC),
}
# git of the tests knows nothing of this machine either
ENVIRONMENT = {
    "PATH": os.environ["PATH"],
    "HOME": "/nonexistent",
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_CONFIG_GLOBAL": os.devnull,
    "LC_ALL": "C",
    "TZ": "UTC",
}
_IDS = re.compile(r":(\d+) ([0-9a-f]+)")


def git(repository: Path, *arguments: str, data: bytes = b"", **more: str) -> bytes:
    """Run git on a repository and return what it writes; it must succeed."""
    done = subprocess.run(
        ["git", "--git-dir", str(repository), *arguments],
        input=data,
        capture_output=True,
        env=ENVIRONMENT | more,
        check=False,
    )
    if done.returncode:
        raise AssertionError(f"git {arguments}: {done.stderr.decode(errors='replace')}")
    return done.stdout


def bare(folder: Path, *options: str, branch: str = "main") -> Path:
    """Make an empty bare repository that lets others fetch parts of it."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    git(folder, "init", "--quiet", "--bare", f"--initial-branch={branch}", *options)
    for name in ("uploadpack.allowFilter", "uploadpack.allowAnySHA1InWant"):
        git(folder, "config", name, "true")
    return folder


@dataclass(frozen=True)
class Author:
    """Who did something when; `at` is written as it is, so it may be no date at all."""

    at: str = "1672531200 +0000"
    name: str = "Nari Ovo"
    email: str = "nari@example.org"

    def __bytes__(self) -> bytes:
        return f"{self.name} <{self.email}> {self.at}".encode()


@dataclass
class Written:
    """A repository written commit by commit with low-level commands, which refuse nothing."""

    folder: Path
    blobs: int = 0

    def blob(self, text: bytes = b"x") -> str:
        """Write a file's content."""
        return git(self.folder, "hash-object", "-w", "--stdin", data=text).decode().strip()

    def tree(self, *paths: bytes, text: bytes = b"x", mode: str = "100644") -> str:
        """Write a tree with files of one content; a path with slashes needs trees of its own."""
        blob = self.blob(text)
        lines = b"".join(f"{mode} blob {blob}\t".encode() + path + b"\0" for path in sorted(paths))
        return git(self.folder, "mktree", "-z", data=lines).decode().strip()

    def raw(self, text: bytes) -> str:
        """Write a commit object as it is."""
        command = ("hash-object", "-t", "commit", "-w", "--stdin", "--literally")
        return git(self.folder, *command, data=text).decode().strip()

    def commit(
        self,
        *parents: str,
        author: bytes | Author = Author(),
        committer: bytes | Author | None = None,
        message: bytes = b"say what was done\n",
        tree: str | None = None,
        more: bytes = b"",
    ) -> str:
        """Write a commit object; `more` are further header lines. Every commit changes one file unless a tree is given."""
        self.blobs += 1
        header = [f"tree {tree or self.tree(b'file', text=str(self.blobs).encode())}".encode()]
        header += [f"parent {parent}".encode() for parent in parents]
        header += [b"author " + bytes(author), b"committer " + bytes(author if committer is None else committer)]
        return self.raw(b"\n".join(header) + b"\n" + more + b"\n" + message)

    def point(self, commit: str, ref: str = "refs/heads/main") -> str:
        """Let a branch point to a commit."""
        file = self.folder / ref
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(commit + "\n")
        return commit

    def line(self, *dates: str, onto: str | None = None, ref: str = "refs/heads/main") -> list[str]:
        """Write commits one after the other at dates like 2023-01-31 or 2023-01-31T23:59:59+05:30; point a branch there."""
        made: list[str] = []
        for date in dates:
            parents = made[-1:] or ([onto] if onto else [])
            made.append(self.commit(*parents, author=Author(raw_date(date))))
        self.point(made[-1], ref)
        return made


def raw_date(date: str) -> str:
    """Write a date as git stores it."""
    at = datetime.fromisoformat(date)
    at = at if at.tzinfo else at.replace(tzinfo=UTC)
    offset = at.strftime("%z")
    return f"{int(at.timestamp())} {offset}"


def written(folder: Path, *options: str, branch: str = "main") -> Written:
    """Make an empty repository to write commits into."""
    return Written(bare(folder, *options, branch=branch))


@dataclass(frozen=True)
class Rebuilt:
    """A repository made of rows: where it lies, its rows, and the id that each old one became."""

    folder: Path
    rows: list[Row]
    ids: dict[str, str] = field(repr=False)
    is_closed: bool = False  # one more commit joins branches that were open when the sample ends

    @property
    def commits(self) -> int:
        """Number of commits."""
        return len(self.rows) + self.is_closed


def sample_rows(names: Sequence[str]) -> dict[str, list[Row]]:
    """Read all commits of some repositories of the embedded sample, parents before children."""
    with duckdb.connect() as connection:
        connection.execute("SET TimeZone = 'UTC'")
        connection.read_parquet(str(SAMPLE / "commits.parquet")).create_view("every_row")
        connection.execute("CREATE TABLE asked AS SELECT unnest($names) AS name", {"names": list(names)})
        connection.execute(
            "CREATE VIEW sample_rows AS SELECT * FROM every_row "
            "WHERE list_has_any(repositories, (SELECT list(name) FROM asked))"
        )
        decoder = (SAMPLE / "commits.sql").read_text("utf-8")
        found = connection.execute(f"SELECT * FROM ({decoder}) SEMI JOIN asked ON repository = name", ALWAYS)  # noqa: S608  a file of the package
        columns = [column[0] for column in found.description]
        rows = [dict(zip(columns, row, strict=True)) for row in found.fetchall()]
    return {name: _parents_first([row for row in rows if row["repository"] == name]) for name in names}


def _parents_first(rows: list[Row]) -> list[Row]:
    by_id = {row["sha"]: row for row in sorted(rows, key=lambda row: (row["committed_at"], row["sha"]))}
    ordered: dict[str, Row] = {}
    for start in by_id.values():
        waiting = [start]
        while waiting:
            row = waiting[-1]
            missing = [p for p in row["parents"] if p in by_id and p not in ordered]
            if missing:
                waiting += [by_id[parent] for parent in missing]
            else:
                ordered[row["sha"]] = row
                waiting.pop()
    return list(ordered.values())


def rebuild(folder: Path, rows: list[Row]) -> Rebuilt:
    """Make a repository of rows, parents before children; its default branch holds all of them."""
    bare(folder)
    marks = {row["sha"]: number for number, row in enumerate(rows, start=1)}
    trees = _missing_changes(rows)
    links: dict[str, frozenset[str]] = {}
    stream = b"".join(_stream(row, marks, trees.get(row["sha"], {}), links) for row in rows)
    heads = sorted(set(marks.values()) - {marks[parent] for row in rows for parent in row["parents"]})
    stream += _closing(heads) if len(heads) > 1 else b"reset refs/heads/main\nfrom :%d\n\n" % heads[0]
    export = folder / "exported-marks"
    git(folder, "fast-import", "--quiet", "--done", f"--export-marks={export}", data=stream + b"done\n")
    numbers = {int(mark): sha for mark, sha in _IDS.findall(export.read_text())}
    export.unlink()
    return Rebuilt(folder, rows, {sha: numbers[mark] for sha, mark in marks.items()}, len(heads) > 1)


def _closing(heads: Sequence[int]) -> bytes:
    """Join branches that were merged only after the sample ends, by a merge of that later time, which is in no row."""
    who = bytes(Author(raw_date("2023-10-01")))
    lines = [b"commit refs/heads/main", b"author " + who, b"committer " + who, _data(b"join what is open\n")]
    lines += [(b"merge :%d" if place else b"from :%d") % head for place, head in enumerate(heads)]
    return b"\n".join(lines) + b"\n\n"


def _missing_changes(rows: list[Row]) -> dict[str, dict[str, bool]]:
    """Return the paths that must exist (or not) after a commit whose own changes are not told, so that later ones are right.

    A merge shows no changes and old rows have none recorded, so whatever later rows say of a path must already hold there.
    """
    needed: dict[str, dict[str, bool]] = {row["sha"]: {} for row in rows}
    told: dict[str, dict[str, bool]] = {}
    for row in reversed(rows):
        own = needed.pop(row["sha"])
        is_told = len(row["parents"]) < 2 and row["changes"] is not None
        if not is_told or not row["parents"]:
            told[row["sha"]] = {} if is_told else own
            continue
        before = {change["path"]: change["status"] != "A" for change in row["changes"]}
        needed.setdefault(row["parents"][0], {}).update(own | before)
    return told


def _stream(row: Row, marks: dict[str, int], fixed: dict[str, bool], links: dict[str, frozenset[str]]) -> bytes:
    """Write a row as a command of fast-import; `links` are the paths that are links after each commit written so far."""
    lines = [b"commit refs/heads/building", b"mark :%d" % marks[row["sha"]]]
    if not row["parents"]:
        lines.insert(0, b"reset refs/heads/building")
    lines += [b"author " + _person(row, "author"), b"committer " + _person(row, "committer")]
    lines += [_data(_message(row))]
    for place, parent in enumerate(row["parents"]):
        lines.append((b"merge :%d" if place else b"from :%d") % marks[parent])
    before = links.get(row["parents"][0], frozenset()) if row["parents"] else frozenset()
    own = set(before)
    lines += _changes(row, fixed, own)
    links[row["sha"]] = before if own == before else frozenset(own)
    return b"\n".join(lines) + b"\n"


def _changes(row: Row, fixed: dict[str, bool], links: set[str]) -> Iterable[bytes]:
    shown = [] if len(row["parents"]) > 1 else row["changes"] or []
    gone = [path for path, exists in fixed.items() if not exists]
    gone += [change["path"] for change in shown if change["status"] == "D"]
    yield from (b"D " + _quoted(path) for path in gone)
    there = [(path, "M") for path, exists in fixed.items() if exists]
    there += [(change["path"], change["status"]) for change in shown if change["status"] != "D"]
    if row["changes"] is None:  # something must differ between two such rows of one second
        there.append((".rebuilt", "M"))
    links.difference_update(gone)
    for path, status in there:
        if status == "T":  # what was a file becomes a link, what was a link a file
            links.symmetric_difference_update({path})
        if status == "A":
            links.discard(path)
        mode = b"120000" if path in links else b"100644"
        yield b"M %b inline %b\n" % (mode, _quoted(path)) + _data(row["sha"].encode())


def _person(row: Row, who: str) -> bytes:
    at = "authored_at" if who == "author" else "committed_at"
    minutes = row[f"{who}_tz"]
    offset = f"{'-' if minutes < 0 else '+'}{abs(minutes) // 60:02d}{abs(minutes) % 60:02d}"
    return f"{row[f'{who}_name']} <{row[f'{who}_email']}> {int(row[at].timestamp())} {offset}".encode()


def _message(row: Row) -> bytes:
    trailers = [
        f"Co-authored-by: {who['name']}" + (f" <{who['email']}>" if who["email"] else "") for who in row["coauthors"]
    ]
    return "\n\n".join([row["subject"], "\n".join(trailers)]).strip("\n").encode() + b"\n"


def _data(text: bytes) -> bytes:
    return b"data %d\n" % len(text) + text


def _quoted(path: str) -> bytes:
    escaped = path.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return b'"' + escaped.encode() + b'"'
