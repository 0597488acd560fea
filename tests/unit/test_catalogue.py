"""The catalogue as shipped, as parsed from small files, and rendered at random and parsed back."""

from __future__ import annotations

import json
import pickle
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from deepsignal_pipeline import content
from deepsignal_pipeline.domain import strict_yaml
from deepsignal_pipeline.domain.catalogue import Catalogue, CatalogueError, Category, Problem, parse_catalogue
from deepsignal_pipeline.domain.repository_names import read_name

SHIPPED = Path(__file__).parents[2] / "content"
CATEGORIES = b"""\
- {slug: edge, name: Edge, definition: On devices}
- {slug: agents, name: Agents, definition: "Frameworks: agents"}
"""
EXPECTED_COUNTS = {
    "gpu-kernels": 72,
    "ml-compilers": 69,
    "distributed-training": 57,
    "inference-runtimes": 44,
    "llm-serving": 80,
    "training-frameworks": 112,
    "ml-platform": 70,
    "edge": 67,
    "model-optimization": 59,
    "hardware-codesign": 85,
    "ml-debugging": 63,
    "agent-framework": 58,
}


OTHER = "- {repository: other/other, verified: read}\n"


def parse(edge: str, agents: str = OTHER) -> Catalogue:
    return parse_catalogue({"agents.yaml": agents.encode(), "categories.yaml": CATEGORIES, "edge.yaml": edge.encode()})


@pytest.fixture(scope="module")
def shipped() -> Catalogue:
    return content.load_catalogue(SHIPPED)


def test_holds_836_repositories_in_twelve_categories_of_the_known_sizes(shipped: Catalogue):
    counts = dict.fromkeys((category.slug for category in shipped.categories), 0)
    for repository in shipped.repositories:
        counts[repository.category] += 1
    assert list(counts.items()) == list(EXPECTED_COUNTS.items())
    assert len(shipped.repositories) == 836


def test_only_autogen_has_a_day_of_tracking(shipped: Catalogue):
    dated = {
        repository.repository: (repository.tracked_from, repository.tracked_to)
        for repository in shipped.repositories
        if repository.tracked_from or repository.tracked_to
    }
    assert dated == {"microsoft/autogen": (date(2023, 8, 1), None)}


def test_orders_count_without_a_gap(shipped: Catalogue):
    assert [r.catalogue_order for r in shipped.repositories] == list(range(836))
    assert [c.order for c in shipped.categories] == list(range(12))


def test_forks_know_how_far_downstream_they_are(shipped: Catalogue):
    by_name = shipped.by_name()
    depths = {
        name: by_name[name.lower()].fork_depth
        for name in (
            "microsoft/FLAML",
            "microsoft/autogen",
            "ag2ai/ag2",
            "intel/llvm",
            "pulp-platform/snitch_cluster",
        )
    }
    assert list(depths.values()) == [0, 1, 2, 0, 0]
    assert by_name["nvidia/cccl"].upstreams == ("NVIDIA/thrust", "NVIDIA/cub", "NVIDIA/libcudacxx")


def test_a_former_name_finds_the_repository(shipped: Catalogue):
    assert shipped.by_name()["hwchase17/langchain"].repository == "langchain-ai/langchain"


def test_is_read_without_any_heavy_library():
    program = (
        "import sys; from deepsignal_pipeline.cli import main; main(['catalogue', 'validate']); print(*sys.modules)"
    )
    command = [sys.executable, "-c", program]
    loaded = subprocess.run(command, capture_output=True, check=True, cwd=SHIPPED.parent, text=True).stdout.split()
    # Each of them takes longer to import than the catalogue to check
    assert not {"dagster", "duckdb", "pandas", "pyarrow", "great_expectations", "matplotlib", "github"} & set(loaded)


