"""Real runs for the tests: a small sample, an own home, own processes, and what lies in a home afterwards.

A `deepsignal` of its own would pay five seconds of imports each time. `Forks` keeps one process that has imported
everything and forks a child a command: a real process with an id of its own that can be killed, without the wait.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import traceback
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SAMPLE = ROOT / "deepsignal_pipeline" / "sample"
BIN = Path(sys.executable).parent

# A fork with its upstream, a history that ends early, a start within the window, and repositories of seven categories
REPOSITORIES = (
    "Dao-AILab/flash-attention",
    "FMInference/FlexLLMGen",
    "IST-DASLab/gptq",
    "NVIDIA/cutlass",
    "ggml-org/llama.cpp",
    "huggingface/peft",
    "intel/intel-xpu-backend-for-triton",
    "langchain-ai/langchain",
    "triton-lang/triton",
    "vllm-project/vllm",
)
MOVED = ("vllm-project/vllm", "llm-serving", "inference-runtimes")
"""The repository that `changed_content` moves, from which category to which."""

Environment = Mapping[str, str]


def first_read_for(quarter: str) -> str:
    """Return the earliest quarter that must have been read to publish a quarter: what its tables look back on."""
    from deepsignal_pipeline.domain.quarters import Quarter
    from deepsignal_pipeline.tables import TABLES

    back = max(read.quarters_back for table in TABLES.values() for read in table.reads)
    return Quarter.parse(quarter).shift(-back).label


def cut_sample(folder: Path) -> Path:
    """Cut a sample of ten repositories from the one that ships; rows keep their ids, so parents stay resolvable."""
    import duckdb

    folder.mkdir(parents=True, exist_ok=True)
    names = {"names": list(REPOSITORIES)}
    with duckdb.connect(config={"python_enable_replacements": False}) as connection:
        rows = connection.read_parquet(str(SAMPLE / "commits.parquet"))
        rows.create_view("sample_rows")
        connection.execute(
            "CREATE TABLE kept AS SELECT * REPLACE (list_intersect(repositories, $names) AS repositories) "
            "FROM sample_rows WHERE list_has_any(repositories, $names) ORDER BY id",
            names,
        )
        connection.table("kept").write_parquet(str(folder / "commits.parquet"))
    lines = (SAMPLE / "snapshots.csv").read_text(encoding="utf-8").splitlines()
    kept = [line for line in lines[1:] if line.partition(",")[0] in REPOSITORIES]
    (folder / "snapshots.csv").write_text("\n".join([lines[0], *kept]) + "\n", encoding="utf-8")
    return folder


def changed_content(folder: Path) -> Path:
    """Copy content/ with one repository moved to another category, so that old and new tables differ."""
    shutil.copytree(ROOT / "content", folder)
    name, old, new = MOVED
    source, target = (folder / "catalogue" / f"{slug}.yaml" for slug in (old, new))
    lines = source.read_text(encoding="utf-8").splitlines(keepends=True)
    moved = [line for line in lines if line.startswith(f"- {{repository: {name},")]
    assert len(moved) == 1, f"{name} is not one line of {source}"
    source.write_text("".join(line for line in lines if line not in moved), encoding="utf-8")
    target.write_text(target.read_text(encoding="utf-8") + moved[0], encoding="utf-8")
    return folder


def environment(home: Path, **settings: str | Path) -> dict[str, str]:
    """Return an environment with these settings and none of the caller's; a setting is named without DEEPSIGNAL_."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("DEEPSIGNAL_", "DAGSTER_", "PYTEST_"))}
    own = {"DEEPSIGNAL_HOME": str(home), "GX_ANALYTICS_ENABLED": "false"}
    # Names in capitals that are no settings (TZ, DAGSTER_HOME) are passed as they are
    given = {k if k.isupper() else f"DEEPSIGNAL_{k.upper()}": str(v) for k, v in settings.items()}
    return kept | {"DEEPSIGNAL_THREADS": "1", "PYTHONDONTWRITEBYTECODE": "1"} | own | given


