"""Contract of `contributor_activity`: what a person did in a repository in a quarter."""

from deepsignal_pipeline.tables.alias_activity import WORK_COLUMNS, WORK_RULES
from deepsignal_pipeline.tables.contract import Column, Read, Rule, Table

TABLE = Table(
    name="contributor_activity",
    one_row_is="a person in a repository in the quarter; unresolved authors share one row without an id; automation "
    "is left out",
    group="activity",
    stage=2,
    version="2",
    grain=("repository", "contributor_id"),
    reads=(Read("alias_activity"), Read("contributor_identities")),
    may_be_empty=True,
    columns=(
        Column("contributor_id", "VARCHAR", "the person; null for the commits of unresolved authors", required=False),
        Column("kind", "VARCHAR", "human, or placeholder for unresolved authors", allowed=("human", "placeholder")),
        Column("repository", "VARCHAR", "canonical owner/name"),
        Column("category", "VARCHAR", "the repository's category"),
        Column("commits", "BIGINT", "counted commits", "commits", minimum=1),
        Column("week_bits", "INTEGER", "weeks with a commit, see alias_activity", minimum=1, maximum=8191),
        Column("day_bits_low", "BIGINT", "days with a commit, see alias_activity", minimum=0),
        Column("day_bits_high", "BIGINT", "days with a commit, see alias_activity", minimum=0),
        Column("active_weeks", "INTEGER", "distinct weeks with a commit", "weeks", minimum=1, maximum=13),
        Column("active_days", "INTEGER", "distinct days with a commit", "days", minimum=1, maximum=92),
        *WORK_COLUMNS,
    ),
    rules=(
        Rule(
            "only_people_have_an_id",
            "Unresolved authors have no id; people have one.",
            "(kind = 'human') = (contributor_id IS NOT NULL)",
        ),
        Rule(
            "no_more_weeks_than_commits",
            "Nobody is active in more weeks than they made commits.",
            "active_weeks <= commits",
        ),
        Rule("no_more_weeks_than_days", "Nobody is active in more weeks than on days.", "active_weeks <= active_days"),
        *WORK_RULES,
    ),
)
