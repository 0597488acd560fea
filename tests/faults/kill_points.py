"""Kill runs at many moments and look at what they leave behind.

    python tests/faults/kill_points.py --points 400 --lanes 2 --folder /dev/shm/kill

A run is killed (SIGKILL) either just before its n-th file event below the home, told by an audit hook of the child, or
after a random time, which also hits what DuckDB and SQLite write by themselves. After each kill everything visible must
be whole and either the old or the new version. After a few kills in a row (`--chain`; 1 is allowed) the next run must
give the bytes of a run that nobody disturbed, and leave no unfinished run and no temporary file. Exits with 1, and a
line a broken chain, whose home is kept below `--folder`.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import shutil
import signal
import sys
import time
import traceback
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import Any

from pipeline_runs import (
    ROOT,
    changed_content,
    cut_sample,
    environment,
    first_read_for,
    fork,
    import_everything,
    published,
    run_statuses,
    temporaries,
    unfinished_runs,
    wait_for,
)

READ = ["run", "--job", "read_quarters", "--from", first_read_for("2023-Q1"), "--quarter", "2023-Q1"]
PUBLISH = ["run", "--job", "publish_quarters", "--quarter", "2023-Q1"]
_WATCHED = {"open", "os.rename", "os.mkdir", "os.remove", "os.rmdir", "os.link", "os.truncate", "sqlite3.connect"}


@dataclass(frozen=True)
class Scenario:
    """A run that is to be killed: from which home, with which command, and which share of the points it gets."""

    name: str
    start: str
    end: str
    arguments: list[str]
    content: str
    share: float


SCENARIOS = (
    Scenario("first read", "empty", "old-read", READ, "old", 0.2),
    Scenario("first edition", "old-read", "old", PUBLISH, "old", 0.25),
    Scenario("read again, changed catalogue", "old", "new-read", READ, "new", 0.2),
    Scenario("edition again, changed catalogue", "new-read", "new", PUBLISH, "new", 0.35),
)
"""Each begins with the home in which the one before ended. Together they are `deepsignal run` twice."""

KINDS = {"file": 0.55, "dagster": 0.15, "time": 0.3}


@dataclass(frozen=True)
class Point:
    """When to kill: before the `at`-th event below the home (kind file or dagster), or after `at` seconds (time)."""

    scenario: int
    kind: str
    at: float


@dataclass(frozen=True)
class Measured:
    """What an undisturbed run of a scenario did."""

    file: int
    dagster: int
    time: float


@dataclass(frozen=True)
class Bench:
    """Folder with the sample, both contents, the reference homes and what they hold."""

    folder: Path
    trees: dict[str, dict[str, str]]
    measured: list[Measured]

    def environment(self, home: Path, content: str) -> dict[str, str]:
        """Return what a run over a home needs."""
        return _environment(self.folder, home, content)


def kind_of(home: Path, event: str, arguments: tuple[object, ...]) -> str | None:
    """Say whether an audit event changes something below the home, and whether Dagster's part of it or the rest."""
    if event not in _WATCHED or not arguments or not isinstance(arguments[0], str | bytes | os.PathLike):
        return None
    path = os.fsdecode(arguments[0])
    if event == "open" and isinstance(arguments[1], str) and not set(arguments[1]) & set("wax+"):
        return None
    if not path.startswith(f"{home}/"):
        return None
    return "dagster" if path.startswith(f"{home}/dagster/") else "file"


def hook(home: Path, point: Point | None, counts: dict[str, int]) -> Callable[[str, tuple[object, ...]], None]:
    """Count events a kind, and end this process at the point."""

    def heard(event: str, arguments: tuple[object, ...]) -> None:
        kind = kind_of(home, event, arguments)
        if kind:
            counts[kind] += 1
            if point and point.kind == kind and counts[kind] == point.at:
                os.kill(os.getpid(), signal.SIGKILL)

    return heard


def prepare(folder: Path) -> Bench:
    """Run every scenario undisturbed, once, and keep homes, digests and numbers of events."""
    shutil.copytree(ROOT / "content", folder / "content-old")
    changed_content(folder / "content-new")
    home = folder / "reference"
    trees: dict[str, dict[str, str]] = {"empty": {}}
    measured = []
    for scenario in SCENARIOS:
        numbers = folder / "numbers.json"
        began = time.monotonic()
        _run_undisturbed(scenario, _environment(folder, home, scenario.content), home, numbers)
        took = time.monotonic() - began
        measured.append(Measured(**json.loads(numbers.read_text()), time=took))
        trees[scenario.end] = published(home)
        shutil.copytree(home, folder / "homes" / scenario.end)
    return Bench(folder, trees, measured)


