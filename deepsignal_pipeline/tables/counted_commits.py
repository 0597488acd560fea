"""Contract of `counted_commits`: every commit, counted or with the reason why not."""

from deepsignal_pipeline.domain.work_types import WORK_TYPES
from deepsignal_pipeline.tables.contract import Column, Read, Rule, Table

REASONS = (
    "merge",
    "bad_date",
    "duplicate",
    "import",
    "before_tracking",
    "after_tracking",
    "partial_source",
)
"""Reasons that need no identities, in the order in which the first that applies is given. Stage 2 adds `bot`."""

WEIGHTS = tuple(f"{work_type}_weight" for work_type in WORK_TYPES)
"""Columns that say how the weight of commits is spread over work types."""

TABLE = Table(
    name="counted_commits",
    one_row_is="a commit of a repository, counted or with the reason why not; nothing is dropped",
    group="commits",
    stage=1,
    version="4",
    grain=("repository", "sha"),
    order=("repository", "committed_at", "sha"),
    reads=(
        Read("raw_commits"),
        Read("changed_paths"),
        Read("tracked_repositories"),
        Read("repository_snapshots"),
    ),
    staged=("import_entries", "original_authors"),
    may_be_empty=True,
    columns=(
        Column("repository", "VARCHAR", "canonical owner/name"),
        Column("sha", "VARCHAR", "commit id"),
        Column("category", "VARCHAR", "the repository's category"),
        Column("alias_id", "VARCHAR", "the author's alias"),
        Column("coauthor_alias_ids", "VARCHAR[]", "aliases of the trailers, sorted, without repeats"),
        Column("committed_at", "TIMESTAMP WITH TIME ZONE", "committer date, UTC"),
        Column("is_counted", "BOOLEAN", "no reason stands against it"),
        Column(
            "not_counted_reason",
            "VARCHAR",
            "first reason that applies; null when counted",
            required=False,
            allowed=REASONS,
        ),
        Column("is_counted_with_merges", "BOOLEAN", "no reason stands against it but, if any, that it is a merge"),
        Column("duplicate_of", "VARCHAR", "the repository that owns the commit, if another does", required=False),
        Column(
            "path_count",
            "BIGINT",
            "paths that it touched; null where the source gave none",
            "paths",
            required=False,
            minimum=0,
        ),
        *(
            Column(
                weight,
                "INTEGER",
                f"part of its weight on {weight.removesuffix('_weight')} paths; null if it is not counted, or its paths "
                "are unknown or over 50",
                "millionths",
                required=False,
                minimum=0,
                maximum=1_000_000,
            )
            for weight in WEIGHTS
        ),
    ),
    rules=(
        Rule(
            "counted_or_with_a_reason",
            "A commit is counted exactly if no reason stands against it.",
            "is_counted = (not_counted_reason IS NULL)",
        ),
        Rule(
            "a_duplicate_names_its_owner",
            "A duplicate names the repository that owns it.",
            "not_counted_reason <> 'duplicate' OR duplicate_of IS NOT NULL",
        ),
        Rule(
            "weights_are_a_million",
            "The weights of a commit add up to a million millionths.",
            f"{' + '.join(WEIGHTS)} = 1000000",
        ),
        Rule(
            "weights_are_known_or_the_reason_is",
            "A commit has weights exactly if it is counted and its paths are known and 50 at most.",
            "(core_weight IS NOT NULL) = (is_counted AND coalesce(path_count <= 50, false))",
        ),
    ),
)
