"""A tiny but complete set of the tables that an edition is made from, with the contracts' columns, in memory."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import duckdb
import pyarrow as pa
from small_predictions import PREDICTIONS, prediction_facts

from deepsignal_pipeline.domain.catalogue import Catalogue, Category
from deepsignal_pipeline.domain.quarters import Quarter
from deepsignal_pipeline.tables import TABLES
from deepsignal_pipeline.tables.contract import Column
from deepsignal_pipeline.tables.report_facts import (
    CATALOGUE_CHANGE_VALUES,
    CATALOGUE_SUMS,
    CATALOGUE_VALUES,
    CHANGE_VALUES,
    OF_CATALOGUE_ONLY,
    SMALL_VALUES,
)

QUARTER = Quarter(2023, 1)
NAMES = {
    "gpu-kernels": "GPU Kernels & Performance",
    "ml-compilers": "ML Compilers & Graph Optimization",
    "distributed-training": "Distributed Training & Parallelism",
    "inference-runtimes": "Inference Runtimes & Engines",
    "llm-serving": "LLM Serving & Inference",
    "training-frameworks": "Training Frameworks & Model Architecture",
    "ml-platform": "ML Platform & Orchestration",
    "edge": "Edge & On-Device ML",
    "model-optimization": "Model Optimization & Compression",
    "hardware-codesign": "Hardware-Software Co-Design",
    "ml-debugging": "ML Debugging & Tooling",
    "agent-framework": "Agent Framework",
}
Row = dict[str, Any]
CATALOGUE = Catalogue(tuple(Category(slug, name, "", order) for order, (slug, name) in enumerate(NAMES.items())), ())
PROVENANCE: Mapping[str, object] = {
    "lock": "0badcafe" * 8, "identities": "5eed" * 16, "catalogue_hash": "1a2b3c4d" * 8, "tables": {"b": "2", "a": "1"},
}  # fmt: skip
MARKED: Mapping[str, Mapping[str, Any]] = {
    "llm-serving": {"marks": ["dominated", "basket_differs"], "top_contributor_share": 0.488,
                    "contributors_qoq_pct": 72, "basket_contributors_qoq_pct": -5},
    "edge": {"marks": ["basket_differs"], "contributors_qoq_pct": 51, "basket_contributors_qoq_pct": 0},
    "ml-debugging": {"marks": ["small_base"], "contributors_previous": 12},
}  # fmt: skip
"""What differs from the plain rows, by category: the shape of the real quarter."""

TERMS: Sequence[Row] = (
    {"category": "edge", "scope": "across", "rank": 1, "kind": "subject", "term": "int8",
     "repositories": ["owner/project-07", "owner/project-03", "owner/project-01"], "people": 12, "z": 5.4},
    {"category": "edge", "scope": "repository", "rank": 1, "kind": "path", "term": "ggml",
     "repositories": ["owner/project-07"], "people": 9, "z": 4.2},
    {"category": "edge", "scope": "new", "rank": 1, "kind": "path", "term": "quantize",
     "repositories": ["owner/project-07"], "people": 7, "z": 9.9},
    {"category": "edge", "scope": "apart", "rank": 1, "kind": "subject", "term": "neon",
     "repositories": ["owner/project-07", "owner/project-03"], "people": 8, "z": 8.4},
    {"category": "catalogue", "scope": "across", "rank": 1, "kind": "path", "term": "llama",
     "repositories": ["owner/project-00", "owner/project-01", "owner/project-02"], "people": 19, "z": 6.8},
)  # fmt: skip
"""What the work is about and turned to."""

SMALL: Mapping[str, Row] = {
    "gpu-kernels": {"repositories": 3, "commits": 41, "contributors": 6, "top_contributor_share": 0.4},
    "edge": {"repositories": 1, "commits": 17, "contributors": 2, "top_contributor_share": 0.9},
}
"""Repositories of under five people each, together."""


def connect(
    *,
    categories: Mapping[str, Mapping[str, Any]] = MARKED,
    repositories: Mapping[str, Mapping[str, Any]] | None = None,
    overlaps: Mapping[str, Mapping[str, Any]] | None = None,
    catalogue: Mapping[str, Any] | None = None,
    of_one_person: Sequence[str] = (),
    terms: Sequence[Row] = TERMS,
    has_previous: bool = True,
    predictions: Sequence[Row] = PREDICTIONS,
) -> duckdb.DuckDBPyConnection:
    """Return a connection with the tables; values given by entity replace the plain ones."""
    category_rows = [
        _category(slug, order, has_previous) | categories.get(slug, {}) for order, slug in enumerate(NAMES)
    ]
    repository_rows = [_repository(n) for n in range(18)] + [
        _repository(0) | {"repository": name} | values for name, values in (repositories or {}).items()
    ]
    pair_rows = _pairs(overlaps or {})
    facts = _facts(category_rows, repository_rows, pair_rows, _flows(has_previous), has_previous)
    facts = [
        fact
        | {
            "value": (catalogue or {}).get(fact["measure"], fact["value"]),
            "marks": [*fact["marks"], *(["of_one_person"] if fact["measure"] in of_one_person else [])],
        }
        if fact["entity"] == "catalogue"
        else fact
        for fact in facts
    ]
    facts += prediction_facts(predictions)
    for row in terms:
        place = row["repositories"] if row["scope"] == "repository" else []
        facts += _of("term", ":".join([row["category"], row["scope"], *place, row["term"]]), "focus_terms", row, [])
    connection = duckdb.connect()
    _fill(connection, "focus_terms", terms)
    _fill(connection, "category_metrics", category_rows)
    _fill(connection, "repository_metrics", repository_rows)
    _fill(connection, "category_overlaps", pair_rows)
    _fill(connection, "prediction_scores", predictions)
    _fill(connection, "report_facts", facts)
    _fill(connection, "repository_snapshots", [_snapshot(row) for row in repository_rows])
    _fill(connection, "tracked_repositories", [{"repository": row["repository"]} for row in repository_rows])
    return connection


def _category(slug: str, order: int, has_previous: bool) -> Row:
    people, previous = 60 + 10 * order, 50 + 9 * order
    row: Row = {column.name: 3 + order for column in TABLES["category_metrics"].columns}
    row |= {"category": slug, "category_order": order, "marks": [], "change_null_reason": None}
    row |= {"repositories_tracked": 40, "repositories_read": 9, "repositories_complete": 9, "repositories_active": 8}
    row |= {"commits": 900 + 37 * order, "commits_previous": 880, "unresolved_commits": 0, "unresolved_share": 0.0}
    row |= {"agent_assisted_commits": 9, "agent_assisted_share": 9 / (900 + 37 * order)}
    row |= {"contributors": people, "contributors_previous": previous, "contributors_net_change": people - previous}
    row |= {"contributors_strict": people + 3, "contributors_loose": people - 2}
    row |= {"basket_contributors": people - 4, "basket_contributors_previous": previous - 4}
    row |= {"basket_commits": 800, "basket_commits_previous": 790, "basket_repositories": 7}
    row |= {"commits_qoq_pct": 3 + order, "contributors_qoq_pct": 18 - 3 * order}
    row |= {"basket_commits_qoq_pct": 2 + order, "basket_contributors_qoq_pct": 17 - 3 * order}
    row |= {"contributors_retained": 30, "contributors_new": people - 35, "contributors_returning": 5}
    row |= {
        "contributors_churned": previous - 30,
        "churned_moved": 2,
        "churned_narrowed": 3,
        "churned_gone": previous - 35,
    }
    row |= {"churn_rate_pct": 42.5 + order, "retention_pct": 57.5 - order, "engaged_churn_rate_pct": 20.0 + order}
    row |= {"top_contributor_share": 0.1, "commits_gini": 0.5, "mean_active_weeks": 4.25 - 0.2 * order}
    row |= {"mean_active_weeks interval": (3.25 - 0.2 * order, 5.25 - 0.2 * order)}
    row |= {"one_week_share interval": (0.2 + 0.035 * order, 0.4 + 0.035 * order)}
    row |= {"churn_rate_pct interval": (34.5 + order, 51.5 + order)}
    row |= {"engaged_churn_rate_pct interval": (10.4 + order, 31.6 + order)}
    row |= {"median_active_weeks": 2.0, "one_week_share": 0.3 + 0.035 * order, "mean_active_days": 5.0}
    row |= {"median_tenure_years": 1.5 - 0.1 * order, "median_catalogue_tenure_years": 1.6 - 0.1 * order}
    row |= {"tenure_under_1_year": people - 12, "tenure_1_to_2_years": 6, "tenure_2_years_or_more": 6}
    if not has_previous:
        row |= {key: None for key in row if _needs_previous(key)} | {"change_null_reason": "first_quarter"}
        row["marks"] = ["first_quarter"]
    return row


def _needs_previous(measure: str) -> bool:
    kept = ("contributors_new", "contributors_with_coauthors", "contributors_with_merges")
    turnover = ("contributors_r", "contributors_c", "contributors_net", "churn", "retention", "engaged")
    return measure not in kept and (
        "previous" in measure or "qoq" in measure or measure.startswith((*turnover, "basket"))
    )


def _repository(number: int) -> Row:
    people = 90 - 5 * number
    return {
        "repository": f"owner/project-{number:02}", "category": list(NAMES)[number % 12], "null_reason": None,
        "change_null_reason": None, "commits": 10 * people, "contributors": people, "commits_previous": 9 * people,
        "contributors_previous": people - 3, "commits_qoq_pct": 11, "contributors_qoq_pct": 4,
        "contributors_new": people // 3, "contributors_retained": people // 2, "mean_active_weeks": 2.25,
        "top_contributor_share": 0.2, "contributor_rank": number + 1,
    }  # fmt: skip


def _pairs(changed: Mapping[str, Mapping[str, Any]]) -> list[Row]:
    slugs = list(NAMES)
    rows = []
    for a, first in enumerate(slugs):
        for b in range(a + 1, 12):
            shared = (5 * a + 3 * b) % 17
            row = {
                "category_a": first, "category_b": slugs[b], "order_a": a, "order_b": b, "contributors_a": 60 + 10 * a,
                "contributors_b": 60 + 10 * b, "shared": shared, "shared_qualified": shared // 3,
                "containment_a": shared / (60 + 10 * a), "containment_b": shared / (60 + 10 * b),
                "containment_a interval": (shared / (90 + 10 * a), shared / (30 + 10 * a)),
                "containment_b interval": (shared / (90 + 10 * b), shared / (30 + 10 * b)),
                "jaccard": shared / 300, **_chance(shared, a + b), "shared_previous": shared // 2,
                "shared_change": shared - shared // 2, "shared_retained": shared // 3, "shared_new": shared // 2,
            }  # fmt: skip
            rows.append(row | changed.get(f"{first}+{slugs[b]}", {}))
    return rows


def _chance(shared: int, number: int) -> Row:
    """Return what goes with chance: the more people a pair shares, the stronger it is, and the newer in their order."""
    if shared < 5:
        none = dict.fromkeys(("lift", "lift_low", "lift_high", "shared_new_share", "strength_rank", "newness_rank"))
        return none | {"shared_expected": 1.5, "q_value": 0.4}
    return {
        "shared_expected": 4.25, "lift": shared / 4.25, "lift_low": shared / 8.5, "lift_high": shared / 2,
        "q_value": 0.0004 if shared > 12 else 0.25, "shared_new_share": (shared // 2) / shared,
        "lift interval": (shared / 8.5, shared / 2), "shared interval": (shared * 0.5, shared * 1.75),
        "strength_rank": 20 - shared if shared > 12 else None, "newness_rank": number,
    }  # fmt: skip


def _flows(has_previous: bool) -> list[Row]:
    """Return arrivals and the matrix of homes: everybody stays at home but for some who leave, enter and move on."""
    slugs = list(NAMES)
    arrivals = {(o, d): (3 * a + 7 * b) % 13 for a, o in enumerate(slugs) for b, d in enumerate(slugs) if a != b}
    for order, slug in enumerate(slugs):
        arrivals |= {("any", slug): 13, ("none", slug): 60 + 10 * order - 35 - 13}
    inner = {(o, d): 40 + a if o == d else (a + b) % 6 for a, o in enumerate(slugs) for b, d in enumerate(slugs)}
    for order, slug in enumerate(slugs):
        inner |= {(slug, "passing"): 7, ("passing", slug): order, (slug, "absent"): 20, ("absent", slug): 30}
    inner |= {("passing", "passing"): 9, ("passing", "absent"): 300, ("absent", "passing"): 400}
    year = dict(inner)
    for (origin, destination), people in inner.items():
        for total in ((origin, "all"), ("all", destination), ("all", "all")):
            year[total] = year.get(total, 0) + people
    return [
        {
            "flow": flow, "origin": origin, "destination": destination, "people": people if has_previous else None,
            "null_reason": None if has_previous else "window_before_catalogue",
        }
        for flow, cells in (("arrivals", arrivals), ("year", year))
        for (origin, destination), people in cells.items()
    ]  # fmt: skip


def _snapshot(row: Row) -> Row:
    return {
        "repository": row["repository"], "tip": "0" * 40, "status": "full", "reason": None, "source": "sample",
        "commits": 100, "recounted_commits": 100,
        "first_committed_at": "2020-01-01 00:00:00+00", "last_committed_at": "2023-09-30 00:00:00+00",
        "fetched_at": "2023-10-01 00:00:00+00", "complete_until": "2023-02-04 00:00:00+00", "restated_quarters": [],
    }  # fmt: skip


def _facts(
    categories: list[Row], repositories: list[Row], pairs: list[Row], flows: list[Row], has_previous: bool
) -> list[Row]:
    rows = [f for row in categories for f in _of("category", row["category"], "category_metrics", row, row["marks"])]
    for row in categories:
        rows += _of("category", row["category"], "restatements", _restated(row), row["marks"])
        mix, depth, coordination = (
            work | {key: value for key, value in row.items() if key in work} for work in _work(row["category_order"])
        )
        rows += _of("category", row["category"], "work_type_mix", mix, [])
        rows += _of("category", row["category"], "category_depth", depth, [])
        rows += _of("category", row["category"], "category_coordination", coordination, [])
    rows += _of("catalogue", "catalogue", "work_type_mix", _work(6)[0], [])
    for row in repositories:
        if row["contributors"]:
            rows += _of("repository", row["repository"], "repository_metrics", row, [], part_of=row["category"])
    for category, small in SMALL.items():
        for column in SMALL_VALUES:
            entity = f"{category}:small_repositories"
            rows.append(_fact("small_repositories", entity, column, small[column.name], [], part_of=category))
    for row in pairs:
        rows += _of("pair", f"{row['category_a']}+{row['category_b']}", "category_overlaps", row, [])
    for row in flows:
        rows += _of(
            "flow", ":".join(row[name] for name in ("flow", "origin", "destination")), "contributor_migration", row, []
        )
    return [*rows, *_catalogue_facts(categories, has_previous), *_change_facts(categories, has_previous)]


def _catalogue_facts(categories: list[Row], has_previous: bool) -> list[Row]:
    sums = {m: _sum(row[m] for row in categories) for m in CATALOGUE_SUMS}
    values = {"contributors": 1300, "contributors_previous": 1000, "contributors_qoq_pct": 30, "commits_qoq_pct": 8}
    values |= {"contributors_strict": 1340, "contributors_loose": 1290}
    values |= {"contributors_qoq_pct_strict": 31, "contributors_qoq_pct_loose": 29}
    values |= {"commits_with_bots": 13700, "commits_with_merges": 14100, "contributors_with_merges": 1312}
    values |= {"commits_qoq_pct_with_bots": 9, "commits_qoq_pct_with_merges": 7, "contributors_qoq_pct_with_merges": 28}
    if not has_previous:
        values |= {name: None for name in values if "previous" in name or "qoq" in name}
    values |= {
        "agent_assisted_share": 0.01,
        "repositories_recounted": 9,
        "history_commits": 90_000,
        "history_commits_recounted": 90_000,
    }
    values |= {"changes_tested": 108 if has_previous else 0, "discoveries": 0}
    values["memberships"] = _sum(row["contributors"] for row in categories)
    units = {column.name: column for column in TABLES["category_metrics"].columns} | {
        c.name: c for c in CATALOGUE_VALUES
    }
    marks = ["partial"] if any("partial" in row["marks"] for row in categories) else []
    return [_fact("catalogue", "catalogue", units[m], value, marks) for m, value in (sums | values).items()]


def _change_facts(categories: list[Row], has_previous: bool) -> list[Row]:
    rows = []
    changes = [column for _, column in CHANGE_VALUES]
    entities = [("catalogue", "catalogue", {}), *(("category", row["category"], row) for row in categories)]
    for kind, entity, told in entities:
        values = [told.get(column.name, 7) if has_previous else None for column in changes]
        rows += [_fact(kind, entity, column, value, []) for column, value in zip(changes, values, strict=True)]
    baskets = {"": 1000, "_previous": 900, "_qoq_pct": 11} if has_previous else {}
    for _, column in CATALOGUE_CHANGE_VALUES:
        suffix = column.name.removeprefix("basket_commits").removeprefix("basket_contributors")
        rows.append(_fact("catalogue", "catalogue", column, baskets.get(suffix), []))
    return rows


def _restated(row: Row) -> Row:
    """Return what was restated of a category: nothing, unless its row says so."""
    restated: Row = {}
    for measure in ("commits", "contributors"):
        before = row[f"{measure}_previous"]
        restated |= {f"{measure}_published": before, f"{measure}_restated": before}
        restated |= {f"{measure}_by_{cause}": 0 for cause in ("catalogue", "source", "identities", "either")}
        restated[f"{measure}_real_change"] = None if before is None else row[measure] - before
    return restated | {key: value for key, value in row.items() if key in restated}


def _work(order: int) -> tuple[Row, Row, Row]:
    """Return mix, depth and coordination of a category; the catalogue is one without an order of its own."""
    core = 0.6 - 0.03 * order
    mix = {column.name: 0.0 for column in TABLES["work_type_mix"].columns if column.unit}
    mix |= {"core_share": core, "integration_share": 0.02, "docs_share": 0.1, "build_share": 0.1}
    mix |= {"tests_share": 1 - core - 0.22}
    depth = {column.name: 0 for column in TABLES["category_depth"].columns if column.unit}
    depth |= {"core_builders": 9 + order, "core_builder_share": 0.2, "full_time_like_share": 0.1}
    depth |= {"one_commit": 30 + 10 * order, "occasional": 10, "sustained": 20, "sustained_share": 0.3}
    depth |= {"sustained_core": 11, "sustained_docs": 9}
    depth |= {"sustained_share interval": (0.21, 0.4), "core_builder_share interval": (0.125, 0.3)}
    depth |= {"full_time_like_share interval": (0.05, 0.18)}
    coordination = {"core_files": 50, "shared_core_files": 20, "core_file_authors": 15, "shared_core_file_share": 0.4}
    coordination |= {"expected_shared_core_file_share": 0.5, "coordination": 0.8 - 0.02 * order}
    return mix, depth, coordination


def _sum(values: Iterable[int | None]) -> int | None:
    known = [value for value in values if value is not None]
    return sum(known) if known else None


def _of(kind: str, entity: str, table: str, row: Row, marks: Sequence[str], *, part_of: str | None = None) -> list[Row]:
    columns = [column for column in TABLES[table].columns if column.unit and column.name not in OF_CATALOGUE_ONLY]
    return [
        _fact(kind, entity, column, row.get(column.name), marks, part_of=part_of)
        | dict(zip(("low", "high"), row.get(f"{column.name} interval") or (), strict=False))
        for column in columns
    ]


def _fact(
    kind: str, entity: str, column: Column, value: float | None, marks: Sequence[str], *, part_of: str | None = None
) -> Row:
    known = list(marks) or ([] if value is not None else ["no_base"])
    has_interval = value is not None and column.name.endswith("_qoq_pct")
    low, high = (value - 8, value + 8) if has_interval and value is not None else (None, None)
    return {
        "fact_id": f"{entity}.{column.name}", "entity_kind": kind, "entity": entity, "measure": column.name,
        "part_of": part_of, "value": None if value is None else float(value), "unit": column.unit, "definition": column.meaning,
        "query": f"SELECT {column.name}", "n": None, "low": low, "high": high, "marks": known,
    }  # fmt: skip


def _fill(connection: duckdb.DuckDBPyConnection, name: str, rows: Sequence[Row]) -> None:
    """Make a table with the contract's columns and types, and the quarter where it has one."""
    columns = {column.name: column.type for column in TABLES[name].columns}
    if TABLES[name].quarterly:
        columns["quarter"] = "DATE"
        rows = [row | {"quarter": QUARTER.first_day} for row in rows]
    written = pa.table({key: pa.array([row.get(key) for row in rows]) for key in columns})
    connection.from_arrow(written).create_view("written", replace=True)
    cast = ", ".join(f"CAST({key} AS {kind}) AS {key}" for key, kind in columns.items())
    connection.execute(f"CREATE TABLE {name} AS SELECT {cast} FROM written")  # noqa: S608
