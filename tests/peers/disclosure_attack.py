"""Works out from a published facts.json what it hides, as a reader with a solver would.

    python tests/peers/disclosure_attack.py HOME

attacks every edition of a home and compares with what its lake holds. The equations are written here apart from the
project's own, so that one forgotten there is found here.
"""

from __future__ import annotations

import json
import math
import sys
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import duckdb

ENDLESS = math.inf
REASONS = ("merge", "bad_date", "duplicate", "import", "before_tracking", "after_tracking", "partial_source", "bot")
WORK = ("core", "integration", "docs", "build", "mixed", "neutral", "unknown")
PARTS = (
    ("contributors", ("contributors_retained", "contributors_new", "contributors_returning")),
    ("contributors", ("tenure_under_1_year", "tenure_1_to_2_years", "tenure_2_years_or_more")),
    ("contributors_previous", ("contributors_retained", "contributors_churned")),
    ("contributors_churned", ("churned_moved", "churned_narrowed", "churned_gone")),
    ("contributors", ("one_commit", "occasional", "sustained")),
    ("sustained", tuple(f"sustained_{work}" for work in WORK)),
    ("commits_read", ("commits", *(f"not_counted_{reason}" for reason in REASONS))),
    ("commits_with_bots", ("commits", "not_counted_bot")),
)
RATIOS = (
    ("churn_rate_pct", "contributors_churned", "contributors_previous", 100),
    ("retention_pct", "contributors_retained", "contributors_previous", 100),
    ("engaged_churn_rate_pct", "engaged_churned", "engaged_previous", 100),
    ("sustained_share", "sustained", "contributors", 1),
    ("full_time_like_share", "full_time_like", "contributors", 1),
    ("containment_a", "shared", "contributors_a", 1),
    ("containment_b", "shared", "contributors_b", 1),
    ("shared_new_share", "shared_new", "shared", 1),
    ("one_week_share", "one_week_people", "contributors", 1),
    ("top_contributor_share", "top_commits", "commits", 1),
)
CHANGES = (
    ("contributors_qoq_pct", "contributors", "contributors_previous"),
    ("commits_qoq_pct", "commits", "commits_previous"),
    ("basket_contributors_qoq_pct", "basket_contributors", "basket_contributors_previous"),
    ("basket_commits_qoq_pct", "basket_commits", "basket_commits_previous"),
)
DIFFERENCES = (
    ("contributors_net_change", "contributors", "contributors_previous"),
    ("shared_change", "shared", "shared_previous"),
)
WITHIN = (
    ("shared_qualified", "shared"),
    ("shared_new", "shared"),
    ("shared_retained", "shared"),
    ("shared_retained", "shared_previous"),
    ("engaged_churned", "engaged_previous"),
    ("basket_contributors", "contributors"),
    ("basket_commits", "commits"),
    ("contributors_new", "contributors"),
    ("contributors_retained", "contributors"),
    ("full_time_like", "contributors"),
    ("core_builders", "sustained"),
    ("contributors", "contributors_with_coauthors"),
    ("contributors", "contributors_with_merges"),
    ("commits", "commits_with_merges"),
)
WIDER = ("contributors_with_coauthors", "contributors_with_merges")
OVER_CATEGORIES = ("commits", "commits_previous", "unresolved_commits")

Row = tuple[dict[str, float], float, float]
"""Weights of cells whose weighted sum lies between two numbers."""


@dataclass
class Published:
    """What a reader sees: values, what stands in the place of hidden ones, and public knowledge about repositories."""

    values: dict[str, float]
    instead: dict[str, str]
    units: dict[str, str]
    category_of: Mapping[str, str]
    sizes: Mapping[str, int] = field(default_factory=dict)

    @property
    def entities(self) -> dict[str, set[str]]:
        """Measures by entity, hidden ones included."""
        found: dict[str, set[str]] = defaultdict(set)
        for key in (*self.values, *self.instead):
            entity, _, measure = key.rpartition(".")
            found[entity].add(measure)
        return found


