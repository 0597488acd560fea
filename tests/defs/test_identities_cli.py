"""`deepsignal identities`: resolve a CSV, explain an alias of a home, answer the review queue."""

from __future__ import annotations

import csv
import shutil
import stat
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from deepsignal_pipeline.cli import main
from deepsignal_pipeline.domain.overrides import parse_overrides
from deepsignal_pipeline.identity_key import IdentityKeyError, identity_key

if TYPE_CHECKING:
    from conftest import Lab

CONTENT = Path(__file__).parents[2] / "content"
HEADER = "alias_id,name,email,login,repo,commits,first,last,extra\n"
ALIASES = (
    HEADER
    + "1,Orla Brannigan,orla@alpha.example,,r/one;r/two,3,100,200,x\n"
    + "2,Orla Brannigan,ob@beta.example,,r/two,1,,300.0,x\n"
    + "3,oddhandle,oddhandle@gamma.example,,r/one,1,100,200,x\n"
    + "4,root,root@node-1,,r/one,1,100,200,x\n"
    + "5,root,root@node-2,,r/one,1,100,200,x\n"
    + "6,renovate[bot],29139614+renovate[bot]@users.noreply.github.com,,r/one,1,100,200,x\n"
    + '7,"Брагина, ""Лия""",liya@delta.example,Liya,r/one,1,100,200,x\n'
    + "8,liya,elsewhere@epsilon.example,liya,r/two,1,100,200,x\n"
    + "9,Esme,77+odd-one@users.noreply.github.com,,r/one,1,100,200,x\n"
)
MERGES = "repo,login,alias_id,count\nr/one,odd-one,3,4\n"


def resolved(folder: Path, aliases: str, *more: str) -> dict[str, tuple[str, str]]:
    (folder / "in.csv").write_text(aliases, encoding="utf-8")
    command = ["identities", "resolve", "--aliases", str(folder / "in.csv"), "--out", str(folder / "out.csv")]
    assert main([*command, "--home", str(folder / "home"), *more]) == 0
    with (folder / "out.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    assert rows[0] == ["alias_id", "contributor_id", "kind"]
    return {alias: (contributor, kind) for alias, contributor, kind in rows[1:]}


def test_resolve_says_for_every_alias_who_and_what_it_is(tmp_path: Path) -> None:
    found = resolved(tmp_path, ALIASES)
    assert list(found) == list("123456789")
    assert [kind for _, kind in found.values()] == ["human"] * 3 + ["placeholder"] * 2 + ["bot"] + ["human"] * 3
    assert found["1"] == found["2"]
    assert found["7"] == found["8"]
    assert len({contributor for contributor, _ in found.values()}) == 7
    assert resolved(tmp_path, ALIASES) == found
    assert stat.S_IMODE((tmp_path / "home" / "identity.key").stat().st_mode) == 0o600


def test_merges_tie_a_login_to_the_main_author_of_its_branches(tmp_path: Path) -> None:
    (tmp_path / "merges.csv").write_text(MERGES)
    assert resolved(tmp_path, ALIASES)["3"] != resolved(tmp_path, ALIASES)["9"]
    found = resolved(tmp_path, ALIASES, "--merges", str(tmp_path / "merges.csv"))
    assert found["3"] == found["9"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("alias_id,name\n1,x\n", "line 1 lacks email, login, repo, commits, first, last"),
        (HEADER + "1,x,x@alpha.example,,r/one,many,1,2,\n", "in.csv: line 2: commits 'many' is no whole number"),
        (
            HEADER + "1,x,a@alpha.example,,r,1,1,2,\n1,y,b@alpha.example,,r,1,1,2,\n",
            "in.csv: line 3: alias_id '1' stands",
        ),
    ],
)
def test_a_file_that_cannot_be_used_is_an_error_in_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str, words: str
) -> None:
    (tmp_path / "in.csv").write_text(text)
    command = ["identities", "resolve", "--aliases", str(tmp_path / "in.csv"), "--out", str(tmp_path / "out.csv")]
    assert main([*command, "--home", str(tmp_path)]) == 1
    (line,) = capsys.readouterr().err.splitlines()
    assert words in line
    assert not (tmp_path / "out.csv").exists()


