"""Contract of `proposed_imports`: commits that look like history made elsewhere."""

from deepsignal_pipeline.tables.contract import Column, Read, Rule, Table

TABLE = Table(
    name="proposed_imports",
    one_row_is="a commit that looks like history made elsewhere, for people to decide about",
    group="commits",
    stage=1,
    version="1",
    grain=("repository", "sha"),
    order=("repository", "committed_at", "sha"),
    reads=(Read("raw_commits"), Read("counted_commits"), Read("repository_snapshots")),
    may_be_empty=True,
    columns=(
        Column("repository", "VARCHAR", "canonical owner/name"),
        Column("sha", "VARCHAR", "commit id"),
        Column("committed_at", "TIMESTAMP WITH TIME ZONE", "committer date, UTC"),
        Column("subject", "VARCHAR", "first line of the message", is_personal=True),
        Column("path_count", "BIGINT", "paths that it touched", "paths", minimum=200),
        Column("added_paths", "BIGINT", "of these, added", "paths", minimum=180),
        Column("is_root", "BOOLEAN", "it has no parent"),
        Column("is_in_first_30_days", "BOOLEAN", "within 30 days of the repository's first commit"),
        Column("says_so", "BOOLEAN", "its subject speaks of squash, import or initial"),
        Column("is_listed", "BOOLEAN", "content/overrides.yaml lists it, so it is not counted"),
    ),
    rules=(
        Rule(
            "a_proposal_has_a_reason",
            "A commit is proposed for a reason.",
            "is_root OR is_in_first_30_days OR says_so",
        ),
    ),
)