def published(document: Mapping[str, object], category_of: Mapping[str, str]) -> Published:
    """Read a facts.json."""
    facts = document["facts"]
    assert isinstance(facts, list)
    # Nobody prints how many commits the largest contributor made; a share of a hidden number tells it all the same
    largest = [
        f["id"].removesuffix("_contributor_share") + "_commits"
        for f in facts
        if f["id"].endswith("top_contributor_share")
    ]
    return Published(
        values={f["id"]: f["value"] for f in facts if f["value"] is not None},
        instead={f["id"]: f["shown"] for f in facts if f.get("shown") in ("< 5", "withheld")}
        | dict.fromkeys(largest, "withheld"),
        units={f["id"]: f["unit"] for f in facts} | dict.fromkeys(largest, "commits"),
        category_of=category_of,
    )


def rows_of(seen: Published) -> Iterator[Row]:
    """Return everything that a reader knows to hold between the cells."""
    entities = seen.entities
    for entity, measures in entities.items():
        yield from (_sum(entity, total, parts) for total, parts in PARTS if {total, *parts} <= measures)
        yield from _ratios(seen, entity, measures)
        yield from _changes(seen, entity, measures)
        yield from (
            ({f"{entity}.{part}": 1, f"{entity}.{whole}": -1}, -ENDLESS, 0)
            for part, whole in WITHIN
            if {part, whole} <= measures
        )
    yield from _flows(entities)
    yield from _sums_of_the_catalogue(seen, entities)


def _sums_of_the_catalogue(seen: Published, entities: Mapping[str, set[str]]) -> Iterator[Row]:
    categories = [e for e, measures in entities.items() if "repositories_tracked" in measures and e != "catalogue"]
    for measure in OVER_CATEGORIES:
        yield {f"catalogue.{measure}": 1} | {f"{c}.{measure}": -1 for c in categories}, 0, 0
    for category in categories:
        small = f"{category}:small_repositories"
        own = [r for r in entities if r == small or seen.category_of.get(r) == category]
        yield {f"{category}.commits": 1} | {f"{r}.commits": -1 for r in own}, 0, 0


def _ratios(seen: Published, entity: str, measures: set[str]) -> Iterator[Row]:
    for measure, part, whole, scale in RATIOS:
        ratio = seen.values.get(f"{entity}.{measure}")
        if ratio is not None and {part, whole} <= measures:
            yield {f"{entity}.{part}": scale, f"{entity}.{whole}": -ratio}, -1e-6, 1e-6
    jaccard = seen.values.get(f"{entity}.jaccard")
    if jaccard is not None:
        sizes = {f"{entity}.contributors_{side}": -jaccard for side in "ab"}
        yield {f"{entity}.shared": 1 + jaccard} | sizes, -1e-6, 1e-6


def _flows(entities: Mapping[str, set[str]]) -> Iterator[Row]:
    """Return the balance of the matrix of homes, and what arrivals by origin tell of one another."""
    flows = [tuple(entity.split(":")) for entity in entities if entity.count(":") == 2]
    year = {(origin, destination) for kind, origin, destination in flows if kind == "year"}
    for state in {state for cell in year for state in cell if state != "all"}:
        row = [cell for cell in year if cell[0] == state and cell[1] != "all"]
        column = [cell for cell in year if cell[1] == state and cell[0] != "all"]
        for total, cells in (((state, "all"), row), (("all", state), column)):
            yield {_year(total): 1} | {_year(cell): -1 for cell in cells}, 0, 0
    for total in (True, False):
        margins = [cell for cell in year if cell != ("all", "all") and ("all" in cell) and (cell[0] == "all") == total]
        if margins:
            yield {_year(("all", "all")): 1} | {_year(cell): -1 for cell in margins}, 0, 0
    for kind, origin, destination in flows:
        if kind == "arrivals" and origin == "any":
            any_past, none = (f"arrivals:{o}:{destination}.people" for o in ("any", "none"))
            yield {f"{destination}.contributors_new": 1, any_past: -1, none: -1}, 0, 0
            pasts = [f"arrivals:{o}:{d}.people" for k, o, d in flows if k == kind and d == destination]
            pasts = [key for key in pasts if key not in (any_past, none)]
            yield {any_past: 1} | dict.fromkeys(pasts, -1), -ENDLESS, 0
            yield from (({key: 1, any_past: -1}, -ENDLESS, 0) for key in pasts)


def _year(cell: tuple[str, str]) -> str:
    return f"year:{cell[0]}:{cell[1]}.people"


def _sum(entity: str, total: str, parts: tuple[str, ...]) -> Row:
    return {f"{entity}.{total}": 1} | {f"{entity}.{part}": -1 for part in parts}, 0, 0


