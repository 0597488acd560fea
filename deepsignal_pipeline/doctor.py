"""`deepsignal doctor`: what is missing or broken on this machine and in this home folder, and how to mend it.

It looks and changes nothing.
"""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from deepsignal_pipeline.content import ContentError, check_content, content_directory
from deepsignal_pipeline.engines.stored_files import making_command, misplaced
from deepsignal_pipeline.engines.views import database_of, is_current, problem_of_views
from deepsignal_pipeline.lake import Lake
from deepsignal_pipeline.settings import Settings, SettingsError, read_settings
from deepsignal_pipeline.staging.published_figures import damaged_figures, is_lost
from deepsignal_pipeline.tables import TABLES

_NEEDED = ("dagster", "dagster-webserver", "dagster-dg-cli", "duckdb", "great-expectations", "matplotlib")


@dataclass(frozen=True)
class Finding:
    """Something that was looked at; `mend` is empty if it is fine."""

    what: str
    mend: str = ""

    @property
    def is_fine(self) -> bool:
        """Whether nothing has to be mended."""
        return not self.mend


def examine() -> list[Finding]:
    """Look at everything a run needs, worst reason for failure first."""
    findings = [_python(), *_packages(), _content(), _chromium()]
    try:
        settings = read_settings()
    except SettingsError as error:
        return [*findings, *(Finding("settings", line) for line in str(error).splitlines())]
    return [*findings, *_home(settings)]


def _python() -> Finding:
    running = ".".join(map(str, sys.version_info[:3]))
    fits = (3, 11) <= sys.version_info[:2] <= (3, 14)
    return Finding(f"Python {running}", "" if fits else "install Python 3.11 to 3.14 and run: make clean install")


def _packages() -> Iterator[Finding]:
    for package in _NEEDED:
        try:
            yield Finding(f"{package} {version(package)}")
        except PackageNotFoundError:
            yield Finding(package, "not installed; run: make install")


def _content() -> Finding:
    try:
        problems, catalogue = check_content(content_directory())
    except ContentError as error:
        return Finding("content", "; ".join(str(error).splitlines()))
    if problems or catalogue is None:
        return Finding("content", f"{problems[0]} ({len(problems)} in all: deepsignal catalogue validate)")
    return Finding(f"content: {len(catalogue.repositories)} repositories")


def _chromium() -> Finding:
    found = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    return Finding(
        f"browser for the tests: {found or 'none, so the browser tests are skipped (apt-get install chromium)'}"
    )


def _home(settings: Settings) -> Iterator[Finding]:
    lake = Lake(settings.home)
    yield Finding(f"home {settings.home}", _writable(settings.home))
    yield _instance(settings.home)
    if lake.home.is_dir():
        folders = [lake.home / name for name in ("lake", "editions")]
        yield from (Finding(str(p), "is no folder; move it away") for p in folders if p.exists() and not p.is_dir())
        yield from _files(lake)
        yield from _first_editions(lake)
        left = len(lake.leftovers())
        yield Finding(
            "temporary files", f"{left} left by dead processes; any `deepsignal run` sweeps them" if left else ""
        )
        yield Finding(str(database_of(lake)), _views(lake))


def _first_editions(lake: Lake) -> Iterator[Finding]:
    if damaged := damaged_figures(lake):
        yield from (Finding("figures of first editions", problem) for problem in damaged)
        return
    # Nothing mends a loss but a copy that somebody has
    lost = [str(quarter) for quarter in lake.quarters(TABLES["quarterly_report"]) if is_lost(lake, quarter)]
    yield Finding("figures of first editions" + (f" (lost: {', '.join(lost)})" if lost else ""))


def _instance(home: Path) -> Finding:
    named = os.environ.get("DAGSTER_HOME", "")
    if named and not Path(named).is_absolute():
        return Finding(f"DAGSTER_HOME {named}", f"must be absolute; run: export DAGSTER_HOME={Path(named).absolute()}")
    return Finding(f"DAGSTER_HOME {named or home / 'dagster'}{'' if named else ' (not set)'}")


def _writable(home: Path) -> str:
    nearest = next(folder for folder in (home, *home.parents) if folder.exists())
    if nearest.is_dir() and os.access(nearest, os.W_OK):
        return ""
    return f"{nearest} cannot be written; set DEEPSIGNAL_HOME to a folder that can"


def _files(lake: Lake) -> Iterator[Finding]:
    broken = [
        Finding(str(path), f"{problem}; remove it and run: {making_command(lake, table, [quarter])}")
        for table in TABLES.values()
        for quarter in (lake.quarters(table) if table.quarterly else lake.newest(table))
        if (path := lake.file(table, quarter)) and (problem := _unreadable(path) or misplaced(lake, table, quarter))
    ]
    yield from broken or [Finding("every file of the lake can be read, and is what its place says")]


def _views(lake: Lake) -> str:
    if not is_current(lake):
        return "not there, or built for another home; run: deepsignal views"
    problem = problem_of_views(lake)
    return f"{problem}; run: deepsignal views" if problem else ""


def _unreadable(path: Path) -> str:
    if not path.is_file():
        return "is no regular file"
    try:
        pq.read_table(path, partitioning=None)
    except (OSError, pa.ArrowException) as error:
        return " ".join(str(error).split())[:120]
    return ""