def _run_undisturbed(scenario: Scenario, variables: dict[str, str], home: Path, numbers: Path) -> None:
    counts = {"file": 0, "dagster": 0}

    out, err = numbers.with_suffix(".out"), numbers.with_suffix(".err")
    before = partial(sys.addaudithook, hook(home, None, counts))
    after = partial(_tell, numbers, counts)
    status = wait_for(fork(scenario.arguments, variables, (out, err), before, after))
    if status:
        raise SystemExit(f"{scenario.name} fails undisturbed: {err.read_text()}{out.read_text()}")


def _tell(numbers: Path, counts: dict[str, int]) -> None:
    numbers.write_text(json.dumps(counts))


def points_of(bench: Bench, number: int, seed: int) -> list[Point]:
    """Spread points over scenarios and kinds: events in even steps from a random one, times at random."""
    chance = random.Random(seed)  # noqa: S311  no secret
    points = []
    for index, scenario in enumerate(SCENARIOS):
        for kind, share in KINDS.items():
            wanted = max(1, round(number * scenario.share * share))
            points += [Point(index, kind, at) for at in _moments(bench.measured[index], kind, wanted, chance)]
    return points


def _moments(measured: Measured, kind: str, wanted: int, chance: random.Random) -> Iterator[float]:
    if kind == "time":
        yield from (round(chance.uniform(0.02, 0.8 * measured.time), 3) for _ in range(wanted))
        return
    total = getattr(measured, kind)
    step = max(1.0, total / wanted)
    first = chance.uniform(0, step)
    yield from sorted({1 + int(first + n * step) for n in range(wanted) if first + n * step < total})


def chains_of(points: list[Point], length: int, seed: int) -> list[list[Point]]:
    """Put points of one scenario into chains: kills in a row, each over what the ones before left behind."""
    chains = []
    for index in range(len(SCENARIOS)):
        own = [point for point in points if point.scenario == index]
        random.Random(seed + index).shuffle(own)  # noqa: S311  no secret
        chains += [own[start : start + length] for start in range(0, len(own), length)]
    return chains


def try_chain(bench: Bench, chain: list[Point], place: Path) -> dict[str, object]:
    """Kill run after run and look each time, then run once undisturbed and look; return what was found wrong."""
    scenario = SCENARIOS[chain[0].scenario]
    home, out, err = place / "home", place / "out", place / "err"
    place.mkdir(parents=True)
    if scenario.start != "empty":
        shutil.copytree(bench.folder / "homes" / scenario.start, home)
    variables = bench.environment(home, scenario.content)
    killed, untidy, wrong = 0, 0, []
    for point in chain:
        killed += _killed(scenario, point, home, variables, (out, err)) == -signal.SIGKILL
        found = _wrong_after_kill(home, bench.trees[scenario.start], bench.trees[scenario.end])
        wrong += [f"{point.kind} {point.at}: {text}" for text in found]
        untidy += bool(temporaries(home))
    status = wait_for(fork(scenario.arguments, variables, (out, err)))
    if status:
        wrong.append(f"the next run ended with {status}: {err.read_text()}{out.read_text()}")
    wrong += _wrong_after_next(home, bench.trees[scenario.end], wait_for(_look(home)))
    if not wrong:
        shutil.rmtree(place)
    points = [(point.kind, point.at) for point in chain]
    return {"scenario": scenario.name, "points": points, "killed": killed, "untidy": untidy, "wrong": wrong}


def _killed(scenario: Scenario, point: Point, home: Path, variables: dict[str, str], streams: tuple[Path, Path]) -> int:
    before = partial(sys.addaudithook, hook(home, point, {"file": 0, "dagster": 0}))
    pid = fork(scenario.arguments, variables, streams, before)
    if point.kind == "time":
        time.sleep(point.at)
        os.kill(pid, signal.SIGKILL)  # not waited for yet, so the id is still its own
    return wait_for(pid)


