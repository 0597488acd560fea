"""What a commit of GitHub's list is: a row of the store, or a row kept apart with the reason. Pure.

GitHub's answers may lack any field, hold it as null, {} or of another type. A missing account is ordinary (the address
belongs to none); a commit without a usable id, parents or committer date cannot be placed and goes to quarantine.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Any

from deepsignal_pipeline.sources.git.trailers import LIMIT
from deepsignal_pipeline.sources.git.trailers import people as people_of
from deepsignal_pipeline.sources.pieces import EARLIEST, Quarantined

_SHA = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")
# The same lines as in `git.trailers`, which reads bytes of many commits at once; a test holds the two together
_COAUTHOR = re.compile(r"\n[ \t]*co-authored-by[ \t]*:([^\n\0]*)", re.IGNORECASE)
_BLANK_LINES = re.compile(r"(?:[ \t\r\f\v]*\n)*")
_CONTROL = "".join(map(chr, range(33)))
_SURROGATES = re.compile("[\ud800-\udfff]")
_RAW_LENGTH = 20_000
_SUBJECT_BYTES = 4_096
_PERSON_LENGTH = 10_240
_COAUTHOR_LENGTH = 1_024
_COAUTHOR_LINES = 100_000


@dataclass(frozen=True)
class Account:
    """The GitHub account that an address of a commit belongs to. `kind` is GitHub's: User, Bot or Organization."""

    github_id: int
    login: str
    kind: str | None
    email: str


@dataclass(frozen=True)
class Commit:
    """A row of the store, and the author's account if GitHub knows one."""

    row: Mapping[str, Any]
    account: Account | None

    @property
    def sha(self) -> str:
        """The commit's id."""
        return str(self.row["sha"])

    @property
    def committed_at(self) -> datetime:
        """The committer date, UTC."""
        at: datetime = self.row["committed_at"]
        return at


def read_commit(repository: str, raw: object, latest: datetime) -> Commit | Quarantined:
    """Return the commit that an entry of a list is; a Quarantined if it cannot be placed.

    `latest` is the last instant that a committer date may have: a day after the answer. Fields that are not known here
    are passed over. GitHub tells dates in UTC only, so the offsets are null; changed paths are not told at all.
    """
    if not isinstance(raw, dict):
        return _apart(None, "is no object", raw)
    sha, git = raw.get("sha"), raw.get("commit")
    if not isinstance(sha, str) or not _SHA.fullmatch(sha):
        return _apart(None, "its sha is no commit id", raw)
    if not isinstance(git, dict) or not isinstance(git.get("message"), str):
        return _apart(sha, "its commit has no message", raw)
    parents = _parents(raw.get("parents"))
    if parents is None:
        return _apart(sha, "its parents are no list of commit ids", raw)
    author, committer = _person(git.get("author")), _person(git.get("committer"))
    if committer.at is None or not EARLIEST <= committer.at <= latest:
        return _apart(sha, f"bad_date: its committer date is {committer.written}", raw)
    account = _account(raw.get("author"), author.email)
    row = {
        "repository": repository,
        "sha": sha,
        "parents": parents,
        "author_name": author.name,
        "author_email": author.email,
        "author_login": account.login if account else None,
        "authored_at": author.at,
        "author_tz": None,
        "committer_name": committer.name,
        "committer_email": committer.email,
        "committed_at": committer.at,
        "committer_tz": None,
        "subject": subject_of(git["message"]),
        "coauthors": coauthors_of(git["message"]),
        "changes": None,
    }
    return Commit(row, account)


def latest_date(answered_at: datetime) -> datetime:
    """Return the last instant that a committer date may have: a clock may be a day ahead, not more."""
    return answered_at + timedelta(days=1)


def subject_of(message: str) -> str:
    """Return the first line with text, without blanks after it, cut to some thousand bytes at a character's end."""
    blank = _BLANK_LINES.match(message)
    line = message[blank.end() if blank else 0 :].partition("\n")[0]
    cut = _text(line, _SUBJECT_BYTES).encode()[:_SUBJECT_BYTES]
    return cut.decode("utf-8", "ignore").rstrip(_CONTROL)


def coauthors_of(message: str) -> list[dict[str, str]]:
    """Return the people of the Co-authored-by lines, in their order, each once; one without `<` has an empty address."""
    found: dict[tuple[str, str], None] = {}
    for match in islice(_COAUTHOR.finditer(message), _COAUTHOR_LINES):
        line = match[1][:_COAUTHOR_LENGTH].encode("utf-8", "replace")
        for name, email in people_of(line):
            found[name.decode("utf-8", "replace"), email.decode("utf-8", "replace")] = None
    return [{"name": name, "email": email} for name, email in islice(found, LIMIT)]


@dataclass(frozen=True)
class _Person:
    name: str
    email: str
    at: datetime | None
    written: str


def _person(raw: object) -> _Person:
    values = raw if isinstance(raw, dict) else {}
    written = values.get("date")
    return _Person(
        _text(values.get("name"), _PERSON_LENGTH),
        _text(values.get("email"), _PERSON_LENGTH),
        _instant(written),
        "missing" if written is None else repr(written)[:60],
    )


def _text(value: object, length: int) -> str:
    """Return a text that can be stored: half of a character pair becomes U+FFFD; what is missing is empty."""
    return _SURROGATES.sub("\ufffd", value)[:length] if isinstance(value, str) else ""


def _instant(value: object) -> datetime | None:
    try:
        at = datetime.fromisoformat(value) if isinstance(value, str) else None
        return at.astimezone(UTC) if at is not None and at.tzinfo is not None else None
    except (ValueError, OverflowError):
        return None


def _parents(raw: object) -> list[str] | None:
    if not isinstance(raw, list):
        return None
    shas = [entry.get("sha") if isinstance(entry, dict) else None for entry in raw]
    return [str(sha) for sha in shas] if all(isinstance(sha, str) and _SHA.fullmatch(sha) for sha in shas) else None


def _account(raw: object, email: str) -> Account | None:
    if not isinstance(raw, dict):
        return None
    github_id, login, kind = raw.get("id"), raw.get("login"), raw.get("type")
    if not isinstance(github_id, int) or isinstance(github_id, bool) or not isinstance(login, str) or not login:
        return None
    return Account(github_id, _text(login, _PERSON_LENGTH), kind if isinstance(kind, str) else None, email)


def _apart(sha: str | None, reason: str, raw: object) -> Quarantined:
    # Written as ASCII, so that whatever stood there can be stored and read back
    return Quarantined(sha, reason, json.dumps(raw, sort_keys=True)[:_RAW_LENGTH])
