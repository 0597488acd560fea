"""Kill visits at many moments and look at what they leave behind.

    python tests/peers/git_kills.py FOLDER [POINTS]

A first visit, one that finds more commits and one that finds history rewritten are killed (SIGKILL) before one of their file
or process events, or after a time. What is visible must then be the old or the new record, and the next visit must end in the
bytes of one that nobody disturbed. Prints a line of JSON; exits with 1 if anything was wrong.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from repositories import Written, written

from deepsignal_pipeline.sources import Asked
from deepsignal_pipeline.sources.git.command import Git
from deepsignal_pipeline.sources.git.places import Host
from deepsignal_pipeline.sources.git.visit import Places, Visitor
from deepsignal_pipeline.sources.store import Store

NAME = "some/where"
NOW = datetime(2023, 4, 2, tzinfo=UTC)
_EVENTS = {"open", "os.rename", "os.remove", "os.mkdir", "os.rmdir", "subprocess.Popen", "fcntl.flock"}
_WRITES = os.O_WRONLY | os.O_RDWR


@dataclass
class Scene:
    """A host with one repository, a home that a former visit left (or none), and what an undisturbed visit makes of it."""

    name: str
    folder: Path
    events: int = 0
    seconds: float = 0
    before: dict[str, str] = field(default_factory=dict)
    after: dict[str, str] = field(default_factory=dict)

    @property
    def start(self) -> Path:
        """Home before the visit."""
        return self.folder / "start"

    def visitor(self, home: Path) -> Visitor:
        """Return who visits the repository into a home."""
        places = Places(Host(f"file://{self.folder / 'host'}", ("file",), ("",)))
        return Visitor(Store(home, "git"), places, Git(("file",)), NOW)


def prepare(folder: Path, name: str) -> Scene:
    """Make a scene: clone (first visit), fetch (more commits) or rewrite (history is another)."""
    scene = Scene(name, folder / name)
    repository = written(scene.folder / "host" / f"{NAME}.git")
    first = repository.line(*[f"2023-01-{day:02d}" for day in range(1, 11)])
    scene.start.mkdir()
    if name != "clone":
        wait(fork(lambda: scene.visitor(scene.start).visit(Asked(NAME))))
        _change(repository, first, name)
    scene.before = visible(scene.start)
    home = scene.folder / "undisturbed"
    shutil.copytree(scene.start, home)
    counted = scene.folder / "events"
    started = time.monotonic()
    wait(fork(lambda: _counted(scene, home, counted)))
    scene.seconds = time.monotonic() - started
    scene.events = int(counted.read_text())
    scene.after = visible(home)
    return scene


def _change(repository: Written, first: list[str], name: str) -> None:
    onto = first[-1] if name == "fetch" else first[4]
    repository.line(*[f"2023-02-{day:02d}" for day in range(1, 11)], onto=onto)


def _counted(scene: Scene, home: Path, counted: Path) -> None:
    seen = [0]
    sys.addaudithook(_hook(seen, kill_at=None))
    scene.visitor(home).visit(Asked(NAME))
    number = seen[0]
    counted.write_text(str(number))


def _hook(seen: list[int], kill_at: int | None) -> Callable[[str, tuple[object, ...]], None]:
    def hook(event: str, arguments: tuple[object, ...]) -> None:
        if event not in _EVENTS or (event == "open" and not int(str(arguments[2] or 0)) & _WRITES):
            return
        seen[0] += 1
        if seen[0] == kill_at:
            os.kill(os.getpid(), signal.SIGKILL)

    return hook


def fork(work: Callable[[], object], *, kill_at: int | None = None) -> int:
    """Do something in a child; return its id."""
    child = os.fork()
    if child:
        return child
    status = 1
    try:
        if kill_at is not None:
            sys.addaudithook(_hook([0], kill_at))
        work()
        status = 0
    finally:
        os._exit(status)


def wait(child: int) -> int:
    """Wait for a child and return how it ended: negative if by a signal."""
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def visible(home: Path) -> dict[str, str]:
    """Return what a reader sees of a home: records, and the pieces that they name."""
    found = {}
    for path in home.rglob("record.json"):
        text = path.read_text()
        found["record"] = text
        for piece in json.loads(text)["pieces"]:
            found[piece["name"]] = (path.parent / "pieces" / f"{piece['name']}.parquet").read_bytes().hex()
    return found


def strange(home: Path) -> list[str]:
    """Return the files of a home that no record names and no mirror needs."""
    named = set(visible(home)) | {"record", "lock"}
    paths = [path for path in home.rglob("*") if "repository.git" not in path.parts and path.is_file()]
    left = [str(path) for path in paths if path.name.split(".")[0] not in named]
    return left + [
        str(path) for path in home.rglob("*") if path.name.startswith((".", "tmp_")) or path.suffix == ".lock"
    ]


def try_point(scene: Scene, kind: str, at: float, place: Path) -> tuple[bool, list[str]]:
    """Kill a visit at a point, look, visit again, look; return whether it was killed and what was wrong."""
    shutil.copytree(scene.start, place)
    child = fork(lambda: scene.visitor(place).visit(Asked(NAME)), kill_at=int(at) if kind == "event" else None)
    if kind == "time":
        time.sleep(at)
        os.kill(child, signal.SIGKILL)
    was_killed = wait(child) == -signal.SIGKILL
    wrong = []
    if visible(place) not in (scene.before, scene.after):
        wrong.append("neither the old nor the new record is visible")
    # Whatever git wrote for the dead visit has ended with it, or is about to
    if status := wait(fork(lambda: scene.visitor(place).visit(Asked(NAME)))):
        wrong.append(f"the next visit ended with {status}")
    if visible(place) != scene.after:
        wrong.append("the next visit did not end in the undisturbed result")
    # A piece that history was rewritten under stays for readers until the visit after
    wait(fork(lambda: scene.visitor(place).visit(Asked(NAME))))
    wrong += strange(place)
    shutil.rmtree(place)
    return was_killed, [f"{scene.name}: {kind} {at}: {text}" for text in wrong]


def main(folder: Path, points: int) -> int:
    """Try about as many points, spread over all scenes; print and return what came of it."""
    scenes = [prepare(folder, name) for name in ("clone", "fetch", "rewrite")]
    tried, killed, wrong = 0, 0, []
    for scene in scenes:
        share = points // len(scenes)
        at_events = [("event", 1 + n * scene.events / share) for n in range(share)]
        at_times = [("time", scene.seconds * (n + 0.5) / 2) for n in range(2)]
        for kind, at in at_events + at_times:
            was_killed, found = try_point(scene, kind, at, folder / "home")
            tried, killed, wrong = tried + 1, killed + was_killed, wrong + found
    events = {scene.name: scene.events for scene in scenes}
    print(json.dumps({"points": tried, "killed": killed, "events": events, "wrong": wrong}))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 15))
