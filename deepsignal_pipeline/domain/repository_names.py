"""How a GitHub repository is named in content, `owner/name`, and what to say of other spellings.

Pure. Whether a repository exists, or was renamed, is not asked here.
"""

from __future__ import annotations

import re

# GitHub: an owner is letters, digits and hyphens, 39 at most, and begins with no hyphen (old ones may end in
# one); a name is letters, digits, dot, underscore and hyphen, 100 at most. Case makes no difference.
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{0,38}/(?!\.{1,2}$)[A-Za-z0-9._-]{1,100}")
_ADDRESS = re.compile(
    r"(?:git\+)?(?:https?|ssh|git)://(?:[^/@\s]*@)?(?:www\.)?github\.com(?::[0-9]+)?/+"
    r"|(?:[^/@\s]+@)?(?:www\.)?github\.com[:/]/*",
    re.IGNORECASE,
)


def name_key(name: str) -> str:
    """Return what two spellings of one repository's name have in common (GitHub ignores case)."""
    return name.lower()


def read_name(written: str) -> tuple[str | None, str | None]:
    """Return the canonical owner/name, None if there is none, and what to change, None if nothing.

    An address, a trailing slash, a `.git` suffix or blanks around it still give the canonical name, so that
    a repository written in two ways is recognised.
    """
    name = _strip_decoration(written)
    if _NAME.fullmatch(name):
        return name, None if name == written else f"is not in the form owner/name: write {name}"
    if not written.isascii():
        from deepsignal_pipeline.domain.strict_yaml import code_points  # who reads git needs no YAML

        return None, f"holds {code_points(written)}: a repository's name is ASCII, type it anew"
    return None, (
        "is no repository: write owner/name (owner: letters, digits and hyphens, 39 at most; "
        "name: letters, digits, dots, underscores and hyphens, 100 at most)"
    )


def _strip_decoration(written: str) -> str:
    text = written.strip()
    address = _ADDRESS.match(text)
    if address:
        path = re.split(r"[?#]", text[address.end() :])[0]
        text = "/".join(path.split("/")[:2])
    return text.rstrip("/").removesuffix(".git").rstrip("/")
