"""What people decide about identities in the overrides: merge, split, kind. Pure: nodes in, Decisions or problems out.

Aliases are named by their alias_id, so that no name and no address stands in the file. Contradictions are problems.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from deepsignal_pipeline.domain.automation import Kind
from deepsignal_pipeline.domain.identity import Decisions
from deepsignal_pipeline.domain.strict_fields import FieldReader, Located
from deepsignal_pipeline.domain.strict_yaml import Node, quoted

FIELDS = ("merge", "split", "kind")

_ALIAS = re.compile(r"[0-9a-f]{16}")
_KINDS: dict[str, Kind] = {"human": "human", "bot": "bot", "agent": "agent", "placeholder": "placeholder"}


@dataclass(frozen=True)
class _Group:
    """Aliases that one decision names, and the line of the decision."""

    aliases: tuple[str, ...]
    line: int


def read_decisions(reader: FieldReader, fields: Mapping[str, Node]) -> Decisions:
    """Return the decisions of a document's fields; what is wrong with them is reported to the reader."""
    merges = [_read_group(reader, node) for node in _items(reader, fields, "merge")]
    splits = [_read_group(reader, node) for node in _items(reader, fields, "split")]
    kinds: dict[str, tuple[Kind, int]] = {}
    for node in _items(reader, fields, "kind"):
        _read_kind(reader, node, kinds)
    joined = _Joined(merges)
    _report_split_merged(reader, splits, joined)
    _report_kinds_merged(reader, kinds, joined)
    return Decisions(
        merge=tuple(group.aliases for group in merges),
        split=tuple(group.aliases for group in splits),
        kind={alias: kind for alias, (kind, _) in kinds.items()},
    )


def append_decision(text: str, verb: str, aliases: Sequence[str], why: str) -> str:
    """Return the text of an overrides file with one more entry at the head of `merge:` or `split:`."""
    entry = f"  - {{aliases: [{', '.join(aliases)}], why: {json.dumps(why, ensure_ascii=False)}}}"
    lines = text.splitlines()
    at = next((number for number, line in enumerate(lines) if re.match(rf"{verb}:\s*(\[\s*\])?\s*(#|$)", line)), None)
    if at is None:
        return "\n".join([*lines, f"{verb}:", entry]) + "\n"
    return "\n".join([*lines[:at], f"{verb}:", entry, *lines[at + 1 :]]) + "\n"


def _items(reader: FieldReader, fields: Mapping[str, Node], name: str) -> Sequence[Node]:
    return list(reader.items(fields[name], name)) if name in fields else []


def _read_group(reader: FieldReader, node: Node) -> _Group:
    fields = reader.fields(node, required=("aliases", "why"))
    reader.text(fields.get("why"), "why")
    aliases = [_checked(reader, text) for text in reader.texts(fields.get("aliases"), "aliases")]
    named = tuple(dict.fromkeys(alias for alias in aliases if alias))
    if fields and len(named) < 2:
        reader.report(node.line, "name two different aliases or more, by alias_id")
    return _Group(named, node.line)


def _read_kind(reader: FieldReader, node: Node, kinds: dict[str, tuple[Kind, int]]) -> None:
    fields = reader.fields(node, required=("alias", "kind", "why"))
    reader.text(fields.get("why"), "why")
    text = reader.text(fields.get("alias"), "alias")
    alias = _checked(reader, text) if text else None
    chosen = reader.choice(fields.get("kind"), "kind", tuple(_KINDS))
    if alias is None or chosen is None:
        return
    known = kinds.setdefault(alias, (_KINDS[chosen], node.line))
    if known[1] != node.line:
        reader.report(node.line, f"alias {alias} has a kind already on line {known[1]}: keep one of the two")


def _checked(reader: FieldReader, text: Located) -> str | None:
    if _ALIAS.fullmatch(text.value):
        return text.value
    reader.report(text.line, f"alias {quoted(text.value)}: write the alias_id, 16 hex digits in lower case")
    return None


class _Joined:
    """Aliases that the merges make one, directly or through others, and the line that names each."""

    def __init__(self, groups: Sequence[_Group]) -> None:
        self._above: dict[str, str] = {}
        self.lines: dict[str, int] = {}
        for group in groups:
            for alias in group.aliases:
                self.lines.setdefault(alias, group.line)
                self._above[self.root(alias)] = self.root(group.aliases[0])

    def root(self, alias: str) -> str:
        """Return the alias that stands for all it is merged with."""
        while (above := self._above.setdefault(alias, alias)) != alias:
            alias = above
        return alias


def _report_split_merged(reader: FieldReader, splits: Sequence[_Group], joined: _Joined) -> None:
    for group in splits:
        seen: dict[str, str] = {}
        for alias in group.aliases:
            other = seen.setdefault(joined.root(alias), alias)
            if other != alias:
                reader.report(
                    group.line, f"{other} and {alias} are split here and merged on line {joined.lines[alias]}: keep one"
                )


def _report_kinds_merged(reader: FieldReader, kinds: Mapping[str, tuple[Kind, int]], joined: _Joined) -> None:
    seen: dict[str, tuple[Kind, int]] = {}
    for alias, (kind, line) in kinds.items():
        known = seen.setdefault(joined.root(alias), (kind, line))
        if known[0] != kind:
            reader.report(
                line, f"alias {alias} is {kind} here, and merged with one that is {known[0]} on line {known[1]}"
            )
