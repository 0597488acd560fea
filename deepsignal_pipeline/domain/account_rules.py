"""Rules on accounts: GitHub ids, logins and addresses, the strongest evidence. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from deepsignal_pipeline.domain.clusters import Clusters
from deepsignal_pipeline.domain.joining import Evidence, gather, join_group, join_groups
from deepsignal_pipeline.domain.person_names import PersonName, are_strangers
from deepsignal_pipeline.domain.traces import Trace

_STRANGERS = 3  # so many names that exclude one another make an address a shared one


def by_github_id(clusters: Clusters, _: Evidence) -> None:
    """Join what bears one numeric GitHub id, whatever it is called."""
    groups = gather(clusters, lambda trace: [] if trace.github_id is None else [trace.github_id])
    join_groups(clusters, groups, "github_id", names_decide=False)


def by_login(clusters: Clusters, evidence: Evidence) -> None:
    """Join what bears one login, unless it changed hands."""
    groups = gather(clusters, lambda trace: [login for login in trace.logins if login not in evidence.recycled])
    join_groups(clusters, groups, "login", names_decide=False)


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
