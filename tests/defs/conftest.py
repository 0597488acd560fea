"""Fixtures of the Dagster tests, shared with the fault tests."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "faults"))

from pipeline_fixtures import Shared, shared


@pytest.fixture(scope="session")
def runs() -> Shared:
    """Real runs over a small sample."""
    return shared()
