"""The web server over the same instance: a run of the command line is executed again, and no setting shows."""

from __future__ import annotations

import json
import os
import shutil
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
    port = _free_port()
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


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


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


def test_make_ui_begun_by_a_script_ends_with_all_its_processes(tmp_path: Path) -> None:
    """A script begins what runs beside it with SIGINT ignored; dagster would then ignore SIGTERM as well."""
    make, port = shutil.which("make"), _free_port()
    if make is None:
        pytest.skip("no make on this machine")
    (tmp_path / "dagster").mkdir()
    (tmp_path / "dagster" / "dagster.yaml").write_text("telemetry: {enabled: false}\n")
    # What is installed is what the tests run with
    command = [make, "-o", ".venv/installed", f"BIN={BIN}", f"PORT={port}", f"DEEPSIGNAL_HOME={tmp_path}", "ui"]
    ui = subprocess.Popen(
        ["/bin/sh", "-c", 'trap "" INT; exec "$0" "$@"', *command],
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(ROOT), "DAGSTER_HOME": str(tmp_path / "dagster")},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        _wait_until(lambda: _serves(port), 120)
        os.kill(ui.pid, signal.SIGTERM)
        _wait_until(lambda: not _is_alive_group(ui), 60)
        assert not _serves(port)
    finally:
        if _is_alive_group(ui):
            os.killpg(ui.pid, signal.SIGKILL)
            ui.wait()


def _serves(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _is_alive_group(first: subprocess.Popen[bytes]) -> bool:
    """Tell whether any process of the session that one began is left."""
    first.poll()  # so that a dead one is no zombie
    try:
        os.killpg(first.pid, 0)
    except ProcessLookupError:
        return False
    return True
