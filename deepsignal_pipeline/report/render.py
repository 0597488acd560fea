"""HTML and Markdown out of the model of an edition. Both escape by default; nothing is ever marked as safe markup."""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import resources

from jinja2 import Environment, FunctionLoader, StrictUndefined

from deepsignal_pipeline.report.files import csv_bytes
from deepsignal_pipeline.report.model import Cell, Column, Edition, Figure, Run, Table, Text

_MARKDOWN = re.compile(r"[\\`*_{}\[\]()!|~$^:@]|^[#+>-]")
_LINES = re.compile(r"[\r\n]+")
_ENTITY = re.compile(r"&(?=#?\w+;)")
_TAG = re.compile(r"<(?=[A-Za-z/!?])")
_ALIGNED = 40
"""A cell of more characters is not waited for: its row is longer than the others in the raw text."""


@dataclass(frozen=True)
class Pictures:
    """The forms of a chart within the page: for a wide column and for a phone."""

    wide: bytes
    narrow: bytes


class Escaped(str):
    """Text that is already written in Markdown; Jinja leaves it as it is."""

    __slots__ = ()

    def __html__(self) -> str:
        """Tell Jinja that nothing is left to escape."""
        return self


def render_html(edition: Edition, pictures: Mapping[str, Pictures]) -> str:
    """Return the edition as one page that needs nothing else."""
    return _environment().get_template("edition.html.j2").render(edition=edition, pictures=pictures)


def render_markdown(edition: Edition) -> str:
    """Return the edition as Markdown, its charts beside it."""
    text = _environment().get_template("edition.md.j2").render(edition=edition)
    return re.sub(r"\n{3,}", "\n\n", text).strip() + "\n"


def escape_markdown(text: str) -> Escaped:
    """Write a text so that Markdown shows it as it is: no markup, no math, no links, no HTML, one line."""
    text = text.replace("&", "&amp;").replace("<", "&lt;")
    return Escaped(_MARKDOWN.sub(r"\\\g<0>", _LINES.sub(" ", text)))


def markdown_text(text: Text | str) -> Escaped:
    """Return a text in Markdown."""
    if isinstance(text, str):
        return _markdown_prose(text)
    return Escaped("".join(_markdown_run(run) for run in text))


def groups(columns: Sequence[Column]) -> list[tuple[str, int]]:
    """Return the headings over neighbouring columns, with how many columns each spans."""
    spans: list[tuple[str, int]] = []
    for column in columns:
        if spans and spans[-1][0] == column.group:
            spans[-1] = (column.group, spans[-1][1] + 1)
        else:
            spans.append((column.group, 1))
    return spans


def data_uri(data: bytes, media_type: str) -> str:
    """Return bytes as an address that needs no network."""
    return f"data:{media_type};base64,{base64.b64encode(data).decode()}"


def markdown_code(text: str) -> Escaped:
    """Return ids of facts in Markdown, where underscores and brackets of code stand for themselves."""
    return Escaped(f"`{text.replace('`', '')}`")


def markdown_table(table: Table) -> Escaped:
    """Return the rows of a table in Markdown, its columns aligned for those who read it raw.

    Markdown has no headings over several columns: the first column of a group names it, and the others follow.
    """
    groups_before = ["", *(column.group for column in table.columns)]
    heads = [
        f"{column.group}: {column.title}" if column.group not in ("", before) else column.title
        for column, before in zip(table.columns, groups_before, strict=False)
    ]
    rows = [[markdown_text(head) for head in heads]]
    rows += [[_markdown_cell(cell) for cell in row] for row in (*table.rows, *table.totals)]
    sizes = [max(3, *(len(cell) for cell in cells if len(cell) <= _ALIGNED)) for cells in zip(*rows, strict=True)]
    rule = ["-" * (size - 1) + (":" if c.is_number else "-") for c, size in zip(table.columns, sizes, strict=True)]
    lines = [
        [
            cell.rjust(size) if c.is_number else cell.ljust(size)
            for c, cell, size in zip(table.columns, row, sizes, strict=True)
        ]
        for row in rows
    ]
    return Escaped("\n".join(f"| {' | '.join(line)} |" for line in (lines[0], rule, *lines[1:])))


def _markdown_cell(cell: Cell) -> Escaped:
    text = markdown_text(cell.text)
    return Escaped(f"{text} ({markdown_text(cell.under)})") if cell.under else text


def _markdown_run(run: Run) -> str:
    if run.kind == "name":
        return escape_markdown(run.text)
    text = _markdown_prose(run.text)
    # A mark has a frame in HTML, which keeps it from the next
    around = {"strong": "**", "mark": "*"}.get(run.kind, "")
    return f"{around}{text}{around}"


def _markdown_prose(text: str) -> Escaped:
    """Escape our own words less than names: they hold no markup, and stay readable as plain text."""
    text = _TAG.sub("&lt;", _ENTITY.sub("&amp;", text))
    return Escaped(re.sub(r"([\\`*_|$])", r"\\\1", text))


def _csv_uri(figure: Figure) -> str:
    return data_uri(csv_bytes(figure.data), "text/csv")


def _environment() -> Environment:
    def load(name: str) -> str:
        return resources.files(__package__).joinpath("templates", name).read_text(encoding="utf-8")

    environment = Environment(
        loader=FunctionLoader(load), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters |= {
        "md": markdown_text,
        "md_data": escape_markdown,
        "md_code": markdown_code,
        "md_table": markdown_table,
        "csv_uri": _csv_uri,
        "svg_uri": lambda data: data_uri(data, "image/svg+xml"),
        "groups": groups,
    }
    return environment
