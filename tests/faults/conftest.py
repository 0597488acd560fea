"""Fixtures of the fault tests; what they are is told in pipeline_fixtures.py."""

import pytest
from pipeline_fixtures import Shared, shared


@pytest.fixture(scope="session")
def runs() -> Shared:
    """Real runs over a small sample."""
    return shared()