def test_every_field_of_a_repository_is_read():
    repository, _ = parse(
        "- {repository: a/b, former_names: [c/d, e/f], fork_of: out/side, created: 2019,\n"
        "   tracked_from: 2020-05, tracked_to: 2024-02-29, verified: read, notes: 'x: y, z'}\n"
    ).repositories
    assert repository.former_names == ("c/d", "e/f")
    assert (repository.created, repository.fork_of, repository.fork_depth) == ("2019", "out/side", 0)
    assert (repository.tracked_from, repository.tracked_to) == (date(2020, 5, 1), date(2024, 2, 29))
    assert (repository.category, repository.verified, repository.notes) == ("edge", "read", "x: y, z")


def test_left_out_fields_are_empty():
    repository, _ = parse("- repository: a/b\n  verified: listed\n").repositories
    assert repository.former_names == repository.upstreams == ()
    assert repository.created is repository.fork_of is repository.tracked_from is repository.notes is None


def test_order_follows_the_categories_and_then_the_file():
    catalogue = parse(
        "- {repository: z/z, verified: read}\n- {repository: b/b, verified: read}\n",
        "- {repository: a/a, verified: read}\n",
    )
    assert [r.repository for r in catalogue.repositories] == ["z/z", "b/b", "a/a"]
    assert catalogue.categories[1] == Category("agents", "Agents", "Frameworks: agents", 1)


def test_fork_depth_is_the_longest_chain_and_follows_former_names():
    catalogue = parse(
        "- {repository: m/mono, fork_of: [root/old, f/two], verified: read}\n"
        "- {repository: f/two, fork_of: F/One, verified: read}\n"
        "- {repository: f/one, fork_of: root/old, verified: read}\n"
        "- {repository: root/new, former_names: [root/old], verified: read}\n"
    )
    assert [r.fork_depth for r in catalogue.repositories[:4]] == [3, 2, 1, 0]


def test_the_python_parser_reads_the_same(monkeypatch: pytest.MonkeyPatch):
    written = "- {repository: a/b, notes: 'n', verified: read}\n"
    expected = parse(written)
    monkeypatch.setattr(strict_yaml, "_LOADER", strict_yaml.yaml.SafeLoader)
    assert parse(written) == expected
    with pytest.raises(CatalogueError, match=r"edge\.yaml:2: not YAML"):
        parse("- a\n- {b: ]}\n")


def test_the_error_survives_pickling_with_its_problems():
    with pytest.raises(CatalogueError) as caught:
        parse("")
    copy = pickle.loads(pickle.dumps(caught.value))  # noqa: S301  our own bytes
    assert copy.problems == caught.value.problems
    assert str(copy) == str(caught.value)


def test_problems_read_as_file_line_message():
    assert str(Problem("edge.yaml", 3, "what to do")) == "edge.yaml:3: what to do"


@pytest.mark.parametrize(
    "written",
    [
        "https://github.com/a-b/c.d",
        "http://www.github.com/a-b/c.d/",
        "https://user:secret@github.com/a-b/c.d.git",
        "https://github.com/a-b/c.d/tree/main?tab=readme#top",
        "git@github.com:a-b/c.d.git",
        "ssh://git@github.com:22/a-b/c.d.git",
        "git://github.com/a-b/c.d",
        "github.com/a-b/c.d",
        "a-b/c.d.git",
        "a-b/c.d/",
        " a-b/c.d ",
    ],
)
def test_other_spellings_are_told_the_canonical_one(written: str):
    name, problem = read_name(written)
    assert name == "a-b/c.d"
    assert problem == "is not in the form owner/name: write a-b/c.d"


@pytest.mark.parametrize("written", ["a/b", "1e3/on", "A-/._-", "no/no", f"{'a' * 39}/{'b' * 100}"])
def test_canonical_names_pass(written: str):
    assert read_name(written) == (written, None)


@pytest.mark.parametrize(
    "written",
    [
        "a",
        "a/b/c",
        "-a/b",
        "a_b/c",
        "a/..",
        "a/.",
        "/b",
        "a/",
        "a b/c",
        "https://gitlab.com/a/b",
        "a" * 40 + "/b",
    ],
)
def test_what_is_no_repository_has_no_name(written: str):
    name, problem = read_name(written)
    assert name is None
    assert problem is not None
    assert "write owner/name" in problem


