"""The redirects of a home: <home>/identity/redirects.csv, a former and the present contributor id a line."""

from __future__ import annotations

import csv
from pathlib import Path

_FOLDER, _FILE = "identity", "redirects.csv"
_HEADER = ("former_id", "contributor_id")


def redirect_folder(home: Path) -> Path:
    """Return the folder that is exchanged as one."""
    return home / _FOLDER


def read_redirects(home: Path) -> dict[str, str]:
    """Return the redirects of a home; none if no id ever changed."""
    path = redirect_folder(home) / _FILE
    if not path.is_file():
        return {}
    with path.open(encoding="utf-8", newline="") as file:
        return {row[_HEADER[0]]: row[_HEADER[1]] for row in csv.DictReader(file)}


def write_redirects(folder: Path, redirects: dict[str, str]) -> None:
    """Write redirects into a new folder."""
    folder.mkdir(parents=True)
    with (folder / _FILE).open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(_HEADER)
        writer.writerows(sorted(redirects.items()))
