"""Redaction: those who opted out are taken from what a source staged, before any SELECT sees it.

Their aliases are found by resolving the whole history, so that names and addresses that turn up later go as well. Their
commits stay, under one anonymous alias that stands for nobody; totals are what they were.
"""

from __future__ import annotations

from dataclasses import replace

import pyarrow as pa

from deepsignal_pipeline.domain.automation import AutomationRules
from deepsignal_pipeline.domain.identity import Alias, Decisions, Merge, resolution
from deepsignal_pipeline.domain.mailmap import Mailmaps
from deepsignal_pipeline.domain.opt_outs import OptOuts, logins_of, needles
from deepsignal_pipeline.engines.duckdb import Session

ANONYMOUS = "(opted out)"

_APPEARANCES = """
SELECT a.name, a.email, a.login, list(DISTINCT a.repository ORDER BY a.repository),
  CAST(epoch(min(a.committed_at)) AS BIGINT), CAST(epoch(max(a.committed_at)) AS BIGINT), any_value(i.github_id)
FROM (
  SELECT repository, author_name AS name, author_email AS email, author_login AS login, committed_at FROM source_history
  UNION ALL
  SELECT repository, person.name, person.email, NULL, committed_at
  FROM (SELECT repository, committed_at, unnest(coauthors) AS person FROM source_history)
) AS a
LEFT JOIN account_ids AS i ON i.email = a.email AND i.login IS NOT DISTINCT FROM a.login
GROUP BY a.name, a.email, a.login
ORDER BY a.name, a.email, a.login
"""
_MERGES = """
SELECT m.repository, m.merged_login, t.author_name, t.author_email, t.author_login, count(*)
FROM source_history AS m
JOIN source_history AS t ON t.repository = m.repository AND t.sha = m.merged_sha
WHERE m.merged_login IS NOT NULL
GROUP BY ALL
ORDER BY ALL
"""
_IS_AUTHOR = (
    "(s.author_name, s.author_email, coalesce(s.author_login, '')) IN (SELECT (name, email, login) FROM opted_out)"
)
_IS_COMMITTER = (
    "(s.committer_email IN (SELECT email FROM opted_out WHERE email <> '') "
    "OR list_contains($needles, lower(s.committer_name)))"
)
_COAUTHORS = (
    "list_transform(s.coauthors, lambda person: if(list_contains($people, {'name': person.name, 'email': person.email}), "
    "{'name': $anonymous, 'email': ''}, person)) AS coauthors"
)
_AUTHOR = f"""
  if({_IS_AUTHOR}, $anonymous, s.author_name) AS author_name,
  if({_IS_AUTHOR}, '', s.author_email) AS author_email,
  if({_IS_AUTHOR}, NULL, s.author_login) AS author_login,
  {_COAUTHORS}"""
_HISTORY = f"""
SELECT s.* REPLACE ({_AUTHOR},
  if(
    list_contains($logins, lower(s.merged_login))
      OR (s.repository, s.merged_sha) IN (SELECT (s.repository, s.sha) FROM source_history AS s WHERE {_IS_AUTHOR}),
    NULL, s.merged_login
  ) AS merged_login)
FROM source_history AS s
"""
_COMMITS = f"""
SELECT s.* REPLACE ({_AUTHOR},
  if({_IS_COMMITTER}, $anonymous, s.committer_name) AS committer_name,
  if({_IS_COMMITTER}, '', s.committer_email) AS committer_email,
  if(len(list_filter($needles, lambda needle: contains(lower(s.subject), needle))) > 0, '', s.subject) AS subject,
  list_transform(s.changes, lambda change: if(
    len(list_filter($needles, lambda needle: contains(lower(change.path), needle))) > 0,
    {{'status': change.status, 'path': $anonymous}}, change)) AS changes)
FROM source_commits AS s
"""


def find_opted_out(
    session: Session,
    opt_outs: OptOuts,
    rules: AutomationRules,
    key: str,
    *,
    decisions: Decisions,
    mailmaps: Mailmaps,
) -> list[Alias]:
    """Return the aliases of those who opted out among the staged history."""
    rows = session.frame(_APPEARANCES).fetchall()
    known = [
        Alias(str(number), name, email, login, first, last, repositories=places, github_id=github_id)
        for number, (name, email, login, places, first, last, github_id) in enumerate(rows)
    ]
    # Decisions name alias_ids, which the SELECT of the aliases makes: ask it for them
    ids = _alias_ids(session, known, key)
    named = [replace(alias, alias_id=ids[alias.alias_id]) for alias in known]
    numbers = {(alias.name, alias.email, alias.login): alias.alias_id for alias in named}
    merges = [
        Merge(repository, merged, numbers[name, email, login], count)
        for repository, merged, name, email, login, count in session.frame(_MERGES).fetchall()
    ]
    found = resolution(named, rules, key.encode(), merges=merges, mailmaps=mailmaps, decisions=decisions)
    return opt_outs.aliases(found)


def redact_history(session: Session, gone: list[Alias]) -> None:
    """Take people from the staged history."""
    _stage(session, gone)
    session.replace("source_history", _HISTORY, _parameters(gone, "people", "anonymous", "logins"))


def redact_commits(session: Session, gone: list[Alias]) -> None:
    """Take people from the staged commits: authors, committers, co-authors, and messages and paths that name them."""
    _stage(session, gone)
    session.replace("source_commits", _COMMITS, _parameters(gone, "people", "anonymous", "needles"))


def _stage(session: Session, gone: list[Alias]) -> None:
    rows = [{"name": alias.name, "email": alias.email, "login": alias.login or ""} for alias in gone]
    schema = pa.schema([("name", pa.string()), ("email", pa.string()), ("login", pa.string())])
    session.stage("opted_out", pa.Table.from_pylist(rows, schema=schema))


def _parameters(gone: list[Alias], *names: str) -> dict[str, object]:
    values = {
        "people": [{"name": alias.name, "email": alias.email} for alias in gone],
        "anonymous": ANONYMOUS,
        "needles": needles(gone),
        "logins": logins_of(gone),
    }
    return {name: values[name] for name in names}


def _alias_ids(session: Session, aliases: list[Alias], key: str) -> dict[str, str]:
    rows = [{"place": a.alias_id, "name": a.name, "email": a.email, "login": a.login} for a in aliases]
    schema = pa.schema([(name, pa.string()) for name in ("place", "name", "email", "login")])
    session.stage("named_aliases", pa.Table.from_pylist(rows, schema=schema))
    found = session.frame(
        "SELECT place, left(sha256(concat_ws(':', $key, length(name), name, length(email), email, login)), 16) "
        "FROM named_aliases",
        {"key": key},
    )
    return dict(found.fetchall())
