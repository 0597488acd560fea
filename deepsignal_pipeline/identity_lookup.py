"""The identities of a home looked up outside a run: who is resolved how, why, and what is doubtful. Writes nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pyarrow.parquet as pq

from deepsignal_pipeline.content import load_automation_rules, load_overrides
from deepsignal_pipeline.domain.identity import Alias, Decisions, Merge, Resolution, resolution
from deepsignal_pipeline.domain.mailmap import Mailmaps
from deepsignal_pipeline.lake import Lake, LakeError
from deepsignal_pipeline.redirect_file import read_redirects
from deepsignal_pipeline.tables import TABLES


@dataclass(frozen=True)
class Lookup:
    """The aliases of a home, resolved as its next publication would resolve them."""

    resolution: Resolution
    decisions: Decisions
    redirects: Mapping[str, str]

    def find(self, wanted: str) -> list[int]:
        """Return the aliases that have a text as alias_id, contributor_id, address, name or login; case never matters.

        A retired contributor_id finds those of the one that took its place.
        """
        text = wanted.strip().casefold()
        text = self.redirects.get(text, text)
        ids = {a.alias_id for a in self.resolution.assignments if text in (a.alias_id, a.contributor_id)}
        return [
            at
            for at, trace in enumerate(self.resolution.clusters.traces)
            if trace.alias.alias_id in ids
            or text in (trace.alias.email.casefold(), trace.alias.name.casefold(), (trace.alias.login or "").casefold())
        ]

    def explain(self, at: int) -> Iterator[str]:
        """Yield the lines that say what an alias is and every link that holds its contributor together."""
        clusters = self.resolution.clusters
        members = set(clusters.members(at))
        assigned = {a.alias_id: a for a in self.resolution.assignments}
        mine = assigned[clusters.traces[at].alias.alias_id]
        yield f"{self.label(at)}: {mine.kind}, contributor {mine.contributor_id or 'none'}, by {mine.evidence}"
        for link in clusters.links:
            if link.one in members:
                yield f"  {link.rule}: {self.label(link.one)} = {self.label(link.other)}"
        if len(members) == 1:
            yield "  linked with no other alias"

    def label(self, at: int) -> str:
        """Return an alias as people read it."""
        alias = self.resolution.clusters.traces[at].alias
        login = f" ({alias.login})" if alias.login else ""
        return f"{alias.alias_id} {alias.name} <{alias.email}>{login}"


def look_up(lake: Lake, content: Path, key: str, mailmaps: Mailmaps) -> Lookup:
    """Resolve the aliases of a home. Raise LakeError while it has none."""
    decisions = load_overrides(content, None).decisions
    rules = load_automation_rules(content)
    aliases, merges = read_aliases(lake)
    found = resolution(aliases, rules, key.encode(), merges=merges, mailmaps=mailmaps, decisions=decisions)
    return Lookup(found, decisions, read_redirects(lake.home))


def read_aliases(lake: Lake) -> tuple[list[Alias], list[Merge]]:
    """Return the aliases of a home, one a repository, and what merges call them."""
    path = lake.file(TABLES["contributor_aliases"])
    if not path.is_file():
        raise LakeError(f"{path}: no aliases were read yet; run: deepsignal run --quarter 2023-Q1")
    rows = pq.ParquetFile(path).read().to_pylist()
    aliases = [
        Alias(
            alias_id=row["alias_id"],
            name=row["name"],
            email=row["email"],
            login=row["login"],
            first_seen=int(row["first_seen_at"].timestamp()),
            last_seen=int(row["last_seen_at"].timestamp()),
            commits=row["commits"],
            repositories=(row["repository"],),
            github_id=row["github_id"],
        )
        for row in rows
    ]
    merges = [
        Merge(row["repository"], login, row["alias_id"], count)
        for row in rows
        for login, count in Counter(row["merged_logins"]).items()
    ]
    return aliases, merges
