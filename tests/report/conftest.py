"""Editions of the small lake, built once a session."""

from __future__ import annotations

from pathlib import Path

import pytest
from small_lake import CATALOGUE, PROVENANCE, QUARTER, connect

from deepsignal_pipeline.report.context import read_context
from deepsignal_pipeline.report.edition import print_edition
from deepsignal_pipeline.report.facts import Facts, read_facts

PAYLOADS = (
    r"$\frac{$",
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "{{7*7}}",
    "{% raw %}",
    "{c.commits}",
    "a|b",
    "`code`",
    "[x](javascript:alert(1))",
    "![x](http://example.com/x.png)",
    "=HYPERLINK(1)",
    "-->]]>",
    "模型🚀",
    "line\nbreak",
    "&amp;",
)
"""Names that a repository could have if somebody meant harm."""


@pytest.fixture(scope="session")
def facts() -> Facts:
    """Return the facts of the small lake."""
    return read_facts(connect(), QUARTER)


@pytest.fixture(scope="session")
def edition(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of the small lake's edition."""
    folder = tmp_path_factory.mktemp("editions") / "2023-Q1"
    print_edition(read_context(connect(), QUARTER, CATALOGUE, PROVENANCE), folder)
    return folder


@pytest.fixture(scope="session")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of an edition whose largest repositories have hostile names."""
    folder = tmp_path_factory.mktemp("editions") / "hostile"
    named = {name: {"contributors": 200 - n, "category": "edge"} for n, name in enumerate(PAYLOADS)}
    print_edition(read_context(connect(repositories=named), QUARTER, CATALOGUE, PROVENANCE), folder)
    return folder
