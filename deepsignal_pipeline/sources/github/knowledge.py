"""What the GitHub source keeps of a repository beside its record: facts, which quarters are complete, ETags, accounts.

    <folder of the repository>/github.json    for its owner's eyes only, like everything of the store

It is written before the record and believed only where the record names the same tip, so a visit that was killed between
the two does the quarter again (from the pages on disk, without asking).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from deepsignal_pipeline.lake import removed_on_error, replace_file, temporary
from deepsignal_pipeline.sources.github.facts import Facts
from deepsignal_pipeline.sources.github.pages import Origin

FORMAT = 2
_FILE = "github.json"


@dataclass(frozen=True)
class QuarterRead:
    """A quarter that was read completely: GitHub's count, rows refused as outside or as repeated, where it came from.

    `people`: with the offsets of dates and the accounts of co-authors.
    """

    total: int
    outside: int = 0
    twice: int = 0
    origins: tuple[Origin, ...] = ()
    people: bool = False


@dataclass(frozen=True)
class Known:
    """What is known of a repository at `facts.tip`.

    `quarters`: by label, those read completely. `etags`: by fingerprint of the token, then address. `accounts`: by
    GitHub's number of an account, its kind, and its logins, each with its addresses and the last date of each.
    """

    facts: Facts
    quarters: Mapping[str, QuarterRead] = field(default_factory=dict)
    etags: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    accounts: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    def with_etag(self, fingerprint: str, address: str, etag: str) -> Known:
        """Return the same with an ETag that GitHub gave to a token for an address."""
        own = {**self.etags.get(fingerprint, {}), address: etag}
        return replace(self, etags={**self.etags, fingerprint: own})


def read_known(folder: Path) -> Known | None:
    """Return what is known; None if nothing is, or the file is damaged or of another format."""
    try:
        values = json.loads((folder / _FILE).read_text(encoding="utf-8"))
        if values["format"] != FORMAT:
            return None
        return Known(_facts(values["facts"]), _quarters(values["quarters"]), values["etags"], values["accounts"])
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


def write_known(folder: Path, known: Known) -> None:
    """Write what is known, if it differs from what stands there."""
    if read_known(folder) == known:
        return
    target = folder / _FILE
    written = temporary(target)
    with removed_on_error(written):
        text = json.dumps({"format": FORMAT} | asdict(known), indent=1, sort_keys=True, default=datetime.isoformat)
        written.write_text(text + "\n", encoding="utf-8")
        replace_file(written, target)


def _facts(values: dict[str, Any]) -> Facts:
    instants = {k: datetime.fromisoformat(v) if k.endswith("_at") and v else v for k, v in values.items()}
    return Facts(**instants | {"topics": tuple(values["topics"])})


def _quarters(values: dict[str, Any]) -> dict[str, QuarterRead]:
    return {
        label: QuarterRead(**read | {"origins": tuple(Origin(**origin) for origin in read["origins"])})
        for label, read in values.items()
    }
