"""Where the git source reads a repository: an address made of its name, or a bare repository that lies on this disk.

An address is made here and nowhere else, from a name that has the form of GitHub's and a host that is allowed.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from deepsignal_pipeline.domain.repository_names import read_name
from deepsignal_pipeline.sources.git.failures import GitFailureError

HOSTS = ("github.com",)


@dataclass(frozen=True)
class Host:
    """Where repositories are fetched from. Anything but https and the allowed hosts is for tests on this machine."""

    base: str = "https://github.com"
    protocols: tuple[str, ...] = ("https",)
    hosts: tuple[str, ...] = HOSTS

    def url(self, name: str) -> str:
        """Return the address of a repository; raise GitFailureError if the name or the host is not allowed."""
        return self.checked(f"{self.base}/{checked_name(name)}.git")

    def checked(self, url: str) -> str:
        """Return an address; raise GitFailureError unless its protocol and host are allowed and it is plain."""
        protocol, _, rest = url.partition("://")
        host = rest.split("/")[0]
        is_plain = url.isascii() and url.isprintable() and not set(url) & set(" @?#\\%")
        if not is_plain or protocol not in self.protocols or host not in self.hosts or ".." in url.split("/"):
            allowed = f"{' or '.join(self.protocols)} to {', '.join(self.hosts)}"
            raise GitFailureError("failed", f"{url!r}: address not allowed; only {allowed}")
        return url


def checked_name(name: str) -> str:
    """Return a repository's name; raise GitFailureError if it has not the canonical form owner/name."""
    found, problem = read_name(name)
    if found is None or problem is not None:
        raise GitFailureError("failed", f"{name!r}: {problem}")
    return found


def local_mirror(folder: Path, names: Iterable[str]) -> Path:
    """Return the bare repository of the first name that has one below a folder; raise GitFailureError if none has.

    It lies in OWNER+NAME/repo, OWNER+NAME or OWNER/NAME.git.
    """
    tried = [checked_name(name) for name in names]
    for name in tried:
        for place in (folder / _flat(name) / "repo", folder / _flat(name), folder / f"{name}.git"):
            if (place / "HEAD").exists() and (place / "objects").is_dir():
                return place
    alike = {place.name for name in tried for place in folder.glob("*+*") if place.name.lower() == _flat(name).lower()}
    hint = f"; {', '.join(sorted(alike))} is there, in other letters" if alike else ""
    raise GitFailureError("not_found", f"no bare repository of {' or '.join(tried)} in the folder of mirrors{hint}")


def _flat(name: str) -> str:
    return name.replace("/", "+")


def make_repository(folder: Path, id_length: int, *, is_mirror: bool = False) -> Path:
    """Make an empty bare repository with nothing in it but what git needs, and return its folder.

    A mirror knows that whatever its origin holds may be missing in it; its address is not written down.
    """
    for name in ("objects", "refs"):
        (folder / name).mkdir(parents=True)
    (folder / "HEAD").write_text("ref: refs/heads/tip\n", encoding="ascii")
    extensions = ["objectformat = sha256"] if id_length == 64 else []
    extensions += ["partialclone = origin"] if is_mirror else []
    lines = ["[core]", "repositoryformatversion = 1", "bare = true", "[extensions]", *extensions]
    lines += ['[remote "origin"]', "promisor = true", "partialclonefilter = blob:none"] if is_mirror else []
    (folder / "config").write_text("\n".join(lines) + "\n", encoding="ascii")
    return folder
