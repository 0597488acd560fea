"""What the tests of defs/ and faults/ share: one fork server, one small sample, one published home to copy."""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from functools import cache, cached_property
from pathlib import Path

from pipeline_runs import Ended, Forks, changed_content, cut_sample, environment, first_read_for, published


class Shared:
    """Made when first asked for, used by every test of this process, removed at its end."""

    def __init__(self) -> None:
        # In memory where there is such a folder: Dagster flushes its SQLite files a thousand times a run
        memory = Path("/dev/shm")  # noqa: S108  a folder of our own is made in it
        at = memory if memory.is_dir() and os.access(memory, os.W_OK) else None
        self.place = Path(tempfile.mkdtemp(prefix="deepsignal-tests-", dir=at))
        self.place.chmod(0o755)
        atexit.register(shutil.rmtree, self.place, ignore_errors=True)
        self._homes = 0

    @cached_property
    def forks(self) -> Forks:
        """Where commands are run without paying the imports each time."""
        (self.place / "streams").mkdir()
        forks = Forks(self.place / "streams")
        forks.__enter__()
        atexit.register(forks.__exit__)
        return forks

    @cached_property
    def sample(self) -> Path:
        """Ten repositories of the embedded sample."""
        return cut_sample(self.place / "sample")

    @cached_property
    def moved(self) -> Path:
        """Content in which one repository has another category."""
        return changed_content(self.place / "moved")

    @cached_property
    def read_home(self) -> Path:
        """A home in which all that 2022-Q4 and 2023-Q1 look back on was read in one run. Not to be written: copy it."""
        first = first_read_for("2022-Q4")
        return self._made("read", "--job", "read_quarters", "--from", first, "--quarter", "2023-Q1")

    @cached_property
    def published_home(self) -> Path:
        """The same home with the editions of 2022-Q4 and 2023-Q1, made in one run. Not to be written: copy it."""
        shutil.copytree(self.read_home, self.place / "published")
        return self._made("published", "--job", "publish_quarters", "--from", "2022-Q4", "--quarter", "2023-Q1")

    @cached_property
    def clean(self) -> dict[str, str]:
        """What the published home shows."""
        return published(self.published_home)

    def _made(self, name: str, *arguments: str) -> Path:
        home = self.place / name
        ended = self.run("run", *arguments, home=home)
        assert ended.status == 0, ended
        return home

    def copy(self, home: Path) -> Path:
        """Copy a home, to be written to."""
        new = self.home()
        shutil.copytree(home, new)
        return new

    def home(self) -> Path:
        """Return a path for a home that does not exist yet."""
        self._homes += 1
        return self.place / f"home-{self._homes}"

    def environment(self, home: Path, **settings: str | Path) -> dict[str, str]:
        """Return an environment over the small sample."""
        return environment(home, **({"sample": self.sample} | settings))

    def run(self, *arguments: str, home: Path, patch: str = "", **settings: str | Path) -> Ended:
        """Run a command over a home, in a process of its own."""
        return self.forks.run(*arguments, environment=self.environment(home, **settings), patch=patch)


@cache
def shared() -> Shared:
    """Return the one that this process has."""
    return Shared()
