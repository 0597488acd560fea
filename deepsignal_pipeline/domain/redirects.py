"""Redirects: where the contributors of retired ids are found now. Pure.

An id is named after an alias or a GitHub id, so it changes when an earlier alias or an account turns up; it never comes to
mean somebody else. Whoever kept the former id finds the present one here.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping

Ids = Mapping[str, str | None]


def redirects(before: Ids, after: Ids, known: Mapping[str, str]) -> dict[str, str]:
    """Return the present id of every id that was ever given and stands for nobody now.

    `before` and `after` hold the contributor of each alias in the last and in this run, `known` the redirects so far. A
    contributor that was split is found where most of its aliases went, the smallest id first among equals. One whose
    aliases are all gone has no redirect.
    """
    present = {contributor for contributor in after.values() if contributor}
    moved = {former: target for former, target in _moves(before, after).items() if former not in present}
    kept = {former: moved.get(target, target) for former, target in known.items() if former not in present}
    return {former: target for former, target in sorted((kept | moved).items()) if target in present}


def _moves(before: Ids, after: Ids) -> dict[str, str]:
    went: dict[str, Counter[str]] = defaultdict(Counter)
    for alias, former in before.items():
        now = after.get(alias)
        if former and now:
            went[former][now] += 1
    return {former: min(counts, key=lambda now: (-counts[now], now)) for former, counts in went.items()}
