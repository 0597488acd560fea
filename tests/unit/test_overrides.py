"""Overrides: what is accepted, and what each mistake is told."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from deepsignal_pipeline import content
from deepsignal_pipeline.domain.overrides import ImportOverride, Overrides, OverridesError, parse_overrides

SHA = "0123456789abcdef0123456789abcdef01234567"


def problems(text: str) -> list[str]:
    with pytest.raises(OverridesError) as caught:
        parse_overrides(text.encode())
    return [str(problem) for problem in caught.value.problems]


def test_the_shipped_overrides_load_and_name_single_commits():
    shipped = content.load_overrides(Path(__file__).parents[2] / "content", None)
    assert shipped == Overrides(shipped.imports)
    assert all(entry.sha and not entry.committed_from for entry in shipped.imports)


def test_a_missing_file_is_named(tmp_path: Path):
    with pytest.raises(content.ContentError, match=r"overrides\.yaml cannot be read \(No such file"):
        content.load_overrides(tmp_path, None)


def test_a_commit_and_a_range_are_read():
    text = f"""\
imports:
  - {{repository: a/b, sha: {SHA}, why: "a vendored drop"}}
  - repository: a/b
    committed_from: 2023-01-01
    committed_to: 2023-01-02
    why: merged repository
"""
    assert parse_overrides(text.encode()).imports == (
        ImportOverride("a/b", "a vendored drop", SHA, None, None),
        ImportOverride("a/b", "merged repository", None, date(2023, 1, 1), date(2023, 1, 2)),
    )


def test_a_sha_of_digits_alone_stays_text():
    digits = "0" * 39 + "7"
    text = f"imports: [{{repository: a/b, sha: {digits}, why: no}}]"
    (override,) = parse_overrides(text.encode()).imports
    assert (override.sha, override.why) == (digits, "no")


@pytest.mark.parametrize(
    ("entry", "expected"),
    [
        ("repository: a/b, why: x", "it has none of them: give either sha, or both"),
        (f"repository: a/b, why: x, sha: {SHA}, committed_from: 2023-01-01", "it has committed_from, sha"),
        ("repository: a/b, why: x, committed_to: 2023-01-01", "it has committed_to"),
        ("repository: a/b, why: x, sha: 0123abc", "sha '0123abc': write all 40 hex digits in lower case"),
        (f"repository: a/b, why: x, sha: {SHA.upper()}", "write all 40 hex digits in lower case"),
        (
            "repository: a/b, why: x, committed_from: 2023-01, committed_to: 2023-02-01",
            "committed_from '2023-01' is no date: write YYYY-MM-DD",
        ),
        (
            "repository: a/b, why: x, committed_from: 2023-02-30, committed_to: 2023-03-01",
            "committed_from '2023-02-30' is no date",
        ),
        (
            "repository: a/b, why: x, committed_from: 2023-01-01, committed_to: 2023-01-01",
            "committed_from 2023-01-01 is not before committed_to 2023-01-01",
        ),
        (f"repository: a/b, sha: {SHA}", "field why is missing"),
        (f"repository: a/b, sha: {SHA}, why: ", "why is empty"),
        (
            f"repository: a/b, sha: {SHA}, why: x, until: y",
            "unknown field 'until': allowed are repository, why",
        ),
        (f"repository: https://github.com/a/b, sha: {SHA}, why: x", "write a/b"),
    ],
)
def test_each_mistake_is_told_with_its_line(entry: str, expected: str):
    (problem,) = problems(f"imports:\n  - {{{entry}}}\n")
    assert problem.startswith("overrides.yaml:2: ")
    assert expected in problem


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", "overrides.yaml:1: the file is empty"),
        (
            "imports:\n",
            "overrides.yaml:1: expected a list of imports, each after a dash ([] for none); found nothing",
        ),
        ("[]\n", "overrides.yaml:1: expected fields, beginning with `imports: ...`; found a list"),
        ("import: []\n", "overrides.yaml:1: unknown field 'import': allowed are imports"),
        ("imports: []\nimports: []\n", "overrides.yaml:2: field 'imports' is given twice (line 1): keep one"),
    ],
)
def test_a_file_of_another_form_is_refused(text: str, expected: str):
    assert expected in "\n".join(problems(text))


def test_the_same_commits_twice_are_refused_and_all_problems_come_at_once():
    entry = f"{{repository: a/b, sha: {SHA}, why: x}}"
    told = problems(f"imports:\n- {entry}\n- {entry.replace('a/b', 'A/b')}\n- {{repository: a/b}}\n")
    assert told == [
        "overrides.yaml:3: the same commits as on line 2: keep one of the two",
        "overrides.yaml:4: field why is missing: add `why: ...`",
        "overrides.yaml:4: which commits are meant is unclear, it has none of them: "
        "give either sha, or both committed_from and committed_to",
    ]


def test_a_repository_outside_the_catalogue_is_an_error():
    written = b"imports:\n- {repository: a/misspelt, why: history of b/c, sha: " + b"0" * 40 + b"}\n"
    with pytest.raises(OverridesError, match=r"overrides.yaml:2: a/misspelt is not in the catalogue"):
        parse_overrides(written, known={"a/written"})
    assert parse_overrides(written, known={"a/misspelt"}).imports[0].repository == "a/misspelt"
