"""Identity: which aliases are one person. Pure; rules, key and aliases are passed in.

Aliases are joined over the keys they hold, never pair by pair: the cleaned address and GitHub's numeric id
(IDENTITY, rules 1 to 3). Automation is never joined with people, so a shared address drags nobody along.
An id is a keyed hash: whoever lacks the key can neither read an address out of it nor test one against it.
"""

from __future__ import annotations

import hmac
import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace

from deepsignal_pipeline.domain.automation import AutomationRules, Verdict, fold, trim_address

_GITHUB_NO_REPLY = re.compile(r"([0-9]{1,18})\+[^@]+@users\.noreply\.github\.com")
_GMAIL = ("gmail.com", "googlemail.com")
_ID_CHARACTERS = 16


@dataclass(frozen=True, slots=True)
class Alias:
    """One spelling of a contributor; first_seen is its first commit of any kind, in epoch seconds."""

    alias_id: str
    name: str
    email: str
    login: str | None
    first_seen: int


@dataclass(frozen=True, slots=True)
class Assignment:
    """The contributor of an alias (None for a placeholder), its kind, and why: a word, never an address."""

    alias_id: str
    contributor_id: str | None
    kind: str
    evidence: str


@dataclass(frozen=True, slots=True)
class _Member:
    """An alias, judged, with the keys it can be joined by (at least one)."""

    alias: Alias
    verdict: Verdict
    github: str | None
    keys: tuple[str, ...]


def clean_address(email: str) -> str:
    """Return the form in which two addresses are compared (IDENTITY, rule 1); cleaning twice changes nothing.

    Without case, quotes, brackets, `mailto:` and trailing punctuation; googlemail.com is gmail.com, where
    dots and what follows a plus are dropped.
    """
    address = trim_address(email)
    local, _, domain = address.rpartition("@")
    mailbox = local.partition("+")[0].replace(".", "")
    return trim_address(f"{mailbox}@gmail.com") if mailbox and domain in _GMAIL else address


def github_id(address: str) -> str | None:
    """Return the id in `123+login@users.noreply.github.com` or None; logins change hands, ids never do."""
    match = _GITHUB_NO_REPLY.fullmatch(trim_address(address))
    return str(int(match[1])) if match else None


def resolve(aliases: Iterable[Alias], rules: AutomationRules, key: bytes) -> list[Assignment]:
    """Assign every alias to a contributor; sorted by alias_id, whatever the order given.

    An alias may come several times (once a repository): its earliest first_seen counts. Bots and agents get
    ids of their own, placeholders none. An id is 16 hex characters of HMAC-SHA256(key, anchor); the anchor is
    the smallest GitHub id of the contributor, else the earliest address; name and address together for an
    alias that stands alone. Raise ValueError for an empty key, or an alias_id that stands for two aliases.
    """
    if not key:
        raise ValueError("the key of the contributor ids is empty: anyone could test an address against them")
    members = [_member(alias, rules) for alias in _distinct(aliases)]
    known = [member for member in members if member.verdict.kind != "placeholder"]
    ids: dict[str, str] = {}
    for cluster in _clusters(known):
        ids |= dict.fromkeys((member.alias.alias_id for member in cluster), _contributor_id(cluster, key))
    assignments = [
        Assignment(m.alias.alias_id, ids.get(m.alias.alias_id), m.verdict.kind, _evidence(m)) for m in members
    ]
    return sorted(assignments, key=lambda assignment: assignment.alias_id)


def _distinct(aliases: Iterable[Alias]) -> Iterable[Alias]:
    """Return one alias an alias_id, with its earliest first_seen."""
    distinct: dict[str, Alias] = {}
    for alias in aliases:
        known = distinct.setdefault(alias.alias_id, alias)
        if known != replace(alias, first_seen=known.first_seen):
            raise ValueError(f"alias_id {alias.alias_id!r} stands for two different aliases")
        if alias.first_seen < known.first_seen:
            distinct[alias.alias_id] = alias
    return distinct.values()


def _member(alias: Alias, rules: AutomationRules) -> _Member:
    address = clean_address(alias.email)
    github = github_id(alias.email)
    keys = [f"github:{github}"] if github else []
    # Asked about the address as written: the table lists Gmail addresses with their dots.
    if rules.is_merge_key(alias.email):
        keys.append(f"address:{address}")
    # A folded name holds no line break, so no other name and address make the same key.
    alone = f"alone:{fold(alias.name)}\n{address}"
    verdict = rules.verdict(alias.name, alias.email, alias.login)
    return _Member(alias, verdict, github, tuple(keys) or (alone,))


def _clusters(members: Iterable[_Member]) -> Iterable[list[_Member]]:
    """Join members of one kind with a key in common, directly or through others: union-find over the keys."""
    parent: dict[tuple[str, str], tuple[str, str]] = {}

    def root(node: tuple[str, str]) -> tuple[str, str]:
        while (above := parent.setdefault(node, node)) != node:
            parent[node] = parent[above]
            node = above
        return node

    members = list(members)
    for member in members:
        for key in member.keys:
            parent[root((member.verdict.kind, key))] = root((member.verdict.kind, member.keys[0]))
    clusters = defaultdict(list)
    for member in members:
        clusters[root((member.verdict.kind, member.keys[0]))].append(member)
    return clusters.values()


def _contributor_id(cluster: list[_Member], key: bytes) -> str:
    kind = cluster[0].verdict.kind
    prefix = "" if kind == "human" else f"{kind}:"
    # Undecodable bytes of a git history arrive as lone surrogates; they must not stop a run.
    anchor = f"{prefix}{_anchor(cluster)}".encode("utf-8", "surrogatepass")
    return hmac.new(key, anchor, "sha256").hexdigest()[:_ID_CHARACTERS]


def _anchor(cluster: list[_Member]) -> str:
    """Return the key that names a contributor: stable while later aliases are added."""
    if numbers := [int(member.github) for member in cluster if member.github]:
        return f"github:{min(numbers)}"
    return min((member.alias.first_seen, member.keys[0]) for member in cluster)[1]


def _evidence(member: _Member) -> str:
    kind, category = member.verdict.kind, member.verdict.category
    if kind == "placeholder":
        return kind
    if kind != "human":
        return f"automation:{category}"
    how = member.keys[0].partition(":")[0]
    return "github_id" if how == "github" else how
