"""Contract of `repository_metrics`: the measures of a repository."""

from deepsignal_pipeline.tables.contract import Column, Read, Rule, Table

TABLE = Table(
    name="repository_metrics",
    one_row_is="a repository of the catalogue; measures are null, with the reason, where its source says too little",
    group="metrics",
    stage=2,
    version="1",
    grain=("repository",),
    reads=(
        Read("alias_activity", quarters_back=1),
        Read("contributor_identities"),
        Read("contributor_aliases"),
        Read("tracked_repositories"),
        Read("repository_snapshots"),
    ),
    derives=("contributor_activity",),
    columns=(
        Column("repository", "VARCHAR", "canonical owner/name"),
        Column("category", "VARCHAR", "its category"),
        Column("null_reason", "VARCHAR", "why nothing is measured", required=False,
               allowed=("not_tracked", "not_read", "partial_source")),
        Column("change_null_reason", "VARCHAR", "why changes are null although levels are not", required=False,
               allowed=("first_quarter", "no_base")),
        Column("commits", "BIGINT", "counted commits, automation left out", "commits", required=False, minimum=0),
        Column("contributors", "BIGINT", "people with a counted commit", "people", required=False, minimum=0),
        Column("commits_previous", "BIGINT", "commits in the quarter before", "commits", required=False, minimum=0),
        Column("contributors_previous", "BIGINT", "contributors in the quarter before", "people", required=False,
               minimum=0),
        Column("commits_qoq_pct", "BIGINT", "change of commits against the quarter before, rounded half up", "%",
               required=False, minimum=-100),
        Column("contributors_qoq_pct", "BIGINT", "change of contributors against the quarter before, rounded half up",
               "%", required=False, minimum=-100),
        Column("new_contributors", "BIGINT", "people whose first commit of a counted kind in the repository is in the "
               "quarter", "people", required=False, minimum=0),
        Column("retained_contributors", "BIGINT", "people active in it in both quarters", "people", required=False,
               minimum=0),
        Column("mean_active_weeks", "DOUBLE", "mean over people of distinct active weeks", "weeks", required=False,
               minimum=1, maximum=13),
        Column("top_contributor_share", "DOUBLE", "share of commits of the person with most of them", "share",
               required=False, minimum=0, maximum=1),
        Column("contributor_rank", "BIGINT", "rank in the catalogue by contributors, commits, name; null without "
               "contributors", required=False, minimum=1),
    ),
    rules=(
        Rule("measured_or_with_a_reason", "A repository is measured exactly if no reason stands against it.",
             "(null_reason IS NULL) = (commits IS NOT NULL)"),
        Rule("new_and_retained_are_contributors", "New and retained people are among the contributors.",
             "new_contributors + retained_contributors <= contributors"),
    ),
)
