"""Look for repositories that may belong to a category: learn its topics, search by them, count what is active.

What is found is scored and written by `domain.discovery`; the catalogue is read and never changed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from deepsignal_pipeline.domain.catalogue import Catalogue
from deepsignal_pipeline.domain.discovery import Candidate, Scored, patch, score, similarity, topic_weights
from deepsignal_pipeline.domain.quarters import Quarter
from deepsignal_pipeline.domain.repository_names import name_key, read_name
from deepsignal_pipeline.sources import Progress
from deepsignal_pipeline.sources.github.client import Client
from deepsignal_pipeline.sources.github.facts import Facts, Wanted, read_facts
from deepsignal_pipeline.sources.github.search import Found, Slice, search

GITHUB_BEGAN = date(2008, 1, 1)
_LEAST_STARS = 20
_TOPICS = 8
_COUNTED_FOR_EACH = 4  # candidates whose commits are counted, for each one that is written


@dataclass(frozen=True)
class Discovery:
    """A search for candidates of one category. `quarter`: the last one that is over, in which activity is counted."""

    client: Client
    catalogue: Catalogue
    category: str
    quarter: Quarter
    today: date
    progress: Progress

    def run(self, limit: int) -> str:
        """Return the patch with the best `limit` candidates; raise the GitHubError of what stands in the way."""
        known = self._known()
        weights = topic_weights(self._topics(known), self.category)
        chosen = list(weights)[:_TOPICS]
        if not chosen:
            return patch(self.category, self.quarter.label, [], ["No topic tells this category from the others."])
        self.progress(f"topics of {self.category}: {', '.join(chosen)}")
        found = self._search(chosen)
        candidates = list(self._candidates(found, known))
        self.progress(f"{len(found.items):,} repositories found, {len(candidates):,} of them not in the catalogue")
        best = sorted(candidates, key=lambda c: (-similarity(c.topics, weights), c.repository))
        counted = self._counted(best[: limit * _COUNTED_FOR_EACH])
        scored = sorted((score(c, weights) for c in counted), key=_order)[:limit]
        return patch(self.category, self.quarter.label, scored, self._remarks(chosen, found))

    def _known(self) -> dict[str, Facts]:
        """Return what GitHub says of the catalogue's repositories; those that it does not give are left out."""
        wanted = [Wanted(tracked.repository, ()) for tracked in self.catalogue.repositories]
        return {name: facts for name, facts in read_facts(self.client, wanted) if isinstance(facts, Facts)}

    def _topics(self, known: Mapping[str, Facts]) -> dict[str, list[Sequence[str]]]:
        topics: dict[str, list[Sequence[str]]] = {category.slug: [] for category in self.catalogue.categories}
        for tracked in self.catalogue.repositories:
            if tracked.repository in known:
                topics[tracked.category].append(known[tracked.repository].topics)
        return topics

    def _search(self, topics: Sequence[str]) -> Found:
        found = Found()
        for topic in topics:
            words = f"topic:{topic} archived:false pushed:>={self.quarter.first_day}"
            part = search(self.client, Slice(words, GITHUB_BEGAN, self.today, _LEAST_STARS))
            found.items |= part.items
            found.unseen += part.unseen
        return found

    def _candidates(self, found: Found, known: Mapping[str, Facts]) -> Iterator[Candidate]:
        """Give what is found and not tracked, under whatever name; a name that GitHub cannot have given is left out."""
        names = {*self.catalogue.by_name(), *(name_key(facts.name) for facts in known.values())}
        numbers = {facts.github_id for facts in known.values()}
        for number, item in sorted(found.items.items()):
            candidate = _candidate(item)
            if candidate and number not in numbers and name_key(candidate.repository) not in names:
                yield candidate

    def _counted(self, candidates: Sequence[Candidate]) -> Iterator[Candidate]:
        facts = read_facts(self.client, [Wanted(c.repository, (self.quarter,)) for c in candidates])
        for candidate, (_, told) in zip(candidates, facts, strict=True):
            yield replace(candidate, commits=told.totals[self.quarter.label] if isinstance(told, Facts) else None)

    def _remarks(self, topics: Sequence[str], found: Found) -> list[str]:
        searched = f"Searched on {self.today} for the topics {', '.join(topics)}; {_LEAST_STARS} stars or more."
        return [searched, *(f"Not seen: {line}" for line in found.unseen)]


def _order(scored: Scored) -> tuple[float, str]:
    return -scored.score, scored.candidate.repository


def _candidate(item: Mapping[str, Any]) -> Candidate | None:
    name, problem = read_name(str(item.get("full_name", "")))
    if name is None or problem is not None or item.get("fork") is True:
        return None
    topics, stars = item.get("topics"), item.get("stargazers_count")
    return Candidate(
        name,
        tuple(str(topic) for topic in topics) if isinstance(topics, list) else (),
        stars if isinstance(stars, int) else 0,
        str(item.get("created_at", ""))[:7] if str(item.get("created_at", ""))[:4].isdigit() else "",
    )
