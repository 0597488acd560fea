"""Bring one repository up to date: list what is missing, write pieces, then what is known, then the record.

Everything is a function of the pinned tip. What was read for an earlier tip is kept where it can be shown to be the same:
the old tip is an ancestor of the new one and GitHub counts as many commits as before. All else is listed anew.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import pyarrow.parquet as pq

from deepsignal_pipeline.domain.quarters import Quarter
from deepsignal_pipeline.sources.github.client import Client
from deepsignal_pipeline.sources.github.errors import (
    STOPS,
    GitHubError,
    IncompleteError,
    MalformedError,
    TransientError,
    WrongRepositoryError,
)
from deepsignal_pipeline.sources.github.facts import Facts
from deepsignal_pipeline.sources.github.knowledge import Known, QuarterRead, read_known, write_known
from deepsignal_pipeline.sources.github.listing import Listing, Target, list_quarter, pages_of, within
from deepsignal_pipeline.sources.github.pages import discard_pages
from deepsignal_pipeline.sources.github.people import Told, read_people
from deepsignal_pipeline.sources.github.rows import Account
from deepsignal_pipeline.sources.pieces import COMMITS, Quarantined, commits_table
from deepsignal_pipeline.sources.record import Piece, Record, newest_names, restatements, unchanged
from deepsignal_pipeline.sources.store import Holding

SOURCE = "github"
_LOST = "rewritten: no longer reachable from the tip"


@dataclass(frozen=True)
class Wish:
    """What is wanted of a repository: quarters, and whether offsets and the accounts of co-authors belong to it."""

    quarters: Sequence[Quarter]
    people: bool = False


@dataclass(frozen=True)
class _Read:
    """A quarter as it was listed, and its piece (None: it holds nothing)."""

    listing: Listing
    piece: Piece | None
    lost: int
    accounts: Sequence[tuple[Account, datetime]]
    people: bool


def trusted(holding: Holding) -> Known | None:
    """Return what is known of a repository, if it is about the tip that its record names."""
    known, record = read_known(holding.folder), holding.record
    if known is None or record is None or (record.tip, record.github_id) != (known.facts.tip, known.facts.github_id):
        return None
    return known


def is_known(known: Known, quarter: Quarter, people: bool) -> bool:
    """Whether a quarter was read completely, with people if they are asked for."""
    read = known.quarters.get(quarter.label)
    return read is not None and (read.people or not people)


@dataclass(frozen=True)
class Plan:
    """What a visit will do: `changed` quarters are listed; `as_many` hold as many commits as before, at another tip.

    The latter are kept if the old tip is an ancestor of the new one, which one request tells; where listing them takes no
    more than that, they are listed at once.
    """

    changed: tuple[Quarter, ...]
    as_many: tuple[Quarter, ...] = ()
    asks: bool = False

    def cost(self, totals: Mapping[str, int]) -> int:
        """Return how many requests it takes, if histories only grew."""
        return self.points(totals) + self.asks

    def points(self, totals: Mapping[str, int]) -> int:
        """Return how many points of GraphQL's budget the people of the same commits take: as many as pages of lists."""
        return sum(pages_of(totals[quarter.label]) for quarter in self.changed)


def plan(known: Known | None, facts: Facts, quarters: Sequence[Quarter], people: bool = False) -> Plan:
    """Return what must be done to know some quarters at the tip of `facts`, with `people` if that is asked for."""
    if facts.tip is None:
        return Plan(())
    if known is None:
        return Plan(tuple(quarters))
    fresh = tuple(quarter for quarter in quarters if not is_known(known, quarter, people))
    if facts.tip == known.facts.tip:
        return Plan(fresh)
    as_many = tuple(q for q in quarters if q not in fresh and known.quarters[q.label].total == facts.totals[q.label])
    changed = tuple(quarter for quarter in quarters if quarter not in as_many)
    pages = sum(pages_of(facts.totals[quarter.label]) for quarter in as_many)
    if pages == 1:
        return Plan(tuple(quarters))
    return Plan(changed, as_many, asks=pages > 1)


