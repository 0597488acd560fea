"""Aliases, merges and assignments as CSV: what `deepsignal identities resolve` reads and writes.

What is wrong with a cell is said in alias_rows.py.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import TypeVar

from deepsignal_pipeline.cli.alias_rows import ALIASES, MERGES, OPTIONAL, Appearances, Row, RowError, alias_of, merge_of
from deepsignal_pipeline.domain.identity import Alias, Assignment, Merge
from deepsignal_pipeline.lake import replace_file, temporary

_OUT = ("alias_id", "contributor_id", "kind")
# A cell of a hostile history may be as long as its author likes
_LONGEST_CELL = 1 << 24
_TOLD = 20  # problems of one file that are told; a file of another kind has one a row

Read = TypeVar("Read")


class AliasFileError(Exception):
    """A file of aliases or merges cannot be used; the message says which lines and why, a line a problem."""


def read_aliases(path: Path) -> list[Alias]:
    """Read aliases: alias_id,name,email,login,repo,commits,first,last; a column github_id is used, others are not.

    `repo` may hold several, joined by `;`; first and last are epoch seconds. An alias may have a row a repository; all
    but alias_id may be empty. Raise AliasFileError for what is wrong.
    """
    known = Appearances()
    return list(_read(path, ALIASES, lambda row, line: known.checked(alias_of(row), line)))


def read_merges(path: Path) -> list[Merge]:
    """Read merges: repo,login,alias_id,count; rows that say the same add up. Raise AliasFileError for what is wrong."""
    return list(_read(path, MERGES, lambda row, _: merge_of(row)))


def refuse_place(out: Path, read: Iterable[Path]) -> None:
    """Raise AliasFileError if writing would destroy what was read, or what is no file: a link, a folder, a device."""
    if out.is_symlink() or (out.exists() and not out.is_file()):
        raise AliasFileError(f"{out}: is no plain file; name another place to write to")
    if any(out.exists() and out.samefile(path) for path in read if path.exists()):
        raise AliasFileError(f"{out}: is what is read; name another place to write to")


def write_assignments(path: Path, assignments: Iterable[Assignment], alone: Callable[[str], str]) -> None:
    """Write alias_id,contributor_id,kind, in one step; `alone` gives a placeholder an id that nobody shares."""
    draft = temporary(path)
    with draft.open("w", encoding="utf-8", errors="surrogateescape", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(_OUT)
        writer.writerows((a.alias_id, a.contributor_id or alone(a.alias_id), a.kind) for a in assignments)
    replace_file(draft, path)


def _read(path: Path, columns: Sequence[str], build: Callable[[Row, int], Read]) -> Iterator[Read]:
    """Yield what every row says; once all are read, raise AliasFileError if any row was wrong."""
    problems: list[str] = []
    for line, row in _rows(path, columns):
        try:
            yield build(row, line)
        except RowError as error:
            problems.append(f"{path}: line {line}: {error}")
    if len(problems) > _TOLD:
        problems[_TOLD:] = [f"{path}: and {len(problems) - _TOLD} lines more are wrong"]
    if problems:
        raise AliasFileError("\n".join(problems))


def _rows(path: Path, columns: Sequence[str]) -> Iterator[tuple[int, Row]]:
    """Yield every row with the line that it ends on. Raise AliasFileError for what is no CSV with these columns."""
    csv.field_size_limit(_LONGEST_CELL)
    with path.open(encoding="utf-8-sig", errors="surrogateescape", newline="") as file:
        # Strict, since a quote that nobody closes would swallow the rows behind it without a word
        reader = csv.DictReader(file, strict=True)
        try:
            _check_header(path, reader.fieldnames or (), columns)
            for row in reader:
                yield reader.line_num, row
        except csv.Error as error:
            raise AliasFileError(f"{path}: after line {reader.line_num}: {error}") from None


def _check_header(path: Path, header: Sequence[str], columns: Sequence[str]) -> None:
    missing = [column for column in columns if column not in header]
    if missing:
        raise AliasFileError(f"{path}: line 1 lacks {', '.join(missing)}; it must name {','.join(columns)}")
    twice = [column for column in (*columns, *OPTIONAL) if header.count(column) > 1]
    if twice:
        raise AliasFileError(f"{path}: line 1 names {', '.join(twice)} twice; keep the column that is meant")
