"""The one way to call git: with nothing of this machine's or the user's configuration, and nothing that a repository says run.

Addresses and names come last and behind `--`, or by the environment. Every command has a time limit, a limit for what it
may write, and an exit status that is looked at. A token is read from this process's environment when a host is asked, and
travels in the environment of that one command; no object holds it.
"""

from __future__ import annotations

import base64
import contextlib
import ctypes
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from deepsignal_pipeline.sources.git.failures import GitFailureError

MINIMUM = (2, 39, 4)  # the first with GIT_NO_LAZY_FETCH, and with the repairs of 2024

_DIE_WITH_PARENT = 1  # PR_SET_PDEATHSIG of prctl(2)
_STDERR_BYTES = 16_384
_GLANCE = 0.5  # seconds between two looks at how much a running command has written

# Passed on: where programs are, and how this network is left
_INHERITED = ("PATH", "https_proxy", "HTTPS_PROXY", "no_proxy", "NO_PROXY", "SSL_CERT_FILE", "SSL_CERT_DIR")
_ENVIRONMENT = {
    "HOME": "/nonexistent",
    "XDG_CONFIG_HOME": "/nonexistent",
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_CONFIG_SYSTEM": os.devnull,
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_ATTR_NOSYSTEM": "1",
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_ASKPASS": "true",
    "GIT_NO_REPLACE_OBJECTS": "1",
    "GIT_GRAFT_FILE": os.devnull,
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_PROTOCOL_FROM_USER": "0",
    "GIT_LFS_SKIP_SMUDGE": "1",
    "GIT_ADVICE": "0",
    "LC_ALL": "C",
    "TZ": "UTC",
}
_SETTINGS = {
    "core.hooksPath": os.devnull,
    "core.symlinks": "false",
    "core.fsmonitor": "false",
    "core.attributesFile": os.devnull,
    "core.commitGraph": "false",  # a damaged one could hide commits, and a full pass gains nothing by it
    "credential.helper": "",
    "submodule.recurse": "false",
    "fetch.recurseSubmodules": "false",
    "gc.auto": "0",
    "maintenance.auto": "false",
    "protocol.allow": "never",
    "http.followRedirects": "false",  # see `redirects`: no token may follow one
    "http.lowSpeedLimit": "1000",
    "http.lowSpeedTime": "60",
    "transfer.bundleURI": "false",
}
# Old and odd, but harmless: what they spoil is quarantined. All others, .gitmodules and links above all, refuse the repository.
HARMLESS = (
    "badDate", "badDateOverflow", "badEmail", "badFilemode", "badName", "badTimezone", "missingEmail",
    "missingNameBeforeEmail", "missingSpaceBeforeDate", "missingSpaceBeforeEmail", "multipleAuthors", "nulInCommit",
    "zeroPaddedDate", "zeroPaddedFilemode", "missingAuthor",
)  # fmt: skip
_SETTINGS |= {f"{area}.{message}": "warn" for area in ("fetch.fsck", "fsck") for message in HARMLESS}


class GitUnusableError(Exception):
    """There is no git, too old a one, or a token that can be none: nothing can be read at all."""


@dataclass(frozen=True)
class Limits:
    """Bounds of one command: seconds, and bytes that it may write."""

    seconds: float = 3600
    size: int = 32 << 30


@dataclass(frozen=True)
class Answer:
    """What a command that ended gave. `status` is its exit status."""

    status: int
    output: bytes
    stderr: str


