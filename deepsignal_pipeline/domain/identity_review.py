"""Doubts: the links likeliest to be wrong and the pairs likeliest to be missed, as a queue for people. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from deepsignal_pipeline.domain.clusters import Clusters
from deepsignal_pipeline.domain.identity import Decisions
from deepsignal_pipeline.domain.person_names import are_compatible
from deepsignal_pipeline.domain.traces import Trace

# How often a rule was wrong on real histories decides its place in the queue; see docs/identity.md
_DOUBTFUL_RULES = ("merge", "shortened_name", "derived_handle", "name_form", "handle_in_repository", "part_of_name")
_CROWD = 6  # a key of more people than this says nothing about any two of them


@dataclass(frozen=True, slots=True)
class Doubt:
    """Two aliases (by alias_id, in order) that may wrongly be one ("wrong") or two ("missed"), and the evidence.

    `weight` is how many commits hang on the answer: those of the lesser of the two.
    """

    question: Literal["wrong", "missed"]
    one: str
    other: str
    evidence: str
    weight: int


def doubts(clusters: Clusters, decisions: Decisions) -> list[Doubt]:
    """Return what people had better look at, the weightiest first; what they answered is left out.

    The queue is the same for the same aliases, whatever their order, and an answer removes its entry only.
    """
    answered = {
        tuple(sorted((a, b))) for group in (*decisions.merge, *decisions.split) for a in group for b in group if a != b
    }
    found: dict[tuple[str, str], Doubt] = {}
    for doubt in (*_wrong(clusters), *_missed(clusters)):
        pair = (doubt.one, doubt.other)
        if pair not in answered:
            found.setdefault(pair, doubt)
    return sorted(found.values(), key=lambda doubt: (-doubt.weight, doubt.question, doubt.one, doubt.other))


def _wrong(clusters: Clusters) -> Iterator[Doubt]:
    for link in clusters.links:
        one, other = clusters.traces[link.one], clusters.traces[link.other]
        if one.kind != "human":
            continue
        if link.rule in _DOUBTFUL_RULES:
            yield _doubt("wrong", one, other, link.rule)
        elif link.rule == "address" and not are_compatible(one.name, other.name):
            yield _doubt("wrong", one, other, "one address under two names")


def _missed(clusters: Clusters) -> Iterator[Doubt]:
    """Yield people who share a full name or a handle and were kept apart, one pair for each two of them."""
    for evidence, keys in (("one full name", _names), ("one handle", _handles)):
        groups: dict[Hashable, dict[int, int]] = defaultdict(dict)
        for at, trace in enumerate(clusters.traces):
            for key in keys(trace):
                groups[key].setdefault(clusters.root(at), at)
        for people in groups.values():
            if 1 < len(people) <= _CROWD:
                yield from _pairs(clusters, list(people.values()), evidence)


def _names(trace: Trace) -> Iterable[Hashable]:
    return [trace.name.key] if trace.name.is_full and trace.kind == "human" else []


def _handles(trace: Trace) -> Iterable[Hashable]:
    if trace.kind != "human":
        return []
    return [(handle, place) for handle in trace.all_handles if len(handle) > 3 for place in trace.alias.repositories]


def _pairs(clusters: Clusters, people: list[int], evidence: str) -> Iterator[Doubt]:
    for number, one in enumerate(people):
        for other in people[:number]:
            if clusters.may_join(one, other):
                yield _doubt("missed", clusters.traces[one], clusters.traces[other], evidence)


def _doubt(question: Literal["wrong", "missed"], one: Trace, other: Trace, evidence: str) -> Doubt:
    first, second = sorted((one.alias.alias_id, other.alias.alias_id))
    return Doubt(question, first, second, evidence, min(one.alias.commits, other.alias.commits))
