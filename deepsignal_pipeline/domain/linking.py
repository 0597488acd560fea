"""Linking: the rules that say which aliases are one person, strongest first. Pure.

Each step gathers aliases under keys and asks the clusters to join those of one key; the clusters answer with vetoes.
Where two answers fit, none is taken. Nothing is compared pair by pair, so the work grows with the number of aliases.
What a step gave on real histories stands in docs/identity.md.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal, TypeAlias, TypeVar

from deepsignal_pipeline.domain.clusters import Clusters
from deepsignal_pipeline.domain.handles import Vocabulary, handles_of, initial_handles_of, is_shortening
from deepsignal_pipeline.domain.person_names import PersonName, are_strangers, is_same_name, sound
from deepsignal_pipeline.domain.traces import Trace, plain_handle

Key = TypeVar("Key", bound=Hashable)
Strictness = Literal["strict", "default", "loose"]
Place: TypeAlias = tuple[str, str]  # a repository and a word
Groups: TypeAlias = dict[Key, list[int]]

_STRANGERS = 3  # so many names that exclude one another make an address a shared one
_HEADS_TRIED = 8  # a key under which more than eight people stand identifies none of them
_BLOCK_TRIED = 30
_MAIN_SHARE = 0.8  # the part of a login's merges, and of an alias's, that makes the two each other's
_RARE = 5  # letters of a word that is no name, from which two people do not come to it in one repository
_WHOLE_NAME = 9  # letters of first and last name together, from which a number behind them does not matter


@dataclass(frozen=True, slots=True)
class Merge:
    """How often merges of a repository named a login as the owner of a branch whose tip an alias had written."""

    repository: str
    login: str
    alias_id: str
    count: int


@dataclass(frozen=True)
class Evidence:
    """What the steps know beside the clusters."""

    traces: Sequence[Trace]
    merges: Sequence[Merge]

    @cached_property
    def vocabulary(self) -> Vocabulary:
        """Words that are no handles: names, words of repositories, what everyone calls a mailbox."""
        return Vocabulary.of(
            (trace.name for trace in self.traces),
            (place for trace in self.traces for place in trace.alias.repositories),
        )

    @cached_property
    def recycled(self) -> frozenset[str]:
        """Logins that were seen with two numeric ids: they changed hands and say nothing."""
        ids: dict[str, set[int]] = defaultdict(set)
        for trace in self.traces:
            for login in trace.logins:
                ids[login] |= {trace.github_id} if trace.github_id is not None else set()
        return frozenset(login for login, owners in ids.items() if len(owners) > 1)

    @cached_property
    def recycled_handles(self) -> frozenset[str]:
        """The same as handles."""
        return frozenset(map(plain_handle, self.recycled))

    def is_handle(self, word: str) -> bool:
        """Tell whether a word may identify somebody at all."""
        return word not in self.recycled_handles and self.vocabulary.is_handle(word)


Step = Callable[[Clusters, Evidence], None]


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


def by_github_id(clusters: Clusters, _: Evidence) -> None:
    """Join what bears one numeric GitHub id, whatever it is called."""
    groups = _gather(clusters, lambda trace: [] if trace.github_id is None else [trace.github_id])
    _join_groups(clusters, groups, "github_id", names_decide=False)


def by_login(clusters: Clusters, evidence: Evidence) -> None:
    """Join what bears one login, unless it changed hands."""
    groups = _gather(clusters, lambda trace: [login for login in trace.logins if login not in evidence.recycled])
    _join_groups(clusters, groups, "login", names_decide=False)


def by_address(clusters: Clusters, _: Evidence) -> None:
    """Join what writes from one address; one that nobody or several own joins only what bears one name too."""
    groups = _gather(clusters, lambda trace: [(trace.kind, trace.address.text)] if trace.address.text else [])
    for members in groups.values():
        if _is_personal([clusters.traces[at] for at in members]):
            _join_group(clusters, members, "address", names_decide=False)
        else:
            named = _gather(clusters, lambda trace: [trace.name.squashed] if trace.name.words else [], members)
            _join_groups(clusters, named, "address_and_name")


def shared_addresses(traces: Sequence[Trace]) -> frozenset[str]:
    """Return the addresses that nobody or several own, as `by_address` sees it."""
    users: dict[tuple[str, str], list[Trace]] = defaultdict(list)
    for trace in traces:
        users[trace.kind, trace.address.text].append(trace)
    return frozenset(address for (_, address), found in users.items() if not _is_personal(found))


def _is_personal(traces: list[Trace]) -> bool:
    """Tell whether one address is one person's: one account, and fewer strangers than three (than two for a role's)."""
    if not all(trace.is_own_address for trace in traces):
        return False
    if len({trace.github_id for trace in traces if trace.github_id is not None}) > 1:
        return False
    strangers: list[PersonName] = []
    for name in {trace.name.squashed: trace.name for trace in traces if trace.name.is_full}.values():
        if all(are_strangers(name, known) for known in strangers):
            strangers.append(name)
    return len(strangers) < (2 if traces[0].address.is_role else _STRANGERS)


def by_full_name(clusters: Clusters, _: Evidence) -> None:
    """Join an ordinary full name wherever it appears."""
    groups = _gather(
        clusters, lambda t: {t.name.key, t.name.squashed} if t.name.is_full and not t.name.is_shared else ()
    )
    _join_groups(clusters, groups, "name")


def by_shared_name(clusters: Clusters, _: Evidence) -> None:
    """Join a full name that many bear where a repository, an organisation or a handle is common too."""
    groups = _gather(clusters, lambda trace: _marked_names(trace) if trace.name.is_shared else ())
    for members in groups.values():
        _join_group(clusters, list(_without_numbered(clusters, members)), "shared_name")


def _marked_names(trace: Trace) -> Iterator[tuple[str, str]]:
    own = handles_of(trace.name)
    marks = [f"repository {repository}" for repository in trace.alias.repositories]
    marks += [f"organisation {trace.address.company}"] if trace.address.company else []
    marks += [f"handle {handle}" for handle in trace.all_handles if len(handle) > 3 and handle not in own]
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
    _join_groups(clusters, _gather(clusters, lambda t: {t.name.key} if t.name.is_full else ()), "any_name")


def by_name_form(clusters: Clusters, _: Evidence) -> None:
    """Join two forms of a full name (Mike and Michael, a slip) in one repository, if nobody else there fits either."""
    for members in _gather(clusters, _name_blocks).values():
        people = list({clusters.root(at): at for at in members}.values())
        if 1 < len(people) <= _BLOCK_TRIED:
            fits = {at: [other for other in people if other != at and _are_forms(clusters, at, other)] for at in people}
            for at, found in fits.items():
                if len(found) == 1 and fits[found[0]] == [at]:
                    clusters.join(at, found[0], "name_form")


def _name_blocks(trace: Trace) -> Iterator[Place]:
    name = trace.full_name
    if name.is_full and not name.is_shared and name.script == "latin":
        for repository in trace.alias.repositories:
            yield from {(repository, sound(name.first)), (repository, sound(name.last))}


def _are_forms(clusters: Clusters, one: int, other: int) -> bool:
    names = (clusters.traces[at].full_name for at in (one, other))
    return is_same_name(*names) and clusters.may_join(one, other)


def by_part_of_name(clusters: Clusters, _: Evidence) -> None:
    """Join the same words with an initial ("Anna B-C") in one repository."""
    groups = _gather(clusters, _partial_names)
    _join_groups(clusters, groups, "part_of_name")


def _partial_names(trace: Trace) -> Iterator[Place]:
    name = trace.name
    if len(name.words) > 1 and not name.is_full and not name.has_digit and not name.is_shared:
        for repository in trace.alias.repositories:
            yield repository, name.squashed


def by_handle(clusters: Clusters, evidence: Evidence) -> None:
    """Join one handle: anywhere if it is distinctive, in one repository if it is somebody's at all."""
    anywhere = _gather(clusters, lambda trace: filter(evidence.is_handle, _accounts(trace)))
    for handle, members in anywhere.items():
        if _is_telling(clusters, evidence, str(handle), members):
            _join_group(clusters, members, "handle")
    bearers = _gather(clusters, lambda trace: _places(trace, trace.name.words) if trace.name.is_full else ())
    near = _gather(clusters, lambda trace: _places(trace, filter(evidence.is_handle, trace.all_handles)))
    for place, members in near.items():
        named = bearers.get(place, [])
        if _is_rare(clusters, place[1], members) if not named else _is_bearers(clusters, place[1], members, named):
            _join_group(clusters, [*members, *named], "handle_in_repository")


