"""The list of those who opted out, in the home folder: keyed hashes only, a line each."""

from __future__ import annotations

import re
from pathlib import Path

from deepsignal_pipeline.domain.opt_outs import OptOuts, keyed_hash, marks_of
from deepsignal_pipeline.identity_key import IdentityKeyError, identity_key

_FILE = "opt-outs"
_HASH = re.compile(r"[0-9a-f]{64}")


def read_opt_outs(home: Path) -> OptOuts | None:
    """Return who opted out of a home; None if nobody did. Raise IdentityKeyError for a broken file or key."""
    path = home / _FILE
    if not path.is_file():
        return None
    lines = path.read_text(encoding="utf-8").split()
    if wrong := [number for number, line in enumerate(lines, 1) if not _HASH.fullmatch(line)]:
        raise IdentityKeyError(f"{path}: line {wrong[0]} is no hash; restore the file, nobody is left out without it")
    return OptOuts(identity_key(home).encode(), frozenset(lines))


def add_opt_out(home: Path, address_or_login: str) -> bool:
    """Add a person by address or login; return whether that was new."""
    key = identity_key(home).encode()
    known = read_opt_outs(home)
    hashes = {keyed_hash(key, mark) for mark in marks_of(address_or_login)}
    if known is not None and hashes <= known.hashes:
        return False
    written = sorted(hashes | (known.hashes if known else frozenset()))
    path, draft = home / _FILE, home / f".{_FILE}.new"
    draft.touch(mode=0o600)
    draft.write_text("".join(f"{one}\n" for one in written), encoding="utf-8")
    draft.replace(path)
    return True
