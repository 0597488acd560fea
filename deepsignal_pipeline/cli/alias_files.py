"""Aliases, merges and assignments as CSV: what `deepsignal identities resolve` reads and writes."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TypeVar

from deepsignal_pipeline.domain.identity import Alias, Assignment, Merge
from deepsignal_pipeline.lake import replace_file, temporary

_ALIASES = ("alias_id", "name", "email", "login", "repo", "commits", "first", "last")
_MERGES = ("repo", "login", "alias_id", "count")
_OUT = ("alias_id", "contributor_id", "kind")
# A cell of a hostile history may be as long as its author likes
_LONGEST_CELL = 1 << 24

Row = dict[str, str]
Read = TypeVar("Read")


class AliasFileError(Exception):
    """A file of aliases or merges cannot be used; the message says which line and why."""


def read_aliases(path: Path) -> list[Alias]:
    """Read aliases: alias_id,name,email,login,repo,commits,first,last; a column github_id is used, others are not.

    `repo` may hold several, joined by `;`; first and last are epoch seconds. Raise AliasFileError for what is wrong.
    """
    return list(_read(path, _ALIASES, _alias))


def read_merges(path: Path) -> list[Merge]:
    """Read merges: repo,login,alias_id,count. Raise AliasFileError for what is wrong."""
    return list(_read(path, _MERGES, _merge))


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


def _alias(row: Row) -> Alias:
    number = (row.get("github_id") or "").strip()
    return Alias(
        alias_id=row["alias_id"],
        name=row["name"],
        email=row["email"],
        login=row["login"].strip() or None,
        first_seen=_number(row["first"]),
        last_seen=_number(row["last"]),
        commits=_number(row["commits"]),
        repositories=tuple(sorted({place.strip() for place in row["repo"].split(";") if place.strip()})),
        github_id=int(number) if number else None,
    )


def _merge(row: Row) -> Merge:
    return Merge(row["repo"].strip(), row["login"].strip(), row["alias_id"], _number(row["count"]))


def _number(text: str) -> int:
    """Read a whole number; nothing is 0, and what a program wrote as 1.0 is 1."""
    plain = text.strip()
    return int(float(plain)) if plain else 0


def _read(path: Path, columns: tuple[str, ...], build: Callable[[Row], Read]) -> Iterator[Read]:
    csv.field_size_limit(_LONGEST_CELL)
    with path.open(encoding="utf-8-sig", errors="surrogateescape", newline="") as file:
        # Strict, since a quote that nobody closes would swallow the rows behind it without a word
        reader = csv.DictReader(file, restval="", strict=True)
        missing = [column for column in columns if column not in (reader.fieldnames or ())]
        if missing:
            raise AliasFileError(f"{path}: line 1 lacks {', '.join(missing)}; it must name {','.join(columns)}")
        try:
            for row in reader:
                yield build(row)
        except csv.Error as error:
            raise AliasFileError(f"{path}: after line {reader.line_num}: {error}") from None
        except (ValueError, OverflowError) as error:
            raise AliasFileError(f"{path}: line {reader.line_num}: {error}") from None
