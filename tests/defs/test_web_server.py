"""The web server over the same instance: a run of the command line is executed again, and no setting shows."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from pipeline_fixtures import Shared
from pipeline_runs import BIN, ROOT, published, run_statuses

Ask = Callable[..., dict[str, Any]]

# Runs are launched at once: with the project's own coordinator a daemon would have to take them from its queue
_INSTANCE = """
telemetry: {enabled: false}
run_coordinator: {module: dagster.core.run_coordinator, class: DefaultRunCoordinator}
"""


@pytest.fixture(scope="module")
def home(runs: Shared) -> Path:
    home = runs.copy(runs.read_home)
    (home / "dagster" / "dagster.yaml").write_text(_INSTANCE)
    return home


@pytest.fixture(scope="module")
def ask(runs: Shared, home: Path) -> Iterator[Ask]:
    """Start the web server on the loopback address; return a function that puts a GraphQL query to it."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    variables = runs.environment(home, DAGSTER_HOME=home / "dagster", content=runs.moved)
    command = [str(BIN / "dagster-webserver"), "-h", "127.0.0.1", "-p", str(port), "-w", str(ROOT / "workspace.yaml")]
    server = subprocess.Popen(
        command, env=variables, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
    )

    def ask(query: str, **bound: object) -> dict[str, Any]:
        body = json.dumps({"query": query, "variables": bound}).encode()
        request = urllib.request.Request(f"http://127.0.0.1:{port}/graphql", body, {"Content-Type": "application/json"})
        with urllib.request.urlopen(request, timeout=60) as answer:  # noqa: S310
            return json.load(answer)["data"]

    try:
        _wait_until(lambda: _answers(ask), 90)
        yield ask
    finally:
        # Its code server is a child of it and ends with it
        os.kill(server.pid, signal.SIGINT)
        try:
            server.wait(timeout=30)
        except subprocess.TimeoutExpired:
            os.killpg(server.pid, signal.SIGKILL)
            server.wait()


def _answers(ask: Ask) -> bool:
    try:
        return bool(ask("{ version }"))
    except urllib.error.URLError:
        return False


def _wait_until(holds: Callable[[], bool], seconds: float) -> None:
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, "it never came to that"
        time.sleep(0.2)


_AGAIN = """
mutation($id: String!) {
  launchRunReexecution(reexecutionParams: {parentRunId: $id, strategy: ALL_STEPS}) {
    __typename
    ... on LaunchRunSuccess { run { runId } }
    ... on PythonError { message }
  }
}
"""
_STATUS = "query($id: ID!) { runOrError(runId: $id) { ... on Run { status parentRunId jobName } } }"


def test_a_run_of_the_command_line_is_executed_again_from_the_web_server(runs: Shared, ask: Ask, home: Path):
    before = {path: digest for path, digest in published(home).items() if "tracked_repositories" not in path}
    (first,) = ask("{ runsOrError { ... on Runs { results { runId } } } }")["runsOrError"]["results"]

    launched = ask(_AGAIN, id=first["runId"])["launchRunReexecution"]

    assert launched["__typename"] == "LaunchRunSuccess", launched
    run_id = launched["run"]["runId"]
    _wait_until(lambda: ask(_STATUS, id=run_id)["runOrError"]["status"] in ("SUCCESS", "FAILURE", "CANCELED"), 180)
    found = ask(_STATUS, id=run_id)["runOrError"]
    assert found == {"status": "SUCCESS", "parentRunId": first["runId"], "jobName": "read_quarters"}
    assert run_statuses(home) == [("read_quarters", "SUCCESS")] * 2
    assert published(home).keys() >= before.keys()


_SHOWN = """
{
  repositoriesOrError { ... on RepositoryConnection { nodes {
    name allTopLevelResourceDetails {
      name configuredValues { key value type }
      configFields { name defaultValueAsJson }
      nestedResources { name resource { configuredValues { key value } } }
    }
    jobs { name presets { runConfigYaml tags { key value } } }
  } } }
  instance { info }
  runsOrError { ... on Runs { results { runConfigYaml tags { key value } } } }
}
"""


def test_S11_graphql_shows_no_value_of_a_setting(runs: Shared, ask: Ask):
    answer = ask(_SHOWN)
    (repository,) = answer["repositoriesOrError"]["nodes"]
    assert {resource["name"] for resource in repository["allTopLevelResourceDetails"]} == {"pipeline"}
    text = json.dumps(answer)
    for value in (runs.moved, runs.sample):
        assert str(value) not in text
    assert "DEEPSIGNAL_" not in text
