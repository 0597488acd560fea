"""Contract of `contributor_aliases`: every name and address that a history holds."""

from deepsignal_pipeline.tables.contract import Column, Read, Rule, Table

TABLE = Table(
    name="contributor_aliases",
    one_row_is="an alias (name, address, login) in a repository, from the whole history at the pinned tip",
    group="ingest",
    stage=0,
    version="3",
    grain=("alias_id", "repository"),
    quarterly=False,
    may_be_empty=True,
    reads=(Read("tracked_repositories"), Read("repository_snapshots")),
    staged=("source_history", "import_entries", "original_authors", "account_ids"),
    columns=(
        Column("alias_id", "VARCHAR", "keyed hash of name, address and login"),
        Column("repository", "VARCHAR", "canonical owner/name"),
        Column("name", "VARCHAR", "as written in the commits", is_personal=True),
        Column("email", "VARCHAR", "as written in the commits; never leaves the identity stage", is_personal=True),
        Column("login", "VARCHAR", "GitHub login, where the source knows it", required=False, is_personal=True),
        Column(
            "github_id",
            "BIGINT",
            "number of the GitHub account that the address belongs to, where the source knows it; it outlives logins",
            required=False,
            is_personal=True,
        ),
        Column("roles", "VARCHAR[]", "author, coauthor (of a trailer), sorted"),
        Column("commits", "BIGINT", "authored commits of any kind", "commits", minimum=0),
        Column("coauthored_commits", "BIGINT", "commits that name the alias in a trailer", "commits", minimum=0),
        Column("first_seen_at", "TIMESTAMP WITH TIME ZONE", "first commit of any kind and role"),
        Column("last_seen_at", "TIMESTAMP WITH TIME ZONE", "last commit of any kind and role"),
        Column("owned_commits", "BIGINT", "authored commits of a counted kind", "commits", minimum=0),
        Column(
            "first_owned_at",
            "TIMESTAMP WITH TIME ZONE",
            "first authored commit of a counted kind: no merge, no repeat of another repository's commit, no import, a "
            "possible date, within the dates tracked",
            required=False,
        ),
        Column(
            "last_owned_at",
            "TIMESTAMP WITH TIME ZONE",
            "last authored commit of a counted kind; knows the future, so no old quarter may use it",
            required=False,
        ),
        Column(
            "merged_logins",
            "VARCHAR[]",
            "logins that merges of pull requests name as owners of branches whose last commit the alias made; one a merge",
            is_personal=True,
        ),
    ),
    rules=(
        Rule("owned_commits_are_commits", "Owned commits are among the authored ones.", "owned_commits <= commits"),
        Rule(
            "first_is_not_after_last",
            "Nobody is last seen before being first seen.",
            "first_seen_at <= last_seen_at AND first_owned_at <= last_owned_at",
        ),
        Rule(
            "owned_dates_exist_with_owned_commits",
            "The owned dates are there exactly if there are owned commits.",
            "(owned_commits > 0) = (first_owned_at IS NOT NULL)",
        ),
    ),
)