def _to_list(client: Client, planned: Plan, known: Known | None, facts: Facts) -> tuple[Quarter, ...]:
    if planned.asks and known is not None and not _has_only_grown(client, known.facts, facts):
        return planned.changed + planned.as_many
    return planned.changed


def bring_up_to_date(
    client: Client, holding: Holding, facts: Facts, wish: Wish, former_names: Sequence[str] = ()
) -> Record:
    """Read what is missing of some quarters, publish the record and return it.

    A quarter whose list stays incomplete makes the record partial, complete up to that quarter's beginning. Raises the
    GitHubError of what stands in the way of all quarters; then nothing is published.
    """
    refuse_other(holding.record, facts)
    _refuse_emptied(holding.record, facts)
    known = trusted(holding)
    target = Target(holding.repository, facts.name, facts.github_id, facts.tip or "")
    read: dict[str, _Read] = {}
    failed: dict[Quarter, GitHubError] = {}
    waiting = list(_to_list(client, plan(known, facts, wish.quarters, wish.people), known, facts))
    while waiting:
        quarter = waiting.pop(0)
        try:
            listing = list_quarter(client, target, quarter, facts.totals[quarter.label], holding.folder)
            told = read_people(client, target, quarter, listing.commits, holding.folder) if wish.people else {}
        except TransientError as error:
            # Tried long enough: a server that does not answer for one quarter does not for the next
            failed |= dict.fromkeys([quarter, *waiting], error)
            waiting.clear()
        except (IncompleteError, MalformedError) as error:
            failed[quarter] = error
        else:
            read[quarter.label] = _write(holding, target, quarter, listing, told)
    write_known(holding.folder, _learn(known, facts, read, [quarter.label for quarter in failed]))
    record = holding.publish(_record(holding, facts, read, failed, former_names))
    if not failed:
        discard_pages(holding.folder)
    return record


def refuse_other(record: Record | None, facts: Facts) -> None:
    """Raise WrongRepositoryError if a name leads to another repository than the one that is held."""
    if record is not None and record.github_id not in (None, facts.github_id):
        raise WrongRepositoryError(
            f"{record.repository}: the name now belongs to repository {facts.github_id} ({facts.name}), but what is held is "
            f"of repository {record.github_id}; find its new name, and correct the catalogue"
        )


def _refuse_emptied(record: Record | None, facts: Facts) -> None:
    if facts.tip is None and record is not None and record.tip is not None:
        raise IncompleteError(
            f"{record.repository}: its default branch holds no commit any more, so what was read stays; look at it on GitHub"
        )


def _has_only_grown(client: Client, before: Facts, after: Facts) -> bool:
    """Whether the old tip is an ancestor of the new one; False where that cannot be shown."""
    if before.tip is None or after.tip is None:
        return False
    path = f"/repos/{after.name}/compare/{before.tip}...{after.tip}"
    try:
        data = client.get(path, {"per_page": 1}, repository_id=after.github_id).data
    except STOPS:
        raise
    except GitHubError:
        return False
    return isinstance(data, dict) and data.get("status") == "ahead"


def _write(holding: Holding, target: Target, quarter: Quarter, listing: Listing, told: Mapping[str, Told]) -> _Read:
    commits = [told[c.sha].add_to(c) if c.sha in told else c for c in within(quarter, listing)]
    lost = list(_lost(holding, quarter, {commit.sha for commit in listing.commits}))
    apart = [*listing.apart, *lost]
    accounts = list(_accounts(listing, told))
    if not commits and not apart:
        return _Read(listing, None, 0, accounts, bool(told))
    with holding.piece(f"{quarter.label}-{target.tip}{'-people' if told else ''}") as writer:
        if commits:
            writer.write(commits_table({name: [c.row[name] for c in commits] for name in COMMITS.names}))
        writer.quarantine(apart)
        return _Read(listing, writer.finish(), len(lost), accounts, bool(told))


def _accounts(listing: Listing, told: Mapping[str, Told]) -> Iterator[tuple[Account, datetime]]:
    for commit in listing.commits:
        if commit.account is not None:
            yield commit.account, commit.committed_at
        for account in told[commit.sha].accounts if commit.sha in told else ():
            yield account, commit.committed_at


