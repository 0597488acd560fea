"""Rules of work types: what is accepted, what each mistake is told, and that a pattern means what was written."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from deepsignal_pipeline import content
from deepsignal_pipeline.domain.work_types import STEPS, PathOverride, WorkTypes, WorkTypesError, parse_work_types

CONTENT = Path(__file__).parents[2] / "content"
STEP_LINES = [f"  - {{class: {name}, files: [step-{place}]}}" for place, name in enumerate(STEPS)]


def text_of(steps: list[str] | None = None, overrides: str = "[]") -> str:
    return "\n".join(["steps:", *(STEP_LINES if steps is None else steps), f"overrides: {overrides}", ""])


def problems(text: str, known: set[str] | None = None) -> list[str]:
    with pytest.raises(WorkTypesError) as caught:
        parse_work_types(text.encode(), known=known)
    return [str(problem) for problem in caught.value.problems]


def parsed(text: str) -> WorkTypes:
    return parse_work_types(text.encode())


def test_the_shipped_rules_load_and_name_only_repositories_of_the_catalogue() -> None:
    rules = content.load_work_types(CONTENT, content.load_catalogue(CONTENT))
    assert len(rules.patterns) == len(STEPS)
    assert rules.overrides


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(content.ContentError, match=r"work_types\.yaml cannot be read \(No such file"):
        content.load_work_types(tmp_path, None)


@pytest.mark.parametrize(
    ("names", "fitting", "others"),
    [
        ("folders: [docs]", ["/docs/a.py", "/a/docs/b/c"], ["/docs", "/mydocs/a", "/docs.py", "/docsx/a"]),
        ("folders: ['test_*']", ["/test_a/b", "/x/test_/y"], ["/test_a.py", "/a/atest_b/c", "/test/x"]),
        ("folders: ['.*']", ["/.github/a", "/a/.ci/b/c"], ["/a.b/c", "/.gitignore"]),
        ("files: [BUILD]", ["/build", "/a/build"], ["/build/a", "/build.py", "/abuild"]),
        ("files: ['*.md']", ["/a.md", "/b/.md"], ["/a.md/b", "/amd", "/a.mdx"]),
        ("files: ['requirements*.txt']", ["/requirements.txt", "/a/requirements-x.txt"], ["/requirements/a.txt"]),
        ("folders: [a], files: [b]", ["/a/x", "/b"], ["/b/x", "/x/a"]),
        ("files: ['a+(b']", ["/a+(b"], ["/aa(b"]),
    ],
)
def test_a_pattern_fits_whole_names_of_folders_or_of_the_file(
    names: str, fitting: list[str], others: list[str]
) -> None:
    first = parsed(text_of([f"  - {{class: build, {names}}}", *STEP_LINES[1:]])).patterns[0]
    assert [path for path in fitting if not re.search(first, path)] == []
    assert [path for path in others if re.search(first, path)] == []


def test_overrides_are_read_in_lower_case() -> None:
    rules = parsed(text_of(overrides="[{repository: a/B, why: x, core: [Src/Plugins/], tests: [qa/]}]"))
    assert rules.overrides == (PathOverride("a/B", "src/plugins/", "core"), PathOverride("a/B", "qa/", "tests"))


@pytest.mark.parametrize(
    ("steps", "expected"),
    [
        (STEP_LINES[:3], "work_types.yaml:4: 3 of 8 steps: write build, vendored, tests"),
        ([STEP_LINES[1], STEP_LINES[0], *STEP_LINES[2:]], "2: class vendored is out of order, step 1 is build: write"),
        ([*STEP_LINES, "  - {class: docs, files: [x]}"], ":10: class docs is out of order, there are 8 steps"),
        (["  - {class: bild, files: [x]}", *STEP_LINES[1:]], ":2: unknown class 'bild': allowed are core, integration"),
        (["  - {class: build}", *STEP_LINES[1:]], ":2: the step fits nothing: give folders or files"),
        (
            ["  - {class: build, folder: [x]}", *STEP_LINES[1:]],
            ":2: unknown field 'folder': allowed are class, folders",
        ),
        (["  - {class: build, files: [a/b]}", *STEP_LINES[1:]], ":2: 'a/b' is no name of files: no slash"),
        (["  - {class: build, files: ['**']}", *STEP_LINES[1:]], ":2: '**' is no name of files"),
        (["  - {class: build, files: [STEP-4]}", *STEP_LINES[1:]], ":6: 'step-4' stands on line 2 already: keep one"),
    ],
)
def test_a_mistake_in_the_steps_is_told_with_its_line(steps: list[str], expected: str) -> None:
    assert any(expected in problem for problem in problems(text_of(steps)))


@pytest.mark.parametrize(
    ("overrides", "expected"),
    [
        ("[{repository: a/b, core: [x]}]", "field why is missing"),
        ("[{repository: a/b, why: x}]", "the override says nothing: give beginnings of paths as core, integration"),
        ("[{repository: a/b, why: x, core: [/x/]}]", "'/x/' is no beginning of a path"),
        ("[{repository: a/b, why: x, core: ['x*/']}]", "'x*/' is no beginning of a path"),
        ("[{repository: a/b, why: x, core: [x/], docs: [X/]}]", "'X/' stands on line 10 already: keep one of the two"),
        ("[{repository: a/c, why: x, core: [x/]}]", "a/c is not in the catalogue: write its canonical owner/name"),
        (
            "[{repository: a/b, why: x, core: [x/]},\n  {repository: a/b, why: x, core: [y/]}]",
            "work_types.yaml:11: a/b has overrides on line 10 already: put them together",
        ),
    ],
)
def test_a_mistake_in_the_overrides_is_told_with_its_line(overrides: str, expected: str) -> None:
    assert any(expected in problem for problem in problems(text_of(overrides=overrides), {"a/b"}))


def test_validating_the_content_finds_a_mistake_in_the_rules(tmp_path: Path) -> None:
    (tmp_path / "catalogue").symlink_to(CONTENT / "catalogue")
    (tmp_path / "automation").symlink_to(CONTENT / "automation")
    (tmp_path / "overrides.yaml").symlink_to(CONTENT / "overrides.yaml")
    (tmp_path / "work_types.yaml").write_text(text_of(overrides="[{repository: no/where, why: x, core: [x/]}]"))
    told, _ = content.check_content(tmp_path)
    assert told == ["work_types.yaml:10: no/where is not in the catalogue: write its canonical owner/name"]


def test_names_that_the_engine_makes_no_pattern_of_are_told_with_the_line_of_their_step(tmp_path: Path) -> None:
    names = ", ".join(f"name-{number}-*" for number in range(60_000))
    steps = [*STEP_LINES[:2], f"  - {{class: tests, files: [{names}]}}", *STEP_LINES[3:]]
    (tmp_path / "work_types.yaml").write_text(text_of(steps))
    with pytest.raises(WorkTypesError) as caught:
        content.load_work_types(tmp_path, None)
    (problem,) = map(str, caught.value.problems)
    assert problem.startswith("work_types.yaml:4: the 60,000 names of this step make no pattern (Invalid Input Error: ")
    assert problem.endswith("): write fewer or shorter")
