"""The key of the hashes that stand for aliases and people: from the environment, or a file of the home made once."""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from pathlib import Path

from deepsignal_pipeline.lake import LakeError, temporary

_SETTING = "DEEPSIGNAL_IDENTITY_KEY"
_SHORTEST = 16


def identity_key(home: Path, environment: Mapping[str, str] | None = None) -> str:
    """Return the key: DEEPSIGNAL_IDENTITY_KEY where homes must agree, else `<home>/identity.key`, for its owner only.

    Ids made under another key are other ids, so the file belongs into every backup of the home. Raises LakeError.
    """
    given = (os.environ if environment is None else environment).get(_SETTING, "")
    key, place = (given, _SETTING) if given else (_kept(home), str(home / "identity.key"))
    if len(key) < _SHORTEST:
        raise LakeError(
            f"{place}: a key has {_SHORTEST} characters or more; restore it from a backup, or remove it for new ids"
        )
    return key


def _kept(home: Path) -> str:
    file = home / "identity.key"
    if not file.exists():
        home.mkdir(parents=True, exist_ok=True)
        written = temporary(file)
        with os.fdopen(os.open(written, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as handle:
            handle.write(secrets.token_hex(32))
            handle.flush()
            os.fsync(handle.fileno())
        try:
            file.hardlink_to(written)  # unlike a rename, it never replaces the key of another run that was first
        except FileExistsError:
            pass
        finally:
            written.unlink()
    return file.read_text(encoding="utf-8").strip()
