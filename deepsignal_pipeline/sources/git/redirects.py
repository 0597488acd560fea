"""Where a host sends us for a repository that was renamed. git itself follows nothing: it would take a token along."""

from __future__ import annotations

import urllib.error
import urllib.request
from email.message import Message
from typing import IO
from urllib.parse import urljoin

from deepsignal_pipeline.sources.git.failures import GitFailureError
from deepsignal_pipeline.sources.git.places import Host

_QUESTION = "/info/refs?service=git-upload-pack"
_HOPS = 5
_SECONDS = 30


class _Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(  # noqa: PLR0917  the library's signature
        self, req: urllib.request.Request, fp: IO[bytes], code: int, msg: str, headers: Message, newurl: str
    ) -> None:
        """Follow nothing: the answer itself is wanted."""


def follow(host: Host, url: str) -> str:
    """Return the address at the end of a host's redirects; raise GitFailureError if they leave the allowed hosts or loop."""
    opener = urllib.request.build_opener(_Stay)
    for _ in range(_HOPS):
        try:
            with opener.open(host.checked(url) + _QUESTION, timeout=_SECONDS):  # the protocol was checked
                return url
        except urllib.error.HTTPError as error:
            with error:
                if error.code not in (301, 302, 307, 308):
                    return url
                target = urljoin(url, error.headers.get("Location", ""))
            url = target.removesuffix(_QUESTION)
        except OSError as error:
            raise GitFailureError("failed", f"{url}: {type(error).__name__} while following its redirect") from None
    raise GitFailureError("failed", f"{url}: the host redirects in a circle")