@dataclass(frozen=True)
class Git:
    """How git is called. `protocols` are those by which a fetch may go; reading never goes anywhere.

    `token_from` names the environment variable with a token for the host; None, or nothing in it: without one.
    """

    protocols: tuple[str, ...] = ("https",)
    limits: Limits = field(default_factory=Limits)
    token_from: str | None = None

    def run(self, *arguments: str, repository: Path | None = None, **more: str) -> Answer:
        """Run a command that reads on this disk only, and give its output. `more` goes into the environment."""
        with self._started(arguments, self._environment(repository, more)) as (process, output, stderr):
            self.wait(process, lambda: _size(output))
            output.seek(0)
            return Answer(process.returncode, output.read(), self.said(stderr))

    def talk(self, *arguments: str, url: str, repository: Path | None = None, is_checked: bool = True) -> Answer:
        """Run a command that talks to the host of `url`; what it writes into the repository counts as its size.

        Objects that arrive are checked, unless the caller does that afterwards.
        """
        settings = {"remote.origin.url": url, "fetch.fsckObjects": str(is_checked).lower()}
        settings |= {f"protocol.{name}.allow": "always" for name in self.protocols}
        if token := self._token():
            settings[f"http.{_host(url)}.extraHeader"] = f"Authorization: Basic {_basic(token)}"
        environment = self._environment(repository, {"GIT_ALLOW_PROTOCOL": ":".join(self.protocols)}, settings)
        with self._started(arguments, environment) as (process, output, stderr):
            self.wait(process, lambda: _folder_size(repository) if repository else _size(output))
            output.seek(0)
            return Answer(process.returncode, output.read(), self.said(stderr))

    @contextlib.contextmanager
    def streaming(
        self, *arguments: str, repository: Path, folder: Path, **more: str
    ) -> Iterator[tuple[subprocess.Popen[bytes], IO[bytes], IO[bytes]]]:
        """Start a command that reads on this disk only and writes to a nameless file in `folder`; kill it at the end."""
        with self._started(arguments, self._environment(repository, more), folder) as started:
            yield started

    def wait(self, process: subprocess.Popen[bytes], size: Callable[[], int]) -> None:
        """Wait for a command to end; raise GitFailureError, and end it, if it takes longer or writes more than it may."""
        watch = Watch(self.limits)
        while True:
            try:
                process.wait(_GLANCE)
            except subprocess.TimeoutExpired:
                watch.check(size())
            else:
                return

    def said(self, stderr: IO[bytes]) -> str:
        """Return the end of what a command wrote to standard error, without the token."""
        stderr.seek(max(0, _size(stderr) - _STDERR_BYTES))
        text = stderr.read().decode("utf-8", "replace")
        token = self._token()
        for secret in (token, _basic(token)) if token else ():
            text = text.replace(secret, "***")
        return text

    def _token(self) -> str:
        return os.environ.get(self.token_from, "").strip() if self.token_from else ""

    def check(self) -> None:
        """Raise GitUnusableError if there is no git, too old a one, or a token that can be none."""
        self.version()
        token = self._token()
        if not token.isascii() or not token.isprintable() or " " in token:
            raise GitUnusableError(
                f"{self.token_from} is no token: it holds blanks or signs that no token has; copy it anew"
            )

    def version(self) -> str:
        """Return git's version; raise GitUnusableError if there is none or it is too old."""
        needed = ".".join(map(str, MINIMUM))
        try:
            text = self.run("--version").output.decode("utf-8", "replace").strip()
        except FileNotFoundError:
            raise GitUnusableError(f"git: not found; install git {needed} or newer") from None
        match = re.search(r"(\d+)\.(\d+)(?:\.(\d+))?", text)
        found = tuple(int(part or 0) for part in match.groups()) if match else ()
        if found < MINIMUM:
            raise GitUnusableError(f"{text or 'git'}: too old; install git {needed} or newer")
        return ".".join(map(str, found))

    @contextlib.contextmanager
    def _started(
        self, arguments: Sequence[str], environment: Mapping[str, str], folder: Path | None = None
    ) -> Iterator[tuple[subprocess.Popen[bytes], IO[bytes], IO[bytes]]]:
        with tempfile.TemporaryFile(dir=folder) as output, tempfile.TemporaryFile(dir=folder) as stderr:
            process = subprocess.Popen(  # noqa: S603  a list of arguments, no shell
                ["git", "--no-pager", *arguments],  # noqa: S607  the user's git, wherever it is
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=stderr,
                env=dict(environment),
                cwd="/",
                start_new_session=True,
                preexec_fn=_die_with_parent(),  # noqa: PLW1509  one call into libc, looked up before the fork
            )
            try:
                yield process, output, stderr
            finally:
                _end(process)

    def _environment(
        self, repository: Path | None, more: Mapping[str, str], settings: Mapping[str, str] | None = None
    ) -> dict[str, str]:
        every = _SETTINGS | dict(settings or {})
        inherited = {name: os.environ[name] for name in _INHERITED if name in os.environ}
        # An empty list of protocols allows none, so whatever git may think of fetching while it reads fails
        own = {"GIT_DIR": str(repository or os.devnull), "GIT_ALLOW_PROTOCOL": "", "GIT_CONFIG_COUNT": str(len(every))}
        for number, (name, value) in enumerate(every.items()):
            own |= {f"GIT_CONFIG_KEY_{number}": name, f"GIT_CONFIG_VALUE_{number}": value}
        return inherited | _ENVIRONMENT | own | dict(more)


@dataclass
class Watch:
    """Looks whether a command keeps its limits; its time begins when this is made."""

    limits: Limits
    started: float = field(default_factory=time.monotonic)

    def check(self, size: int) -> None:
        """Raise GitFailureError if the command took too long or wrote too much."""
        if time.monotonic() - self.started > self.limits.seconds:
            raise GitFailureError("failed", f"git did not end within {self.limits.seconds:g} s; visit again later")
        if size > self.limits.size:
            raise GitFailureError(
                "failed", f"git wrote more than {self.limits.size:,} bytes, the limit of a repository"
            )


def _end(process: subprocess.Popen[bytes]) -> None:
    """End a command with all that it started, and wait for it."""
    if process.poll() is None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _die_with_parent() -> Callable[[], None] | None:
    if sys.platform != "linux":
        return None
    prctl = ctypes.CDLL(None).prctl
    return lambda: prctl(_DIE_WITH_PARENT, signal.SIGKILL)


def _size(file: IO[bytes]) -> int:
    return os.fstat(file.fileno()).st_size


def _folder_size(folder: Path) -> int:
    size = 0
    for path in folder.rglob("*"):
        with contextlib.suppress(FileNotFoundError):
            size += path.stat().st_size
    return size


def _host(url: str) -> str:
    return "/".join(url.split("/")[:3]) + "/"


def _basic(token: str) -> str:
    return base64.b64encode(f"x-access-token:{token}".encode()).decode()
