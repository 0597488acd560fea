"""What the identity stage hands to the SELECTs: resolved aliases, redirects, those who opted out, original authors."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Literal

import pyarrow as pa
import pyarrow.parquet as pq

from deepsignal_pipeline.content import load_automation_rules
from deepsignal_pipeline.domain.identity import Alias, Merge, Resolution, resolutions
from deepsignal_pipeline.domain.linking import Strictness
from deepsignal_pipeline.domain.opt_outs import OptOuts
from deepsignal_pipeline.domain.quarters import Quarter
from deepsignal_pipeline.domain.redirects import redirects
from deepsignal_pipeline.engines.duckdb import Session
from deepsignal_pipeline.garbage import nothing_collected
from deepsignal_pipeline.lake import Lake, temporary
from deepsignal_pipeline.redaction import find_opted_out
from deepsignal_pipeline.redirect_file import read_redirects, redirect_folder, write_redirects
from deepsignal_pipeline.sources import SourceError
from deepsignal_pipeline.staging.inputs import Folders, Inputs
from deepsignal_pipeline.tables import TABLES


def stage_identities(session: Session, inputs: Inputs, _: Quarter | None) -> Folders:
    """Resolve all aliases of the home; return where former ids lead, to be published with the table."""
    session.read(TABLES["contributor_identities"])
    aliases = session.frame(
        "SELECT alias_id, name, email, login, CAST(epoch(min(first_seen_at)) AS BIGINT), "
        "CAST(epoch(max(last_seen_at)) AS BIGINT), CAST(sum(commits) AS BIGINT), list(repository ORDER BY repository), "
        "github_id FROM contributor_aliases GROUP BY alias_id, name, email, login, github_id ORDER BY alias_id"
    ).fetchall()
    if not aliases:
        raise SourceError(
            "no commit of any repository could be read, so there is nobody to count; repository_snapshots says why "
            "(docs/runbook.md), mend that and run again"
        )
    merges = [Merge(*row) for row in session.frame(_MERGES).fetchall()]
    rules, key = load_automation_rules(inputs.content), inputs.source.identity_key.encode()
    with nothing_collected():
        known = [Alias(*row) for row in aliases]
        found = resolutions(
            known, rules, key, merges=merges, mailmaps=inputs.mailmaps, decisions=inputs.overrides.decisions
        )
        session.stage("resolved_aliases", _resolved(found))
        return _redirected(inputs.lake, {a.alias_id: a.contributor_id for a in found["default"].assignments})


def _redirected(lake: Lake, present: dict[str, str | None]) -> Folders:
    """Write where former ids lead now, to be published with the table; nothing while no id ever changed."""
    path, known = lake.file(TABLES["contributor_identities"]), read_redirects(lake.home)
    before = _former_ids(path) if path.is_file() else {}
    found = redirects(before, present, known)
    if found == known:
        return []
    target = redirect_folder(lake.home)
    folder = temporary(target)
    write_redirects(folder, found)
    return [(folder, target)]


def _former_ids(path: Path) -> dict[str, str | None]:
    try:
        table = pq.ParquetFile(path).read(["alias_id", "contributor_id"])
    except pa.ArrowException:
        return {}  # what cannot be read is about to be replaced
    return dict(zip(table["alias_id"].to_pylist(), table["contributor_id"].to_pylist(), strict=True))


def _resolved(found: Mapping[Strictness, Resolution]) -> pa.Table:
    """Lay the default resolution out as rows, with what the strict and the loose one say beside it."""
    assignments = found["default"].assignments
    verified = [found["default"].verified(assignment) for assignment in assignments]
    columns: dict[str, list[str | None]] = {
        "alias_id": [assignment.alias_id for assignment in assignments],
        "contributor_id": [assignment.contributor_id for assignment in assignments],
        "kind": [assignment.kind for assignment in assignments],
        "evidence": [assignment.evidence for assignment in assignments],
        "verified_id_key": [number for number, _ in verified],
        "verified_address_key": [address for _, address in verified],
    }
    for strictness in ("strict", "loose"):
        columns[f"{strictness}_contributor_id"] = [a.contributor_id for a in found[strictness].assignments]
    return pa.table({name: pa.array(values, pa.string()) for name, values in columns.items()})


def opted_out_aliases(session: Session, inputs: Inputs, opt_outs: OptOuts) -> list[Alias]:
    """Return the aliases of those who opted out, found once a table."""
    if inputs.gone is None:
        inputs.source.stage_history(session)
        stage_account_ids(session, inputs)
        rules = load_automation_rules(inputs.content)
        key = inputs.source.identity_key
        inputs.gone = find_opted_out(
            session, opt_outs, rules, key, decisions=inputs.overrides.decisions, mailmaps=inputs.mailmaps
        )
    return inputs.gone


def stage_account_ids(session: Session, inputs: Inputs) -> None:
    """Stage the number of the account that an address with its login belongs to, and an address alone (login null).

    Addresses and logins change hands: where two accounts bore one, it has no number.
    """
    inputs.source.stage_accounts(session)
    session.materialize("account_ids", _ACCOUNT_IDS, {})


_ACCOUNT_IDS = """
SELECT email, login, min(github_id) AS github_id
FROM source_accounts
WHERE email <> ''
GROUP BY GROUPING SETS ((email, login), (email))
HAVING min(github_id) = max(github_id)
"""


def stage_original_authors(session: Session, inputs: Inputs, commits: Literal["raw_commits", "source_history"]) -> None:
    """Stage who wrote what an importer committed: the first person whom its trailers name."""
    rules = load_automation_rules(inputs.content)
    found = session.frame(_IMPORTED_BY[commits]).fetchall()
    rows = [
        {"repository": repository, "sha": sha, "name": person["name"], "email": person["email"]}
        for repository, sha, name, email, named in found
        if rules.is_importer(name, email)
        for person in [p for p in named if rules.classify(p["name"], p["email"], None) == "human"][:1]
    ]
    schema = pa.schema([(column, pa.string()) for column in ("repository", "sha", "name", "email")])
    session.stage("original_authors", pa.Table.from_pylist(rows, schema=schema))


_MERGES = """
SELECT repository, merged_login, alias_id, count(*)
FROM (SELECT repository, alias_id, unnest(merged_logins) AS merged_login FROM contributor_aliases)
GROUP BY repository, merged_login, alias_id
ORDER BY repository, merged_login, alias_id
"""
_IMPORTED_BY = {
    commits: f"SELECT repository, sha, author_name, author_email, coauthors FROM {commits} "  # noqa: S608
    "WHERE length(coauthors) > 0 ORDER BY repository, sha"
    for commits in ("raw_commits", "source_history")
}
