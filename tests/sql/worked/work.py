"""What the work was: its kinds, how deep people went, and how far they worked on the same files."""

from __future__ import annotations

from worked.example import OfCommits, did, gives
from worked.formulas import wilson

_CORE, _ADAPTER, _GUIDE, _RULES, _TEST = (
    ["src/kernel.cu"], ["plugins/redis.py"], ["docs/guide.md"], ["setup.py"], ["tests/test_x.py"],
)  # fmt: skip
_TWO_WEEKS = ("2023-Q1+0", "2023-Q1+8", "2023-Q1+9")
_SUSTAINED = wilson(3, 4)

EXAMPLES = (
    OfCommits(
        title="The weight of a commit is one, spread over the paths that it touches",
        commits=(
            did("a/one", "ada", "2023-Q1+0", paths=["a.py", "b.py", "tests/a.py", "README.md"]),
            did("a/one", "ada", "2023-Q1+8", paths=["src/x.py"]),
            did("a/one", "ada", "2023-Q1+9", paths=["plugins/redis.py"]),
            did("a/one", "ada", "2023-Q1+10", paths=["README.md"]),
            did("a/one", "ada", "2023-Q1+11", paths=["setup.py"]),
            did("a/one", "ada", "2023-Q1+12", paths=["benchmarks/b.py"]),
            did("a/one", "ada", "2023-Q1+13", paths=["third_party/x.c"]),
            did("a/one", "ada", "2023-Q1+14", paths=[]),
            did("a/two", "ada", "2023-Q1+15", paths=["src/y.py"]),
            # Nobody knows its paths
            did("a/two", "ada", "2023-Q1+15"),
        ),
        gives=(
            # The first: core 2/4, tests 1/4, docs 1/4. With seven of one kind: eight commits
            gives(
                "work_type_mix", "repository", "a/one",
                classified_commits=8, core_share=1.5 / 8, integration_share=1 / 8, docs_share=1.25 / 8, build_share=1 / 8,
                tests_share=0.25 / 8, benchmarks_share=1 / 8, vendored_share=1 / 8, empty_share=1 / 8,
            ),
            gives("work_type_mix", "category", "a", commits=10, classified_commits=9, core_share=2.5 / 9),
            # Days 0, 8 .. 14; weeks 0, 1 and 2
            gives(
                "contributor_activity", "a/one", "ada",
                commits=8, active_weeks=3, active_days=8, classified_commits=8, core_weight=1_500_000,
                integration_weight=1_000_000, docs_weight=1_250_000, build_weight=1_000_000, tests_weight=250_000,
                benchmarks_weight=1_000_000, vendored_weight=1_000_000, empty_weight=1_000_000,
            ),
            # Both repositories; core on days 0, 8 and 15, in weeks 0, 1 and 2
            gives(
                "contributor_profiles", "a", "ada",
                repositories=2, commits=10, active_weeks=3, active_days=9, classified_commits=9, core_weight=2_500_000,
                integration_weight=1_000_000, docs_weight=1_250_000, build_weight=1_000_000, tests_weight=250_000,
                benchmarks_weight=1_000_000, vendored_weight=1_000_000, empty_weight=1_000_000, core_weeks=3,
            ),
        ),
    ),
    OfCommits(
        title="Three came back, to the core, to an adapter and to a guide; one came once",
        commits=(
            did("a/one", "ada", *_TWO_WEEKS, paths=_CORE),
            did("a/one", "bob", *_TWO_WEEKS, paths=_ADAPTER),
            did("a/one", "cy", *_TWO_WEEKS, paths=_GUIDE),
            did("a/one", "dan", "2023-Q1+1"),
        ),
        gives=(
            # ada has 3 commits' weight of core in two weeks, of three people whose paths are known
            gives(
                "category_depth", "a",
                sustained=3, sustained_core=1, sustained_integration=1, sustained_docs=1, one_commit=1, occasional=0,
                sustained_share=3 / 4, core_builders=1, core_builder_share=1 / 3,
            ),
            gives("report_facts", "a.sustained_share", value=3 / 4, n=4, low=_SUSTAINED[0], high=_SUSTAINED[1]),
        ),
    ),
    OfCommits(
        title="Two came back, to packaging and to everything; one came twice within a week",
        commits=(
            did("a/one", "eve", *_TWO_WEEKS, paths=_RULES),
            # A quarter of the weight each: no kind has half of it
            did("a/one", "fay", *_TWO_WEEKS[:2], "2023-Q1+10", paths=[*_CORE, *_ADAPTER, *_GUIDE, *_RULES]),
            did("a/one", "gus", "2023-Q1+1", "2023-Q1+2", paths=_CORE),
        ),
        gives=(
            gives(
                "category_depth", "a",
                sustained=2, sustained_build=1, sustained_mixed=1, one_commit=0, occasional=1, sustained_share=2 / 3,
                core_builders=0,
            ),
        ),
    ),
    OfCommits(
        title="Tests speak for no kind of work, and without paths none is known",
        commits=(
            did("a/one", "hal", *_TWO_WEEKS, paths=_TEST),
            did("a/one", "ida", *_TWO_WEEKS),
        ),
        gives=(
            gives(
                "category_depth", "a",
                sustained=2, sustained_neutral=1, sustained_unknown=1, core_builders=0, core_builder_share=0,
            ),
        ),
    ),
    OfCommits(
        title="Of two core files one has two authors",
        commits=(
            did("a/one", "ada", "2023-Q1+1", paths=["src/x.py", "src/y.py"]),
            did("a/one", "bob", "2023-Q1+1", paths=["src/x.py", "docs/z.md"]),
            did("a/one", "ada", "2023-Q1+2", paths=["src/y.py", "docs/z.md"]),
            # A file of one commit tells nothing
            did("a/one", "bob", "2023-Q1+2", paths=["src/once.py"]),
        ),
        gives=(
            # x is of ada and bob, y of ada. Any two of the four commits are by one author in 2 of C(4, 2) = 6 ways, by two in 4
            gives(
                "category_coordination", "a",
                core_files=2, shared_core_files=1, core_file_authors=2, shared_core_file_share=1 / 2,
                expected_shared_core_file_share=4 / 6, coordination=3 / 4,
            ),
        ),
    ),
)  # fmt: skip
