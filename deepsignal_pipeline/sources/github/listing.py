"""The commits of one repository and quarter by the list of GitHub's REST interface, checked against an independent count.

The list is pinned to the tip, asked one second wider on each side (whether its bounds are inclusive is nowhere told), and
filtered here: committer date in UTC, from the quarter's first instant to just before the next one's.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

from deepsignal_pipeline.domain.quarters import Quarter
from deepsignal_pipeline.sources.github.client import Client, Reply
from deepsignal_pipeline.sources.github.clock import as_instant
from deepsignal_pipeline.sources.github.errors import IncompleteError, MalformedError
from deepsignal_pipeline.sources.github.pages import Origin, Page, Pages
from deepsignal_pipeline.sources.github.rows import Commit, latest_date, read_commit
from deepsignal_pipeline.sources.pieces import Quarantined

PER_PAGE = 100
_SECOND = timedelta(seconds=1)
_NEXT = re.compile(r'<([^<>]+)>\s*;[^,]*\brel="?next"?')


@dataclass(frozen=True)
class Target:
    """A repository at a pinned tip: the name it is kept under, its present one, GitHub's number, where to start from."""

    repository: str
    name: str
    github_id: int
    tip: str


@dataclass(frozen=True)
class Listing:
    """What the pages of a quarter hold: commits, rows kept apart, and how many rows were refused and why.

    `outside`: rows whose date lies outside what was asked for; `twice`: rows that had come before; `total`: commits that
    GitHub counts in the window asked for. `origins`: where each page came from.
    """

    commits: list[Commit]
    apart: list[Quarantined]
    outside: int
    twice: int
    total: int
    origins: list[Origin]


def since(quarter: Quarter) -> str:
    """Return the instant from which a quarter is asked for."""
    return f"{quarter.start - _SECOND:%Y-%m-%dT%H:%M:%SZ}"


def until(quarter: Quarter) -> str:
    """Return the instant up to which a quarter is asked for."""
    return f"{quarter.end + _SECOND:%Y-%m-%dT%H:%M:%SZ}"


def pages_of(total: int) -> int:
    """Return how many requests the list of so many commits takes; none if there are none."""
    return math.ceil(total / PER_PAGE)


def list_quarter(client: Client, target: Target, quarter: Quarter, total: int, folder: Path) -> Listing:
    """Return a quarter's commits; pages that `folder` holds are not asked for again.

    `total` is what GitHub counts in the same window from the same tip. Raises IncompleteError if the list gave another
    number, and the GitHubError of whatever stood in the way.
    """
    pages = Pages(folder / "pages", f"{quarter.label}-{target.tip}")
    try:
        listed = list(_read_pages(client, target, quarter, total, pages)) if total else []
        listing = _assemble(target, quarter, total, listed)
        _refuse_incomplete(target, quarter, listing)
    except IncompleteError:
        # What these pages say is wrong somewhere: the next visit must not build on them
        pages.remove()
        raise
    return listing


def _read_pages(client: Client, target: Target, quarter: Quarter, total: int, pages: Pages) -> Iterator[Page]:
    held = pages.held()
    yield from held
    seen = {page.origin.path for page in held}
    following = held[-1].following if held else f"/repos/{target.name}/commits"
    number = len(held)
    while following is not None:
        # One page more than the count needs may hold what the count does not know; more is another list than asked for
        if following in seen or number > pages_of(total):
            raise IncompleteError(f"{target.name} {quarter}: the list does not end after {number} pages; run again")
        seen.add(following)
        number += 1
        page = _ask(client, target, quarter, following, is_first=number == 1)
        pages.keep(number, page)
        yield page
        following = page.following


def _ask(client: Client, target: Target, quarter: Quarter, path: str, is_first: bool) -> Page:
    parameters: dict[str, str | int] = {
        "sha": target.tip,
        "since": since(quarter),
        "until": until(quarter),
        "per_page": PER_PAGE,
    }
    reply = client.get(path, parameters if is_first else None, repository_id=target.github_id)
    if not isinstance(reply.data, list):
        raise MalformedError(f"{path}: the answer is no list of commits")
    following = _following(reply, client.base_url, target)
    if following is not None and not reply.data:
        raise IncompleteError(f"{target.name} {quarter}: an empty page says that another one follows; run again")
    origin = Origin(
        path,
        reply.headers.get("x-github-request-id"),
        reply.headers.get("x-github-api-version-selected"),
        target.tip,
        reply.answered_at,
    )
    return Page(reply.data, following, origin)


def _following(reply: Reply, base_url: str, target: Target) -> str | None:
    """Return path and parameters of the next page; it must be the same list of the same repository on the same host."""
    match = _NEXT.search(reply.headers.get("link", ""))
    if match is None:
        return None
    here, there = urlsplit(base_url), urlsplit(match[1])
    path = there.path.removeprefix(here.path.rstrip("/"))
    own = (f"/repos/{target.name}/commits".lower(), f"/repositories/{target.github_id}/commits")
    if (there.scheme, there.netloc) != (here.scheme, here.netloc) or path.lower() not in own:
        raise MalformedError(f"{reply.path}: its next page is another list ({there.hostname}{path[:80]})")
    return f"{path}?{there.query}"


def _assemble(target: Target, quarter: Quarter, total: int, pages: list[Page]) -> Listing:
    found: dict[str, Commit] = {}
    apart: dict[str, Quarantined] = {}
    outside = twice = 0
    for page in pages:
        latest = latest_date(as_instant(page.origin.answered_at))
        for raw in page.rows:
            commit = read_commit(target.repository, raw, latest)
            if isinstance(commit, Quarantined):
                apart[commit.sha or commit.raw] = commit
            elif commit.sha in found:
                twice += 1
            elif _is_asked_for(quarter, commit.committed_at):
                found[commit.sha] = commit
            else:
                outside += 1
    return Listing(list(found.values()), list(apart.values()), outside, twice, total, [page.origin for page in pages])


def _is_asked_for(quarter: Quarter, at: datetime) -> bool:
    return quarter.start - _SECOND <= at <= quarter.end + _SECOND


def _refuse_incomplete(target: Target, quarter: Quarter, listing: Listing) -> None:
    """Compare with the independent count. Whether either counts the bounds themselves is not told, so both are right."""
    edges = (quarter.start - _SECOND, quarter.end + _SECOND)
    most = len(listing.commits) + len(listing.apart)
    least = most - sum(commit.committed_at in edges for commit in listing.commits)
    if not least <= listing.total <= most:
        raise IncompleteError(
            f"{target.name} {quarter}: {most} commits were listed, but GitHub counts {listing.total} "
            f"({listing.outside} outside the quarter, {listing.twice} twice); run again"
        )


def within(quarter: Quarter, listing: Listing) -> list[Commit]:
    """Return the commits of a listing that belong to the quarter."""
    return [commit for commit in listing.commits if quarter.start <= commit.committed_at < quarter.end]
