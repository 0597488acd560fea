"""Contract of `contributor_profiles`: how much a person did in a category, and what kind of work. Of the restricted tier."""

from deepsignal_pipeline.tables.alias_activity import WORK_COLUMNS, WORK_RULES
from deepsignal_pipeline.tables.contract import Column, Read, Rule, Table

VOLUMES = ("one_commit", "occasional", "sustained")
WORK_CLASSES = ("core", "integration", "docs", "build", "mixed", "neutral", "unknown")

_WORK = tuple(column for column in WORK_COLUMNS if column.name != "core_week_bits")

TABLE = Table(
    name="contributor_profiles",
    one_row_is="a person with a counted commit in a category in the quarter",
    group="activity",
    stage=2,
    version="2",
    grain=("category", "contributor_id"),
    reads=(
        Read("alias_activity"),
        Read("contributor_identities"),
        Read("first_commits"),
    ),
    derives=("contributor_activity",),
    may_be_empty=True,
    columns=(
        Column("contributor_id", "VARCHAR", "the person"),
        Column("category", "VARCHAR", "slug of the category"),
        Column(
            "repositories", "BIGINT", "repositories of the category with a counted commit", "repositories", minimum=1
        ),
        Column("commits", "BIGINT", "counted commits", "commits", minimum=1),
        Column("active_weeks", "INTEGER", "distinct weeks with a commit", "weeks", minimum=1, maximum=13),
        Column("active_days", "INTEGER", "distinct days with a commit", "days", minimum=1, maximum=92),
        *_WORK,
        Column(
            "core_weeks",
            "INTEGER",
            "distinct weeks with a commit on core paths; null without classified commits",
            "weeks",
            required=False,
            minimum=0,
            maximum=13,
        ),
        Column(
            "volume",
            "VARCHAR",
            "one_commit; sustained: 3 commits or more in 2 weeks or more; occasional: between them",
            allowed=VOLUMES,
        ),
        Column(
            "work_class",
            "VARCHAR",
            "what at least half of the weight on core, integration, docs and build is on; mixed: none of them; "
            "neutral: no such weight, tests and benchmarks only; unknown: no classified commit",
            allowed=WORK_CLASSES,
        ),
        Column(
            "is_core_builder",
            "BOOLEAN",
            "core weight of 3 commits or more in 2 weeks or more; null without classified commits",
            required=False,
        ),
        Column("is_full_time_like", "BOOLEAN", "10 active days or more within 28 days of the quarter"),
        Column(
            "tenure_years",
            "DOUBLE",
            "years from the first commit of a counted kind in the category to the quarter's end",
            "years",
            minimum=0,
        ),
        Column(
            "tenure_band",
            "VARCHAR",
            "the same in bands",
            allowed=("under_1_year", "1_to_2_years", "2_years_or_more"),
        ),
    ),
    rules=(
        *(rule for rule in WORK_RULES if "core_week_bits" not in rule.expression),
        Rule(
            "core_builders_stay",
            "Whoever builds the core is sustained.",
            "NOT is_core_builder OR volume = 'sustained'",
        ),
        Rule(
            "core_weeks_are_active_weeks",
            "Weeks of core work are active weeks.",
            "core_weeks <= active_weeks",
        ),
        Rule(
            "unknown_work_is_unclassified",
            "The work class is unknown exactly without classified commits.",
            "(work_class = 'unknown') = (classified_commits = 0)",
        ),
    ),
)
