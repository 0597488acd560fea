"""What GitHub's lists do not tell of a quarter's commits: offsets of dates, and the accounts of co-authors, by GraphQL.

One point for each 100 commits, of a budget of their own, so it is read only where it is asked for. It is a second list of the
same commits from the same tip: a commit of the first that the second does not know makes the quarter incomplete.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from deepsignal_pipeline.domain.quarters import Quarter
from deepsignal_pipeline.sources.github.client import Client, Reply
from deepsignal_pipeline.sources.github.errors import IncompleteError, MalformedError, TooHeavyError
from deepsignal_pipeline.sources.github.listing import Target, pages_of, since, until
from deepsignal_pipeline.sources.github.pages import Origin, Page, Pages
from deepsignal_pipeline.sources.github.rows import Account, Commit

_SIZES = (100, 40, 10)
_QUESTION = """
query($owner: String!, $name: String!, $tip: GitObjectID!, $since: GitTimestamp!, $until: GitTimestamp!,
      $first: Int!, $after: String) {
  repository(owner: $owner, name: $name) { object(oid: $tip) { ... on Commit {
    history(first: $first, since: $since, until: $until, after: $after) {
      pageInfo { hasNextPage endCursor }
      nodes { oid author { date } committer { date } authors(first: 10) { nodes { email user { databaseId login } } } }
    }
  } } }
}
"""


@dataclass(frozen=True)
class Told:
    """Of a commit: offsets from UTC in minutes, None where unknown, and the accounts of author and co-authors."""

    author_tz: int | None
    committer_tz: int | None
    accounts: tuple[Account, ...]

    def add_to(self, commit: Commit) -> Commit:
        """Return the commit with the offsets."""
        return replace(commit, row={**commit.row, "author_tz": self.author_tz, "committer_tz": self.committer_tz})


def read_people(
    client: Client, target: Target, quarter: Quarter, commits: Sequence[Commit], folder: Path
) -> dict[str, Told]:
    """Return what is told of each commit of a quarter, by id; pages that `folder` holds are not asked for again.

    Raises IncompleteError if one of `commits` is not among them, and the GitHubError of whatever stood in the way.
    """
    if not commits:
        return {}
    pages = Pages.of(folder, f"{quarter.label}-{target.tip}-people")
    try:
        told = {
            str(node["oid"]): _told(node)
            for page in _read_pages(client, target, quarter, len(commits), pages)
            for node in page.rows
        }
        _refuse_missing(target, quarter, commits, told)
    except IncompleteError:
        # What these pages say is wrong somewhere: the next visit must not build on them
        pages.remove()
        raise
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        pages.remove()
        raise MalformedError(
            f"{target.name} {quarter}: GraphQL's history lacks or misspells {error}; run again"
        ) from None
    return told


def _refuse_missing(target: Target, quarter: Quarter, commits: Sequence[Commit], told: Mapping[str, Told]) -> None:
    missing = sum(commit.sha not in told for commit in commits)
    if missing:
        raise IncompleteError(f"{target.name} {quarter}: {missing} commits of the list are not in GraphQL's; run again")


def _read_pages(client: Client, target: Target, quarter: Quarter, commits: int, pages: Pages) -> Iterator[Page]:
    held = pages.held()
    yield from held
    following = held[-1].following if held else ""
    number = len(held)
    # The smallest pages that are ever asked for, and as many again
    most = 2 * (pages_of(commits) + 1) * _SIZES[0] // _SIZES[-1]
    while following is not None:
        if number >= most:
            raise IncompleteError(
                f"{target.name} {quarter}: GraphQL's list does not end after {number} pages; run again"
            )
        number += 1
        page = _ask(client, target, quarter, following)
        pages.keep(number, page)
        yield page
        following = page.following


def _ask(client: Client, target: Target, quarter: Quarter, cursor: str) -> Page:
    """Ask for a page; a smaller one where GitHub gives up on a larger one."""
    owner, _, name = target.name.partition("/")
    asked = {"owner": owner, "name": name, "tip": target.tip, "after": cursor or None}
    window = {"since": since(quarter), "until": until(quarter)}
    for size in _SIZES:
        try:
            reply = client.graphql(_QUESTION, {**asked, **window, "first": size})
            return _page(reply, target, cursor)
        except TooHeavyError as error:
            given_up = error
    raise given_up


def _page(reply: Reply, target: Target, cursor: str) -> Page:
    history = reply.data["data"]["repository"]["object"]["history"]
    info = history["pageInfo"]
    following = str(info["endCursor"]) if info["hasNextPage"] else None
    if following == cursor:
        raise ValueError("its next page")
    request_id = reply.headers.get("x-github-request-id")
    return Page(history["nodes"], following, Origin("/graphql", request_id, None, target.tip, reply.answered_at))


def _told(node: Mapping[str, Any]) -> Told:
    people = [person for person in node["authors"]["nodes"] if person and person.get("user")]
    accounts = [
        Account(int(person["user"]["databaseId"]), str(person["user"]["login"]), "User", str(person["email"] or ""))
        for person in people
    ]
    return Told(_offset(node.get("author")), _offset(node.get("committer")), tuple(accounts))


def _offset(actor: Mapping[str, Any] | None) -> int | None:
    """Return the offset of a date in minutes; GraphQL does not turn dates into UTC."""
    date = (actor or {}).get("date")
    offset = datetime.fromisoformat(str(date)).utcoffset() if date else None
    return offset // timedelta(minutes=1) if offset is not None else None
