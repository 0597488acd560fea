"""Work types: what kind of work a change is, told by the path that it touches.

Pure: bytes in; steps as patterns, and overrides a repository, or every problem at once out. Which commits have paths,
and how their weight is spread, does not belong here: that is SQL.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

from deepsignal_pipeline.domain.repository_names import name_key
from deepsignal_pipeline.domain.strict_fields import FieldReader, Located
from deepsignal_pipeline.domain.strict_yaml import Node, ProblemsError, quoted

WORK_TYPES_FILE = "work_types.yaml"

CLASSES = ("core", "integration", "docs", "build", "tests", "benchmarks", "vendored")
"""Work types that a path may have."""

WORK_TYPES = (*CLASSES, "empty")
"""Work types of which the weight of a commit is made up; a commit without paths is empty."""

STEPS = ("build", "vendored", "tests", "benchmarks", "docs", "docs", "build", "integration")
"""Classes of the steps, in the order in which they are tried. Named build files come first, other ones by folder and
extension towards the end; named pages come before folders of documentation. What fits no step is core."""


class WorkTypesError(ProblemsError):
    """The rules cannot be used; problems holds all that is wrong, by line."""


@dataclass(frozen=True)
class PathOverride:
    """Paths of a repository that begin so, whatever the case of letters, are of this class."""

    repository: str
    prefix: str
    work_type: str


@dataclass(frozen=True)
class WorkTypes:
    """One pattern a step (RE2 and Python's `re`), to be searched in `/` + path in lower case; and the overrides."""

    patterns: tuple[str, ...]
    overrides: tuple[PathOverride, ...]


def parse_work_types(
    data: bytes,
    file: str = WORK_TYPES_FILE,
    known: Collection[str] | None = None,
    fault_of: Callable[[str], str] = lambda _: "",
) -> WorkTypes:
    """Return the rules of one file, called `file` in messages; raise WorkTypesError with all problems.

    `known` are the repositories that an override may name (None: any); a misspelt one would do nothing, silently.
    `fault_of` says why the engine that searches a pattern does not take it, nothing if it does.
    """
    reader = FieldReader(file)
    document = reader.document(data)
    fields = reader.fields(document, required=("steps", "overrides")) if document else {}
    patterns = _read_steps(reader, fields.get("steps"), fault_of)
    overrides = _read_overrides(reader, fields.get("overrides"), known)
    if reader.problems:
        raise WorkTypesError(reader.problems)
    return WorkTypes(patterns, overrides)


def _read_steps(reader: FieldReader, node: Node | None, fault_of: Callable[[str], str]) -> tuple[str, ...]:
    nodes = list(reader.items(node, "steps"))
    seen: dict[tuple[str, str], int] = {}
    patterns = []
    for place, step in enumerate(nodes):
        fields = reader.fields(step, required=("class",), optional=("folders", "files"))
        found = reader.choice(fields.get("class"), "class", CLASSES)
        expected = STEPS[place] if place < len(STEPS) else None
        if found and found != expected:
            told = f"step {place + 1} is {expected}" if expected else f"there are {len(STEPS)} steps"
            reader.report(step.line, f"class {found} is out of order, {told}: write {', '.join(STEPS)}")
        folders, files = (_names(reader, fields.get(field), field, seen) for field in ("folders", "files"))
        if fields and not (folders or files):
            reader.report(step.line, "the step fits nothing: give folders or files")
        patterns.append(_pattern(folders, files))
        if fault := fault_of(patterns[-1]):
            count = len(folders) + len(files)
            reader.report(
                step.line, f"the {count:,} names of this step make no pattern ({fault}): write fewer or shorter"
            )
    if node is not None and len(nodes) < len(STEPS):
        reader.report(
            (nodes[-1] if nodes else node).line, f"{len(nodes)} of {len(STEPS)} steps: write {', '.join(STEPS)}"
        )
    return tuple(patterns)


def _names(reader: FieldReader, node: Node | None, field: str, seen: dict[tuple[str, str], int]) -> list[str]:
    """Return the names of one field in lower case; what an earlier step has already would never be reached."""
    names = []
    for text in reader.texts(node, field):
        name = text.value.lower()
        first = seen.setdefault((field, name), text.line)
        if "/" in name or not name.strip("*"):
            reader.report(text.line, f"{quoted(text.value)} is no name of {field}: no slash, and more than * alone")
        elif first != text.line:
            reader.report(text.line, f"{quoted(text.value)} stands on line {first} already: keep one, the first counts")
        names.append(name)
    return names


def _pattern(folders: Sequence[str], files: Sequence[str]) -> str:
    """Make one pattern of names; without any, it is one that fits nothing."""
    sides = [f"/(?:{'|'.join(map(_glob, names))}){end}" for names, end in ((folders, "/"), (files, "$")) if names]
    return "|".join(sides) or "^$"


def _glob(name: str) -> str:
    return "[^/]*".join(map(re.escape, name.split("*")))


def _read_overrides(reader: FieldReader, node: Node | None, known: Collection[str] | None) -> tuple[PathOverride, ...]:
    read: list[PathOverride] = []
    repositories: dict[str, int] = {}
    for item in reader.items(node, "overrides"):
        fields = reader.fields(item, required=("repository", "why"), optional=CLASSES)
        repository = reader.repository(reader.text(fields.get("repository"), "repository"), "repository")
        reader.text(fields.get("why"), "why")
        if repository:
            _report_repository(reader, repository, repositories, known)
        prefixes: dict[str, int] = {}
        for work_type in (name for name in CLASSES if name in fields):
            for text in reader.texts(fields[work_type], work_type):
                prefix = _prefix(reader, text, prefixes)
                read.append(PathOverride(repository.value if repository else "", prefix, work_type))
        if fields and not set(fields) & set(CLASSES):
            reader.report(item.line, f"the override says nothing: give beginnings of paths as {', '.join(CLASSES)}")
    return tuple(read)


def _report_repository(
    reader: FieldReader, repository: Located, lines: dict[str, int], known: Collection[str] | None
) -> None:
    first = lines.setdefault(name_key(repository.value), repository.line)
    if first != repository.line:
        reader.report(repository.line, f"{repository.value} has overrides on line {first} already: put them together")
    if known is not None and repository.value not in known:
        message = f"{repository.value} is not in the catalogue: write its canonical owner/name"
        reader.report(repository.line, message)


def _prefix(reader: FieldReader, text: Located, lines: dict[str, int]) -> str:
    prefix = text.value.lower()
    if prefix.startswith(("/", "./")) or "//" in prefix or "*" in prefix:
        form = "write it from the repository's root, without a slash before it and without *"
        reader.report(text.line, f"{quoted(text.value)} is no beginning of a path: {form}")
    if prefix in lines:
        reader.report(text.line, f"{quoted(text.value)} stands on line {lines[prefix]} already: keep one of the two")
    lines.setdefault(prefix, text.line)
    return prefix
