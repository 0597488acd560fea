"""Settings are environment variables; what makes no sense is refused, all of it at once."""

from __future__ import annotations

from pathlib import Path

import pytest

from deepsignal_pipeline.cli import main
from deepsignal_pipeline.settings import SettingsError, read_settings


def test_without_any_setting_everything_has_a_default(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    settings = read_settings({})
    assert (settings.home, settings.source, settings.threads) == (tmp_path / ".deepsignal", "sample", None)


def test_settings_say_where_what_and_how_many(tmp_path: Path) -> None:
    settings = read_settings(
        {"DEEPSIGNAL_HOME": str(tmp_path), "DEEPSIGNAL_SOURCE": "sample", "DEEPSIGNAL_THREADS": "2"}
    )
    assert (settings.home, settings.source, settings.threads) == (tmp_path, "sample", 2)


def test_a_relative_home_is_made_absolute(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert read_settings({"DEEPSIGNAL_HOME": "home"}).home == tmp_path / "home"


def test_an_empty_setting_is_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    names = ("DEEPSIGNAL_HOME", "DEEPSIGNAL_SOURCE", "DEEPSIGNAL_THREADS")
    assert read_settings(dict.fromkeys(names, "")) == read_settings({})


def test_a_tilde_is_the_users_own_folder_where_there_is_such_a_user(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/somewhere")
    assert read_settings({"DEEPSIGNAL_HOME": "~/lake"}).home == Path("/somewhere/lake")
    assert read_settings({"DEEPSIGNAL_HOME": "~no-such-user"}).home == Path("~no-such-user").absolute()


@pytest.mark.parametrize(("home", "said"), [(" ", "' '"), ("\n", r"'\\n'"), ("/x" * 2000, "4,000 characters")])
def test_a_home_that_can_be_none_is_told(home: str, said: str) -> None:
    with pytest.raises(SettingsError, match=f"DEEPSIGNAL_HOME: {said}, but it must be a folder"):
        read_settings({"DEEPSIGNAL_HOME": home})


def test_an_empty_home_on_the_command_line_is_a_forgotten_variable(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["views", "--home", ""])
    assert "argument --home: it is empty: name a folder" in capsys.readouterr().err


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(SettingsError, match=r"DEEPSIGNAL_MAILMAPS: .*file, but it must be a folder"):
        read_settings({"DEEPSIGNAL_MAILMAPS": str(tmp_path / "file")})


@pytest.mark.parametrize("threads", ["0", "-1", "two", "1.5", " 2", "1025", "9" * 5000, "\N{ARABIC-INDIC DIGIT TWO}"])
def test_threads_must_be_a_whole_number_that_some_machine_has(threads: str) -> None:
    with pytest.raises(SettingsError, match=f"DEEPSIGNAL_THREADS: '{threads}'"):
        read_settings({"DEEPSIGNAL_THREADS": threads})


def test_the_repositories_are_names_with_commas_between() -> None:
    told = {"DEEPSIGNAL_REPOSITORIES": "numpy/numpy, scipy/scipy,numpy/numpy,"}
    assert read_settings(told).repositories == ("numpy/numpy", "scipy/scipy")


@pytest.mark.parametrize("names", ["numpy", "../x", "a/b,-x/y", "a/..", "ext::sh", "https://evil.example/a/b"])
def test_what_is_no_name_of_a_repository_is_refused(names: str) -> None:
    with pytest.raises(SettingsError, match="DEEPSIGNAL_REPOSITORIES"):
        read_settings({"DEEPSIGNAL_REPOSITORIES": names})


@pytest.mark.parametrize(
    "url", ["http://example.org", "https://", "ftp://api.github.com", "https://h/?q", "https://u:p@h"]
)
def test_the_address_of_github_is_https_or_of_this_machine(url: str) -> None:
    with pytest.raises(SettingsError, match="DEEPSIGNAL_GITHUB_URL"):
        read_settings({"DEEPSIGNAL_GITHUB_URL": url})
    assert read_settings({"DEEPSIGNAL_GITHUB_URL": "http://127.0.0.1:80/api/v3"}).github_url.endswith("/api/v3")


def test_every_problem_is_named_in_a_line_of_its_own() -> None:
    wrong = {"DEEPSIGNAL_HOEM": "x", "DEEPSIGNAL_SOURCE": "svn", "DEEPSIGNAL_THREADS": "0", "PATH": "/bin"}
    with pytest.raises(SettingsError) as refused:
        read_settings(wrong)
    lines = str(refused.value).splitlines()
    assert [line.partition(":")[0] for line in lines] == sorted(name for name in wrong if name != "PATH")
    assert "DEEPSIGNAL_HOME" in lines[0]
    assert "sample" in lines[1]


def test_the_environment_is_read_when_asked_and_not_before(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DEEPSIGNAL_HOME", str(tmp_path / "first"))
    assert read_settings().home == tmp_path / "first"
    monkeypatch.setenv("DEEPSIGNAL_HOME", str(tmp_path / "second"))
    assert read_settings().home == tmp_path / "second"


def test_people_of_github_are_asked_for_by_yes_or_no() -> None:
    told = {value: read_settings({"DEEPSIGNAL_GITHUB_PEOPLE": value}).github_people for value in ("", "no", "yes")}
    assert told == {"": False, "no": False, "yes": True}
    with pytest.raises(SettingsError, match="DEEPSIGNAL_GITHUB_PEOPLE: 'true', but it must be yes or no"):
        read_settings({"DEEPSIGNAL_GITHUB_PEOPLE": "true"})
