"""A mailmap is evidence where somebody asked for it, and is never read else; vetoes stand against it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from deepsignal_pipeline.domain.identity import Alias, Decisions, resolve
from deepsignal_pipeline.domain.mailmap import Statement, parse_mailmap
from deepsignal_pipeline.mailmap_files import LARGEST, MailmapError, read_mailmaps
from deepsignal_pipeline.settings import SettingsError, read_settings

if TYPE_CHECKING:
    from conftest import Lab

TEXT = """
# Orla Brannigan <remark@alpha.example> <nightowl@gmail.com>
Orla Brannigan <orla@alpha.example> <nightowl@gmail.com>
Orla Brannigan <orla@alpha.example> shared <desk@beta.example>  # only under that name
Piet Vandersloot <piet@beta.example>
<orla@alpha.example <broken
"""


def alias(number: int, name: str, email: str, repository: str = "r/one") -> Alias:
    return Alias(str(number), name, email, None, 1_600_000_000 + number, repositories=(repository,))


def test_lines_of_two_addresses_are_statements_and_nothing_else_is() -> None:
    assert parse_mailmap(TEXT) == [
        Statement("orla@alpha.example", "", "nightowl@gmail.com"),
        Statement("orla@alpha.example", "shared", "desk@beta.example"),
    ]


ALIASES = [
    alias(0, "Orla Brannigan", "orla@alpha.example"),
    alias(1, "nightowl", "NIGHTOWL@gmail.com"),
    alias(2, "shared", "desk@beta.example"),
    alias(3, "Ove Calloway", "desk@beta.example"),
    alias(4, "moonpie", "moonpie@gmail.com", "r/two"),
]


def people(**evidence: object) -> list[set[str]]:
    groups: dict[str, set[str]] = {}
    for found in resolve(ALIASES, key=b"a key", **evidence):  # type: ignore[arg-type]
        groups.setdefault(found.contributor_id or "", set()).add(found.alias_id)
    return sorted(groups.values(), key=min)


def test_what_is_stated_is_joined_in_its_repository_only() -> None:
    stated = parse_mailmap(TEXT.replace("desk@beta.example", "moonpie@gmail.com"))
    assert people() == people(mailmaps={"r/two": stated})
    assert people(mailmaps={"r/one": stated})[0] == {"0", "1"}


def test_what_people_keep_apart_stays_apart() -> None:
    stated = parse_mailmap(TEXT)
    split = Decisions(split=[("0", "1")])
    assert all(not {"0", "1"} <= group for group in people(mailmaps={"r/one": stated}, decisions=split))


def test_no_folder_is_no_mailmap_and_a_file_is_bounded(tmp_path: Path) -> None:
    assert read_mailmaps(None) == {}
    (tmp_path / "README").write_text(TEXT)
    (tmp_path / "r+one").write_text(TEXT)
    assert {name: len(found) for name, found in read_mailmaps(tmp_path).items()} == {"r/one": 2}
    (tmp_path / "r+two").write_bytes(b"x" * (LARGEST + 1))
    with pytest.raises(MailmapError, match=r"r\+two: larger than 4 MiB"):
        read_mailmaps(tmp_path)
    with pytest.raises(MailmapError, match="no such folder"):
        read_mailmaps(tmp_path / "missing")
    (tmp_path / "nothing").mkdir()
    with pytest.raises(MailmapError, match=r"holds no file OWNER\+NAME; let DEEPSIGNAL_MAILMAPS name one"):
        read_mailmaps(tmp_path / "nothing")


def test_the_setting_is_off_by_default_and_must_be_a_folder(tmp_path: Path) -> None:
    assert read_settings({}).mailmaps is None
    assert read_settings({"DEEPSIGNAL_MAILMAPS": str(tmp_path)}).mailmaps == tmp_path
    with pytest.raises(SettingsError, match="DEEPSIGNAL_MAILMAPS"):
        read_settings({"DEEPSIGNAL_MAILMAPS": str(tmp_path / "missing")})


def test_a_run_takes_the_evidence(lab: Lab, tmp_path: Path) -> None:
    c = lab.commit
    (tmp_path / "a+one").write_text(TEXT)
    commits = [
        c("a/one", "Orla Brannigan", "2021-01-01", email="orla@alpha.example"),
        c("a/one", "nightowl", "2021-01-01", email="nightowl@gmail.com"),
    ]
    bench = lab.bench(commits, categories="a")
    bench.run("contributor_identities", read="2023-Q1")
    assert bench.person("nightowl") != bench.person("Orla Brannigan")
    bench.with_mailmaps(tmp_path).run("contributor_identities", read="2023-Q1")
    assert bench.person("nightowl") == bench.person("Orla Brannigan")
