"""The token: read from GITHUB_TOKEN and nowhere else, shown nowhere.

Neither ~/.netrc nor a file nor an argument is read. A token in hand cannot be printed, pickled or copied.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping
from typing import NoReturn

from requests import PreparedRequest

from deepsignal_pipeline.sources.github.errors import UnauthorisedError

VARIABLE = "GITHUB_TOKEN"


class Token:
    """A token that only goes into the header of a request, and shows itself to nobody else."""

    __slots__ = ("__secret",)

    def __init__(self, secret: str) -> None:
        self.__secret = secret

    def __call__(self, request: PreparedRequest) -> PreparedRequest:
        """Put the token into a request that is about to be sent; what `requests` asks of an `auth`."""
        request.headers["Authorization"] = f"Bearer {self.__secret}"
        return request

    @property
    def fingerprint(self) -> str:
        """What tells two tokens apart without telling the token: answers are kept a token, as GitHub's ETags are."""
        return hashlib.sha256(b"deepsignal-etag:" + self.__secret.encode()).hexdigest()[:12]

    def __repr__(self) -> str:
        return "Token(hidden)"

    def __reduce__(self) -> NoReturn:
        raise TypeError("a token cannot be pickled: let the other process read it from its own environment")


def read_token(environment: Mapping[str, str] | None = None) -> Token:
    """Return the token of the environment; raise UnauthorisedError if there is none or it can be none."""
    secret = (os.environ if environment is None else environment).get(VARIABLE, "").strip()
    if not secret:
        raise UnauthorisedError(f"{VARIABLE} is not set: set it to a token without any scope, or use the source 'git'")
    if not secret.isascii() or not secret.isprintable() or " " in secret:
        raise UnauthorisedError(f"{VARIABLE} is no token: it holds blanks or signs that no token has; copy it anew")
    return Token(secret)
