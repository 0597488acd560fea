"""The edition's files, as the table tells them."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import pytest

from deepsignal_pipeline.domain.quarters import Quarter

if TYPE_CHECKING:
    from conftest import Bench

QUARTER = "2023-Q1"


@pytest.fixture(scope="module")
def edition(sample: Bench) -> Bench:
    assert sample.make("quarterly_report", QUARTER).is_published
    return sample


def test_every_file_of_the_edition_is_a_row_and_every_row_a_file(edition: Bench) -> None:
    folder = edition.lake.edition(Quarter.parse(QUARTER))
    files = {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}
    assert {row["file"] for row in edition.rows("quarterly_report", QUARTER)} == files
    assert "index.html" in files


def test_size_and_digest_are_those_of_the_bytes(edition: Bench) -> None:
    folder = edition.lake.edition(Quarter.parse(QUARTER))
    for row in edition.rows("quarterly_report", QUARTER):
        data = (folder / row["file"]).read_bytes()
        assert (row["size_bytes"], row["sha256"]) == (len(data), hashlib.sha256(data).hexdigest())


def test_made_again_the_edition_is_the_same_byte_for_byte(edition: Bench) -> None:
    before = edition.rows("quarterly_report", QUARTER)
    assert edition.make("quarterly_report", QUARTER).is_published
    assert edition.rows("quarterly_report", QUARTER) == before