def test_mailmaps_are_evidence_where_the_user_names_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    mailmaps = tmp_path / "mailmaps"
    mailmaps.mkdir()
    (mailmaps / "r+one").write_text("Orla Brannigan <orla@alpha.example> <oddhandle@gamma.example>\n")
    found = resolved(tmp_path, ALIASES)
    assert found["1"] != found["3"]
    monkeypatch.setenv("DEEPSIGNAL_MAILMAPS", str(mailmaps))
    found = resolved(tmp_path, ALIASES)
    assert found["1"] == found["3"]


@pytest.mark.parametrize(
    ("command", "words"),
    [(["explain", " "], "ALIAS is empty"), (["review", "--limit", "-1"], "--limit -1: it must be 1 or more")],
)
def test_what_asks_for_nobody_is_told_and_lists_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], command: list[str], words: str
) -> None:
    assert main(["identities", *command, "--home", str(tmp_path)]) == 1
    told = capsys.readouterr()
    assert words in told.err
    assert (told.out, len(told.err.splitlines())) == ("", 1)


def test_two_homes_agree_under_the_key_of_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    apart = [identity_key(tmp_path / home) for home in "ab"]
    assert apart[0] != apart[1]
    assert apart[0] == identity_key(tmp_path / "a")
    monkeypatch.setenv("DEEPSIGNAL_IDENTITY_KEY", "a long enough key for both")
    assert identity_key(tmp_path / "a") == identity_key(tmp_path / "b")
    monkeypatch.setenv("DEEPSIGNAL_IDENTITY_KEY", "short")
    with pytest.raises(IdentityKeyError, match="has 5 characters"):
        identity_key(tmp_path)


def test_a_key_that_others_may_read_is_refused(tmp_path: Path) -> None:
    identity_key(tmp_path)
    (tmp_path / "identity.key").chmod(0o644)
    with pytest.raises(IdentityKeyError, match="chmod 600"):
        identity_key(tmp_path)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, lab: Lab) -> Path:
    """Make a small home with doubtful people, and the content that answers may change."""
    c = lab.commit
    commits = [
        c("a/one", "Wei Wang", "2022-01-01"),
        c("b/one", "Wei Wang", "2022-01-01", email="ww@elsewhere.example"),
        c("a/one", "Orla Brannigan", "2022-01-02"),
        c("a/one", "obrannigan", "2022-01-02"),
    ]
    bench = lab.bench(commits, categories="ab").run("contributor_aliases", read="2023-Q1")
    shutil.copytree(CONTENT, tmp_path / "content")
    monkeypatch.setenv("DEEPSIGNAL_CONTENT", str(tmp_path / "content"))
    monkeypatch.setenv("DEEPSIGNAL_HOME", str(bench.lake.home))
    return tmp_path


def test_review_lists_and_takes_answers_and_explain_says_why(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["identities", "review", "--limit", "2"]) == 0
    listed = capsys.readouterr().out.splitlines()
    pair = [line.split()[0] for line in listed[1:3]]
    assert listed[0].partition(":")[0] in ("wrong", "missed")
    assert main(["identities", "review", "--limit", "2"]) == 0
    assert capsys.readouterr().out.splitlines() == listed

    assert main(["identities", "review", "--different", *pair]) == 1
    assert "add --why" in capsys.readouterr().err
    assert main(["identities", "review", "--different", *pair, "--why", "they told us"]) == 0
    overrides = (home / "content" / "overrides.yaml").read_bytes()
    assert parse_overrides(overrides).decisions.split == (tuple(pair),)
    capsys.readouterr()
    assert main(["identities", "review", "--same", *pair, "--why", "or not"]) == 1
    assert "merged on line" in capsys.readouterr().err
    assert (home / "content" / "overrides.yaml").read_bytes() == overrides

    assert main(["identities", "review", "--limit", "1"]) == 0
    assert pair[0] not in capsys.readouterr().out
    assert main(["identities", "explain", pair[0]]) == 0
    explained = capsys.readouterr().out
    assert f"{pair[0]} " in explained
    assert "contributor" in explained
    assert main(["identities", "explain", "nobody at all"]) == 1
    assert "no alias, contributor, address" in capsys.readouterr().err
