"""What the fake GitHub reads from real repositories, in the form in which GitHub tells it. No server, no state."""

from __future__ import annotations

import hashlib
import re
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from deepsignal_pipeline.sources.github.clock import as_instant

FIELDS = "%H%x00%P%x00%an%x00%ae%x00%at%x00%cn%x00%ce%x00%ct%x00%B"


@dataclass
class Repository:
    """A repository of the fake. `path` None: nothing is there but the name, with `status` telling why."""

    name: str
    github_id: int
    path: Path | None
    branch: str = "main"
    status: int = 200
    stars: int = 10
    topics: tuple[str, ...] = ("machine-learning",)
    created_at: str = "2019-01-01T00:00:00Z"
    description: str = ""

    def tip(self) -> str | None:
        """Return the commit that the default branch ends with."""
        if self.path is None:
            return None
        found = git_text(self.path, "rev-parse", "--quiet", "--verify", f"refs/heads/{self.branch}", check=False)
        return found.strip() or None


def facts(repository: Repository) -> dict[str, Any]:
    """Return a repository as REST and search give it."""
    owner, _, name = repository.name.partition("/")
    return {
        "id": repository.github_id,
        "name": name,
        "full_name": repository.name,
        "owner": {"login": owner},
        "default_branch": repository.branch,
        "stargazers_count": repository.stars,
        "topics": list(repository.topics),
        "description": repository.description,
        "created_at": repository.created_at,
    }


def matches(hit: Mapping[str, Any], query: str) -> bool:
    """Whether a repository fits a search made of topic:, created:A..B, stars:A..B, pushed:>=A and archived:false."""
    return all(_fits(hit, *term.split(":", 1)) for term in query.split())


def _fits(hit: Mapping[str, Any], kind: str, value: str) -> bool:
    low, _, high = value.partition("..")
    if kind == "topic":
        return value in hit["topics"]
    if kind == "created":
        return low <= hit["created_at"][:10] <= high
    if kind == "stars":
        return int(low) <= hit["stargazers_count"] <= int(high)
    if kind == "pushed":
        return hit.get("pushed_at", "9999") >= value.removeprefix(">=")
    return not hit.get("archived", False)


def commit_of(parts: Sequence[str]) -> dict[str, Any]:
    """Return a commit as the list gives it, from the parts that FIELDS asks git for."""
    sha, parents, name, email, authored, committer, committer_email, committed, message = parts
    return {
        "sha": sha,
        "commit": {
            "message": message.removesuffix("\n"),
            "author": {"name": name, "email": email, "date": _date(authored)},
            "committer": {"name": committer, "email": committer_email, "date": _date(committed)},
        },
        "author": account_of(email),
        "committer": account_of(committer_email),
        "parents": [{"sha": parent} for parent in parents.split()],
    }


def account_of(email: str) -> dict[str, Any] | None:
    """Return the account that an address belongs to; addresses of example.net belong to none."""
    if not email.endswith("@example.org"):
        return None
    login = email.removesuffix("@example.org").replace(".", "-")
    number = int(hashlib.sha256(login.encode()).hexdigest()[:6], 16)
    return {"login": login, "id": number, "type": "Bot" if login.endswith("[bot]") else "User"}


def _date(seconds: str) -> str:
    return (
        f"{as_instant(float(seconds)):%Y-%m-%dT%H:%M:%SZ}" if seconds.lstrip("-").isdigit() else "0000-00-00T00:00:00Z"
    )


def holds(path: Path, sha: str) -> bool:
    """Whether a commit is still reachable from a branch: GitHub forgets others sooner or later."""
    found = subprocess.run(
        ["git", "-C", str(path), "for-each-ref", "--contains", sha, "--count=1"], capture_output=True, check=False
    )
    return found.returncode == 0 and bool(found.stdout)


def git_text(path: Path, *arguments: str, check: bool = True) -> str:
    """Run git in a repository and return what it prints."""
    done = subprocess.run(["git", "-C", str(path), *arguments], capture_output=True, check=check)
    return done.stdout.decode("utf-8", "replace")


def _user(address: str) -> dict[str, Any] | None:
    account = account_of(address)
    return {"databaseId": account["id"], "login": account["login"]} if account else None


def offset_dates(path: Path, tip: str) -> dict[str, tuple[str, str]]:
    """Return author date and committer date of every commit, with their offsets, as git tells them."""
    lines = git_text(path, "log", "--format=%H %aI %cI", tip).splitlines()
    return {sha: (authored, committed) for sha, authored, committed in (line.split(" ") for line in lines)}


def person_node(row: Mapping[str, Any], dates: tuple[str, str]) -> dict[str, Any]:
    """Return a commit as GraphQL tells its people: dates with offsets, accounts of author and co-authors."""
    addresses = [
        row["commit"]["author"]["email"],
        *re.findall(r"(?im)^co-authored-by:.*<(.*)>", row["commit"]["message"]),
    ]
    people = [{"email": address, "user": _user(address)} for address in addresses]
    return {
        "oid": row["sha"],
        "author": {"date": dates[0]},
        "committer": {"date": dates[1]},
        "authors": {"nodes": people[:10]},
    }