def _accounts(trace: Trace) -> tuple[str, ...]:
    """Return what somebody chose where nobody else could have the same: logins, and mailboxes open to all."""
    return (*map(plain_handle, trace.logins), *trace.handles)


def _places(trace: Trace, words: Iterable[str]) -> list[Place]:
    return [(repository, word) for word in words for repository in trace.alias.repositories]


def _is_telling(clusters: Clusters, evidence: Evidence, handle: str, members: list[int]) -> bool:
    """Tell whether a handle means one person in the whole world: no word, and not a name with its initial."""
    if evidence.vocabulary.is_word(handle):
        return False
    return not any(handle in initial_handles_of(clusters.traces[at].name) for at in members)


def _is_rare(clusters: Clusters, handle: str, members: list[int]) -> bool:
    """Tell whether a handle that is no name there means one person in a repository.

    Somebody must have it as mailbox or login, or it holds a number: two strangers may go by one word.
    """
    traces = [clusters.traces[at] for at in members]
    if any(handle in _accounts(trace) for trace in traces):
        return True
    is_held = any(handle in _own_words(trace) for trace in traces) or any(letter.isdigit() for letter in handle)
    return is_held and len(handle) >= _RARE


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
    bearers = _gather(clusters, _handles_made)
    for at, trace in enumerate(clusters.traces):
        if trace.name.is_full:
            continue
        for handle in trace.all_handles:
            if evidence.is_handle(handle):
                for repository in trace.alias.repositories:
                    _join_only(clusters, at, _bearers(bearers, repository, handle), "derived_handle")


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
    bearers = _gather(clusters, _beginnings)
    for at, trace in enumerate(clusters.traces):
        if trace.name.is_full:
            continue
        # Organisations shorten names like this; names and logins that look so are mostly somebody else's
        given = {plain_handle(trace.address.local)}.intersection(trace.weak_handles)
        for handle in filter(evidence.is_handle, given):
            for repository in trace.alias.repositories:
                known = bearers.get((repository, handle[:3]), [])
                fits = [other for other in known if is_shortening(handle, clusters.traces[other].name)]
                _join_only(clusters, at, fits, "shortened_name")


