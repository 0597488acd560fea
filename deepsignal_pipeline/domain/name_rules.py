"""Rules on full names: ordinary ones, those that many bear, and forms of one. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from deepsignal_pipeline.domain.clusters import Clusters
from deepsignal_pipeline.domain.handles import handles_of
from deepsignal_pipeline.domain.joining import Evidence, Place, gather, join_group, join_groups
from deepsignal_pipeline.domain.person_names import is_romanised, is_same_name, may_be_same_name, sound
from deepsignal_pipeline.domain.traces import Trace

_BLOCK_TRIED = 30  # more people with one first or last name in a repository are not told apart by forms of the other


def by_full_name(clusters: Clusters, _: Evidence) -> None:
    """Join an ordinary full name wherever it appears."""
    groups = gather(
        clusters, lambda t: {t.name.key, t.name.squashed} if t.name.is_full and not t.name.is_shared else ()
    )
    join_groups(clusters, groups, "name")


def by_shared_name(clusters: Clusters, evidence: Evidence) -> None:
    """Join a full name that many bear where a repository, an organisation or a distinctive handle is common too."""
    groups = gather(clusters, lambda trace: _marked_names(trace, evidence) if trace.name.is_shared else ())
    for members in groups.values():
        join_group(clusters, list(_without_numbered(clusters, members)), "shared_name")


def _marked_names(trace: Trace, evidence: Evidence) -> Iterator[tuple[str, str]]:
    own = handles_of(trace.name)
    marks = [f"repository {repository}" for repository in trace.alias.repositories]
    marks += [f"organisation {trace.address.company}"] if trace.address.company else []
    # What a namesake may be called too, rahul or tanaka, is no second sign
    handles = [handle for handle in trace.all_handles if evidence.is_handle(handle) and not is_romanised(handle)]
    marks += [f"handle {handle}" for handle in handles if len(handle) > 3 and handle not in own]
    for mark in marks:
        yield trace.name.key, mark
        yield trace.name.squashed, mark


def _without_numbered(clusters: Clusters, members: list[int]) -> Iterator[int]:
    """Leave out wei.wang1@ and wei.wang2@ of one organisation: it numbers those who would be mistaken for one."""
    written: dict[tuple[str, str], set[str]] = defaultdict(set)
    for at in members:
        address = clusters.traces[at].address
        written[address.domain, address.local.rstrip("0123456789")].add(address.local)
    for at in members:
        address = clusters.traces[at].address
        if not address.company or len(written[address.domain, address.local.rstrip("0123456789")]) == 1:
            yield at


def by_any_name(clusters: Clusters, _: Evidence) -> None:
    """Join any full name: too much where many bear it, hence only for the loose reading."""
    join_groups(clusters, gather(clusters, lambda t: {t.name.key} if t.name.is_full else ()), "any_name")


def by_name_form(clusters: Clusters, _: Evidence) -> None:
    """Join two forms of a full name (Mike and Michael, a slip) in one repository, if nobody else there fits either."""
    for members in gather(clusters, _name_blocks).values():
        people = list({clusters.root(at): at for at in members}.values())
        if 1 < len(people) <= _BLOCK_TRIED:
            fits = {
                at: [other for other in people if other != at and _may_be_forms(clusters, at, other)] for at in people
            }
            for at, found in fits.items():
                if len(found) == 1 and fits[found[0]] == [at] and _are_forms(clusters, at, found[0]):
                    clusters.join(at, found[0], "name_form")


def _name_blocks(trace: Trace) -> Iterator[Place]:
    name = trace.full_name
    if name.is_full and not name.is_shared and name.script == "latin":
        for repository in trace.alias.repositories:
            yield from {(repository, sound(name.first)), (repository, sound(name.last))}


def _may_be_forms(clusters: Clusters, one: int, other: int) -> bool:
    names = (clusters.traces[at].full_name for at in (one, other))
    return may_be_same_name(*names) or _are_forms(clusters, one, other)


def _are_forms(clusters: Clusters, one: int, other: int) -> bool:
    names = [clusters.traces[at].full_name for at in (one, other)]
    # Of one and the same name `by_full_name` knew more people than stand here
    is_decided = names[0].key == names[1].key and all(clusters.traces[at].name.is_full for at in (one, other))
    return not is_decided and is_same_name(*names) and clusters.may_join(one, other)


def by_part_of_name(clusters: Clusters, _: Evidence) -> None:
    """Join the same words with an initial ("Anna B-C") in one repository."""
    groups = gather(clusters, _partial_names)
    join_groups(clusters, groups, "part_of_name")


def _partial_names(trace: Trace) -> Iterator[Place]:
    name = trace.name
    if len(name.words) > 1 and not name.is_full and not name.has_digit and not name.is_shared:
        for repository in trace.alias.repositories:
            yield repository, name.squashed
