"""Which repositories may belong to a category: topics that tell it from the others, scores, the patch that people review.

Pure. Nothing here adds a repository to the catalogue: what is found is written for people to read and to choose from.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from deepsignal_pipeline.domain.repository_names import read_name

_SIMILARITY, _ACTIVITY, _STARS = 0.6, 0.3, 0.1
_MANY_COMMITS, _MANY_STARS = 1_000, 50_000


@dataclass(frozen=True)
class Candidate:
    """A repository that is not in the catalogue. `commits`: in the last quarter, None if they could not be counted."""

    repository: str
    topics: tuple[str, ...]
    stars: int
    created: str
    commits: int | None = None


@dataclass(frozen=True)
class Scored:
    """A candidate with its score, 0 to 1, and the topics that it shares with the category."""

    candidate: Candidate
    score: float
    shared: tuple[str, ...]


def topic_weights(topics: Mapping[str, Sequence[Sequence[str]]], category: str) -> dict[str, float]:
    """Return how much each topic tells a category from the others, 0 where it tells nothing.

    `topics`: for each category, the topics of each of its repositories. A topic weighs the share of the category's
    repositories that carry it, times the logarithm of how rare it is among categories. One that a single repository of
    the category carries may be chance and weighs nothing.
    """
    own = Counter(topic for repository in topics[category] for topic in set(repository))
    holders = Counter(topic for repositories in topics.values() for topic in {t for r in repositories for t in r})
    described = sum(1 for repository in topics[category] if repository) or 1
    weights = {
        topic: count / described * math.log(1 + len(topics) / holders[topic])
        for topic, count in own.items()
        if count > 1
    }
    return dict(sorted(weights.items(), key=lambda item: (-item[1], item[0])))


def similarity(topics: Sequence[str], weights: Mapping[str, float]) -> float:
    """Return the cosine between a repository's topics and a category's weights: 0 nothing in common, 1 the same."""
    own = set(topics)
    length = math.sqrt(sum(weight * weight for weight in weights.values())) * math.sqrt(len(own))
    return sum(weights.get(topic, 0.0) for topic in own) / length if length else 0.0


def score(candidate: Candidate, weights: Mapping[str, float]) -> Scored:
    """Return a candidate's score: six parts similarity, three commits of the last quarter, one stars (logarithms)."""
    activity = _share(candidate.commits or 0, _MANY_COMMITS)
    total = _SIMILARITY * similarity(candidate.topics, weights) + _ACTIVITY * activity
    total += _STARS * _share(candidate.stars, _MANY_STARS)
    shared = tuple(topic for topic in weights if topic in set(candidate.topics))
    return Scored(candidate, total, shared)


def _share(value: int, many: int) -> float:
    return min(1.0, math.log1p(max(0, value)) / math.log1p(many))


def patch(category: str, quarter: str, scored: Sequence[Scored], remarks: Sequence[str]) -> str:
    """Return the file that people review: entries in the catalogue's form, best first, each with its reasons.

    `remarks` are told at the top: what the search could not see. Only names of GitHub's form are written.
    """
    head = [
        f"# Candidates for the category {category}, best first. None of them is tracked by being here: read each, and move",
        f"# what belongs to content/catalogue/{category}.yaml. The score is made of topics shared with the category's",
        f"# repositories, commits in {quarter} and stars; `notes` tells all three and may be left out.",
        *(f"# {remark}" for remark in remarks),
    ]
    entries = [_entry(quarter, one) for one in scored if read_name(one.candidate.repository)[1] is None]
    return "\n".join([*head, *entries]) + "\n"


def _entry(quarter: str, one: Scored) -> str:
    commits = "commits unknown" if one.candidate.commits is None else f"{one.candidate.commits:,} commits in {quarter}"
    why = f"score {one.score:.2f}: {commits}, {one.candidate.stars:,} stars, topics {' '.join(one.shared) or 'none shared'}"
    created = f"created: {one.candidate.created}, " if one.candidate.created else ""
    return f'- {{repository: {one.candidate.repository}, {created}verified: listed, notes: "{why}"}}'
