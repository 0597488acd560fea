"""Contract of `repository_snapshots`: what the commit source saw of a repository."""

from deepsignal_pipeline.tables.contract import Column, Read, Rule, Table

TABLE = Table(
    name="repository_snapshots",
    one_row_is="a repository that the source was asked for, at one pinned tip",
    group="ingest",
    stage=0,
    version="4",
    grain=("repository",),
    quarterly=False,
    reads=(Read("tracked_repositories"),),
    staged=("source_snapshots",),
    columns=(
        Column("repository", "VARCHAR", "canonical owner/name"),
        Column("tip", "VARCHAR", "sha of the default branch that everything was read from", required=False),
        Column(
            "status",
            "VARCHAR",
            "outcome of the visit",
            allowed=("full", "partial", "not_found", "blocked", "failed", "unchanged"),
        ),
        Column("reason", "VARCHAR", "why the status is not full", required=False),
        Column("source", "VARCHAR", "which source answered", allowed=("sample", "git", "github")),
        Column("commits", "BIGINT", "commits reachable from the tip, of any kind", "commits", minimum=0),
        Column(
            "recounted_commits",
            "BIGINT",
            "the same by a count that reads no commit: git rev-list --count, or the list beside the sample; null = none",
            "commits",
            required=False,
            minimum=0,
        ),
        Column("first_committed_at", "TIMESTAMP WITH TIME ZONE", "oldest committer date", required=False),
        Column("last_committed_at", "TIMESTAMP WITH TIME ZONE", "newest committer date", required=False),
        Column("fetched_at", "TIMESTAMP WITH TIME ZONE", "when the tip was pinned"),
        Column(
            "complete_until",
            "TIMESTAMP WITH TIME ZONE",
            "the history is complete up to this instant (exclusive); null = nothing could be read",
            required=False,
        ),
        Column(
            "restated_quarters",
            "VARCHAR[]",
            "labels of quarters whose commits changed after they were first read whole: late merges, rewritten history",
        ),
    ),
    rules=(
        Rule(
            "what_is_not_full_has_a_reason",
            "A visit that was not full says why.",
            "status IN ('full', 'unchanged') OR reason IS NOT NULL",
        ),
        Rule(
            "an_independent_count_agrees",
            "As many commits were read as an independent count finds.",
            "commits = recounted_commits",
            blocks=False,
        ),
    ),
)
