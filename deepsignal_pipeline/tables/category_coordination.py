"""Contract of `category_coordination`: how far people work on the same core files, against chance."""

from deepsignal_pipeline.tables.contract import Column, Read, Rule, Table

TABLE = Table(
    name="category_coordination",
    one_row_is="a category, all twelve in every quarter",
    group="metrics",
    stage=2,
    version="1",
    grain=("category",),
    order=("category_order",),
    rows=12,
    reads=(
        Read("raw_commits"),
        Read("changed_paths"),
        Read("counted_commits"),
        Read("contributor_identities"),
        Read("tracked_repositories"),
    ),
    staged=("core_file_authors", "expected_sharing"),
    sums=("core_file_authors", "author_commits", "core_file_commits"),
    columns=(
        Column("category", "VARCHAR", "slug of the category"),
        Column("category_order", "INTEGER", "position of the category in the catalogue", minimum=0),
        Column("core_files", "BIGINT", "core files with 2 commits or more", "files", minimum=0),
        Column("shared_core_files", "BIGINT", "of these, with 2 authors or more", "files", minimum=0),
        Column("core_file_authors", "BIGINT", "people with a commit to such a file", "people", minimum=0),
        Column(
            "shared_core_file_share",
            "DOUBLE",
            "shared core files / core files",
            "share",
            required=False,
            minimum=0,
            maximum=1,
            people="core_file_authors",
        ),
        Column(
            "expected_shared_core_file_share",
            "DOUBLE",
            "the same if the authors of each repository's commits were permuted, mean of all permutations",
            "share",
            required=False,
            minimum=0,
            maximum=1,
            people="core_file_authors",
        ),
        Column(
            "coordination",
            "DOUBLE",
            "the one over the other: below 1 files are owned more than by chance",
            "ratio",
            required=False,
            minimum=0,
            people="core_file_authors",
        ),
        Column(
            "null_reason",
            "VARCHAR",
            "why there is no ratio: no core file has 2 commits, or there is one author in each repository",
            required=False,
            allowed=("no_core_files", "one_author"),
        ),
    ),
    rules=(
        Rule(
            "shared_files_are_files",
            "The shared core files are among the core files.",
            "shared_core_files <= core_files",
        ),
        Rule(
            "a_ratio_or_the_reason",
            "There is a ratio, or the reason why there is none.",
            "(coordination IS NULL) = (null_reason IS NOT NULL)",
        ),
    ),
)
