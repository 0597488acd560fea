"""Linking: the rules that say which aliases are one person, strongest first. Pure.

Each step gathers aliases under keys and asks the clusters to join those of one key; the clusters answer with vetoes.
Nothing is compared pair by pair, so the work grows with the number of aliases.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass

from deepsignal_pipeline.domain.clusters import Clusters, Trace
from deepsignal_pipeline.domain.person_names import handles_of

Step = Callable[["Clusters", "Evidence"], None]
_PARTNERS = 3
_TRIED = 8


@dataclass(frozen=True, slots=True)
class Merge:
    """How often merges of a repository named a login as the owner of a branch whose tip an alias had written."""

    repository: str
    login: str
    alias_id: str
    count: int


@dataclass(frozen=True)
class Evidence:
    """What is known beside the aliases: merges, and which words are given names or surnames of several people."""

    merges: Sequence[Merge]
    common_words: frozenset[str]


def link(traces: Sequence[Trace], merges: Iterable[Merge] = (), steps: Sequence[Step] | None = None) -> Clusters:
    """Join aliases by every step in turn."""
    clusters = Clusters(traces)
    evidence = Evidence(list(merges), _common_words(traces))
    for step in STEPS if steps is None else steps:
        step(clusters, evidence)
    return clusters


def _common_words(traces: Sequence[Trace]) -> frozenset[str]:
    """Return words that stand beside three others or more in full names: given names and surnames."""
    partners: dict[str, set[str]] = defaultdict(set)
    for trace in traces:
        if trace.name.is_full:
            for word in trace.name.words:
                partners[word] |= {other for other in trace.name.words if other != word}
    return frozenset(word for word, others in partners.items() if len(others) >= _PARTNERS)


def by_github_id(clusters: Clusters, _: Evidence) -> None:
    """One numeric GitHub id is one account, whatever it is called."""
    _join_groups(clusters, _gather(clusters, lambda t: [t.github_id] if t.github_id else []), "github_id", names=False)


def by_login(clusters: Clusters, _: Evidence) -> None:
    """One login is one account, unless it was seen with two ids: logins are handed on."""
    ids: dict[str, set[int]] = defaultdict(set)
    for trace in clusters.traces:
        for login in trace.logins:
            ids[login] |= {trace.github_id} if trace.github_id else set()
    groups = _gather(clusters, lambda t: [login for login in t.logins if len(ids[login]) < 2])
    _join_groups(clusters, groups, "login", names=False)


def by_address(clusters: Clusters, _: Evidence) -> None:
    """One address is one person; one that several use, or nobody owns, only together with the name."""
    for address, members in _gather(clusters, lambda t: [t.address.text] if t.address.text else []).items():
        if _is_personal(clusters, members):
            _join_group(clusters, members, "address", names=False)
        else:
            named: dict[Hashable, list[int]] = defaultdict(list)
            for at in members:
                trace = clusters.traces[at]
                if trace.name.words:
                    named[trace.name.key or trace.name.squashed].append(at)
            _join_groups(clusters, named, "address_and_name")


def _is_personal(clusters: Clusters, members: list[int]) -> bool:
    traces = [clusters.traces[at] for at in members]
    if not traces[0].is_own_address:
        return False
    names = {t.name.key: t.name for t in traces if t.name.is_full}
    distinct: list = []
    from deepsignal_pipeline.domain.person_names import are_compatible
    for n in names.values():
        if not any(are_compatible(n, d) for d in distinct):
            distinct.append(n)
    if traces[0].address.is_role:
        return len(distinct) <= 1
    return len(distinct) < _PARTNERS


def by_full_name(clusters: Clusters, _: Evidence) -> None:
    """One full name is one person; one that many bear only with a repository, organisation or handle in common."""
    ordinary: dict[Hashable, list[int]] = defaultdict(list)
    shared: dict[Hashable, list[int]] = defaultdict(list)
    for at, t in enumerate(clusters.traces):
        if not t.name.is_full:
            continue
        if not t.name.is_shared:
            ordinary[t.name.key].append(at)
        else:
            for mark in _marks(t):
                shared[t.name.key, mark].append(at)
    _join_groups(clusters, ordinary, "name")
    _join_groups(clusters, shared, "shared_name")


def _marks(t: Trace) -> Iterable[Hashable]:
    for r in t.repositories:
        yield "r", r
    if t.address.company:
        yield "c", t.address.company
    for h in t.handles:
        if len(h) > 3:
            yield "h", h


def by_handle(clusters: Clusters, evidence: Evidence) -> None:
    """One distinctive handle is one person, where names allow it."""
    groups = _gather(clusters, lambda t: [h for h in t.handles if len(h) > 3 and h not in evidence.common_words and not h.isdigit()])
    _join_groups(clusters, groups, "handle")


def by_derived_handle(clusters: Clusters, evidence: Evidence) -> None:
    """A handle made of a full name belongs to its only bearer in a repository."""
    bearers: dict[tuple[str, str], list[int]] = defaultdict(list)
    for at, t in enumerate(clusters.traces):
        if t.name.is_full:
            for h in handles_of(t.name):
                for r in t.repositories:
                    bearers[r, h].append(at)
    for at, t in enumerate(clusters.traces):
        if t.name.is_full:
            continue
        for h in t.handles:
            for r in t.repositories:
                found = bearers.get((r, h), ())
                if found and len({clusters.root(f) for f in found}) == 1:
                    clusters.join(found[0], at, "derived_handle")


def by_merge(clusters: Clusters, evidence: Evidence) -> None:
    """A login that merges name is its main author's, where login and alias look alike."""
    position = {t.alias_id: n for n, t in enumerate(clusters.traces)}
    tot = Counter(); mine=defaultdict(Counter)
    for m in evidence.merges:
        at = position.get(m.alias_id)
        if at is None: continue
        mine[m.login.lower()][clusters.root(at)] += m.count
        tot[clusters.root(at)] += m.count
    logins = defaultdict(list)
    for at,t in enumerate(clusters.traces):
        for l in t.logins: logins[l].append(at)
        for h in t.handles: logins[h].append(at)
    for login, c in sorted(mine.items()):
        (root, n), = c.most_common(1)
        if n < .8 * sum(c.values()): continue
        for at in logins.get(login, ()):
            clusters.join(root, at, "merge")


STEPS: tuple[Step, ...] = (by_github_id, by_login, by_address, by_full_name, by_handle, by_derived_handle, by_merge)


def _gather(clusters: Clusters, keys: Callable[[Trace], Iterable[Hashable]]) -> dict[Hashable, list[int]]:
    groups: dict[Hashable, list[int]] = defaultdict(list)
    for at, trace in enumerate(clusters.traces):
        for key in keys(trace):
            groups[key].append(at)
    return groups


def _join_groups(clusters: Clusters, groups: dict[Hashable, list[int]], rule: str, *, names: bool = True) -> None:
    for members in groups.values():
        _join_group(clusters, members, rule, names=names)


def _join_group(clusters: Clusters, members: list[int], rule: str, *, names: bool = True) -> None:
    """Join every member to the first cluster of the group that takes it."""
    heads: list[int] = []
    for at in members:
        if not any(clusters.join(head, at, rule, names_decide=names) for head in heads[:_TRIED]):
            heads.append(at)
