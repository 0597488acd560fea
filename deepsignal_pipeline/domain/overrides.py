"""Overrides: what people decide about commits and aliases against the rules, with the reason in words.

Pure: bytes in, Overrides or every problem at once out. Applying them to commits does not belong here.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from deepsignal_pipeline.domain.identity import Decisions
from deepsignal_pipeline.domain.identity_decisions import FIELDS, read_decisions
from deepsignal_pipeline.domain.repository_names import name_key
from deepsignal_pipeline.domain.strict_fields import FieldReader
from deepsignal_pipeline.domain.strict_yaml import Node, ProblemsError, quoted

OVERRIDES_FILE = "overrides.yaml"

_SHA = re.compile(r"[0-9a-f]{40}")
_FORM = "give either sha, or both committed_from and committed_to"


class OverridesError(ProblemsError):
    """The overrides cannot be used; problems holds all that is wrong, by line."""


@dataclass(frozen=True)
class ImportOverride:
    """Commits of a repository that came from elsewhere and are not counted, and why.

    Either one commit (sha, 40 hex digits) or those whose committer date in UTC lies in
    [committed_from, committed_to); the other form's fields are None.
    """

    repository: str
    why: str
    sha: str | None
    committed_from: date | None
    committed_to: date | None


@dataclass(frozen=True)
class Overrides:
    """All overrides, in the order written."""

    imports: tuple[ImportOverride, ...]
    decisions: Decisions = field(default_factory=Decisions)


def parse_overrides(data: bytes, file: str = OVERRIDES_FILE, known: Collection[str] | None = None) -> Overrides:
    """Return the overrides of one file, called `file` in messages; raise OverridesError with all problems.

    `known` are the repositories that an override may name (None: any); a misspelt one would do nothing, silently.
    """
    reader = FieldReader(file)
    document = reader.document(data)
    fields = reader.fields(document, required=("imports",), optional=FIELDS) if document else {}
    nodes = list(reader.items(fields.get("imports"), "imports"))
    read = [_read_import(reader, node) for node in nodes]
    _report_repeated(reader, nodes, read)
    _report_unknown(reader, nodes, read, known)
    decisions = read_decisions(reader, fields)
    if reader.problems:
        raise OverridesError(reader.problems)
    return Overrides(tuple(read), decisions)


def _report_unknown(
    reader: FieldReader, nodes: Sequence[Node], read: Sequence[ImportOverride], known: Collection[str] | None
) -> None:
    for node, override in zip(nodes, read, strict=True):
        if known is not None and override.repository and override.repository not in known:
            reader.report(node.line, f"{override.repository} is not in the catalogue: write its canonical owner/name")


def _read_import(reader: FieldReader, node: Node) -> ImportOverride:
    fields = reader.fields(node, required=("repository", "why"), optional=("sha", "committed_from", "committed_to"))
    repository = reader.repository(reader.text(fields.get("repository"), "repository"), "repository")
    why = reader.text(fields.get("why"), "why")
    _report_form(reader, node, fields)
    override = ImportOverride(
        repository=repository.value if repository else "",
        why=why.value if why else "",
        sha=_read_sha(reader, fields.get("sha")),
        committed_from=reader.day(fields.get("committed_from"), "committed_from", or_month=False),
        committed_to=reader.day(fields.get("committed_to"), "committed_to", or_month=False),
    )
    _report_empty_range(reader, node, override)
    return override


def _report_form(reader: FieldReader, node: Node, fields: Mapping[str, Node]) -> None:
    given = {"sha", "committed_from", "committed_to"} & set(fields)
    if fields and given not in ({"sha"}, {"committed_from", "committed_to"}):
        found = f"it has {', '.join(sorted(given))}" if given else "it has none of them"
        reader.report(node.line, f"which commits are meant is unclear, {found}: {_FORM}")


def _report_empty_range(reader: FieldReader, node: Node, override: ImportOverride) -> None:
    first, end = override.committed_from, override.committed_to
    if first and end and first >= end:
        reader.report(
            node.line,
            f"committed_from {first} is not before committed_to {end}: "
            "committed_to is the first day outside, for one day write the next",
        )


def _read_sha(reader: FieldReader, node: Node | None) -> str | None:
    text = reader.text(node, "sha")
    if text is not None and not _SHA.fullmatch(text.value):
        reader.report(text.line, f"sha {quoted(text.value)}: write all 40 hex digits in lower case")
    return text.value if text else None


def _report_repeated(reader: FieldReader, nodes: Sequence[Node], read: Sequence[ImportOverride]) -> None:
    first_lines: dict[tuple[object, ...], int] = {}
    for node, override in zip(nodes, read, strict=True):
        key = (name_key(override.repository), override.sha, override.committed_from, override.committed_to)
        if override.repository and any(key[1:]):
            if key in first_lines:
                reader.report(node.line, f"the same commits as on line {first_lines[key]}: keep one of the two")
            first_lines.setdefault(key, node.line)
