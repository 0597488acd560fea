"""Faults C01 to C09, and S13: what people and strangers may write into the catalogue, and what they are told.

Every case is two files, edge.yaml and agents.yaml, and the problems expected: file:line and words of it.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
import unicodedata

import pytest

from deepsignal_pipeline.domain.catalogue import Catalogue, CatalogueError, parse_catalogue

CATEGORIES = b"""\
- {slug: edge, name: Edge, definition: On devices}
- {slug: agents, name: Agents, definition: Agents}
"""
GOOD = "- {repository: good/good, verified: read}\n"


def parse(edge: str | bytes, agents: str | bytes = GOOD, **others: str) -> Catalogue:
    files: dict[str, str | bytes] = {"edge.yaml": edge, "agents.yaml": agents, "categories.yaml": CATEGORIES}
    files |= {f"{name}.yaml": text for name, text in others.items()}
    return parse_catalogue({name: t if isinstance(t, bytes) else t.encode() for name, t in files.items()})


def told(edge: str | bytes, agents: str | bytes = GOOD, **others: str) -> list[str]:
    with pytest.raises(CatalogueError) as caught:
        parse(edge, agents, **others)
    assert str(caught.value).isascii()
    assert str(caught.value).splitlines() == [str(problem) for problem in caught.value.problems]
    return str(caught.value).splitlines()


def assert_told(lines: list[str], *expected: tuple[str, str]) -> None:
    assert len(lines) == len(expected), lines
    for line, (place, words) in zip(lines, expected, strict=True):
        assert line.startswith(f"{place}: "), line
        assert words in line


def repository(name: str, **fields: str) -> str:
    rest = "".join(f", {field}: {value}" for field, value in fields.items())
    return f"- {{repository: {name}, verified: read{rest}}}\n"


@pytest.mark.parametrize(
    ("edge", "place", "words"),
    [
        ("- {repository: a/b}\n", "edge.yaml:1", "field verified is missing: add `verified: ...`"),
        ("- {verified: read}\n", "edge.yaml:1", "field repository is missing"),
        ("- {repository: a/b, verified: seen}\n", "edge.yaml:1", "allowed are read, listed, recalled"),
        (
            repository("a/b", stars="3"),
            "edge.yaml:1",
            "unknown field 'stars': allowed are repository, verified",
        ),
        (repository("a/b", former_names="c/d"), "edge.yaml:1", "expected a list of former_names"),
        (repository("a/b", notes="[x]"), "edge.yaml:1", "expected one text as notes; found a list"),
        (repository("a/b", notes=""), "edge.yaml:1", "notes is empty"),
        (repository("a/b", created="~"), "edge.yaml:1", "created is empty"),
        (repository("a/b", created="2023-13"), "edge.yaml:1", "created '2023-13' is no date"),
        (repository("a/b", tracked_from="2023"), "edge.yaml:1", "write YYYY-MM-DD or YYYY-MM"),
        (repository("a/b", tracked_from="2023-02-29"), "edge.yaml:1", "tracked_from '2023-02-29' is no date"),
        (
            repository("a/b", tracked_from="2023-03", tracked_to="2023-02"),
            "edge.yaml:1",
            "tracked_from 2023-03-01 is not before tracked_to 2023-02-01",
        ),
        ("- a/b\n", "edge.yaml:1", "expected fields, beginning with `repository: ...`; found the text 'a/b'"),
        ("a/b: {}\n", "edge.yaml:1", "expected a list of repositories"),
        (
            "- {repository: a/b, verified: read, [x]: y}\n",
            "edge.yaml:1",
            "expected a field name; found a list",
        ),
        ("\n\n- repository: owner\n  verified: read\n", "edge.yaml:3", "is no repository: write owner/name"),
    ],
)
def test_C01_unknown_missing_or_mistyped_fields_are_errors(edge: str, place: str, words: str):
    assert_told(told(edge), (place, words))


def test_C01_a_file_without_a_category_and_a_category_without_a_file_are_errors():
    assert_told(told(repository("a/b"), GOOD, robots="[]"), ("robots.yaml:1", "'robots': allowed are edge, agents"))
    with pytest.raises(CatalogueError, match=r"categories.yaml:2: category 'agents' has no file"):
        parse_catalogue({"categories.yaml": CATEGORIES, "edge.yaml": GOOD.encode()})
    with pytest.raises(CatalogueError, match=r"categories.yaml:1: the file is missing"):
        parse_catalogue({"edge.yaml": GOOD.encode()})
    with pytest.raises(CatalogueError, match=r"edge.yml:1: no file of the catalogue"):
        parse_catalogue({"edge.yml": GOOD.encode(), "categories.yaml": CATEGORIES})


def test_C01_categories_are_as_strict_as_repositories():
    categories = (
        "- {slug: edge, name: Edge, definition: x}\n- {slug: Edge 2, name: edge}\n"
        "- {slug: edge, name: E, definition: x}"
    )
    lines = told("- {repository: a/b, verified: no}", categories=categories)
    places = [line.split(": ")[0] for line in lines]
    assert places == ["agents.yaml:1", *["categories.yaml:2"] * 4, "categories.yaml:3", "edge.yaml:1"]


def test_C01_all_problems_of_all_files_come_at_once_even_past_malformed_yaml():
    lines = told(
        "- {repository: a/b, verified: read\n- [",
        "- {repository: x/y}\n- {repository: x/y, verified: read}\n",
    )
    assert_told(
        lines,
        ("agents.yaml:1", "verified is missing"),
        ("agents.yaml:2", "listed already"),
        ("edge.yaml:2", "not YAML"),
    )


def test_C01_a_bracket_left_open_is_told_where_it_was_opened():
    (line,) = told("- {repository: a/b, verified: read\n- {repository: c/d, verified: read}\n")
    assert "flow mapping that begins on line 1" in line


def test_C02_duplicate_yaml_key_is_an_error():
    edge = "- repository: a/b\n  verified: read\n  verified: listed\n"
    assert_told(told(edge), ("edge.yaml:3", "field 'verified' is given twice (line 2): keep one"))


@pytest.mark.parametrize(
    ("spelling", "also_misspelt"),
    [
        ("a/b", False),
        ("A/B", False),
        ("a/b.git", True),
        ("a/b/", True),
        ("http://github.com/a/b", True),
        ("git@github.com:a/b.git", True),
    ],
)
def test_C03_a_repository_listed_twice_is_an_error_however_it_is_spelt(spelling: str, also_misspelt: bool):
    lines = told(repository("a/b") + repository(f'"{spelling}"'))
    misspelt = [("edge.yaml:2", "is not in the form owner/name: write a/b")] if also_misspelt else []
    assert_told(sorted(lines), *misspelt, ("edge.yaml:2", "is listed already at edge.yaml:1"))


def test_C03_a_repository_in_two_categories_is_an_error():
    words = "is listed already at edge.yaml:1 as a/b, in category edge; a repository has one category"
    assert_told(told(repository("a/b"), repository("A/b")), ("agents.yaml:1", words))


@pytest.mark.parametrize(
    ("edge", "expected"),
    [
        (repository("a/b", former_names="[good/good]"), ["former name good/good is the present name of"]),
        (repository("a/b", former_names="[A/B]"), ["former name A/B is the present name of"]),
        (
            repository("a/b", former_names="[x/x]") + repository("c/d", former_names="[X/x]"),
            ["former name X/x is claimed already by a/b (edge.yaml:1)"],
        ),
        (repository("a/b", former_names="[x/x, x/x]"), ["former name x/x is claimed already by a/b"]),
        (
            repository("a/a", former_names="[b/b]") + repository("b/b", former_names="[a/a]"),
            ["renamed in a circle: a/a -> b/b -> a/a; remove the former_names that is wrong"],
        ),
        (repository("a/b", fork_of="a/b"), ["fork_of a/b is a/b itself"]),
        (repository("a/b", fork_of="old/b", former_names="[old/b]"), ["fork_of old/b is a/b itself"]),
        (
            repository("a/a", fork_of="c/old")
            + repository("b/b", fork_of="a/a")
            + repository("c/c", fork_of="[b/b, good/good]", former_names="[c/old]"),
            ["forks in a circle: a/a -> c/c -> b/b -> a/a; remove the fork_of that is wrong"],
        ),
    ],
)
def test_C04_renames_and_forks_that_contradict_are_errors(edge: str, expected: list[str]):
    lines = told(edge)
    assert len(lines) == len(expected), lines
    assert all(words in line for words, line in zip(expected, lines, strict=True))


def test_C04_a_chain_of_renames_leads_to_the_present_name():
    catalogue = parse(repository("now/x", former_names="[first/x, Then/x]"))
    assert {catalogue.by_name()[name].repository for name in ("first/x", "then/x", "now/x")} == {"now/x"}


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("f\u0430cebook/x", "U+0430 CYRILLIC SMALL LETTER A"),
        ("face\u200bbook/x", "U+200B ZERO WIDTH SPACE"),
        ("\u202ekoobecaf/x", "U+202E RIGHT-TO-LEFT OVERRIDE"),
        (unicodedata.normalize("NFC", "caf\u00e9/x"), "U+00E9 LATIN SMALL LETTER E WITH ACUTE"),
        (unicodedata.normalize("NFD", "caf\u00e9/x"), "U+0301 COMBINING ACUTE ACCENT"),
        ("a\uff0fb", "U+FF0F FULLWIDTH SOLIDUS"),
    ],
)
@pytest.mark.parametrize("form", ["repository: {}, verified: read", "{}: a/b, repository: a/b, verified: read"])
def test_C05_letters_that_look_like_others_are_named(name: str, words: str, form: str):
    (line,) = told("- {" + form.format(f'"{name}"') + "}")
    assert line.startswith("edge.yaml:1: ")
    assert words in line


def test_C05_former_names_and_upstreams_are_held_to_the_same():
    edge = "- repository: a/b\n  verified: read\n  fork_of: \u0430/b\n  former_names:\n  - c/\u0435\n"
    assert_told(told(edge), ("edge.yaml:3", "U+0430"), ("edge.yaml:5", "U+0435"))


@pytest.mark.parametrize(
    "data",
    [
        b"- repository: a/b\r\n  verified: read\r\n",
        b"\xef\xbb\xbf- repository: a/b\n  verified: read\n",
        b"- repository: a/b\n  verified: read",
        b"# \xc3\xa9\n- {repository: a/b, verified: read}",
    ],
)
def test_C06_line_endings_a_byte_order_mark_and_no_final_newline_are_accepted(data: bytes):
    assert parse(data).repositories[0].repository == "a/b"


@pytest.mark.parametrize(
    ("data", "place", "words"),
    [
        (b"- repository: a/b\n\tverified: read\n", "edge.yaml:2", "tab: write spaces"),
        (
            b"- repository: a/b\r\n  verified: read\r\n  notes: caf\xe9\r\n",
            "edge.yaml:3",
            "byte 0xe9 is not UTF-8",
        ),
        ("- repository: a/b\n".encode("utf-16"), "edge.yaml:1", "byte 0xff is not UTF-8"),
        (b"- {repository: a/b, verified: read}\n# \x00\n", "edge.yaml:2", "control character U+0000"),
        (b'- {repository: a/b, verified: read, notes: "\\x07"}\n', "edge.yaml:1", "remove U+0007"),
    ],
)
def test_C06_tabs_and_other_encodings_are_errors_with_their_line(data: bytes, place: str, words: str):
    assert_told(told(data), (place, words))


def test_C07_no_text_turns_into_a_boolean_a_number_or_a_date():
    edge = repository("1e3/no", notes="1_000", created="2016-11") + repository("0x1F/on", notes="no", created="2016")
    first, second, _ = parse(edge).repositories
    assert (first.repository, first.notes, first.created) == ("1e3/no", "1_000", "2016-11")
    assert (second.repository, second.notes, second.created) == ("0x1F/on", "no", "2016")
    assert_told(told("- {repository: a/b, verified: no}"), ("edge.yaml:1", "unknown verified 'no'"))


@pytest.mark.parametrize(
    ("edge", "words"),
    [
        ("- !!python/object/apply:os.system [x]\n", "tag !!python/object/apply:os.system: remove it"),
        ("- {repository: !!str a/b, verified: read}\n", "tag !!str: remove it"),
        ("- &me {repository: a/b, verified: read}\n", "anchor &me: remove it"),
        ("- &self [*self]\n", "alias *self: write the value out"),
        ("- {<<: *gone, repository: a/b, verified: read}\n", "alias *gone: write the value out"),
        ("[" * 100_000, "nested more than 8 deep"),
        ("[]\n---\n[]\n", "a second document begins"),
    ],
)
def test_C08_tags_anchors_aliases_and_depth_are_refused(edge: str, words: str):
    lines = told(edge)
    assert all(line.startswith("edge.yaml:") for line in lines)
    assert any(words in line for line in lines), lines


def test_C08_an_alias_bomb_is_refused_at_once():
    bomb = "- &a0 [x]\n" + "".join(f"- &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]\n" for n in range(1, 60))
    started = time.monotonic()
    assert any("edge.yaml:2: alias *a0" in line for line in told(bomb))
    assert time.monotonic() - started < 60


@pytest.mark.parametrize("empty", ["", "\n", "# a remark alone\n", "---\n"])
def test_C09_an_empty_file_is_an_error(empty: str):
    (line,) = told(empty)
    assert line.startswith("edge.yaml:")
    assert "the file is empty" in line or "found nothing" in line
    assert "[]" not in line  # which would be refused next


def test_C09_a_category_without_a_repository_is_an_error():
    assert_told(told("[]"), ("edge.yaml:1", "the category has no repository"))
    assert_told(told("[]", "[]"), ("agents.yaml:1", "no repository"), ("edge.yaml:1", "no repository"))


def test_C09_five_thousand_repositories_in_one_chain_of_forks_work():
    edge = "".join(repository(f"o/r{n}", fork_of=f"o/r{n + 1}") for n in range(5_000))
    catalogue = parse(edge)
    assert len(catalogue.repositories) == 5_001
    assert [r.fork_depth for r in catalogue.repositories[:2]] == [4_999, 4_998]


def test_S13_a_strangers_catalogue_is_validated_without_network_secrets_and_home():
    command = [sys.executable, "-m", "deepsignal_pipeline.cli", "catalogue", "validate"]
    # In a network of its own there is not even the loopback address
    if subprocess.run(["unshare", "-n", "true"], capture_output=True, check=False).returncode:
        pytest.skip("no network can be taken away here")
    bare = {"PATH": os.environ["PATH"], "HOME": "/nonexistent"}
    done = subprocess.run(["unshare", "-n", *command], capture_output=True, text=True, env=bare, check=False)
    assert (done.returncode, done.stderr) == (0, "")
