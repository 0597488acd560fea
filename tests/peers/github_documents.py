"""GitHub's own descriptions of its API, and Prism, a server made of one: what is asked is judged by them, not by us.

npm fetches all three by name and version into a folder of the test run, and keeps them in its own cache.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import tarfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import requests

OPENAPI = "@octokit/openapi@23.0.2"
GRAPHQL = "@octokit/graphql-schema@15.26.1"
PRISM = "@stoplight/prism-cli@5.14.2"
_ASKED = (
    "/rate_limit",
    "/repos/{owner}/{repo}",
    "/repos/{owner}/{repo}/commits",
    "/repos/{owner}/{repo}/commits/{ref}",
    "/repos/{owner}/{repo}/compare/{basehead}",
    "/search/repositories",
)


def openapi_document(folder: Path) -> dict[str, Any]:
    """Return the part of GitHub's OpenAPI document that tells of the addresses that the source asks."""
    document: dict[str, Any] = json.loads(_member(folder, OPENAPI, "generated/api.github.com.deref.json"))
    # The whole document has 70 MB, which takes a server half a minute to read
    paths = {path: {"get": document["paths"][path]["get"]} for path in _ASKED}
    return {"openapi": document["openapi"], "info": document["info"], "paths": paths}


def graphql_schema(folder: Path) -> str:
    """Return GitHub's public GraphQL schema."""
    return _member(folder, GRAPHQL, "schema.graphql").decode()


@contextmanager
def prism(folder: Path, document: dict[str, Any]) -> Iterator[str]:
    """Run Prism over a document on a loopback port; give its address. A request that breaks the document gets a 4xx."""
    _npm(folder, "install", "--no-audit", "--no-fund", "--prefer-offline", PRISM)
    (folder / "document.json").write_text(json.dumps(document))
    command = [
        str(folder / "node_modules/.bin/prism"),
        "mock",
        "--errors",
        "-h",
        "127.0.0.1",
        "-p",
        "0",
        "document.json",
    ]
    with (folder / "log").open("wb") as log:
        server = subprocess.Popen(command, cwd=folder, stdout=log, stderr=subprocess.STDOUT)
    try:
        yield _address(folder / "log", server)
    finally:
        server.terminate()
        server.wait()


def _address(log: Path, server: subprocess.Popen[bytes]) -> str:
    for _ in range(600):
        text = log.read_text(errors="replace")
        if "listening on " in text:
            return text.partition("listening on ")[2].split()[0]
        assert server.poll() is None, text
        time.sleep(0.1)
    raise AssertionError(f"Prism did not start: {log.read_text(errors='replace')}")


def answer(url: str, target: str, accept: str) -> requests.Response:
    """Ask Prism one question."""
    return requests.get(url + target, headers={"Accept": accept}, timeout=30)


def _member(folder: Path, package: str, name: str) -> bytes:
    """Return a file of an npm package."""
    packed = json.loads(_npm(folder, "pack", "--json", "--prefer-offline", package))[0]["filename"]
    with tarfile.open(folder / packed.replace("@", "").replace("/", "-")) as archive:
        file = archive.extractfile(f"package/{name}")
        assert file is not None
        return file.read()


def _npm(folder: Path, *arguments: str) -> str:
    npm = shutil.which("npm")
    if npm is None:
        pytest.skip(
            "npm is not installed: GitHub's own documents and Prism cannot be had (Debian: apt-get install npm)"
        )
    folder.mkdir(parents=True, exist_ok=True)
    done = subprocess.run([npm, *arguments], cwd=folder, capture_output=True, text=True, check=False, timeout=300)
    assert done.returncode == 0, done.stderr
    return done.stdout