def _changes(seen: Published, entity: str, measures: set[str]) -> Iterator[Row]:
    """Return what a change tells: rounded to whole per cent it bounds a quotient; a net change is a difference."""
    for change, now, before in CHANGES:
        value = seen.values.get(f"{entity}.{change}")
        if value is not None and {now, before} <= measures:
            now_key, before_key = f"{entity}.{now}", f"{entity}.{before}"
            yield {now_key: 100, before_key: -(99.5 + value)}, 0, ENDLESS
            yield {now_key: 100, before_key: -(100.5 + value)}, -ENDLESS, 0
    for measure, now, before in DIFFERENCES:
        net = seen.values.get(f"{entity}.{measure}")
        if net is not None:
            yield {f"{entity}.{now}": 1, f"{entity}.{before}": -1}, net, net
    lift, expected = (seen.values.get(f"{entity}.{measure}") for measure in ("lift", "shared_expected"))
    if lift is not None and expected is not None:
        yield {f"{entity}.shared": 1}, lift * expected - 1e-6, lift * expected + 1e-6


def recovered(seen: Published) -> dict[str, int]:
    """Return the hidden cells that only one whole number fits, with it."""
    cells = {key for key in seen.instead if seen.units[key] not in ("share", "%")}
    known_rows: list[Row] = []
    for weights, low, high in rows_of(seen):
        unknown = {key: weight for key, weight in weights.items() if key in cells}
        if unknown and all(key in cells or key in seen.values for key in weights):
            known = sum(weight * seen.values[key] for key, weight in weights.items() if key not in cells)
            known_rows.append((unknown, low - known, high - known))
    return {key: n for group in _groups(known_rows) for key, n in _recovered(seen, group).items()}


def _groups(rows: list[Row]) -> Iterator[list[Row]]:
    """Return the rows in groups that share no cell: one cannot tell anything of another's, and solves in no time."""
    of_cell: dict[str, list[int]] = defaultdict(list)
    for number, (weights, _, _) in enumerate(rows):
        for key in weights:
            of_cell[key].append(number)
    seen: set[int] = set()
    for first in range(len(rows)):
        group, waiting = [], [first]
        while waiting:
            number = waiting.pop()
            if number not in seen:
                seen.add(number)
                group.append(rows[number])
                waiting += [near for key in rows[number][0] for near in of_cell[key]]
        if group:
            yield group


def _recovered(seen: Published, rows: list[Row]) -> dict[str, int]:
    import numpy as np
    from scipy.optimize import linprog

    cells = sorted({key for weights, _, _ in rows for key in weights})
    place = {key: n for n, key in enumerate(cells)}
    matrix, limits = [], []
    for weights, low, high in rows:
        row = np.zeros(len(cells))
        for key, weight in weights.items():
            row[place[key]] = weight
        if high < ENDLESS:
            matrix.append(row)
            limits.append(high + 1e-7)
        if low > -ENDLESS:
            matrix.append(-row)
            limits.append(1e-7 - low)
    bounds = [_bounds(seen, key) for key in cells]
    found = {}
    for key in cells:
        aim = np.zeros(len(cells))
        aim[place[key]] = 1
        ends = [linprog(sign * aim, A_ub=matrix, b_ub=limits, bounds=bounds, method="highs") for sign in (1, -1)]
        assert ends[0].status == 0, f"{key}: what is published contradicts itself ({ends[0].message})"
        low = math.ceil(ends[0].fun - 1e-4)
        high = math.floor(-ends[1].fun + 1e-4) if ends[1].status == 0 else ENDLESS
        if low == high:
            found[key] = low
    return found


def _bounds(seen: Published, key: str) -> tuple[float, float | None]:
    if seen.units[key] != "people":
        return (0, None)
    return (0, 4) if seen.instead[key] == "< 5" else (5, None)


