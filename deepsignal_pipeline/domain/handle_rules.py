"""Rules on handles: words that people chose or were given, made of their name or not, and logins of merges. Pure."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence

from deepsignal_pipeline.domain.account_rules import crowded_addresses
from deepsignal_pipeline.domain.clusters import Clusters
from deepsignal_pipeline.domain.handles import handles_of, initial_handles_of, is_shortening
from deepsignal_pipeline.domain.joining import Evidence, Groups, Merge, Place, gather, join_group, join_only
from deepsignal_pipeline.domain.person_names import is_romanised
from deepsignal_pipeline.domain.traces import Trace, plain_handle

_MAIN_SHARE = 0.8  # the part of a login's merges, and of an alias's, that makes the two each other's
_RARE = 5  # letters of a word that is no name, from which two people do not come to it in one repository
_NUMBERED = 8  # letters of a handle from which a number behind it does not matter
_WHOLE_NAME = 9  # letters of first and last name together, from which a number behind them does not matter


def by_handle(clusters: Clusters, evidence: Evidence) -> None:
    """Join one handle: anywhere if it is distinctive, in one repository if it is somebody's at all.

    The mailbox of an address that several people own is nobody's handle.
    """
    crowded = crowded_addresses(clusters.traces)

    def handles(trace: Trace, chosen: Iterable[str]) -> Iterator[str]:
        mailbox = plain_handle(trace.address.local) if trace.address.text in crowded else ""
        return (handle for handle in chosen if evidence.is_handle(handle) and handle != mailbox)

    anywhere = gather(clusters, lambda trace: handles(trace, _accounts(trace)))
    for handle, members in anywhere.items():
        if _is_telling(clusters, evidence, str(handle), members):
            join_group(clusters, members, "handle")
    bearers = gather(clusters, lambda trace: _places(trace, trace.name.words) if trace.name.is_full else ())
    near = gather(clusters, lambda trace: _places(trace, handles(trace, _without_numbers(trace))))
    shortened = gather(clusters, lambda trace: _places(trace, initial_handles_of(trace.name)))
    for place, members in near.items():
        named = bearers.get(place, [])
        if len({clusters.root(at) for at in shortened.get(place, ())}) > 1:
            continue  # jdoe beside a Jane and a John Doe, whoever of them has it as mailbox
        if _is_rare(clusters, place[1], members) if not named else _is_bearers(clusters, place[1], members, named):
            join_group(clusters, [*members, *named], "handle_in_repository")


def _accounts(trace: Trace) -> tuple[str, ...]:
    """Return what somebody chose where nobody else could have the same: logins, and mailboxes open to all."""
    return (*map(plain_handle, trace.logins), *trace.handles)


def _without_numbers(trace: Trace) -> Iterator[str]:
    """Yield every handle, and a long one without its number too: people add one where theirs is taken."""
    for handle in trace.all_handles:
        yield handle
        bare = handle.rstrip("0123456789")
        if bare != handle and len(bare) >= _NUMBERED and not is_romanised(bare):
            yield bare


def _places(trace: Trace, words: Iterable[str]) -> list[Place]:
    return [(repository, word) for word in words for repository in trace.alias.repositories]


def _is_telling(clusters: Clusters, evidence: Evidence, handle: str, members: list[int]) -> bool:
    """Tell whether a handle means one person in the whole world: no word, and not a name with its initial."""
    if evidence.vocabulary.is_word(handle):
        return False
    return not any(handle in initial_handles_of(clusters.traces[at].name) for at in members)


def _is_rare(clusters: Clusters, handle: str, members: list[int]) -> bool:
    """Tell whether a handle that is no name there means one person in a repository.

    Somebody must have it as mailbox or login, or all must write it as handles are written: two strangers may go by one
    given name, and those begin with a capital. A short one that organisations gave out must also be somebody's name.
    """
    traces = [clusters.traces[at] for at in members]
    if any(handle in _accounts(trace) for trace in traces):
        return True
    is_held = any(handle in _own_words(trace) for trace in traces)
    if len(handle) < _RARE:
        return is_held and any(trace.alias.name.strip() == handle for trace in traces)
    if any(letter.isdigit() for letter in handle):
        return True
    called = [trace for trace in traces if trace.name.squashed == handle]
    if _are_namesakes(called):
        return False
    return is_held or not any(trace.is_written_as_name for trace in traces)


def _are_namesakes(traces: Iterable[Trace]) -> bool:
    """Tell whether people who go by one word bear it as a name: two write it as one, or two organisations gave it out."""
    chosen = [trace for trace in traces if not trace.address.is_machine and "@" not in trace.alias.name]
    written = [trace for trace in chosen if trace.is_written_as_name]
    return len(written) > 1 or len({trace.address.company for trace in chosen if trace.has_mailbox_of_name}) > 1


def _is_bearers(clusters: Clusters, handle: str, members: list[int], bearers: list[int]) -> bool:
    """Tell whether a handle that is a word of full names in a repository means the one person who bears it.

    Somebody must have a surname as mailbox or login; a given name two of them, the bearer among them: several
    people share a name of one word.
    """
    people = {clusters.root(at) for at in bearers}
    if len(people) > 1:
        return False
    holders = [at for at in members if handle in _own_words(clusters.traces[at])]
    if all(clusters.traces[at].name.last == handle for at in bearers):
        return bool(holders)
    return len(holders) > 1 and not people.isdisjoint(map(clusters.root, members))


def _own_words(trace: Trace) -> tuple[str, ...]:
    return (*_accounts(trace), plain_handle(trace.address.local))


def by_derived_handle(clusters: Clusters, evidence: Evidence) -> None:
    """Join a handle made of a full name (jdoe) with the only one of that name in a repository."""
    bearers = gather(clusters, _handles_made)
    for at, trace in enumerate(clusters.traces):
        if trace.name.is_full:
            continue
        for handle in trace.all_handles:
            if evidence.is_handle(handle):
                for repository in trace.alias.repositories:
                    join_only(clusters, at, _bearers(bearers, repository, handle), "derived_handle")


def _handles_made(trace: Trace) -> Iterator[Place]:
    for handle in handles_of(trace.name):
        for repository in trace.alias.repositories:
            yield repository, handle


def _bearers(bearers: Groups[Place], repository: str, handle: str) -> list[int]:
    """Return who bears a handle's name; a number behind both whole names does not matter."""
    bare = handle.rstrip("0123456789")
    found = bearers.get((repository, handle), [])
    return found or (bearers.get((repository, bare), []) if len(bare) >= _WHOLE_NAME else [])


