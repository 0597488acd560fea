"""Identity: which aliases are one person, and under which id. Pure; rules, key, decisions and aliases are passed in.

`resolve` gives every alias its contributor, its kind and the rule that tied it to the others. What an alias tells is read
in traces.py, who is joined is decided in linking.py, what stands against it in clusters.py.
An id is a keyed hash: whoever lacks the key can neither read an address out of it nor test one against it.
"""

from __future__ import annotations

import hmac
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from deepsignal_pipeline.domain.account_rules import shared_addresses
from deepsignal_pipeline.domain.automation import AutomationRules, Kind, fold
from deepsignal_pipeline.domain.clusters import Clusters
from deepsignal_pipeline.domain.joining import Merge
from deepsignal_pipeline.domain.linking import Strictness, link, stages
from deepsignal_pipeline.domain.mailmap import Mailmaps, join_stated
from deepsignal_pipeline.domain.traces import Alias, Trace, read_trace

__all__ = ["Alias", "Assignment", "Decisions", "Merge", "Resolution", "resolution", "resolve"]

_ID_CHARACTERS = 16
_KINDS: tuple[Kind, ...] = ("human", "agent", "bot", "placeholder")


@dataclass(frozen=True, slots=True)
class Assignment:
    """The contributor of an alias (None for a placeholder), its kind, and why: a word, never an address."""

    alias_id: str
    contributor_id: str | None
    kind: Kind
    evidence: str


@dataclass(frozen=True)
class Decisions:
    """What people decided about aliases, by alias_id; it wins over every rule.

    `merge`: groups that are one contributor; `split`: groups whose members are all different contributors; `kind`.
    """

    merge: Sequence[Sequence[str]] = ()
    split: Sequence[Sequence[str]] = ()
    kind: Mapping[str, Kind] = field(default_factory=dict)


@dataclass(frozen=True)
class Resolution:
    """Everything that was found out: the clusters with their links, and the assignments read off them."""

    clusters: Clusters
    key: bytes | None
    split: frozenset[str] = frozenset()

    def verified(self, assignment: Assignment) -> tuple[str | None, str | None]:
        """Return keyed hashes of what proves an alias's owner: its GitHub id, and its address if it is its own.

        Aliases that people split on purpose prove nothing any more.
        """
        trace = self._traces[assignment.alias_id]
        if self.key is None or assignment.kind == "placeholder" or assignment.alias_id in self.split:
            return None, None
        number = None if trace.github_id is None else keyed_id(self.key, f"{assignment.kind}:github:{trace.github_id}")
        is_shared = trace.address.text in self._shared_addresses or not trace.is_own_address
        return number, None if is_shared else keyed_id(self.key, f"{assignment.kind}:address:{trace.address.text}")

    @cached_property
    def _traces(self) -> dict[str, Trace]:
        return {trace.alias.alias_id: trace for trace in self.clusters.traces}

    @cached_property
    def _shared_addresses(self) -> frozenset[str]:
        return shared_addresses(self.clusters.traces)

    @cached_property
    def assignments(self) -> list[Assignment]:
        """One an alias, by alias_id."""
        rules = _evidence(self.clusters)
        found: list[Assignment] = []
        for members in self.clusters.groups():
            traces = [self.clusters.traces[at] for at in members]
            kind = _kind(traces)
            contributor = None if kind == "placeholder" else _contributor_id(traces, kind, self.key)
            found += [
                Assignment(trace.alias.alias_id, contributor, kind, _why(trace, kind, rules.get(at)))
                for at, trace in zip(members, traces, strict=True)
            ]
        return sorted(found, key=lambda assignment: assignment.alias_id)


def resolve(
    aliases: Iterable[Alias],
    rules: AutomationRules | None = None,
    key: bytes | None = None,
    *,
    merges: Iterable[Merge] = (),
    mailmaps: Mailmaps | None = None,
    decisions: Decisions | None = None,
    strictness: Strictness = "default",
) -> list[Assignment]:
    """Assign every alias to a contributor; sorted by alias_id, and the same whatever the order given.

    An alias may come several times (once a repository); its appearances are united. Bots and agents get ids of their
    own, placeholders none. An id is 16 hex characters of HMAC-SHA256(key, anchor); the anchor is the contributor's
    GitHub id, else name and address of its earliest alias. Without a key, the id is the alias_id of that alias. Without
    rules, nobody is a program. `mailmaps` are evidence where a user asked for it.
    Raise ValueError for an empty key, or an alias_id that stands for two aliases.
    """
    return resolution(
        aliases, rules, key, merges=merges, mailmaps=mailmaps, decisions=decisions, strictness=strictness
    ).assignments


def resolution(
    aliases: Iterable[Alias],
    rules: AutomationRules | None = None,
    key: bytes | None = None,
    *,
    merges: Iterable[Merge] = (),
    mailmaps: Mailmaps | None = None,
    decisions: Decisions | None = None,
    strictness: Strictness = "default",
) -> Resolution:
    """Do the same, and keep every link for those who ask why."""
    clusters, split = _begun(aliases, rules, key, decisions, mailmaps)
    return Resolution(link(clusters, merges, strictness), key, split)


