"""Pages of a listing on disk, so that a visit that was killed asks for no page twice. What a page means is told elsewhere.

    <folder of the repository>/pages/<what>.<number>.json    a page: its rows as they came, the next address, where from

A page is written whole or not at all. They are removed when the commits they hold stand in a piece.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from deepsignal_pipeline.lake import remove, removed_on_error, replace_file, temporary


@dataclass(frozen=True)
class Origin:
    """Where a page came from: the question, what GitHub calls the answer, the tip it was pinned to, when (since 1970)."""

    path: str
    request_id: str | None
    api_version: str | None
    tip: str
    answered_at: float


@dataclass(frozen=True)
class Page:
    """Rows as GitHub gave them, the address of the next page (None: it was the last), and where they came from."""

    rows: list[Any]
    following: str | None
    origin: Origin


@dataclass(frozen=True)
class Pages:
    """The pages of one listing. `what` names it: the window and the tip, so another tip never continues it."""

    folder: Path
    what: str

    def held(self) -> list[Page]:
        """Return the pages from the first on, up to the first one that is missing or damaged."""
        pages: list[Page] = []
        while (page := self._read(len(pages) + 1)) is not None:
            pages.append(page)
        return pages

    def keep(self, number: int, page: Page) -> None:
        """Write a page; after this it is never asked for again. Numbers count from 1."""
        target = self._file(number)
        written = temporary(target)
        with removed_on_error(written):
            written.write_text(json.dumps(asdict(page)), encoding="utf-8")
            replace_file(written, target)

    def remove(self) -> None:
        """Remove the pages of this listing."""
        for path in self.folder.glob(f"{self.what}.*.json"):
            remove(path)

    def _file(self, number: int) -> Path:
        return self.folder / f"{self.what}.{number:05d}.json"

    def _read(self, number: int) -> Page | None:
        try:
            values = json.loads(self._file(number).read_text(encoding="utf-8"))
            return Page(values["rows"], values["following"], Origin(**values["origin"]))
        except (OSError, ValueError, KeyError, TypeError):
            return None
