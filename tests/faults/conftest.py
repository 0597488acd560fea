"""Fixtures of the fault tests; what they are is told in pipeline_fixtures.py and tests/peers/git_lab.py."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from git_lab import GitLab, in_place, over_files, over_http
from git_server import GitServer
from pipeline_fixtures import Shared, shared


@pytest.fixture
def hosted(tmp_path: Path) -> GitLab:
    """Repositories at a host that is reached over files."""
    return over_files(tmp_path)


@pytest.fixture
def local(tmp_path: Path) -> GitLab:
    """Repositories that are read where they lie."""
    return in_place(tmp_path)


@pytest.fixture
def web(tmp_path: Path) -> Iterator[tuple[GitLab, GitServer]]:
    """Repositories at a host that is reached over HTTP, and the host."""
    with over_http(tmp_path) as made:
        yield made


@pytest.fixture(scope="session")
def runs() -> Shared:
    """Real runs over a small sample."""
    return shared()