def by_shortened_name(clusters: Clusters, evidence: Evidence) -> None:
    """Join a handle that runs beginnings of a name together (desjagui) with the only one in a repository that it fits."""
    bearers = gather(clusters, _beginnings)
    for at, trace in enumerate(clusters.traces):
        if trace.name.is_full:
            continue
        # Organisations shorten names like this; names and logins that look so are mostly somebody else's
        given = {plain_handle(trace.address.local)}.intersection(trace.weak_handles)
        for handle in filter(evidence.is_handle, given):
            for repository in trace.alias.repositories:
                known = bearers.get((repository, handle[:3]), [])
                fits = [other for other in known if is_shortening(handle, clusters.traces[other].name)]
                join_only(clusters, at, fits, "shortened_name")


def _beginnings(trace: Trace) -> Iterator[Place]:
    """Yield what a shortening of a name may begin with, in each repository."""
    name = trace.name
    if name.is_full and not name.is_shared and name.script == "latin":
        starts = {name.last[:3], name.first[:3], (name.first[:1] + name.last)[:3], (name.first[:2] + name.last)[:3]}
        yield from _places(trace, sorted(starts))


def by_merge(clusters: Clusters, evidence: Evidence) -> None:
    """Join somebody with the login that merges name as the owner of their branches, if most of either's merges say so.

    The login counts as such anywhere; where somebody merely goes by the word, in the repository of the merge, and only if
    it is no word that others may go by (alex).
    """
    by_login, by_person = _merge_counts(clusters, evidence.merges)
    logins = gather(clusters, lambda trace: map(plain_handle, trace.logins))
    near = gather(clusters, lambda trace: _places(trace, filter(evidence.is_handle, trace.all_handles)))
    for login, people in by_login.items():
        person, count = max(people.items(), key=lambda item: (item[1], -item[0]))
        is_main = count >= _MAIN_SHARE * people.total() and count >= _MAIN_SHARE * by_person[person]
        if is_main and login not in evidence.recycled_handles:
            places = sorted({(merge.repository, login) for merge in evidence.merges_of(login)})
            for at in (*logins.get(login, ()), *(at for place in places for at in near.get(place, ()))):
                clusters.join(person, at, "merge")


def _merge_counts(clusters: Clusters, merges: Sequence[Merge]) -> tuple[dict[str, Counter[int]], Counter[int]]:
    positions = {trace.alias.alias_id: at for at, trace in enumerate(clusters.traces)}
    by_login: dict[str, Counter[int]] = defaultdict(Counter)
    by_person: Counter[int] = Counter()
    for merge in merges:
        if merge.alias_id in positions:
            person = clusters.root(positions[merge.alias_id])
            by_login[plain_handle(merge.login)][person] += merge.count
            by_person[person] += merge.count
    return by_login, by_person
