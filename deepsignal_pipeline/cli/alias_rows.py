"""Rows of a CSV of aliases or merges: what each says, and in words what is wrong with it. Reading files belongs elsewhere."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TypeAlias

from deepsignal_pipeline.domain.identity import Alias, Merge

ALIASES = ("alias_id", "name", "email", "login", "repo", "commits", "first", "last")
MERGES = ("repo", "login", "alias_id", "count")
OPTIONAL = ("github_id",)

# What a program wrote as 1.0 is 1
_WHOLE = re.compile(r"([+-]?[0-9]{1,18})(?:\.0*)?")

Row: TypeAlias = dict[str, str | None]
"""Cells by column; None where the row is too short, cells too many under the key None."""


class RowError(ValueError):
    """A row cannot be used; the message says which cell and what to write there."""


def alias_of(row: Row) -> Alias:
    """Return the alias of a row. Raise RowError."""
    cells = _cells(row, ALIASES)
    first, last = (_seconds(name, cells[name]) for name in ("first", "last"))
    if first is not None and last is not None and last < first:
        raise RowError(f"last {last} is before first {first}; the two are epoch seconds, or empty")
    github_id = (row.get("github_id") or "").strip()
    return Alias(
        alias_id=_filled("alias_id", cells["alias_id"]),
        name=cells["name"],
        email=cells["email"],
        login=cells["login"].strip() or None,
        first_seen=first or 0,
        last_seen=last or 0,
        commits=_count("commits", cells["commits"]) if cells["commits"].strip() else 0,
        repositories=tuple(sorted({place.strip() for place in cells["repo"].split(";") if place.strip()})),
        github_id=_count("github_id", github_id) if github_id else None,
    )


def merge_of(row: Row) -> Merge:
    """Return the merge of a row. Raise RowError."""
    cells = _cells(row, MERGES)
    repository, login, alias_id = (_filled(name, cells[name]) for name in MERGES[:3])
    return Merge(repository.strip(), login.strip(), alias_id, _count("count", cells["count"]))


class Appearances:
    """The rows of each alias so far: one a repository, all of one name, address and login."""

    def __init__(self) -> None:
        self._first: dict[str, tuple[Alias, int]] = {}
        self._places: dict[str, set[str]] = {}

    def checked(self, alias: Alias, line: int) -> Alias:
        """Return an alias of a line; raise RowError if an earlier row under its id says something else, or the same."""
        known, known_line = self._first.setdefault(alias.alias_id, (alias, line))
        if known is alias:
            return alias
        where = f"alias_id {alias.alias_id!r} stands on line {known_line} too"
        if (known.name, known.email, known.login, known.github_id) != (
            alias.name,
            alias.email,
            alias.login,
            alias.github_id,
        ):
            raise RowError(f"{where} with another name, address, login or github_id; give each alias an id of its own")
        places = self._places.setdefault(alias.alias_id, set(known.repositories))
        if not alias.repositories or not places.isdisjoint(alias.repositories):
            raise RowError(f"{where} for the same repository; write one row an alias, or one a repository")
        places.update(alias.repositories)
        return alias


def _cells(row: Row, columns: Sequence[str]) -> dict[str, str]:
    if None in row:
        raise RowError("has more cells than line 1 has columns; quote what holds a comma")
    cells = {name: cell for name in columns if (cell := row[name]) is not None}
    if len(cells) < len(columns):
        raise RowError(f"ends before {', '.join(name for name in columns if name not in cells)}; is the file cut off?")
    return cells


def _filled(name: str, text: str) -> str:
    if not text.strip():
        raise RowError(f"{name} is empty; it must be given")
    return text


def _seconds(name: str, text: str) -> int | None:
    return _whole(name, text, "epoch seconds, or nothing") if text.strip() else None


def _count(name: str, text: str) -> int:
    number = _whole(name, text, "a whole number, 0 or more")
    if number < 0:
        raise RowError(f"{name} {text.strip()!r} is below 0; write a whole number, 0 or more")
    return number


def _whole(name: str, text: str, wanted: str) -> int:
    found = _WHOLE.fullmatch(text.strip())
    if found is None:
        raise RowError(f"{name} {text.strip()[:40]!r} is no whole number; write {wanted}")
    return int(found[1])
