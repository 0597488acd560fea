"""Contract of `alias_terms`: which terms an alias used in a repository in a quarter."""

from deepsignal_pipeline.tables.contract import Column, Read, Table

KINDS = ("path", "subject")

TABLE = Table(
    name="alias_terms",
    one_row_is="a term that an alias used in a repository in the quarter, in subjects or in changed paths",
    group="activity",
    stage=1,
    version="3",
    grain=("repository", "kind", "term", "alias_id"),
    reads=(Read("raw_commits"), Read("counted_commits"), Read("changed_paths"), Read("tracked_repositories")),
    staged=("stop_words", "short_forms"),
    may_be_empty=True,
    columns=(
        Column("repository", "VARCHAR", "canonical owner/name"),
        Column("kind", "VARCHAR", "where the term stands: in a changed path, or in a subject", allowed=KINDS),
        # Words as people wrote them may still be somebody's name: they are taken out where identities are known
        Column(
            "term",
            "VARCHAR",
            "in lower case; 3 to 40 of a-z, 0-9 and _ . + -; the empty term of an alias says that any was recorded",
            is_personal=True,
        ),
        Column("alias_id", "VARCHAR", "the author's alias"),
    ),
)