def _wrong_after_kill(home: Path, old: dict[str, str], new: dict[str, str]) -> list[str]:
    """Everything visible must be of the old or of the new version, and an edition be whole."""
    seen = published(home)
    wrong = [f"{path} is neither old nor new" for path, d in seen.items() if d not in (old.get(path), new.get(path))]
    wrong += [f"{path} vanished" for path in old if path in new and path not in seen]
    labels = {Path(path).parts[1] for path in seen if path.startswith("editions/")}
    for label in labels:
        here, *versions = (
            {path: d for path, d in tree.items() if path.startswith(f"editions/{label}/")} for tree in (seen, old, new)
        )
        if here not in versions:
            wrong.append(f"edition {label} is mixed: {sorted(here)}")
    return wrong


def _wrong_after_next(home: Path, expected: dict[str, str], opened: int) -> list[str]:
    seen = published(home)
    different = [path for path in seen.keys() | expected.keys() if seen.get(path) != expected.get(path)]
    wrong = [f"{path} differs from the clean run's" for path in sorted(different)]
    wrong += [f"{left} is left" for left in temporaries(home)]
    wrong += [f"run of {job} is left {status}" for job, status in unfinished_runs(home)]
    if run_statuses(home)[-1][1] != "SUCCESS":
        wrong.append(f"runs are {run_statuses(home)}")
    if (home / "dagster" / "dagster.yaml").read_bytes() != (ROOT / "dagster.yaml").read_bytes():
        wrong.append("dagster.yaml is not the project's")
    return wrong + (["deepsignal.duckdb cannot be read"] if opened else [])


def _look(home: Path) -> int:
    """Open the file of views in a child (DuckDB's threads are not to live in a process that forks)."""
    pid = os.fork()
    if pid:
        return pid
    status = 1
    try:
        import duckdb

        with duckdb.connect(str(home / "deepsignal.duckdb"), read_only=True) as connection:
            views = connection.execute("SELECT view_name FROM duckdb_views() WHERE NOT internal").fetchall()
            for (view,) in views:
                connection.execute(f"SELECT count(*) FROM {view}").fetchone()  # noqa: S608  a name just read
        status = 0 if views else 1
    except BaseException:
        traceback.print_exc()
    finally:
        os._exit(status)


def run_lanes(bench: Bench, chains: list[list[Point]], lanes: int) -> list[dict[str, Any]]:
    """Try chains in a few children at once, each with its own share."""
    pids = []
    for lane in range(lanes):
        pid = os.fork()
        if not pid:
            _lane(bench, chains[lane::lanes], bench.folder / f"lane-{lane}")
        pids.append(pid)
    for pid in pids:
        if wait_for(pid):
            raise SystemExit("a lane failed: see above")
    found = [bench.folder / f"lane-{lane}.jsonl" for lane in range(lanes)]
    return [json.loads(line) for path in found for line in path.read_text().splitlines()]


def _lane(bench: Bench, chains: list[list[Point]], place: Path) -> None:
    status = 1
    try:
        with place.with_suffix(".jsonl").open("w") as results:
            for number, chain in enumerate(chains):
                results.write(json.dumps(try_chain(bench, chain, place / str(number))) + "\n")
                results.flush()
        status = 0
    except BaseException:
        traceback.print_exc()
    finally:
        os._exit(status)


def _environment(folder: Path, home: Path, content: str) -> dict[str, str]:
    return environment(home, sample=folder / "sample", content=folder / f"content-{content}")


def main(number: int, lanes: int, length: int, seed: int, folder: Path) -> int:
    """Try as many points; print what was found and return the exit status."""
    folder.mkdir(parents=True)
    pid = os.fork()
    if not pid:
        cut_sample(folder / "sample")
        os._exit(0)
    wait_for(pid)
    import_everything()
    bench = prepare(folder)
    chains = chains_of(points_of(bench, number, seed), length, seed)
    results = run_lanes(bench, chains, lanes)
    broken = [result for result in results if result["wrong"]]
    for result in broken:
        print(json.dumps(result))
    counted = {what: sum(result[what] for result in results) for what in ("killed", "untidy")}
    summary = {"points": sum(map(len, chains)), **counted, "chains": len(chains), "broken": len(broken)}
    print(json.dumps(summary | {"events": [asdict(measured) for measured in bench.measured]}))
    return 1 if broken else 0


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Kill runs at many moments and look at what they leave behind.")
    parser.add_argument("--points", type=int, default=48)
    parser.add_argument("--lanes", type=int, default=2, help="runs at once")
    parser.add_argument("--chain", type=int, default=4, help="kills in a row before a run is left to end")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--folder", type=Path, required=True, help="a folder that does not exist yet, best on a tmpfs")
    options = parser.parse_args()
    sys.exit(main(options.points, options.lanes, options.chain, options.seed, options.folder))