def _beginnings(trace: Trace) -> Iterator[Place]:
    """Yield what a shortening of a name may begin with, in each repository."""
    name = trace.name
    if name.is_full and not name.is_shared and name.script == "latin":
        starts = {name.last[:3], name.first[:3], (name.first[:1] + name.last)[:3], (name.first[:2] + name.last)[:3]}
        yield from _places(trace, sorted(starts))


def by_merge(clusters: Clusters, evidence: Evidence) -> None:
    """Join somebody with the login that merges name as the owner of their branches, if most of either's merges say so."""
    by_login, by_person = _merge_counts(clusters, evidence.merges)
    accounts = _gather(clusters, lambda trace: trace.all_handles)
    for login, people in by_login.items():
        person, count = max(people.items(), key=lambda item: (item[1], -item[0]))
        is_main = count >= _MAIN_SHARE * people.total() and count >= _MAIN_SHARE * by_person[person]
        if is_main and login not in evidence.recycled_handles:
            for at in accounts.get(login, ()):
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
    ),
    "loose": (by_any_name,),
}
"""What each strictness does after the one before it."""


def _gather(
    clusters: Clusters, keys: Callable[[Trace], Iterable[Key]], among: Iterable[int] | None = None
) -> Groups[Key]:
    """Return the positions under each key, in their order."""
    groups: dict[Key, list[int]] = defaultdict(list)
    for at in range(len(clusters.traces)) if among is None else among:
        for key in keys(clusters.traces[at]):
            groups[key].append(at)
    return groups


def _join_groups(clusters: Clusters, groups: Groups[Key], rule: str, *, names_decide: bool = True) -> None:
    for members in groups.values():
        _join_group(clusters, members, rule, names_decide=names_decide)


def _join_group(clusters: Clusters, members: list[int], rule: str, *, names_decide: bool = True) -> None:
    """Join the members of one key; whoever fits two people of it that exclude each other is left alone.

    Those who say most about themselves come first, so that what they exclude is known before anyone vague joins.
    """
    if len(members) < 2:
        return
    heads: list[int] = []
    for at in sorted(
        members, key=lambda at: (clusters.github_id(at) is None, -len(clusters.traces[at].name.words), at)
    ):
        fits = [head for head in heads if clusters.may_join(head, at, names_decide=names_decide)]
        if len(fits) == 1:
            clusters.join(fits[0], at, rule, names_decide=names_decide)
        elif not fits:
            heads.append(at)
        if len(heads) > _HEADS_TRIED:
            return


def _join_only(clusters: Clusters, at: int, fits: list[int], rule: str) -> None:
    """Join an alias to those that fit if they are one person."""
    if fits and len({clusters.root(other) for other in fits}) == 1:
        clusters.join(fits[0], at, rule)