def test_is_named_by_the_environment_at_the_call(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    monkeypatch.delenv("DEEPSIGNAL_CONTENT", raising=False)
    assert content.content_directory() == SHIPPED
    monkeypatch.setenv("DEEPSIGNAL_CONTENT", str(tmp_path))
    assert content.content_directory() == tmp_path


def test_missing_folders_are_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    monkeypatch.setenv("DEEPSIGNAL_CONTENT", str(tmp_path / "gone"))
    with pytest.raises(content.ContentError, match=r"gone does not exist \(DEEPSIGNAL_CONTENT names it\)"):
        content.content_directory()
    with pytest.raises(content.ContentError, match=r"catalogue does not exist"):
        content.load_catalogue(tmp_path)


def test_hash_follows_names_and_bytes_of_what_people_wrote(tmp_path: Path):
    folder = tmp_path / "catalogue"
    folder.mkdir()
    (folder / "edge.yaml").write_bytes(b"[]\n")
    (tmp_path / "overrides.yaml").write_bytes(b"imports: []\n")
    (tmp_path / "work_types.yaml").write_bytes(b"steps: []\n")
    (tmp_path / "automation").mkdir()
    (tmp_path / "automation" / "known_bots.csv").write_bytes(b"pattern,kind,note\n")
    first = content.content_hash(tmp_path)
    (folder / "edge.yaml~").write_bytes(b"an editor's copy")
    assert content.content_hash(tmp_path) == first
    (folder / "edge.yaml").write_bytes(b"[] \n")
    second = content.content_hash(tmp_path)
    (folder / "edge.yaml").rename(folder / "edges.yaml")
    assert len({first, second, content.content_hash(tmp_path)}) == 3
    (tmp_path / "overrides.yaml").write_bytes(b"imports: [ ]\n")
    third = content.content_hash(tmp_path)
    assert third not in (first, second)
    (tmp_path / "work_types.yaml").write_bytes(b"steps: [ ]\n")
    assert content.content_hash(tmp_path) not in (first, second, third)
    assert len(first) == 64


words = st.text(st.characters(exclude_categories=("C", "Z")), min_size=1, max_size=20)
owners = st.from_regex(r"[A-Za-z0-9][A-Za-z0-9-]{0,8}", fullmatch=True).filter(lambda owner: owner.lower() != "other")
names = st.builds("{}/{}".format, owners, st.from_regex(r"[A-Za-z0-9_][A-Za-z0-9_-]{0,8}", fullmatch=True))
days = st.dates(min_value=date(2008, 1, 1), max_value=date(2030, 1, 1)).map(date.isoformat)


@st.composite
def entries(draw: st.DrawFn) -> list[dict[str, object]]:
    unique = draw(st.lists(names, min_size=1, max_size=12, unique_by=str.lower))
    written = []
    for position, name in enumerate(unique):
        entry: dict[str, object] = {
            "repository": name,
            "verified": draw(st.sampled_from(["read", "recalled"])),
        }
        if draw(st.booleans()):
            entry["notes"] = draw(words)
        if draw(st.booleans()):
            entry["tracked_from"] = draw(days)
        if position and draw(st.booleans()):
            entry["fork_of"] = draw(st.sampled_from(unique[:position]))
        written.append(entry)
    return written


@settings(max_examples=60, deadline=None)
@given(entries())
def test_a_rendered_catalogue_parses_back(written: list[dict[str, object]]):
    rendered = "".join(f"- {json.dumps(entry, ensure_ascii=False)}\n" for entry in written)
    catalogue = parse(rendered)
    depths: dict[object, int] = {}
    for entry, repository in zip(written, catalogue.repositories[:-1], strict=True):
        depths[entry["repository"]] = depths[entry["fork_of"]] + 1 if "fork_of" in entry else 0
        assert repository.repository == entry["repository"]
        assert repository.verified == entry["verified"]
        assert repository.notes == entry.get("notes")
        assert repository.fork_of == entry.get("fork_of")
        assert repository.fork_depth == depths[entry["repository"]]
        assert (repository.tracked_from and repository.tracked_from.isoformat()) == entry.get("tracked_from")
