"""Rules on accounts: GitHub ids, logins and addresses, the strongest evidence. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from deepsignal_pipeline.domain.clusters import Clusters
from deepsignal_pipeline.domain.joining import Evidence, gather, join_group, join_groups
from deepsignal_pipeline.domain.person_names import PersonName, are_strangers
from deepsignal_pipeline.domain.traces import Trace

_STRANGERS = 3  # so many names that exclude one another make an address a shared one
_CROWD = 8  # so many names do as well, whatever they are: nobody writes under that many


def by_github_id(clusters: Clusters, _: Evidence) -> None:
    """Join what bears one numeric GitHub id, whatever it is called."""
    groups = gather(clusters, lambda trace: [] if trace.github_id is None else [trace.github_id])
    join_groups(clusters, groups, "github_id", names_decide=False)


def by_login(clusters: Clusters, evidence: Evidence) -> None:
    """Join what bears one login, unless it changed hands: two ids bear it, or two strangers."""
    groups = gather(clusters, lambda trace: [login for login in trace.logins if login not in evidence.recycled])
    for members in groups.values():
        names = (clusters.traces[at].name for at in members if clusters.traces[at].name.is_full)
        join_group(clusters, members, "login", names_decide=_strangers(names, 2) > 1)


def by_address(clusters: Clusters, _: Evidence) -> None:
    """Join what writes from one address; one that nobody or several own joins only what bears one name too."""
    groups = gather(clusters, lambda trace: [(trace.kind, trace.address.text)] if trace.address.text else [])
    for members in groups.values():
        if _is_personal([clusters.traces[at] for at in members]):
            join_group(clusters, members, "address", names_decide=False)
        else:
            named = gather(clusters, lambda trace: [trace.name.squashed] if trace.name.words else [], members)
            join_groups(clusters, named, "address_and_name")


def shared_addresses(traces: Sequence[Trace]) -> frozenset[str]:
    """Return the addresses that nobody or several own, as `by_address` sees it."""
    return frozenset(address for address, users in _users(traces) if not _is_personal(users))


def crowded_addresses(traces: Sequence[Trace]) -> frozenset[str]:
    """Return the addresses that several people own; not those that a machine made, each of which nobody owns."""
    return frozenset(address for address, users in _users(traces) if _is_owned(users) and not _is_of_one(users))


def _users(traces: Iterable[Trace]) -> Iterator[tuple[str, list[Trace]]]:
    """Yield every address with who writes from it; people and automation apart."""
    users: dict[tuple[str, str], list[Trace]] = defaultdict(list)
    for trace in traces:
        users[trace.kind, trace.address.text].append(trace)
    return ((address, found) for (_, address), found in users.items())


def _is_personal(traces: Sequence[Trace]) -> bool:
    """Tell whether one address is one person's."""
    return _is_owned(traces) and _is_of_one(traces)


def _is_owned(traces: Sequence[Trace]) -> bool:
    return all(trace.is_own_address for trace in traces)


def _is_of_one(traces: Sequence[Trace]) -> bool:
    """Tell whether one person writes: one account, no crowd, and fewer strangers than three (than two for a role's)."""
    if len({trace.github_id for trace in traces if trace.github_id is not None}) > 1:
        return False
    if len({trace.name.squashed for trace in traces}) >= _CROWD:
        return False
    is_role = traces[0].address.is_role
    most = 2 if is_role else _STRANGERS
    return _strangers((trace.name for trace in traces if _tells(trace, is_role)), most) < most


def _strangers(names: Iterable[PersonName], most: int) -> int:
    """Count names that are different people's for sure, up to a number that settles the question.

    A name in another script goes with every name, so that one of them would hide what the others say among themselves:
    each script is counted by itself as well.
    """
    distinct = list({name.squashed: name for name in names}.values())
    scripts: dict[str, list[PersonName]] = defaultdict(list)
    for name in distinct:
        scripts[name.script].append(name)
    return max(_apart(group, most) for group in (distinct, *scripts.values()))


def _apart(names: Sequence[PersonName], most: int) -> int:
    strangers: list[PersonName] = []
    for name in names:
        if all(_are_others(name, known) for known in strangers):
            strangers.append(name)
            if len(strangers) == most:
                break
    return len(strangers)


def _tells(trace: Trace, is_role: bool) -> bool:
    """Tell whether a name is somebody's for sure: a full one, and at a role's mailbox a given name too."""
    return trace.name.is_full or (is_role and bool(trace.name.words) and trace.is_written_as_name)


def _are_others(one: PersonName, other: PersonName) -> bool:
    """Tell whether two names are two people's: strangers, or two words of which neither holds the other."""
    if one.is_full or other.is_full:
        return are_strangers(one, other)
    return one.squashed not in other.squashed and other.squashed not in one.squashed
