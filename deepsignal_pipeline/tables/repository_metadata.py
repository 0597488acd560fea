"""Contract of `repository_metadata`: what GitHub says of a repository."""

from deepsignal_pipeline.tables.contract import Column, Read, Table

TABLE = Table(
    name="repository_metadata",
    one_row_is="a repository that GitHub was asked about; none without access to GitHub",
    group="ingest",
    stage=0,
    version="1",
    grain=("repository",),
    quarterly=False,
    may_be_empty=True,
    reads=(Read("repository_snapshots"),),
    staged=("source_metadata",),
    columns=(
        Column("repository", "VARCHAR", "canonical owner/name"),
        Column("github_id", "BIGINT", "GitHub's number of the repository, which outlives renames", minimum=1),
        Column("names", "VARCHAR[]", "full names under which it was seen, oldest first"),
        Column("stars", "BIGINT", "people who starred it", "people", minimum=0),
        Column("forks", "BIGINT", "forks on GitHub", "repositories", minimum=0),
        Column("topics", "VARCHAR[]", "topics that its owners gave it, sorted"),
        Column("language", "VARCHAR", "main language; null where GitHub sees none", required=False),
        Column("licence", "VARCHAR", "SPDX id; null where GitHub sees none", required=False),
        Column("is_archived", "BOOLEAN", "whether its owners closed it"),
        Column(
            "created_at", "TIMESTAMP WITH TIME ZONE", "when it was made on GitHub; information, no date of tracking"
        ),
        Column(
            "pushed_at",
            "TIMESTAMP WITH TIME ZONE",
            "last push to any branch; null where there was none",
            required=False,
        ),
        Column("fetched_at", "TIMESTAMP WITH TIME ZONE", "when GitHub was asked"),
    ),
)