def resolutions(
    aliases: Iterable[Alias],
    rules: AutomationRules | None = None,
    key: bytes | None = None,
    *,
    merges: Iterable[Merge] = (),
    mailmaps: Mailmaps | None = None,
    decisions: Decisions | None = None,
) -> dict[Strictness, Resolution]:
    """Do the same once for every strictness, in one pass: the looser begins where the stricter ends."""
    clusters, split = _begun(aliases, rules, key, decisions, mailmaps)
    return {reached: Resolution(clusters.copy(), key, split) for reached in stages(clusters, merges)}


def _begun(
    aliases: Iterable[Alias],
    rules: AutomationRules | None,
    key: bytes | None,
    decisions: Decisions | None,
    mailmaps: Mailmaps | None,
) -> tuple[Clusters, frozenset[str]]:
    """Read the aliases, and do what people said before any rule; also return the aliases that people split."""
    if key is not None and not key:
        raise ValueError("the key of the contributor ids is empty: anyone could test an address against them")
    decisions = decisions or Decisions()
    traces = _read(aliases, rules or AutomationRules([]), decisions)
    clusters = Clusters(traces, _apart(traces, decisions))
    _join_decided(clusters, decisions)
    join_stated(clusters, mailmaps or {})
    return clusters, frozenset(alias for group in decisions.split for alias in group)


def _read(aliases: Iterable[Alias], rules: AutomationRules, decisions: Decisions) -> list[Trace]:
    """Read all aliases and bring them into an order that says nothing about them and does not depend on the input's."""
    traces = [read_trace(alias, rules, decisions.kind.get(alias.alias_id)) for alias in _distinct(aliases)]
    return sorted(
        traces, key=lambda t: (t.address.text, t.name.squashed, t.alias.name, t.alias.email, t.alias.alias_id)
    )


def _distinct(aliases: Iterable[Alias]) -> Iterable[Alias]:
    """Return one alias an alias_id, its appearances united."""
    distinct: dict[str, Alias] = {}
    for alias in aliases:
        known = distinct.setdefault(alias.alias_id, alias)
        if known is not alias:
            distinct[alias.alias_id] = _united(known, alias)
    return distinct.values()


def _united(one: Alias, other: Alias) -> Alias:
    if (one.name, one.email, one.login, one.github_id) != (other.name, other.email, other.login, other.github_id):
        raise ValueError(f"alias_id {one.alias_id!r} stands for two different aliases")
    return replace(
        one,
        first_seen=min(one.first_seen, other.first_seen),
        last_seen=max(one.last_seen, other.last_seen),
        commits=one.commits + other.commits,
        repositories=tuple(sorted({*one.repositories, *other.repositories})),
    )


def _apart(traces: Sequence[Trace], decisions: Decisions) -> frozenset[tuple[int, int]]:
    at = _positions(traces)
    groups = [[at[alias] for alias in group if alias in at] for group in decisions.split]
    return frozenset((one, other) for group in groups for one in group for other in group if one < other)


def _join_decided(clusters: Clusters, decisions: Decisions) -> None:
    at = _positions(clusters.traces) if decisions.merge else {}
    for group in decisions.merge:
        known = [at[alias] for alias in group if alias in at]
        for other in known[1:]:
            clusters.force(known[0], other, "override")


def _positions(traces: Sequence[Trace]) -> dict[str, int]:
    return {trace.alias.alias_id: at for at, trace in enumerate(traces)}


def _kind(traces: Sequence[Trace]) -> Kind:
    """Return the kind of a cluster: a placeholder is somebody as soon as somebody else vouches for it."""
    if all(trace.is_placeholder for trace in traces):
        return "placeholder"
    return min((trace.kind for trace in traces if not trace.is_placeholder), key=_KINDS.index)


def _contributor_id(traces: Sequence[Trace], kind: Kind, key: bytes | None) -> str:
    earliest = min(traces, key=_seniority)
    if key is None:
        return earliest.alias.alias_id
    numbers = sorted(trace.github_id for trace in traces if trace.github_id is not None)
    # An address alone would not do: two people may share one. A folded name holds no line break
    anchor = (
        f"github:{numbers[0]}" if numbers else f"alias:{fold(earliest.alias.name)}\n{earliest.alias.email.casefold()}"
    )
    return keyed_id(key, anchor if kind == "human" else f"{kind}:{anchor}")


def keyed_id(key: bytes, text: str) -> str:
    """Return 16 hex characters of HMAC-SHA256; undecodable bytes of a history arrive as lone surrogates and are taken."""
    return hmac.digest(key, text.encode("utf-8", "surrogatepass"), "sha256").hex()[:_ID_CHARACTERS]


def _seniority(trace: Trace) -> tuple[int, str, str, str]:
    return trace.alias.first_seen, fold(trace.alias.name), trace.alias.email.casefold(), trace.alias.alias_id


def _evidence(clusters: Clusters) -> dict[int, str]:
    """Return the first, that is the strongest, rule that tied each alias to another."""
    rules: dict[int, str] = {}
    for made in clusters.links:
        rules.setdefault(made.one, made.rule)
        rules.setdefault(made.other, made.rule)
    return rules


def _why(trace: Trace, kind: Kind, rule: str | None) -> str:
    if kind == "placeholder":
        return kind
    if kind != "human":
        return f"automation:{trace.category}"
    return rule or "alone"
