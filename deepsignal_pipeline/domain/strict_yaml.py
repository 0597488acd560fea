"""YAML that people write, read strictly: bytes in; out come texts with their lines, and problems.

Pure: no file is opened here. What a field means does not belong here (strict_fields reads fields). The tree
is built from the parser's events and never by its constructors, so no text turns into a date, a number or a
boolean, no tag makes an object, and a repeated key stays visible.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import yaml

Report = Callable[[int, str], None]
"""Takes one problem: its line, counted from 1, and what is wrong with what to do."""

# libyaml's parser is about ten times faster; a PyYAML built without it still reads everything.
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
# What people write here nests three deep; a limit keeps a hostile file from nesting a million.
_MAX_DEPTH = 8
# Tabs and control characters, and the line breaks that YAML counts and editors do not.
_REFUSED = re.compile("[\x00-\x09\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ufffe\uffff]")
_LINE_BREAK = re.compile("\r\n|\r|\n")


@dataclass(frozen=True, order=True, slots=True)
class Problem:
    """One thing wrong in one file: its name, the line counted from 1, what is wrong and what to do."""

    file: str
    line: int
    message: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.message}"


class ProblemsError(ValueError):
    """All problems of a set of files at once, ordered by file and line; its text is one line a problem."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems: tuple[Problem, ...] = tuple(sorted(set(problems)))
        # Exactly the constructor's argument, so that the error survives pickling between processes.
        super().__init__(self.problems)

    def __str__(self) -> str:
        return "\n".join(str(problem) for problem in self.problems)


@dataclass(frozen=True, slots=True)
class Text:
    """A scalar, exactly as written; plain means without quotes."""

    line: int
    value: str
    is_plain: bool


@dataclass(frozen=True, slots=True)
class Items:
    """A YAML list."""

    line: int
    children: list[Node]


@dataclass(frozen=True, slots=True)
class Fields:
    """A YAML mapping; children are key, value, key, value, so that a repeated key is still seen."""

    line: int
    children: list[Node]

    @property
    def pairs(self) -> Iterable[tuple[Node, Node]]:
        """Every key with its value, in the order written."""
        return zip(self.children[::2], self.children[1::2], strict=True)


@dataclass(frozen=True, slots=True)
class Refused:
    """Where an alias stood. Its problem is reported already, so readers pass over it in silence."""

    line: int


Node = Text | Items | Fields | Refused


def quoted(text: str) -> str:
    """Return a text as a message may show it: in quotes, ASCII with escapes, cut off after 80 characters."""
    return ascii(text if len(text) <= 80 else text[:79] + "...")


def code_points(text: str) -> str:
    """Return the characters of a text that are not ASCII as "U+0430 CYRILLIC SMALL LETTER A", each once."""
    odd = dict.fromkeys(letter for letter in text if not letter.isascii())
    return ", ".join(f"U+{ord(letter):04X} {unicodedata.name(letter, 'without a name')}" for letter in odd)


def parse_document(data: bytes, report: Report, *, may_be_empty: bool = True) -> Node | None:
    """Return the one document of a YAML file, None if it cannot be read at all; problems go to report.

    UTF-8 with or without a byte order mark and any line ending are taken. Refused are other encodings, tabs
    and control characters, tags, anchors, aliases, a second document, an empty file and deep nesting. `may_be_empty`:
    whether a list without entries would do instead of an empty file.
    """
    text = _decode(data, report)
    if text is None or not _has_clean_characters(text, report):
        return None
    try:
        return _build_tree(text, report, may_be_empty=may_be_empty)
    except yaml.MarkedYAMLError as error:
        report(*_explain(error))
    except yaml.YAMLError as error:
        report(1, f"not YAML: {' '.join(str(error).split())}")
    return None


def _explain(error: yaml.MarkedYAMLError) -> tuple[int, str]:
    begun = error.context_mark
    mark = error.problem_mark or begun
    # A bracket left open is noticed only where the next entry begins; people look for where it was opened.
    context = f" {error.context} that begins on line {begun.line + 1}" if error.context and begun else ""
    message = f"not YAML: {error.problem}{context}; mind indentation, colons, quotes and brackets"
    return (mark.line + 1 if mark else 1), message


def _decode(data: bytes, report: Report) -> str | None:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = len(_LINE_BREAK.split(data[: error.start].decode("latin-1")))
        report(line, f"byte 0x{data[error.start]:02x} is not UTF-8: save the file as UTF-8")
        return None


def _has_clean_characters(text: str, report: Report) -> bool:
    is_clean = True
    if _REFUSED.search(text):
        for line, content in enumerate(_LINE_BREAK.split(text), start=1):
            for character in sorted(set(_REFUSED.findall(content))):
                is_clean = False
                what = "tab" if character == "\t" else f"control character U+{ord(character):04X}"
                report(line, f"{what}: write spaces in its place")
    return is_clean


def _build_tree(text: str, report: Report, *, may_be_empty: bool) -> Node | None:
    tree = _Tree(report)
    for event in yaml.parse(text, Loader=_LOADER):
        tree.add(event)
        if tree.depth > _MAX_DEPTH:
            report(_line(event), f"nested more than {_MAX_DEPTH} deep: keep to the form of its neighbours")
            return None
    if not tree.documents:
        instead = ", or write [] for an empty list" if may_be_empty else ""
        report(1, f"the file is empty: copy the form of its neighbours{instead}")
        return None
    return tree.documents[0]


class _Tree:
    """Nodes out of parser events. A stack instead of recursion, so depth is bounded by our limit alone."""

    def __init__(self, report: Report) -> None:
        self.documents: list[Node] = []
        self._open: list[list[Node]] = []
        self._report = report

    @property
    def depth(self) -> int:
        return len(self._open)

    def add(self, event: yaml.Event) -> None:
        if isinstance(event, yaml.NodeEvent):
            self._refuse_features(event)
            self._add_node(event)
        elif isinstance(event, yaml.CollectionEndEvent):
            self._open.pop()
        elif isinstance(event, yaml.DocumentStartEvent) and self.documents:
            self._report(_line(event), "a second document begins: keep one, remove the ---")

    def _refuse_features(self, event: yaml.NodeEvent) -> None:
        line = _line(event)
        if isinstance(event, yaml.AliasEvent):
            self._report(line, f"alias *{quoted(str(event.anchor))[1:-1]}: write the value out")
            return
        if event.anchor is not None:
            self._report(line, f"anchor &{quoted(str(event.anchor))[1:-1]}: remove it")
        if getattr(event, "tag", None) is not None:
            self._report(line, f"tag {_tag_as_written(event)}: remove it, every value is plain text")

    def _add_node(self, event: yaml.NodeEvent) -> None:
        line = _line(event)
        siblings = self._open[-1] if self._open else self.documents
        if isinstance(event, yaml.ScalarEvent):
            siblings.append(Text(line, event.value, event.style is None or event.style == ""))
        elif isinstance(event, yaml.AliasEvent):
            siblings.append(Refused(line))
        else:
            children: list[Node] = []
            kind = Items if isinstance(event, yaml.SequenceStartEvent) else Fields
            siblings.append(kind(line, children))
            self._open.append(children)


def _line(event: yaml.Event) -> int:
    return event.start_mark.line + 1 if event.start_mark else 1


def _tag_as_written(event: yaml.NodeEvent) -> str:
    tag = str(getattr(event, "tag", ""))
    return quoted(tag.replace("tag:yaml.org,2002:", "!!"))[1:-1]
