"""The model of an edition: what HTML and Markdown are both rendered from. Nothing here knows a format."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from deepsignal_pipeline.report.charts.canvas import Canvas, Look


@dataclass(frozen=True)
class Run:
    """A stretch of text. With a fact id it is that fact's number, written in the style of that name.

    `name` marks text that others wrote (repository names): every renderer shows it as it is, as data. `word` is a trend
    word, said of the change whose fact id is its value.
    """

    text: str
    fact_id: str = ""
    style: str = ""
    value: str = ""
    kind: Literal["plain", "name", "strong", "mark", "word"] = "plain"


Text = tuple[Run, ...]


def plain(text: str) -> Text:
    """Return text without any number or name in it."""
    return (Run(text),)


def name(text: str) -> Text:
    """Return a name that others gave."""
    return (Run(text, kind="name"),)


def strong(text: str) -> Text:
    """Return emphasised text."""
    return (Run(text, kind="strong"),)


def as_string(text: Text) -> str:
    """Return a text without its markup, for charts and alternative texts."""
    return "".join(run.text for run in text)


@dataclass(frozen=True)
class Cell:
    """A cell of a table: what is read, and what a CSV holds instead (a bare number, or the two ends of an interval).

    `under` is small below the text, or in brackets behind it: the interval of a value.
    """

    text: Text
    raw: str = ""
    is_faint: bool = False
    ends: tuple[str, str] = ("", "")
    under: Text = ()


@dataclass(frozen=True)
class Column:
    """A column of a table. Neighbours of one `group` stand under a common heading.

    Ends of intervals take two columns of a CSV, `key` with _low and _high: `has_ends` if the cells are intervals and nothing
    else, `adds_ends` if they are values, with their intervals under them.
    """

    title: str
    key: str
    group: str = ""
    is_number: bool = True
    has_ends: bool = False
    adds_ends: bool = False


@dataclass(frozen=True)
class Table:
    """A table; the first cell of a row is its heading. `totals` stand below, apart."""

    key: str
    caption: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    totals: tuple[tuple[Cell, ...], ...] = ()
    note: Text = ()
    kind: Literal["table"] = "table"


@dataclass(frozen=True)
class Figure:
    """A chart: its finding, its measure, where it comes from, how it is drawn and the data behind it."""

    key: str
    title: Text
    subtitle: str
    footer: str
    alt: str
    facts: str
    data: Table
    draw: Callable[[Look], Canvas]
    kind: Literal["figure"] = "figure"


@dataclass(frozen=True)
class Paragraph:
    """A paragraph; `role` tells what it is for the reader."""

    text: Text
    role: Literal["body", "lead", "notice", "small"] = "body"
    kind: Literal["paragraph"] = "paragraph"


@dataclass(frozen=True)
class Heading:
    """A heading below the section's own, with a line under it that says the point."""

    key: str
    text: str
    deck: Text = ()
    kind: Literal["heading"] = "heading"


@dataclass(frozen=True)
class Terms:
    """Terms with their meanings."""

    items: tuple[tuple[Text, Text], ...]
    kind: Literal["terms"] = "terms"


@dataclass(frozen=True)
class Bullets:
    """A list."""

    items: tuple[Text, ...]
    kind: Literal["bullets"] = "bullets"


Block = Table | Figure | Paragraph | Heading | Terms | Bullets


@dataclass(frozen=True)
class Section:
    """A section of the edition."""

    key: str
    title: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True)
class Headline:
    """A figure of the masthead."""

    figure: Text
    label: Text


@dataclass(frozen=True)
class Edition:
    """A whole edition."""

    title: str
    quarter: str
    period: str
    headlines: tuple[Headline, ...]
    coverage: tuple[Paragraph, ...]
    sections: tuple[Section, ...]
    colophon: Text

    @property
    def figures(self) -> tuple[Figure, ...]:
        """The charts, in order."""
        return tuple(b for s in self.sections for b in s.blocks if isinstance(b, Figure))
