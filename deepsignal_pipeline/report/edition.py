"""Build the edition of a quarter: one self-contained page, its Markdown twin, the facts, every chart and its data."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from deepsignal_pipeline.report.charts.canvas import NARROW, WIDE, Look, drawing
from deepsignal_pipeline.report.context import Context
from deepsignal_pipeline.report.files import csv_bytes, facts_json
from deepsignal_pipeline.report.model import Edition, as_string
from deepsignal_pipeline.report.render import Pictures, render_html, render_markdown
from deepsignal_pipeline.report.sections import write_edition

_MEDIA_TYPES = {
    ".csv": "text/csv",
    ".html": "text/html",
    ".json": "application/json",
    ".md": "text/markdown",
    ".svg": "image/svg+xml",
}


@dataclass(frozen=True, order=True)
class EditionFile:
    """A file of an edition: its path within the edition's folder, and what it is."""

    name: str
    media_type: str


def print_edition(context: Context, folder: Path) -> list[EditionFile]:
    """Write the edition of what was read into a new folder and return its files, sorted. Equal input gives equal bytes."""
    edition = write_edition(context)
    (folder / "charts").mkdir(parents=True)
    written = [*_charts_and_page(edition), ("edition.md", render_markdown(edition).encode())]
    written.append(("facts.json", facts_json(context)))
    for name, data in written:
        (folder / name).write_bytes(data)
    return sorted(EditionFile(name, _MEDIA_TYPES[Path(name).suffix]) for name, _ in written)


def _charts_and_page(edition: Edition) -> Iterator[tuple[str, bytes]]:
    pictures = {}
    with drawing():
        for figure in edition.figures:
            alone = figure.draw(Look(WIDE, as_string(figure.title), figure.subtitle, figure.footer))
            picture = alone.svg()
            pictures[figure.key] = Pictures(alone.without_frame(picture), figure.draw(Look(NARROW)).svg())
            yield f"charts/{figure.key}.svg", picture
            yield f"charts/{figure.key}.csv", csv_bytes(figure.data)
    yield "index.html", render_html(edition, pictures).encode()