def _lost(holding: Holding, quarter: Quarter, still_there: set[str]) -> Iterator[Quarantined]:
    """Give the commits held of a quarter that a rewritten history no longer has: they are kept apart, not deleted."""
    for piece in _pieces_of(holding.record, quarter.label):
        for row in pq.read_table(holding.pieces / f"{piece.name}.parquet").to_pylist():
            if row["sha"] not in still_there:
                yield Quarantined(row["sha"], _LOST, json.dumps(row, default=datetime.isoformat))
        if piece.quarantined:
            for row in pq.read_table(holding.pieces / f"{piece.name}.quarantine.parquet").to_pylist():
                if row["reason"] == _LOST and row["sha"] not in still_there:
                    yield Quarantined(row["sha"], _LOST, row["raw"])


def _pieces_of(record: Record | None, label: str) -> list[Piece]:
    return [piece for piece in record.pieces if piece.name.startswith(label)] if record else []


def _learn(known: Known | None, facts: Facts, read: Mapping[str, _Read], failed: Sequence[str]) -> Known:
    """Return what is known after a visit."""
    before = known or Known(facts)
    quarters = {label: quarter for label, quarter in before.quarters.items() if label not in failed}
    if facts.tip is None:
        quarters |= {label: QuarterRead(0, people=True) for label in facts.totals}
    accounts = dict(before.accounts)
    for label, done in read.items():
        listing = done.listing
        origins = tuple(listing.origins)
        # A quarter without commits has no people to be told of
        has_people = done.people or not listing.commits
        quarters[label] = QuarterRead(listing.total, listing.outside, listing.twice, origins, has_people)
        for account, at in done.accounts:
            _note_account(accounts, account, at)
    return replace(before, facts=facts, quarters=quarters, accounts=accounts)


def _note_account(accounts: dict[str, Mapping[str, Any]], account: Account, at: datetime) -> None:
    """Note login and address of an account with the last date they were seen: both change, the number stays."""
    before = accounts.get(str(account.github_id), {})
    logins = {login: dict(emails) for login, emails in before.get("logins", {}).items()}
    emails = logins.setdefault(account.login, {})
    emails[account.email] = max(emails.get(account.email, ""), at.isoformat())
    accounts[str(account.github_id)] = {"kind": account.kind, "logins": logins}


def _record(
    holding: Holding,
    facts: Facts,
    read: Mapping[str, _Read],
    failed: Mapping[Quarter, GitHubError],
    former_names: Sequence[str],
) -> Record:
    before = holding.record
    names = newest_names(before.names if before else former_names, facts.name)
    if before is not None and before.tip == facts.tip and not read and not failed and before.github_id is not None:
        return replace(unchanged(before, facts.fetched_at), names=names)
    kept = [p for p in before.pieces if not any(p.name.startswith(label) for label in read)] if before else []
    pieces = sorted([*kept, *(r.piece for r in read.values() if r.piece)], key=lambda piece: piece.name)
    now = Record(
        repository=holding.repository,
        source=SOURCE,
        status="partial" if failed else "full",
        reason="; ".join(dict.fromkeys(str(error) for error in failed.values())) or None,
        fetched_at=facts.fetched_at,
        complete_until=min((quarter.start for quarter in failed), default=facts.fetched_at),
        tip=facts.tip,
        branch=facts.branch,
        names=names,
        github_id=facts.github_id,
        commits=sum(piece.commits + piece.quarantined for piece in pieces),
        pieces=tuple(pieces),
    )
    why = "rewritten" if any(done.lost for done in read.values()) else "late"
    return replace(now, restated=_restated(before, now, read, why))


def _restated(before: Record | None, now: Record, read: Mapping[str, _Read], why: str) -> Any:
    """Return the closed quarters that hold other commits than before; one read for the first time is none of them."""
    if before is None:
        return ()
    known = {label for label in before.quarters() if label in read}
    found = restatements(before, now, why)
    return (*before.restated, *(r for r in found[len(before.restated) :] if r.quarter in known))
