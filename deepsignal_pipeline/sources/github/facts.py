"""What GitHub says of many repositories at once, by GraphQL: ids, tips, counts of quarters, stars, topics.

One question asks for some fifty repositories and costs one point of 5,000 an hour. A question that is too heavy for
GitHub is asked again in halves. What GraphQL gives null is asked for by REST, whose status says why.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from deepsignal_pipeline.domain.quarters import Quarter
from deepsignal_pipeline.sources.github.client import Client
from deepsignal_pipeline.sources.github.clock import as_instant
from deepsignal_pipeline.sources.github.errors import (
    BudgetError,
    GitHubError,
    MalformedError,
    TooHeavyError,
    TransientError,
    UnauthorisedError,
)
from deepsignal_pipeline.sources.github.listing import since, until

_A_QUESTION = 48
_COUNTS_A_QUESTION = 96  # counting walks the history, and a question has ten seconds
_SHA = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")
_STOPS = (BudgetError, UnauthorisedError)

_FIELDS = """
  databaseId nameWithOwner stargazerCount forkCount isArchived createdAt pushedAt
  primaryLanguage { name } licenseInfo { spdxId }
  repositoryTopics(first: 20) { nodes { topic { name } } }
"""


@dataclass(frozen=True)
class Wanted:
    """A repository to ask about, and the quarters whose commits are to be counted."""

    name: str
    quarters: tuple[Quarter, ...]


@dataclass(frozen=True)
class Facts:
    """A repository as GitHub told it at one instant. `tip` None: it holds no commit.

    `totals`: commits reachable from the tip by label of quarter, in the window that `listing` asks for. Dates are UTC; None
    where GitHub knows none.
    """

    github_id: int
    name: str
    branch: str | None
    tip: str | None
    totals: Mapping[str, int]
    stars: int | None
    forks: int | None
    topics: tuple[str, ...]
    language: str | None
    licence: str | None
    is_archived: bool | None
    created_at: datetime | None
    pushed_at: datetime | None
    fetched_at: datetime


def read_facts(client: Client, wanted: Sequence[Wanted]) -> Iterator[tuple[str, Facts | GitHubError]]:
    """Give for each repository its facts, or the error that says why there are none; in batches, in their order.

    Raises only what stops everything: BudgetError, UnauthorisedError.
    """
    for batch in batches(wanted):
        yield from _read_batch(client, batch)


def batches(wanted: Sequence[Wanted]) -> Iterator[list[Wanted]]:
    """Cut repositories into what one question may ask for."""
    batch: list[Wanted] = []
    counts = 0
    for entry in wanted:
        if batch and (len(batch) >= _A_QUESTION or counts + len(entry.quarters) > _COUNTS_A_QUESTION):
            yield batch
            batch, counts = [], 0
        batch.append(entry)
        counts += len(entry.quarters)
    if batch:
        yield batch


def _read_batch(client: Client, batch: list[Wanted]) -> Iterator[tuple[str, Facts | GitHubError]]:
    try:
        reply = client.graphql(_question(batch), _variables(batch))
    except (TooHeavyError, TransientError, MalformedError) as error:
        if len(batch) == 1:
            yield batch[0].name, error
            return
        half = len(batch) // 2
        yield from _read_batch(client, batch[:half])
        yield from _read_batch(client, batch[half:])
        return
    except _STOPS:
        raise
    except GitHubError as error:
        yield from ((entry.name, error) for entry in batch)
        return
    for number, entry in enumerate(batch):
        yield entry.name, _one(client, entry, reply.data["data"].get(f"r{number}"), as_instant(reply.answered_at))


def _one(client: Client, entry: Wanted, raw: object, at: datetime) -> Facts | GitHubError:
    if raw is None:
        return _why_not(client, entry)
    try:
        return _facts(entry, raw, at)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        return MalformedError(f"{entry.name}: GraphQL's answer lacks or misspells {error}; run again")


def _why_not(client: Client, entry: Wanted) -> GitHubError:
    """Ask by REST for a repository that GraphQL does not give: its status tells gone from blocked."""
    try:
        client.get(f"/repos/{entry.name}")
    except _STOPS:
        raise
    except GitHubError as error:
        return error
    return TransientError(f"{entry.name}: GraphQL gives nothing although REST knows it; run again")


def _facts(entry: Wanted, raw: Any, at: datetime) -> Facts:
    branch, tip, totals = _tip(entry, raw["defaultBranchRef"])
    return Facts(
        github_id=_whole(raw["databaseId"]),
        name=str(raw["nameWithOwner"]),
        branch=branch,
        tip=tip,
        totals=totals,
        stars=raw.get("stargazerCount"),
        forks=raw.get("forkCount"),
        topics=_topics(raw.get("repositoryTopics")),
        language=(raw.get("primaryLanguage") or {}).get("name"),
        licence=(raw.get("licenseInfo") or {}).get("spdxId"),
        is_archived=raw.get("isArchived"),
        created_at=_instant(raw.get("createdAt")),
        pushed_at=_instant(raw.get("pushedAt")),
        fetched_at=at,
    )


def _tip(entry: Wanted, ref: Any) -> tuple[str | None, str | None, dict[str, int]]:
    """Return branch, tip and counts. No branch: an empty repository, with zero commits in every quarter."""
    if ref is None:
        return None, None, {quarter.label: 0 for quarter in entry.quarters}
    target = ref["target"]
    tip = str(target["oid"])
    if not _SHA.fullmatch(tip):
        raise ValueError("oid")
    totals = {q.label: _whole(target[_alias(q)]["totalCount"]) for q in entry.quarters}
    return str(ref["name"]), tip, totals


def _topics(raw: Any) -> tuple[str, ...]:
    nodes = (raw or {}).get("nodes") or []
    return tuple(sorted(str(node["topic"]["name"]) for node in nodes if node))


def _whole(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise ValueError(f"a number ({value!r:.40})")
    return value


def _instant(value: object) -> datetime | None:
    return datetime.fromisoformat(str(value)).astimezone(UTC) if value else None


def _alias(quarter: Quarter) -> str:
    return f"q{quarter.year}_{quarter.number}"


def _question(batch: Sequence[Wanted]) -> str:
    """Write the question. Names go as variables; the only text put into it is made of quarters and numbers."""
    declared = ", ".join(f"$o{n}: String!, $n{n}: String!" for n in range(len(batch)))
    parts = [
        f"r{n}: repository(owner: $o{n}, name: $n{n}) {{ {_FIELDS} defaultBranchRef {{ name target {{ oid {_counts(e)} }} }} }}"
        for n, e in enumerate(batch)
    ]
    return f"query({declared}) {{ {' '.join(parts)} }}"


def _counts(entry: Wanted) -> str:
    counts = [
        f'{_alias(q)}: history(since: "{since(q)}", until: "{until(q)}") {{ totalCount }}' for q in entry.quarters
    ]
    return f"... on Commit {{ {' '.join(counts)} }}" if counts else ""


def _variables(batch: Sequence[Wanted]) -> dict[str, str]:
    variables = {}
    for number, entry in enumerate(batch):
        variables[f"o{number}"], _, variables[f"n{number}"] = entry.name.partition("/")
    return variables
