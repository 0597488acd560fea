"""A second count of what is held: how many commits `git rev-list --count` finds from the tip of each repository.

It reads no commit, and takes a seventh to a quarter of what reading all of them takes: too much for a visit, in which nothing
could be done about it. It is made when snapshots are staged, once a tip, and kept beside the record.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from deepsignal_pipeline.lake import removed_on_error, replace_file, temporary
from deepsignal_pipeline.sources.git.command import Git
from deepsignal_pipeline.sources.git.extraction import opened
from deepsignal_pipeline.sources.git.failures import GitFailureError
from deepsignal_pipeline.sources.record import Record
from deepsignal_pipeline.sources.store import Store

_FILE = "recount.json"


def recounted(
    store: Store, git: Git, place: Callable[[Record], Path], records: Iterable[Record], workers: int
) -> dict[str, int]:
    """Return the commits reachable from the tips of records, by repository; one that git cannot count is not in it.

    `place` gives the bare repository of a record, and may raise GitFailureError if there is none any more.
    """
    with_tip = [record for record in records if record.tip is not None]

    def count(record: Record) -> int | None:
        try:
            return _kept(store, record) or _keep(store, record, _count(git, place(record), record))
        except (GitFailureError, OSError):
            return None  # nobody counted: the visit says what is wrong with the repository

    with ThreadPoolExecutor(workers) as pool:
        counts = zip(with_tip, pool.map(count, with_tip), strict=True)
        return {record.repository: commits for record, commits in counts if commits is not None}


def _count(git: Git, repository: Path, record: Record) -> int:
    tip = record.tip or ""
    with (
        tempfile.TemporaryDirectory() as folder,
        opened(git, repository / "objects", Path(folder), len(tip)) as objects,
    ):
        return objects.count(tip)


def _kept(store: Store, record: Record) -> int | None:
    try:
        kept = json.loads((store.folder(record.repository) / _FILE).read_text(encoding="utf-8"))
        return int(kept["commits"]) if kept["tip"] == record.tip else None
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _keep(store: Store, record: Record, commits: int) -> int:
    target = store.folder(record.repository) / _FILE
    written = temporary(target)
    with removed_on_error(written):
        written.write_text(json.dumps({"tip": record.tip, "commits": commits}) + "\n", encoding="utf-8")
        replace_file(written, target)
    return commits
