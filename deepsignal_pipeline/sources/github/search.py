"""All repositories that a search matches, beyond the 1,000 that GitHub gives a question: cut by date, then by stars.

What could not be seen is told and never passed over: GitHub may give up on a question and say so (`incomplete_results`).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any

from deepsignal_pipeline.sources.github.client import Client
from deepsignal_pipeline.sources.github.errors import MalformedError

_MOST = 1_000
_PER_PAGE = 100
_TRIES = 2
_MOST_STARS = 1_000_000


@dataclass(frozen=True)
class Slice:
    """A part of a search: repositories created from one day to another, with so many stars, all bounds included."""

    words: str
    first: date
    last: date
    least: int
    most: int = _MOST_STARS

    @property
    def query(self) -> str:
        """The question as GitHub reads it."""
        return f"{self.words} created:{self.first}..{self.last} stars:{self.least}..{self.most}"

    def halves(self) -> tuple[Slice, ...]:
        """Return two parts of it: by date, by stars if it is a single day; none if it is a single number of stars."""
        if self.first < self.last:
            middle = self.first + (self.last - self.first) // 2
            return replace(self, last=middle), replace(self, first=middle + timedelta(days=1))
        if self.least < self.most:
            # Most repositories have few stars: the middle of a logarithmic scale
            middle_stars = max(self.least, int(((self.least + 1) * (self.most + 1)) ** 0.5) - 1)
            middle_stars = min(middle_stars, self.most - 1)
            return replace(self, most=middle_stars), replace(self, least=middle_stars + 1)
        return ()


@dataclass
class Found:
    """Repositories by GitHub's number, as GitHub gave them, and what could not be seen, a line each."""

    items: dict[int, dict[str, Any]] = field(default_factory=dict)
    unseen: list[str] = field(default_factory=list)


def search(client: Client, whole: Slice) -> Found:
    """Return all that a search matches; raise the GitHubError of what stands in the way."""
    found = Found()
    waiting = [whole]
    while waiting:
        part = waiting.pop()
        first, is_complete = _ask(client, part, 1)
        total = first["total_count"]
        halves = part.halves()
        if total >= _MOST and halves:
            waiting += halves
            continue
        if total >= _MOST:
            found.unseen.append(f"{part.query}: {total - _MOST:,} more than GitHub shows")
        pages = list(_pages(client, part, total, (first, is_complete)))
        found.items |= {item["id"]: item for answer, _ in pages for item in answer["items"]}
        if not all(complete for _, complete in pages):
            found.unseen.append(f"{part.query}: GitHub gave up before it had looked everywhere")
    return found


def _pages(
    client: Client, part: Slice, total: int, first: tuple[dict[str, Any], bool]
) -> Iterator[tuple[dict[str, Any], bool]]:
    yield first
    for number in range(2, -(-min(total, _MOST) // _PER_PAGE) + 1):
        yield _ask(client, part, number)


def _ask(client: Client, part: Slice, page: int) -> tuple[dict[str, Any], bool]:
    """Return a page and whether GitHub looked everywhere; a search that it gave up is asked once more."""
    parameters: dict[str, str | int] = {"q": part.query, "per_page": _PER_PAGE, "page": page, "sort": "updated"}
    for _ in range(_TRIES):
        data = client.get("/search/repositories", parameters, resource="search").data
        if not _is_page(data):
            raise MalformedError(f"/search/repositories: {part.query}: the answer has another form; run again")
        if not data.get("incomplete_results"):
            return data, True
    return data, False


def _is_page(data: Any) -> bool:
    if (
        not isinstance(data, dict)
        or not isinstance(data.get("total_count"), int)
        or not isinstance(data.get("items"), list)
    ):
        return False
    return all(isinstance(item, dict) and isinstance(item.get("id"), int) for item in data["items"])
