"""The catalogue's files as they are written: one file into categories or repositories, with their lines.

Pure. What one file alone can tell is judged here; what only all files together can tell (repeats, renames,
forks) belongs to catalogue_relations.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from deepsignal_pipeline.domain.strict_fields import FieldReader, Located
from deepsignal_pipeline.domain.strict_yaml import Items, Node, quoted

VERIFIED = ("read", "listed", "recalled")
"""How an entry was verified: its history was read, its name seen in a public list, or only recalled."""

_CATEGORY_FIELDS = ("slug", "name", "definition")
_OPTIONAL = ("former_names", "fork_of", "created", "tracked_from", "tracked_to", "notes")
_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_CREATED = re.compile(r"[0-9]{4}(?:-(?:0[1-9]|1[0-2]))?")
# Not a slug, because its file is the list of the categories itself.
_RESERVED = "categories"


@dataclass(frozen=True, slots=True)
class WrittenCategory:
    """A category and the line of categories.yaml on which it begins."""

    line: int
    slug: str
    name: str
    definition: str


@dataclass(frozen=True, slots=True)
class WrittenRepository:
    """A repository as one file gives it, before it is held against the others."""

    file: str
    line: int
    category: str
    repository: str
    former_names: tuple[Located, ...]
    fork_of: tuple[Located, ...]
    created: str | None
    tracked_from: date | None
    tracked_to: date | None
    verified: str
    notes: str | None

    @property
    def place(self) -> str:
        """Where it stands, as file:line."""
        return f"{self.file}:{self.line}"


def read_categories(reader: FieldReader, data: bytes) -> list[WrittenCategory] | None:
    """Return the categories in order, None if the file cannot be read; problems stay with the reader."""
    document = reader.document(data)
    nodes = list(reader.items(document, "categories"))
    if not isinstance(document, Items):
        return None
    read = [_read_category(reader, node) for node in nodes]
    categories = [category for category in read if category is not None]
    _report_repeated(reader, "slug", [(c.slug, c.line) for c in categories])
    _report_repeated(reader, "name", [(c.name, c.line) for c in categories if c.name])
    if not nodes:
        reader.report(1, "no category is listed: add `- {slug: ..., name: ..., definition: ...}`")
    return categories


def _read_category(reader: FieldReader, node: Node) -> WrittenCategory | None:
    fields = reader.fields(node, required=_CATEGORY_FIELDS)
    slug, name, definition = (reader.text(fields.get(field), field) for field in _CATEGORY_FIELDS)
    if slug is None:
        return None
    if not _SLUG.fullmatch(slug.value) or slug.value == _RESERVED:
        message = f"write lower-case words joined by hyphens, and not {_RESERVED}"
        reader.report(slug.line, f"slug {quoted(slug.value)}: {message}")
    return WrittenCategory(node.line, slug.value, name.value if name else "", definition.value if definition else "")


def _report_repeated(reader: FieldReader, field: str, values: Sequence[tuple[str, int]]) -> None:
    first_lines: dict[str, int] = {}
    for value, line in values:
        if value.lower() in first_lines:
            first = first_lines[value.lower()]
            reader.report(line, f"{field} {quoted(value)} is on line {first} already: keep one")
        first_lines.setdefault(value.lower(), line)


def read_repositories(reader: FieldReader, data: bytes, category: str) -> list[WrittenRepository]:
    """Return the repositories of one category's file in its order; problems stay with the reader."""
    document = reader.document(data)
    if document is None:
        return []
    read = [_read_repository(reader, node, category) for node in reader.items(document, "repositories")]
    return [repository for repository in read if repository is not None]


def _read_repository(reader: FieldReader, node: Node, category: str) -> WrittenRepository | None:
    fields = reader.fields(node, required=("repository", "verified"), optional=_OPTIONAL)
    repository = reader.repository(reader.text(fields.get("repository"), "repository"), "repository")
    notes = reader.text(fields.get("notes"), "notes")
    rest = WrittenRepository(
        file=reader.file,
        line=node.line,
        category=category,
        repository=repository.value if repository else "",
        former_names=_read_names(reader, fields.get("former_names"), "former_names"),
        fork_of=_read_fork_of(reader, fields.get("fork_of")),
        created=_read_created(reader, fields.get("created")),
        tracked_from=reader.day(fields.get("tracked_from"), "tracked_from", or_month=True),
        tracked_to=reader.day(fields.get("tracked_to"), "tracked_to", or_month=True),
        verified=reader.choice(fields.get("verified"), "verified", VERIFIED) or "",
        notes=notes.value if notes else None,
    )
    if rest.tracked_from and rest.tracked_to and rest.tracked_from >= rest.tracked_to:
        reader.report(
            fields["tracked_from"].line,
            f"tracked_from {rest.tracked_from} is not before tracked_to {rest.tracked_to}: "
            "tracked_to is the first day no longer tracked",
        )
    return rest if repository else None


def _read_names(reader: FieldReader, node: Node | None, field: str) -> tuple[Located, ...]:
    names = [reader.repository(text, field) for text in reader.texts(node, field)]
    return tuple(name for name in names if name is not None)


def _read_fork_of(reader: FieldReader, node: Node | None) -> tuple[Located, ...]:
    # A monorepo carries the histories of several; the usual fork has one and needs no brackets.
    if isinstance(node, Items):
        return _read_names(reader, node, "fork_of")
    name = reader.repository(reader.text(node, "fork_of"), "fork_of")
    return (name,) if name else ()


def _read_created(reader: FieldReader, node: Node | None) -> str | None:
    text = reader.text(node, "created")
    if text is not None and not _CREATED.fullmatch(text.value):
        message = "is no date: write YYYY-MM, or YYYY if the month is unknown"
        reader.report(text.line, f"created {quoted(text.value)} {message}")
    return text.value if text else None
