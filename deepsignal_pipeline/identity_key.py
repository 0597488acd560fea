"""The key under which people are hashed: made once in the home folder, or named by the environment.

Who holds it can test whether a known address stands behind an id; without it nobody can.
"""

from __future__ import annotations

import os
import secrets
import stat
from pathlib import Path

from deepsignal_pipeline.lake import temporary

_VARIABLE = "DEEPSIGNAL_IDENTITY_KEY"
_FILE = "identity.key"
_SHORTEST = 16


class IdentityKeyError(Exception):
    """The key cannot be used; the message says why and what to do, and never the key."""


def identity_key(home: Path) -> str:
    """Return the key of a home: what DEEPSIGNAL_IDENTITY_KEY says, else <home>/identity.key, made at first need.

    The file holds 64 hex digits and is only its owner's (mode 0600). Raise IdentityKeyError for a short key, or a file
    that others may read.
    """
    named = os.environ.get(_VARIABLE)
    if named:
        return _checked(named.strip(), _VARIABLE)
    path = home / _FILE
    home.mkdir(parents=True, exist_ok=True)
    try:
        _make(path)
    except FileExistsError:
        _refuse_open(path)
    return _checked(path.read_text(encoding="utf-8").strip(), str(path))


def _make(path: Path) -> None:
    """Write a new key beside its place and link it there: whoever comes second finds the whole of the first one's."""
    if path.exists():
        raise FileExistsError
    beside = temporary(path)
    descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(secrets.token_hex(32) + "\n")
            file.flush()
            os.fsync(file.fileno())
        path.hardlink_to(beside)
    finally:
        beside.unlink()


def _refuse_open(path: Path) -> None:
    mode = stat.S_IMODE(path.stat().st_mode)
    if mode & 0o077:
        raise IdentityKeyError(f"{path}: others may read the key (mode {mode:04o}); run: chmod 600 {path}")


def _checked(key: str, origin: str) -> str:
    if len(key) < _SHORTEST:
        raise IdentityKeyError(
            f"{origin}: the key has {len(key)} characters; write {_SHORTEST} or more that nobody can guess"
        )
    return key
