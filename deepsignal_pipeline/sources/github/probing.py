"""Whether a repository is as it was, asked so that GitHub counts nothing if it is: by a conditional request for its tip."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import quote

from deepsignal_pipeline.sources.github.client import Client, Reply
from deepsignal_pipeline.sources.github.clock import as_instant
from deepsignal_pipeline.sources.github.errors import STOPS, GitHubError
from deepsignal_pipeline.sources.github.facts import Facts
from deepsignal_pipeline.sources.github.knowledge import Known, write_known
from deepsignal_pipeline.sources.github.pages import discard_pages
from deepsignal_pipeline.sources.github.reading import Wish, is_known, trusted
from deepsignal_pipeline.sources.record import unchanged
from deepsignal_pipeline.sources.store import Holding

FACTS_LAST = timedelta(days=7)


def settle_if_unchanged(client: Client, holding: Holding, wish: Wish) -> bool:
    """Whether what is wished for is known of a repository and its tip is still the same; if so, its record says so.

    False too if its facts (stars, topics, name) are older than a week, or if it cannot be told. Raises what stops all.
    """
    known = trusted(holding)
    if known is None or holding.record is None or not _covers(known, wish):
        return False
    reply = _probe(client, known)
    if reply is None:
        return False
    at = as_instant(reply.answered_at)
    if at - known.facts.fetched_at > FACTS_LAST:
        return False
    if reply.data is not None and reply.etag and client.token is not None:
        write_known(holding.folder, known.with_etag(client.token.fingerprint, _tip_path(known.facts), reply.etag))
    holding.publish(unchanged(holding.record, at))
    # Left by a visit that was killed after it wrote its record
    discard_pages(holding.folder)
    return True


def _covers(known: Known, wish: Wish) -> bool:
    return known.facts.tip is not None and all(is_known(known, quarter, wish.people) for quarter in wish.quarters)


def _probe(client: Client, known: Known) -> Reply | None:
    """Ask whether the tip is still the same; None if it is not, or if that cannot be told.

    GitHub takes the commit's id as the ETag of this address (media type sha), so the first time costs nothing either.
    """
    facts, path = known.facts, _tip_path(known.facts)
    fingerprint = client.token.fingerprint if client.token else ""
    etag = known.etags.get(fingerprint, {}).get(path, f'"{facts.tip}"')
    try:
        reply = client.get(path, etag=etag, accept="application/vnd.github.sha", repository_id=facts.github_id)
    except STOPS:
        raise
    except GitHubError:
        return None
    return reply if reply.path == path and reply.data in (None, facts.tip) else None


def _tip_path(facts: Facts) -> str:
    # One part of the path, so a slash in the branch is written as %2F
    return f"/repos/{facts.name}/commits/{quote(f'heads/{facts.branch}', safe='')}"
