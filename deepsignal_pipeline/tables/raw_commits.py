"""Contract of `raw_commits`: commits as the source gave them."""

from deepsignal_pipeline.tables.contract import Column, Read, Table

_PERSON = "STRUCT(name VARCHAR, email VARCHAR)[]"
_CHANGE = "STRUCT(status VARCHAR, path VARCHAR)[]"

TABLE = Table(
    name="raw_commits",
    one_row_is="a commit reachable from a repository's pinned tip, as the source gave it",
    group="commits",
    stage=1,
    version="1",
    grain=("repository", "sha"),
    order=("repository", "committed_at", "sha"),
    reads=(Read("repository_snapshots"),),
    staged=("source_commits",),
    may_be_empty=True,
    columns=(
        Column("repository", "VARCHAR", "canonical owner/name"),
        Column("sha", "VARCHAR", "commit id, lower-case hexadecimal"),
        Column("parents", "VARCHAR[]", "ids of the parents, in their order"),
        Column("author_name", "VARCHAR", "as written", is_personal=True),
        Column("author_email", "VARCHAR", "as written; never leaves the identity stage", is_personal=True),
        Column(
            "author_login",
            "VARCHAR",
            "author's GitHub login, where the source knows it",
            required=False,
            is_personal=True,
        ),
        Column("authored_at", "TIMESTAMP WITH TIME ZONE", "author date, UTC", required=False),
        Column("author_tz", "SMALLINT", "author's offset from UTC", "minutes", required=False),
        Column("committer_name", "VARCHAR", "as written", is_personal=True),
        Column("committer_email", "VARCHAR", "as written; never leaves the identity stage", is_personal=True),
        Column("committed_at", "TIMESTAMP WITH TIME ZONE", "committer date, UTC: decides the quarter"),
        Column("committer_tz", "SMALLINT", "committer's offset from UTC", "minutes", required=False),
        Column("subject", "VARCHAR", "first line of the message", is_personal=True),
        Column("coauthors", _PERSON, "people named in co-author trailers", is_personal=True),
        Column(
            "changes",
            _CHANGE,
            "changed paths with git's status letter; null where the source recorded none",
            required=False,
        ),
    ),
)
