"""The settings, all of them environment variables, read when asked for and refused if they make no sense."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from deepsignal_pipeline.domain.repository_names import read_name

_KNOWN = {
    "DEEPSIGNAL_HOME": "a folder for the lake and the editions",
    "DEEPSIGNAL_SOURCE": "sample, git or github",
    "DEEPSIGNAL_REPOSITORIES": "owner/name, several with commas between: only these, catalogued or not",
    "DEEPSIGNAL_MIRRORS": "a folder of bare repositories, OWNER+NAME/repo, OWNER+NAME or OWNER/NAME.git, for the source git",
    "DEEPSIGNAL_MAILMAPS": "a folder of mailmaps, OWNER+NAME, to take as evidence of who is who",
    "DEEPSIGNAL_GITHUB_URL": "the address of GitHub's API, https (http only on this machine), e.g. https://HOST/api/v3",
    "DEEPSIGNAL_GITHUB_PEOPLE": "yes or no: whether offsets and accounts of co-authors are asked for, for the source github",
    "DEEPSIGNAL_SHARDS": "a whole number of steps that visit repositories at once, 1 to 1024",
    "DEEPSIGNAL_IDENTITY_KEY": "a secret of at least 16 characters, the same in homes whose ids must agree",
    "DEEPSIGNAL_THREADS": "a whole number of threads for DuckDB, 1 to 1024",
    "DEEPSIGNAL_CONTENT": "a folder with the catalogue and what else people write",
    "DEEPSIGNAL_SAMPLE": "a folder with another sample: commits.parquet and snapshots.csv, in the embedded one's form",
}
_API = re.compile(r"(https://[A-Za-z0-9.-]+(:[0-9]+)?|http://(127\.0\.0\.1|localhost)(:[0-9]+)?)(/[A-Za-z0-9/._-]*)?")
_WHOLE = re.compile(r"[0-9]{1,9}")
_MOST = 1024
# Deep folders below it must still have a path that the system takes
_LONGEST_HOME = 1000
SOURCES = ("sample", "git", "github")


class SettingsError(ValueError):
    """Settings that make no sense; one line a setting: its name, what it says, what it may say."""


@dataclass(frozen=True)
class Settings:
    """What the environment says.

    `threads` None leaves the number to DuckDB, `sample` None is the embedded one, no `repositories` are those of the
    catalogue, `mirrors` None are clones below the home, `mailmaps` None are never read. Secrets are no settings: who needs
    one reads it.
    """

    home: Path
    source: str
    threads: int | None
    sample: Path | None = None
    repositories: tuple[str, ...] = ()
    mirrors: Path | None = None
    mailmaps: Path | None = None
    shards: int = 1
    github_url: str = "https://api.github.com"
    github_people: bool = False


def read_settings(environment: Mapping[str, str] | None = None) -> Settings:
    """Read the settings; raise SettingsError naming every one that is unknown or malformed.

    Without DEEPSIGNAL_HOME the home is `.deepsignal` in the current folder.
    """
    environment = os.environ if environment is None else environment
    problems = [
        f"{name}: no such setting; there are {', '.join(_KNOWN)}"
        for name in environment
        if name.startswith("DEEPSIGNAL_") and name not in _KNOWN
    ]
    source = environment.get("DEEPSIGNAL_SOURCE") or SOURCES[0]
    if source not in SOURCES:
        problems.append(f"DEEPSIGNAL_SOURCE: {source!r}, but it must be one of: {', '.join(SOURCES)}")
    threads = _whole(environment, "DEEPSIGNAL_THREADS", problems)
    sample = _folder(environment, "DEEPSIGNAL_SAMPLE", "commits.parquet", problems)
    repositories = _repositories(environment, problems)
    mirrors = _folder(environment, "DEEPSIGNAL_MIRRORS", "", problems)
    mailmaps = _folder(environment, "DEEPSIGNAL_MAILMAPS", "", problems)
    shards = _whole(environment, "DEEPSIGNAL_SHARDS", problems)
    github_url = environment.get("DEEPSIGNAL_GITHUB_URL") or Settings.github_url
    if not _API.fullmatch(github_url):
        problems.append(f"DEEPSIGNAL_GITHUB_URL: {github_url!r}, but it must be {_KNOWN['DEEPSIGNAL_GITHUB_URL']}")
    people = environment.get("DEEPSIGNAL_GITHUB_PEOPLE") or "no"
    if people not in ("yes", "no"):
        problems.append(f"DEEPSIGNAL_GITHUB_PEOPLE: {people!r}, but it must be {_KNOWN['DEEPSIGNAL_GITHUB_PEOPLE']}")
    home = _home(environment, problems)
    if problems:
        raise SettingsError("\n".join(problems))
    return Settings(
        home, source, threads, sample, repositories, mirrors, mailmaps, shards or 1, github_url, people == "yes"
    )


def _home(environment: Mapping[str, str], problems: list[str]) -> Path:
    named = environment.get("DEEPSIGNAL_HOME") or ".deepsignal"
    # A path so long that Python cannot even take it apart
    if not named.strip() or len(named) > _LONGEST_HOME:
        what = f"{len(named):,} characters" if named.strip() else repr(named)
        problems.append(
            f"DEEPSIGNAL_HOME: {what}, but it must be {_KNOWN['DEEPSIGNAL_HOME']}, {_LONGEST_HOME:,} characters at most"
        )
        return Path()
    # Path.expanduser raises where there is no such user
    return Path(os.path.expanduser(named)).absolute()  # noqa: PTH111


def _whole(environment: Mapping[str, str], name: str, problems: list[str]) -> int | None:
    text = environment.get(name) or ""
    if text and (not _WHOLE.fullmatch(text) or not 1 <= int(text) <= _MOST):
        problems.append(f"{name}: {text!r}, but it must be {_KNOWN[name]}")
        return None
    return int(text) if text else None


def _folder(environment: Mapping[str, str], name: str, must_hold: str, problems: list[str]) -> Path | None:
    text = environment.get(name) or ""
    if not text:
        return None
    folder = Path(text).absolute()
    if not (folder / must_hold).exists() or not folder.is_dir():
        problems.append(f"{name}: {folder}, but it must be {_KNOWN[name]}")
    return folder


def _repositories(environment: Mapping[str, str], problems: list[str]) -> tuple[str, ...]:
    names = []
    for written in (environment.get("DEEPSIGNAL_REPOSITORIES") or "").split(","):
        name, problem = read_name(written) if written.strip() else (None, None)
        if problem and not name:
            problems.append(f"DEEPSIGNAL_REPOSITORIES: {written!r} {problem}")
        elif name:
            names.append(name)
    return tuple(dict.fromkeys(names))


def lock_hash() -> str | None:
    """Return the SHA-256 (hex) of the lock file that the checkout installs from; None where there is none."""
    lock = Path(__file__).resolve().parent.parent / "requirements.lock"
    return hashlib.sha256(lock.read_bytes()).hexdigest() if lock.is_file() else None
