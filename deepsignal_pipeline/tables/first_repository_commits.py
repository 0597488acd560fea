"""Contract of `first_repository_commits`: since when people are there, by repository."""

from deepsignal_pipeline.tables.contract import Column, Read, Table

TABLE = Table(
    name="first_repository_commits",
    one_row_is="a person in a repository, with the first commit of a counted kind there, from the whole history",
    group="identity",
    stage=2,
    version="1",
    grain=("contributor_id", "repository"),
    order=("first_owned_at", "contributor_id", "repository"),
    quarterly=False,
    may_be_empty=True,
    reads=(Read("contributor_aliases"), Read("contributor_identities")),
    columns=(
        Column("contributor_id", "VARCHAR", "the person"),
        Column("repository", "VARCHAR", "canonical owner/name"),
        Column("first_owned_at", "TIMESTAMP WITH TIME ZONE", "first commit of a counted kind in the repository"),
    ),
)
