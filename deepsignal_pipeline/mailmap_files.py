"""The mailmaps that a user gave as evidence: a folder of files OWNER+NAME, named by DEEPSIGNAL_MAILMAPS; none is read else."""

from __future__ import annotations

from pathlib import Path

from deepsignal_pipeline.domain.mailmap import Mailmaps, Statement, parse_mailmap

LARGEST = 4 << 20
"""Bytes of a mailmap that are read at most: the largest that is known, the Linux kernel's, has an eighth of it."""

_FORM = "let DEEPSIGNAL_MAILMAPS name one with a .mailmap a repository, called OWNER+NAME, or unset it"


class MailmapError(Exception):
    """A mailmap cannot be used; the message says which and why."""


def read_mailmaps(folder: Path | None) -> Mailmaps:
    """Return what the mailmaps of a folder say, by repository; nothing without a folder. Raise MailmapError."""
    if folder is None:
        return {}
    if not folder.is_dir():
        raise MailmapError(f"{folder}: no such folder; {_FORM}")
    files = [path for path in sorted(folder.iterdir()) if "+" in path.name and path.is_file()]
    if not files:
        raise MailmapError(f"{folder}: holds no file OWNER+NAME; {_FORM}")
    return {path.name.replace("+", "/", 1): _read(path) for path in files}


def _read(path: Path) -> list[Statement]:
    with path.open("rb") as file:
        data = file.read(LARGEST + 1)
    if len(data) > LARGEST:
        raise MailmapError(
            f"{path}: larger than {LARGEST >> 20} MiB, so it is hardly a mailmap; take it out of the folder"
        )
    return parse_mailmap(data.decode("utf-8", "replace"))
