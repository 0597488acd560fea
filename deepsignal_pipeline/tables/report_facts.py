"""Contract of `report_facts`: every number that an edition may print."""

from deepsignal_pipeline.tables.contract import Column, Read, Rule, Table

ENTITY_KINDS = ("catalogue", "category", "repository", "pair")

CATALOGUE_SUMS = (
    "repositories_tracked",
    "repositories_read",
    "repositories_complete",
    "repositories_active",
    "commits_read",
    "not_counted_merge",
    "not_counted_bad_date",
    "not_counted_duplicate",
    "not_counted_import",
    "not_counted_before_tracking",
    "not_counted_after_tracking",
    "not_counted_partial_source",
    "not_counted_bot",
    "commits",
    "commits_previous",
    "unresolved_commits",
    "agent_assisted_commits",
)
"""Measures of category_metrics whose sum over the twelve categories is the catalogue's figure."""

CATALOGUE_VALUES = (
    Column("contributors", "BIGINT", "people with at least one counted commit, each counted once", "people"),
    Column("contributors_previous", "BIGINT", "the same in the quarter before", "people", required=False),
    Column(
        "contributors_qoq_pct",
        "BIGINT",
        "change of contributors against the quarter before, rounded half up",
        "%",
        required=False,
    ),
    Column(
        "commits_qoq_pct",
        "BIGINT",
        "change of commits against the quarter before, rounded half up",
        "%",
        required=False,
    ),
    Column(
        "agent_assisted_share",
        "DOUBLE",
        "agent-assisted commits / commits; null without commits",
        "share",
        required=False,
    ),
    Column("memberships", "BIGINT", "contributors added up over categories: who is in two counts twice", "memberships"),
)
"""Measures of the catalogue that are no sum over categories."""

TABLE = Table(
    name="report_facts",
    one_row_is="a fact: one measure of one entity, with the query that gives it",
    group="report",
    stage=2,
    version="3",
    grain=("fact_id",),
    reads=(
        Read("category_metrics"),
        Read("repository_metrics"),
        Read("category_overlaps"),
        Read("contributor_activity"),
        Read("contributor_identities"),
        Read("alias_activity", quarters_back=1),
    ),
    staged=("measure_definitions",),
    columns=(
        Column("fact_id", "VARCHAR", "entity.measure, e.g. llm-serving.contributors"),
        Column("entity_kind", "VARCHAR", "what is measured", allowed=ENTITY_KINDS),
        Column("entity", "VARCHAR", "slug, owner/name, slug+slug, or catalogue"),
        Column("part_of", "VARCHAR", "category of a repository; null for anything else", required=False),
        Column("measure", "VARCHAR", "name of the measure: a column of the metric tables"),
        Column("value", "DOUBLE", "the number; null with a reason among the marks", required=False),
        Column("unit", "VARCHAR", "what the number counts"),
        Column("definition", "VARCHAR", "what the measure means"),
        Column("query", "VARCHAR", "SELECT over the published tables that gives the value"),
        Column("n", "BIGINT", "people behind the value, where it is a ratio or mean over people", required=False),
        Column("low", "DOUBLE", "lower end of the 95 % interval, where the measure has one", required=False),
        Column("high", "DOUBLE", "upper end of the 95 % interval, where the measure has one", required=False),
        Column("marks", "VARCHAR[]", "what a reader must know: partial, small_base, dominated, ..."),
    ),
    rules=(Rule("a_null_says_why", "A fact without a value carries a mark.", "value IS NOT NULL OR len(marks) > 0"),),
)
