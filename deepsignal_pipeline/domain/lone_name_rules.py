"""Rules on names of one word: a given name, or a word that is none, beside a second sign that it is the same person. Pure.

A given name alone proves nothing. In one repository it does beside the only one who bears it, if the handle holds the
surname, or if a machine made the address up and the two were active at about the same time; and on a domain where
everybody has that given name. Rules on handles belong in handle_rules.py.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from deepsignal_pipeline.domain.clusters import Clusters
from deepsignal_pipeline.domain.joining import Evidence, Place, gather, join_group, join_only
from deepsignal_pipeline.domain.person_names import is_romanised
from deepsignal_pipeline.domain.traces import Trace, plain_handle

_DAY = 86_400  # seconds
_SEASON = 180  # days between a machine's account and the same person's others, as they were seen
_YEAR = 365
_SHORTEST = 3
_TELLING = 4  # letters of a surname that stand in a handle by no chance
_BEARERS_TRIED = 30  # more spellings than anybody has: a given name of several people
_OWNERS = 3  # so many at most write one rare word as their name, if they are one person


def by_given_name(clusters: Clusters, _: Evidence) -> None:
    """Join a name of one word with the only one of that given name in a repository, if a second sign agrees."""
    bearers = gather(clusters, lambda trace: _places(trace, trace.full_name.first) if trace.full_name.is_full else ())
    for at, trace in enumerate(clusters.traces):
        for place in _places(trace, _word(trace)):
            found = bearers.get(place, [])
            if len(found) <= _BEARERS_TRIED and any(_agree(trace, clusters.traces[other]) for other in found):
                join_only(clusters, at, found, "given_name")


def by_lone_name(clusters: Clusters, evidence: Evidence) -> None:
    """Join one word written as a name in one repository where it is nobody else's, within a year."""
    alone = gather(clusters, lambda trace: _places(trace, _word(trace)))
    bearers = gather(clusters, lambda trace: _places(trace, trace.full_name.first) if trace.full_name.is_full else ())
    for place, members in alone.items():
        people = {clusters.root(at) for at in (*members, *bearers.get(place, ()))}
        if 1 < len(people) <= _OWNERS and place[1] not in evidence.vocabulary.common and not is_romanised(place[1]):
            # It may be a given name that no list holds
            _join_neighbours(clusters, [at for at in members if not clusters.traces[at].is_written_as_name])


def by_own_domain(clusters: Clusters, _: Evidence) -> None:
    """Join one given name, alone or beside one full name, on a domain that belongs to nobody else in a repository."""
    domains = gather(clusters, lambda trace: _places(trace, _organisation(trace) or ""))
    for members in domains.values():
        called = {_word(clusters.traces[at]) or clusters.traces[at].full_name.first for at in members}
        in_full = {clusters.root(at) for at in members if not _word(clusters.traces[at])}
        if len(called) == 1 and called != {""} and len(in_full) <= 1:
            join_group(clusters, members, "own_domain")


def _join_neighbours(clusters: Clusters, members: list[int]) -> None:
    """Join each with the next in time if they are not far apart: whoever left and came back is somebody else."""
    in_time = sorted(members, key=lambda at: (clusters.traces[at].alias.first_seen, at))
    for at, following in pairwise(in_time):
        one, other = clusters.traces[at], clusters.traces[following]
        if _are_near(one, other, _YEAR) and not (one.has_mailbox_of_name and other.has_mailbox_of_name):
            clusters.join(at, following, "lone_name")


def _agree(alone: Trace, bearer: Trace) -> bool:
    """Tell whether anything but the given name speaks for one person."""
    if bearer.full_name.is_shared:
        return False
    if alone.address.is_machine:
        return _are_near(alone, bearer, _SEASON)
    return any(_holds_surname(handle, bearer) for handle in _own_words(alone))


def _organisation(trace: Trace) -> str | None:
    return None if trace.address.is_role else trace.address.company


def _holds_surname(handle: str, bearer: Trace) -> bool:
    return any(len(word) >= _TELLING and word in handle for word in bearer.full_name.words[1:])


def _own_words(trace: Trace) -> Iterator[str]:
    yield from map(plain_handle, (*trace.logins, trace.address.local))


def _are_near(one: Trace, other: Trace, days: int) -> bool:
    """Tell whether not more than some days lie between the activity of two aliases; unknown times are never near."""
    begun = (one.alias.first_seen, other.alias.first_seen)
    return min(begun) > 0 and max(begun) - min(one.alias.last_seen, other.alias.last_seen) <= days * _DAY


def _word(trace: Trace) -> str:
    """Return a name of one word, else nothing."""
    name = trace.name
    is_word = len(name.words) == 1 and not name.is_full and not name.squashed.isdigit()
    return name.squashed if is_word and len(name.squashed) >= _SHORTEST else ""


def _places(trace: Trace, word: str) -> list[Place]:
    return [(repository, word) for repository in trace.alias.repositories] if word else []