@dataclass(frozen=True)
class Ended:
    """How a command ended."""

    status: int
    out: str
    err: str

    @property
    def problems(self) -> list[str]:
        """Lines on stderr of a command that was refused; fails if it did not end as every error must."""
        assert self.status == 1, self
        assert "Traceback" not in self.out + self.err, self
        lines = self.err.splitlines()
        assert lines, self
        assert all(line.startswith("deepsignal: ") for line in lines), self
        return [line.removeprefix("deepsignal: ") for line in lines]

    @property
    def problem(self) -> str:
        """The one line that says what is wrong."""
        (line,) = self.problems
        return line


def deepsignal(*arguments: str, environment: Environment, cwd: Path | None = None) -> Ended:
    """Run the installed command from its beginning, imports included."""
    ended = subprocess.run(
        [str(BIN / "deepsignal"), *arguments], env=environment, cwd=cwd, capture_output=True, text=True, check=False
    )
    return Ended(ended.returncode, ended.stdout, ended.stderr)


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def published(home: Path) -> dict[str, str]:
    """Digest of every visible Parquet file of the lake and of every file of an edition, by its path in the home."""
    paths = [*home.glob("lake/**/part-0.parquet"), *home.glob("editions/*/**/*")]
    visible = [p for p in paths if p.is_file() and not any(x.startswith(".") for x in p.relative_to(home).parts)]
    return {str(path.relative_to(home)): digest(path) for path in sorted(visible)}


def everything(home: Path) -> dict[str, str]:
    """Digest of every file and name of every folder of a home, without what Dagster keeps."""
    found = [p for p in home.rglob("*") if p.relative_to(home).parts[0] != "dagster"]
    return {str(p.relative_to(home)): digest(p) if p.is_file() else "" for p in sorted(found)}


def temporaries(home: Path) -> list[str]:
    """Whatever a process may have left behind, wherever in the home."""
    return sorted(str(p.relative_to(home)) for p in home.rglob("*") if re.search(r"\.tmp|\.rejected|^tmp_", p.name))


def run_statuses(home: Path) -> list[tuple[str, str]]:
    """Job and status of every run that the home's Dagster instance knows, oldest first."""
    return _rows(home, "SELECT pipeline_name, status FROM runs ORDER BY id")


def unfinished_runs(home: Path) -> list[tuple[str, str]]:
    return [(job, status) for job, status in run_statuses(home) if status not in ("SUCCESS", "FAILURE", "CANCELED")]


def _rows(home: Path, select: str) -> list[tuple[str, str]]:
    with contextlib.closing(sqlite3.connect(home / "dagster" / "history" / "runs.db")) as connection:
        return connection.execute(select).fetchall()


def import_everything() -> None:
    """Import what a run imports, so that forked children find it."""
    import dagster  # noqa: F401
    import duckdb  # noqa: F401
    import great_expectations
    import great_expectations.expectations.registry  # noqa: F401
    import matplotlib.pyplot  # noqa: F401
    import pandas  # noqa: F401
    import pyarrow.parquet  # noqa: F401
    import watchdog.observers  # noqa: F401

    import deepsignal_pipeline.cli
    import deepsignal_pipeline.definitions
    import deepsignal_pipeline.report.terminal
    import deepsignal_pipeline.running

    deepsignal_pipeline.definitions.defs()


def fork(
    arguments: list[str],
    environment: Environment,
    streams: tuple[Path, Path],
    before: Callable[[], None] = lambda: None,
    after: Callable[[], None] = lambda: None,
) -> int:
    """Start `deepsignal` in a child of this process and return the child's id; its streams go to files.

    The child calls `before` in its environment first, and `after` when the command has ended.
    """
    pid = os.fork()
    if pid:
        return pid
    status = 70
    try:
        for stream, path in enumerate(streams, 1):
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o644)
            os.dup2(descriptor, stream)
        os.environ.clear()
        os.environ.update(environment)
        before()
        from deepsignal_pipeline.cli import main

        status = main(arguments)
        after()
    except SystemExit as wanted:
        status = wanted.code if isinstance(wanted.code, int) else 1
    except BaseException:
        traceback.print_exc()
        status = 1
    finally:
        with contextlib.suppress(BaseException):
            sys.stdout.flush()
            sys.stderr.flush()
        os._exit(status)


def wait_for(pid: int) -> int:
    """Wait for a child; return its status, negative if a signal ended it."""
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


