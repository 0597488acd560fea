"""Contract of `commit_audit`: what became of every commit that was read."""

from deepsignal_pipeline.tables.contract import Column, Read, Rule, Table
from deepsignal_pipeline.tables.counted_commits import REASONS

TABLE = Table(
    name="commit_audit",
    one_row_is="what became of commits of a repository: counted, or left out for a reason",
    group="commits",
    stage=2,
    version="2",
    grain=("repository", "outcome", "duplicate_of"),
    reads=(Read("counted_commits"), Read("contributor_identities")),
    may_be_empty=True,
    columns=(
        Column("repository", "VARCHAR", "canonical owner/name"),
        Column("category", "VARCHAR", "the repository's category"),
        Column(
            "outcome",
            "VARCHAR",
            "counted; unresolved: counted, without a person; otherwise why it is left out",
            allowed=("counted", "unresolved", *REASONS, "bot"),
        ),
        Column("duplicate_of", "VARCHAR", "the repository that owns the commits, if another does", required=False),
        Column("commits", "BIGINT", "commits with this outcome", "commits", minimum=1),
        Column("people_commits", "BIGINT", "of these, commits that no automation made", "commits", minimum=0),
        Column("aliases", "BIGINT", "names and addresses among their authors", "aliases", minimum=1),
        Column("commits_digest", "BIGINT", "digest of their ids: differs where a commit came or went"),
        Column("first_committed_at", "TIMESTAMP WITH TIME ZONE", "earliest committer date, UTC"),
        Column("last_committed_at", "TIMESTAMP WITH TIME ZONE", "latest committer date, UTC"),
    ),
    rules=(
        Rule(
            "no_more_aliases_than_commits",
            "There are no more authors than commits.",
            "aliases <= commits",
        ),
        Rule(
            "commits_of_people_are_some_of_them",
            "Commits that no automation made are some of the commits.",
            "people_commits <= commits",
        ),
    ),
)
