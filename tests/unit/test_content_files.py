"""The folder of what people write: what is no file of bounded size is refused and named, and nothing is passed over."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from deepsignal_pipeline.content import ContentError, check_content, content_hash, load_catalogue, load_predictions

SHIPPED = Path(__file__).parents[2] / "content"
FILES = (
    "work_types.yaml",
    "overrides.yaml",
    "automation/known_bots.csv",
    "catalogue/edge.yaml",
    "predictions/2023-Q1.yaml",
)


@pytest.fixture
def content(tmp_path: Path) -> Path:
    return Path(shutil.copytree(SHIPPED, tmp_path / "content"))


@pytest.mark.parametrize("name", FILES)
def test_a_pipe_a_device_a_folder_and_a_flood_are_refused_at_once(content: Path, name: str):
    file = content / name
    kept = file.read_bytes()
    for make, said in (
        (lambda: os.mkfifo(file), "is no regular file: restore it"),
        (lambda: file.symlink_to("/dev/zero"), "is no regular file: restore it"),
        (lambda: file.write_bytes(kept + b"#" * (1 << 20)), "has more than 1,048,576 bytes"),
        (lambda: file.symlink_to("nowhere"), "cannot be read (No such file or directory)"),
    ):
        file.unlink()
        make()
        for read in (check_content, content_hash):
            with pytest.raises(ContentError) as caught:
                read(content)
            assert str(caught.value).startswith(f"{file} {said}")


def test_all_missing_files_are_named_at_once(content: Path):
    missing = [content / name for name in ("overrides.yaml", "automation/known_bots.csv")]
    for file in missing:
        file.unlink()
    for read in (check_content, content_hash):
        with pytest.raises(ContentError) as caught:
            read(content)
        told = str(caught.value).splitlines()
        assert told == [f"{file} cannot be read (No such file or directory): restore it" for file in missing]


def test_a_link_to_a_file_is_read(content: Path):
    (content / "catalogue" / "edge.yaml").rename(content / "kept")
    (content / "catalogue" / "edge.yaml").symlink_to("../kept")
    problems, catalogue = check_content(content)
    assert problems == []
    assert catalogue is not None


@pytest.mark.parametrize("folder", ["predictions", "catalogue"])
def test_what_would_be_passed_over_in_silence_is_named(content: Path, folder: str):
    place = content / folder
    (place / "2023-Q2.YAML").write_text("[]\n")
    with pytest.raises(ContentError, match=r"2023-Q2\.YAML: is not read, .* call it 2023-Q2\.yaml, or move it"):
        check_content(content)
    (place / "2023-Q2.YAML").unlink()
    (place / "old").mkdir()
    with pytest.raises(ContentError, match=rf"old: a folder is not read here: move its files to .*{folder}"):
        check_content(content)
    (place / "old").rename(place / ".old")
    (place / "README.md").write_text("What a file holds.\n")
    assert check_content(content)[0] == []


def test_C01_a_catalogue_has_twelve_categories_as_the_contracts_of_its_tables_say(content: Path):
    listed = content / "catalogue" / "categories.yaml"
    listed.write_text(listed.read_text() + "- {slug: thirteenth, name: Thirteenth, definition: One more}\n")
    (content / "catalogue" / "thirteenth.yaml").write_text("- {repository: some/one, verified: read}\n")
    problems, catalogue = check_content(content)
    assert (problems[0].split(": ")[:2], catalogue) == (
        ["categories.yaml:1", "13 categories are listed, and every measure is made for 12"],
        None,
    )


def test_predictions_that_are_a_file_are_no_missing_folder(content: Path):
    shutil.rmtree(content / "predictions")
    assert load_predictions(content, load_catalogue(content)).entries == ()
    (content / "predictions").write_text("[]\n")
    with pytest.raises(ContentError, match=r"predictions cannot be read \(Not a directory\)"):
        check_content(content)


def test_automation_accounts_in_another_encoding_are_named_with_their_line(content: Path):
    file = content / "automation" / "known_bots.csv"
    lines = file.read_bytes().splitlines(keepends=True)
    file.write_bytes(b"".join([*lines[:3], "b\xfcilder[bot],login,x,y\n".encode("latin-1"), *lines[3:]]))
    problems, _ = check_content(content)
    assert problems == ["automation/known_bots.csv:4: byte 0xfc is not UTF-8: save the file as UTF-8"]


def test_an_endless_text_is_refused_wherever_it_stands(content: Path):
    file = content / "predictions" / "2023-Q1.yaml"
    file.write_text(file.read_text().replace("LLM serving counts", "LLM serving counts " + "much " * 2000))
    with (content / "catalogue" / "edge.yaml").open("a") as catalogue:
        catalogue.write(f"- {{repository: a/b, verified: read, notes: {'x' * 1001}}}\n")
    problems, _ = check_content(content)
    # Without a catalogue nobody judges predictions
    assert [problem.partition(": ")[2] for problem in problems] == ["notes has 1,001 characters: write 1,000 at most"]
    (content / "catalogue" / "edge.yaml").write_bytes((SHIPPED / "catalogue" / "edge.yaml").read_bytes())
    (problem,) = check_content(content)[0]
    assert problem.startswith("predictions/2023-Q1.yaml:7: statement has 10,")


def test_whoever_stops_reading_the_output_is_told_nothing():
    reading, writing = os.pipe()
    os.close(reading)
    command = [sys.executable, "-m", "deepsignal_pipeline.cli", "catalogue", "validate"]
    ended = subprocess.run(command, stdout=writing, stderr=subprocess.PIPE, text=True, check=False)
    os.close(writing)
    assert (ended.returncode, ended.stderr) == (1, "")