class Forks:
    """A process that has imported everything and forks a child a command; use it in a `with`."""

    def __init__(self, folder: Path, **variables: str) -> None:
        self._folder = folder
        self._number = 0
        self._ended: dict[int, int] = {}
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
        self._server = subprocess.Popen([sys.executable, __file__], env=os.environ | variables, text=True, **pipes)

    def __enter__(self) -> Forks:
        assert self._read() == {"ready": True}
        return self

    def __exit__(self, *_: object) -> None:
        assert self._server.stdin
        assert self._server.stdout
        self._server.stdin.close()
        self._server.wait(timeout=60)
        self._server.stdout.close()

    def run(self, *arguments: str, environment: Environment, patch: str = "", cwd: Path | None = None) -> Ended:
        """Run a command to its end. `patch` is Python that the child executes first."""
        return self.start(*arguments, environment=environment, patch=patch, cwd=cwd).wait()

    def start(self, *arguments: str, environment: Environment, patch: str = "", cwd: Path | None = None) -> Child:
        """Start a command and return at once."""
        self._number += 1
        out, err = (self._folder / f"{self._number}.{stream}" for stream in ("out", "err"))
        request = {"arguments": arguments, "environment": dict(environment), "patch": patch}
        request |= {"cwd": str(cwd or self._folder), "out": str(out), "err": str(err)}
        assert self._server.stdin
        self._server.stdin.write(json.dumps(request) + "\n")
        self._server.stdin.flush()
        while "pid" not in (answer := self._read()):
            self._note(answer)
        return Child(self, answer["pid"], out, err)

    def wait_for(self, pid: int) -> int:
        """Wait for a child; return its status, negative if a signal ended it."""
        while pid not in self._ended:
            self._note(self._read())
        return self._ended.pop(pid)

    def _note(self, answer: dict[str, int]) -> None:
        self._ended[answer["ended"]] = answer["status"]

    def _read(self) -> dict[str, int]:
        assert self._server.stdout
        line = self._server.stdout.readline()
        assert line, "the fork server is gone"
        return json.loads(line)


@dataclass(frozen=True)
class Child:
    """A command that runs."""

    forks: Forks
    pid: int
    out: Path
    err: Path

    def wait(self) -> Ended:
        """Wait for its end."""
        status = self.forks.wait_for(self.pid)
        return Ended(status, self.out.read_text(encoding="utf-8"), self.err.read_text(encoding="utf-8"))


def _serve() -> None:
    """Fork a child a line of stdin and tell on stdout who began and who ended."""
    import select

    import_everything()
    awake, waker = os.pipe()
    os.set_blocking(waker, False)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    signal.set_wakeup_fd(waker, warn_on_full_buffer=False)
    answers = os.fdopen(os.dup(1), "w", buffering=1)
    answers.write(json.dumps({"ready": True}) + "\n")
    for line in _requests(awake, answers, select.select):
        asked = json.loads(line)

        def before(asked: dict[str, str] = asked) -> None:
            signal.set_wakeup_fd(-1)
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            os.chdir(asked["cwd"])
            exec(asked["patch"], {})  # noqa: S102  a test's own lines

        streams = (Path(asked["out"]), Path(asked["err"]))
        pid = fork(asked["arguments"], asked["environment"], streams, before)
        answers.write(json.dumps({"pid": pid}) + "\n")


def _requests(awake: int, answers: object, select: Callable) -> Iterator[str]:
    """Yield the lines of stdin; between them reap the children that ended."""
    held = b""
    while True:
        ready, _, _ = select([0, awake], [], [])
        if awake in ready:
            os.read(awake, 4096)
            with contextlib.suppress(ChildProcessError):
                while (found := os.waitpid(-1, os.WNOHANG))[0]:
                    ended = {"ended": found[0], "status": os.waitstatus_to_exitcode(found[1])}
                    answers.write(json.dumps(ended) + "\n")  # type: ignore[attr-defined]
        if 0 in ready:
            data = os.read(0, 1 << 16)
            if not data:
                return
            *lines, held = (held + data).split(b"\n")
            yield from (line.decode() for line in lines)


if __name__ == "__main__":
    # The package's modules must find this one under its own name, not as __main__
    sys.path.insert(0, str(Path(__file__).parent))
    _serve()