def attack(home: Path) -> list[str]:
    """Attack every edition of a home; return what was recovered although it is a secret, a line each."""
    broken = []
    with duckdb.connect(str(home / "deepsignal.duckdb"), read_only=True) as connection:
        category_of = dict(connection.execute("SELECT repository, category FROM tracked_repositories").fetchall())
        for edition in sorted((home / "editions").iterdir()):
            document = json.loads((edition / "facts.json").read_text(encoding="utf-8"))
            seen = published(document, category_of)
            found = recovered(seen)
            secrets = secrets_of(connection, document["quarter"])
            recovered_secrets = {key: value for key, value in found.items() if key in secrets}
            recovered_secrets |= people_elsewhere(seen) | people_added(seen)
            print(f"{edition.name}: {len(secrets)} secrets, {len(recovered_secrets)} recovered")
            broken += [f"{edition.name}: {key} = {value}" for key, value in recovered_secrets.items()]
    return broken


def people_elsewhere(seen: Published) -> dict[str, int]:
    """Return how few people used a term elsewhere than in a part of where it is counted, by the two counts.

    Terms of subjects and of paths have the same names here: a reader may take them for one.
    """
    counts: dict[str, list[tuple[str, str, int]]] = defaultdict(list)
    for key, value in seen.values.items():
        category, *rest = key.removesuffix(".people").split(":")
        if key.endswith(".people") and rest and rest[0] in ("across", "repository", "new", "apart"):
            counts[rest[-1]].append((category, rest[0], int(value)))
    return {
        f"{term}, {whole[0]} {whole[1]} less {part[0]} {part[1]}": whole[2] - part[2]
        for term, places in counts.items()
        for whole in places
        for part in places
        if 0 < whole[2] - part[2] < 5
        and part[1] != "apart"
        and (whole[0] == "catalogue" != part[0] or (whole[1] == "apart" and whole[0] == part[0]))
    }


def people_added(seen: Published) -> dict[str, int]:
    """Return how few people a wider rule adds, by the two counts."""
    pairs = [(f"{entity}.{wide}", f"{entity}.contributors") for entity in seen.entities for wide in WIDER]
    return {
        f"{wide} less {narrow}": int(seen.values[wide] - seen.values[narrow])
        for wide, narrow in pairs
        if wide in seen.values and narrow in seen.values and 0 < seen.values[wide] - seen.values[narrow] < 5
    }


def secrets_of(connection: duckdb.DuckDBPyConnection, quarter: object) -> set[str]:
    """Return the counts of fewer than five people, what they did, and commits that are mostly one person's."""
    found = connection.execute(
        """
        WITH facts AS (FROM report_facts WHERE quarter = $quarter AND value IS NOT NULL),
        sizes AS (SELECT entity, entity_kind, value < 5 AS is_small FROM facts WHERE measure = 'contributors'),
        shares AS (SELECT entity, value > 0.5 AS is_of_one FROM facts WHERE measure = 'top_contributor_share')
        SELECT f.fact_id FROM facts AS f LEFT JOIN sizes AS z USING (entity) LEFT JOIN shares AS s USING (entity)
        -- Differences between levels count nobody: what they tell of the levels is told by the equations
        WHERE (f.unit = 'people' AND f.value < 5 AND f.measure <> 'absence_factor'
               AND NOT regexp_matches(f.measure, '_(by_[a-z]+|real_change|net_change)$'))
          OR (z.entity_kind IN ('repository', 'small_repositories') AND z.is_small AND f.unit <> 'repositories')
          OR (f.measure = 'commits' AND s.is_of_one)
          OR (f.measure = 'one_week_share' AND round(f.value * f.n) < 5)
        """,
        {"quarter": quarter},
    )
    return {fact_id for (fact_id,) in found.fetchall()} | _left_out_of_few(connection, quarter)


def _left_out_of_few(connection: duckdb.DuckDBPyConnection, quarter: object) -> set[str]:
    """Return what was left out that fewer than five people made, or one of them over half of."""
    found = connection.execute(
        """
        SELECT not_counted_reason
        FROM (
            SELECT not_counted_reason, contributor_id, count(*) AS commits
            FROM counted_commits JOIN contributor_identities USING (alias_id)
            WHERE quarter = $quarter AND not_counted_reason IS NOT NULL GROUP BY ALL
        )
        GROUP BY not_counted_reason
        HAVING count(contributor_id) < 5 OR max(commits) FILTER (contributor_id IS NOT NULL) > sum(commits) / 2
        """,
        {"quarter": quarter},
    )
    return {f"catalogue.not_counted_{reason}" for (reason,) in found.fetchall()}


if __name__ == "__main__":
    sys.exit("\n".join(attack(Path(sys.argv[1]))) or 0)
