"""Linking: the order of the rules that say which aliases are one person, strongest first. Pure.

Each step gathers aliases under keys and asks the clusters to join those of one key; the clusters answer with vetoes.
Where two answers fit, none is taken. Nothing is compared pair by pair, so the work grows with the number of aliases.
What a step gave on real histories stands in docs/identity.md.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Literal

from deepsignal_pipeline.domain.account_rules import by_address, by_github_id, by_login
from deepsignal_pipeline.domain.clusters import Clusters
from deepsignal_pipeline.domain.handle_rules import by_derived_handle, by_handle, by_merge, by_shortened_name
from deepsignal_pipeline.domain.joining import Evidence, Merge, Step
from deepsignal_pipeline.domain.lone_name_rules import by_given_name, by_lone_name, by_own_domain
from deepsignal_pipeline.domain.name_rules import (
    by_any_name,
    by_full_name,
    by_name_form,
    by_part_of_name,
    by_shared_name,
)

Strictness = Literal["strict", "default", "loose"]


def link(clusters: Clusters, merges: Iterable[Merge] = (), strictness: Strictness = "default") -> Clusters:
    """Join aliases by every step of a strictness in turn; the traces must come in an order that means nothing."""
    for reached in stages(clusters, merges):
        if reached == strictness:
            break
    return clusters


def stages(clusters: Clusters, merges: Iterable[Merge] = ()) -> Iterator[Strictness]:
    """Join aliases step by step, yielding each strictness when its last step is done: a looser one only goes on."""
    evidence = Evidence(clusters.traces, sorted(merges, key=lambda m: (m.login, m.repository, m.alias_id)))
    for strictness, steps in STEPS.items():
        for step in steps:
            step(clusters, evidence)
        yield strictness


STEPS: dict[Strictness, tuple[Step, ...]] = {
    "strict": (by_github_id, by_login, by_address),
    "default": (
        by_full_name,
        by_shared_name,
        by_name_form,
        by_part_of_name,
        by_handle,
        by_derived_handle,
        by_shortened_name,
        by_merge,
        by_lone_name,
        by_own_domain,
        by_given_name,
    ),
    "loose": (by_any_name,),
}
"""What each strictness does after the one before it."""
