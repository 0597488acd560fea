"""One SELECT a table, and how its text is found. The header of each file is its part of the methodology."""

from __future__ import annotations

import re
from importlib import resources

_PARAMETER = re.compile(r"\$([a-z_]+)")


def select_text(table: str) -> str:
    """Return the SELECT of a table, header included."""
    return resources.files(__name__).joinpath(f"{table}.sql").read_text(encoding="utf-8")


def view_text(view: str) -> str:
    """Return the SELECT of a view for people."""
    return resources.files(__name__).joinpath("views", f"{view}.sql").read_text(encoding="utf-8")


def sums_text(name: str) -> str:
    """Return a SELECT of the sums that a staging function estimates from."""
    return resources.files(__name__).joinpath("sums", f"{name}.sql").read_text(encoding="utf-8")


def parameters_of(select: str) -> set[str]:
    """Names of the bound parameters that a SELECT uses."""
    return set(_PARAMETER.findall(select))


def header_of(select: str) -> str:
    """Return the leading comment of a SELECT as plain text, one paragraph a block."""
    lines = []
    for line in select.splitlines():
        if not line.startswith("--"):
            break
        lines.append(line.removeprefix("--").strip())
    return "\n".join(lines).strip()
