"""Files of aliases: what is wrong is told with its line, and nothing is overwritten that was not asked for."""

from pathlib import Path

import pytest

from deepsignal_pipeline.cli.alias_files import AliasFileError, read_aliases, refuse_place

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
