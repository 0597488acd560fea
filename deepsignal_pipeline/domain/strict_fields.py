"""Fields of strict YAML: which are known, required, of which form; every problem is kept with its line.

Pure. Rules of the catalogue or the overrides do not belong here, only the forms that they share: a text, a
list of texts, a day, a repository's name. A reader answers None (or nothing) for what it has reported, so one
bad field never hides the next one.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from datetime import date
from typing import NamedTuple

from deepsignal_pipeline.domain.repository_names import read_name
from deepsignal_pipeline.domain.strict_yaml import (
    Fields,
    Items,
    Node,
    Problem,
    Refused,
    Text,
    code_points,
    parse_document,
    quoted,
)

_DAY = re.compile(r"([0-9]{4})-([0-9]{2})(?:-([0-9]{2}))?")
_LONGEST = 1000
_NULLS = frozenset({"~", "null", "Null", "NULL"})


class Located(NamedTuple):
    """A checked text and the line on which it stands."""

    value: str
    line: int


class FieldReader:
    """Reads the fields of one file and collects its problems. `may_be_empty`: whether its list may have no entry."""

    def __init__(self, file: str, *, may_be_empty: bool = True) -> None:
        self.file = file
        self._may_be_empty = may_be_empty
        self.problems: list[Problem] = []

    def report(self, line: int, message: str) -> None:
        """Keep one problem of this file; lines count from 1."""
        self.problems.append(Problem(self.file, line, message))

    def document(self, data: bytes) -> Node | None:
        """Return the file's one YAML document, or None if it cannot be read."""
        return parse_document(data, self.report, may_be_empty=self._may_be_empty)

    def items(self, node: Node | None, what: str) -> Iterator[Node]:
        """Yield the members of a list; `what` names them in the problem when it is no list."""
        if isinstance(node, Items):
            yield from node.children
        else:
            self._report_form(
                node, f"a list of {what}, each after a dash{' ([] for none)' if self._may_be_empty else ''}"
            )

    def fields(self, node: Node, *, required: Sequence[str], optional: Sequence[str] = ()) -> dict[str, Node]:
        """Return the known fields of a mapping; repeated, unknown and missing ones are problems."""
        if not isinstance(node, Fields):
            self._report_form(node, f"fields, beginning with `{required[0]}: ...`")
            return {}
        found: dict[str, Node] = {}
        first_lines: dict[str, int] = {}
        for key, value in node.pairs:
            name = self._field_name(key, first_lines, (*required, *optional))
            if name is not None:
                found[name] = value
        for name in required:
            if name not in first_lines:
                self.report(node.line, f"field {name} is missing: add `{name}: ...`")
        return found

    def _field_name(self, key: Node, first_lines: dict[str, int], known: Sequence[str]) -> str | None:
        if not isinstance(key, Text):
            self._report_form(key, "a field name")
            return None
        name = key.value
        if name in first_lines:
            self.report(key.line, f"field {quoted(name)} is given twice (line {first_lines[name]}): keep one")
            return None
        first_lines[name] = key.line
        if name not in known:
            odd = f" (it holds {code_points(name)})" if not name.isascii() else ""
            self.report(key.line, f"unknown field {quoted(name)}{odd}: allowed are {', '.join(known)}")
            return None
        return name

    def text(self, node: Node | None, field: str) -> Located | None:
        """Return a text that is neither empty nor endless and holds no invisible character; None if absent or reported."""
        if node is None:
            return None
        if not isinstance(node, Text):
            self._report_form(node, f"one text as {field}")
        elif not node.value.strip() or (node.is_plain and node.value in _NULLS):
            self.report(node.line, f"{field} is empty: give a value, or leave an optional field out")
        elif len(node.value) > _LONGEST:
            self.report(node.line, f"{field} has {len(node.value):,} characters: write {_LONGEST:,} at most")
        elif hidden := _invisible(node.value):
            self.report(node.line, f"{field} {quoted(node.value)} holds what nobody sees: remove {hidden}")
        else:
            return Located(node.value, node.line)
        return None

    def texts(self, node: Node | None, field: str) -> list[Located]:
        """Return a list of texts; an absent field is an empty list."""
        if node is None:
            return []
        read = [self.text(item, field) for item in self.items(node, field)]
        return [text for text in read if text is not None]

    def choice(self, node: Node | None, field: str, allowed: Sequence[str]) -> str | None:
        """Return one of the allowed words."""
        text = self.text(node, field)
        if text is not None and text.value not in allowed:
            self.report(text.line, f"unknown {field} {quoted(text.value)}: allowed are {', '.join(allowed)}")
            return None
        return text.value if text else None

    def repository(self, text: Located | None, field: str) -> Located | None:
        """Return a repository in its canonical form owner/name, even where a problem says to write it so."""
        if text is None:
            return None
        name, problem = read_name(text.value)
        if problem:
            self.report(text.line, f"{field} {quoted(text.value)} {problem}")
        return Located(name, text.line) if name else None

    def day(self, node: Node | None, field: str, *, or_month: bool) -> date | None:
        """Return a day written YYYY-MM-DD or, where a month will do, the first day of one written YYYY-MM."""
        text = self.text(node, field)
        if text is None:
            return None
        match = _DAY.fullmatch(text.value)
        try:
            if match and (match[3] or or_month):
                return date(int(match[1]), int(match[2]), int(match[3] or 1))
        except ValueError:
            pass  # the same words for a day that no calendar has
        forms = "YYYY-MM-DD or YYYY-MM" if or_month else "YYYY-MM-DD"
        self.report(text.line, f"{field} {quoted(text.value)} is no date: write {forms}")
        return None

    def _report_form(self, node: Node | None, expected: str) -> None:
        if node is not None and not isinstance(node, Refused):
            self.report(node.line, f"expected {expected}; found {_describe(node)}")


def _invisible(text: str) -> str:
    """Name control and format characters (zero-width, right-to-left); escapes in quotes bring them too."""
    hidden = [letter for letter in text if unicodedata.category(letter) in ("Cc", "Cf")]
    return ", ".join(f"U+{ord(letter):04X} {unicodedata.name(letter, '')}".strip() for letter in hidden)


def _describe(node: Node) -> str:
    if isinstance(node, Text):
        return f"the text {quoted(node.value)}" if node.value else "nothing"
    return "a list" if isinstance(node, Items) else "fields"
