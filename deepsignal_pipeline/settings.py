"""The settings, all of them environment variables, read when asked for and refused if they make no sense."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

_KNOWN = {
    "DEEPSIGNAL_HOME": "a folder for the lake and the editions",
    "DEEPSIGNAL_SOURCE": "sample",
    "DEEPSIGNAL_THREADS": "a whole number of threads for DuckDB, 1 or more",
    "DEEPSIGNAL_CONTENT": "a folder with the catalogue and what else people write",
    "DEEPSIGNAL_IDENTITY_KEY": "the key of the contributor ids, where two homes must agree on them",
    "DEEPSIGNAL_SAMPLE": "a folder with another sample: commits.parquet and snapshots.csv, in the embedded one's form",
}
SOURCES = ("sample",)


class SettingsError(ValueError):
    """Settings that make no sense; one line a setting: its name, what it says, what it may say."""


@dataclass(frozen=True)
class Settings:
    """What the environment says. `threads` None leaves the number to DuckDB, `sample` None is the embedded one."""

    home: Path
    source: str
    threads: int | None
    sample: Path | None = None


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
    threads = environment.get("DEEPSIGNAL_THREADS") or ""
    if threads and (not threads.isdecimal() or int(threads) < 1):
        problems.append(f"DEEPSIGNAL_THREADS: {threads!r}, but it must be {_KNOWN['DEEPSIGNAL_THREADS']}")
    sample = Path(environment["DEEPSIGNAL_SAMPLE"]).absolute() if environment.get("DEEPSIGNAL_SAMPLE") else None
    if sample and not (sample / "commits.parquet").is_file():
        problems.append(f"DEEPSIGNAL_SAMPLE: {sample}, but it must be {_KNOWN['DEEPSIGNAL_SAMPLE']}")
    if problems:
        raise SettingsError("\n".join(problems))
    home = Path(environment.get("DEEPSIGNAL_HOME") or ".deepsignal").absolute()
    return Settings(home, source, int(threads) if threads else None, sample)


def lock_hash() -> str | None:
    """Return the SHA-256 (hex) of the lock file that the checkout installs from; None where there is none."""
    lock = Path(__file__).resolve().parent.parent / "requirements.lock"
    return hashlib.sha256(lock.read_bytes()).hexdigest() if lock.is_file() else None
