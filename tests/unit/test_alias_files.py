"""Files of aliases: what is wrong is told with its line, and nothing is overwritten that was not asked for."""

from pathlib import Path

import pytest

from deepsignal_pipeline.cli.alias_files import AliasFileError, read_aliases, read_merges, refuse_place

HEADER = "alias_id,name,email,login,repo,commits,first,last\n"


def test_a_quote_that_nobody_closes_is_told_with_its_line(tmp_path: Path):
    path = tmp_path / "in.csv"
    path.write_text(HEADER + '1,Ada,ada@x.org,,a/b,3,1,2\n2,"Jo,jo@x.org,,a/b,3,1,2\n3,Cy,cy@x.org,,a/b,3,1,2\n')
    with pytest.raises(AliasFileError, match="after line 2: unexpected end of data"):
        read_aliases(path)


def test_quotes_within_a_name_are_part_of_it(tmp_path: Path):
    path = tmp_path / "in.csv"
    path.write_text(HEADER + '1,Al "Bo" Cy,al@x.org,,a/b,3,1,2\n2,"Di ""Ed"" Fy",di@x.org,,a/b,3,1,2\n')
    assert [alias.name for alias in read_aliases(path)] == ['Al "Bo" Cy', 'Di "Ed" Fy']


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ("1,Ada,ada@x.org,,a/b,-3,1,2", "commits '-3' is below 0; write a whole number, 0 or more"),
        ("1,Ada,ada@x.org,,a/b,1.5,1,2", "commits '1.5' is no whole number"),
        ("1,Ada,ada@x.org,,a/b,nan,1,2", "commits 'nan' is no whole number"),
        (" ,Ada,ada@x.org,,a/b,3,1,2", "alias_id is empty; it must be given"),
        (
            "1,Ada,ada@x.org,,a/b,3,2023-01-01,2",
            "first '2023-01-01' is no whole number; write epoch seconds, or nothing",
        ),
        ("1,Ada,ada@x.org,,a/b,3,1,soon", "last 'soon' is no whole number"),
        ("1,Ada,ada@x.org,,a/b,3,20,19", "last 19 is before first 20"),
        ("1,Ada, PhD,ada@x.org,,a/b,3,1,2", "has more cells than line 1 has columns; quote what holds a comma"),
        ("1,Ada,ada@x.o", "ends before login, repo, commits, first, last; is the file cut off?"),
    ],
)
def test_an_odd_row_is_told_with_its_line(tmp_path: Path, row: str, words: str):
    path = tmp_path / "in.csv"
    path.write_text(HEADER + "0,Bo,bo@x.org,,a/b,3,1,2\n" + row + "\n")
    with pytest.raises(AliasFileError) as told:
        read_aliases(path)
    assert str(told.value).startswith(f"{path}: line 3: {words}")
    assert "\n" not in str(told.value)


def test_what_is_not_known_may_be_empty_and_floats_of_whole_numbers_are_read(tmp_path: Path):
    path = tmp_path / "in.csv"
    path.write_text("note,github_id," + HEADER + "x,,1,,,,,,,\nx,7.0,2,Ada,ada@x.org,ada,a/b;c/d,3.0,,20.0\n")
    nobody, ada = read_aliases(path)
    assert (nobody.name, nobody.commits, nobody.first_seen, nobody.repositories) == ("", 0, 0, ())
    assert (ada.github_id, ada.commits, ada.last_seen, ada.repositories) == (7, 3, 20, ("a/b", "c/d"))


def test_an_alias_has_one_row_or_one_a_repository(tmp_path: Path):
    path = tmp_path / "in.csv"
    row = "1,Ada,ada@x.org,,{},3,1,2\n"
    path.write_text(HEADER + row.format("a/b") + row.format("c/d"))
    assert [alias.repositories for alias in read_aliases(path)] == [("a/b",), ("c/d",)]
    for second, words in (
        (row.format("a/b"), "line 3: alias_id '1' stands on line 2 too for the same repository"),
        (row.format("c/d").replace("Ada", "Bo"), "line 3: alias_id '1' stands on line 2 too with another name"),
    ):
        path.write_text(HEADER + row.format("a/b") + second)
        with pytest.raises(AliasFileError, match=words):
            read_aliases(path)


def test_every_wrong_row_is_told_up_to_twenty(tmp_path: Path):
    path = tmp_path / "in.csv"
    path.write_text(HEADER + ",Ada,ada@x.org,,a/b,3,1,2\n" * 22)
    with pytest.raises(AliasFileError) as told:
        read_aliases(path)
    lines = str(told.value).splitlines()
    assert len(lines) == 21
    assert lines[-1] == f"{path}: and 2 lines more are wrong"


def test_a_column_that_stands_twice_is_refused_but_for_those_that_nobody_reads(tmp_path: Path):
    path = tmp_path / "in.csv"
    path.write_text(HEADER.replace("\n", ",note,note\n") + "1,Ada,ada@x.org,,a/b,3,1,2,,\n")
    assert len(read_aliases(path)) == 1
    path.write_text(HEADER.replace("\n", ",name\n") + "1,Ada,ada@x.org,,a/b,3,1,2,Bo\n")
    with pytest.raises(AliasFileError, match="line 1 names name twice"):
        read_aliases(path)


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ("a/b,,1,3", "login is empty"),
        ("a/b,ada,,3", "alias_id is empty"),
        (",ada,1,3", "repo is empty"),
        ("a/b,ada,1,", "count '' is no whole number"),
        ("a/b,ada,1,-1", "count '-1' is below 0"),
        ("a/b,ada,1,0.5", "count '0.5' is no whole number"),
    ],
)
def test_an_odd_merge_is_told_with_its_line(tmp_path: Path, row: str, words: str):
    path = tmp_path / "merges.csv"
    path.write_text(f"repo,login,alias_id,count\na/b,ada,1,3\n{row}\n")
    with pytest.raises(AliasFileError) as told:
        read_merges(path)
    assert str(told.value).startswith(f"{path}: line 3: {words}")


def test_nothing_is_written_over_what_is_read_or_over_what_is_no_file(tmp_path: Path):
    read, link, fresh = tmp_path / "in.csv", tmp_path / "link.csv", tmp_path / "out.csv"
    read.write_text(HEADER)
    link.symlink_to(read)
    for place, why in ((read, "is what is read"), (link, "no plain file"), (tmp_path, "no plain file")):
        with pytest.raises(AliasFileError, match=why):
            refuse_place(place, [read])
    refuse_place(fresh, [read])
    fresh.write_text("of an earlier run")
    refuse_place(fresh, [read])
