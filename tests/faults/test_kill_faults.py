"""Fault P01: runs that are killed, at more than forty moments. Hundreds are tried by hand: see kill_points.py."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

from pipeline_fixtures import Shared

POINTS = 44


def test_P01_a_run_killed_at_any_moment_shows_nothing_partial_and_the_next_run_ends_as_if_nothing_had_been(
    runs: Shared,
):
    folder = runs.place / "killed"
    driver = [sys.executable, str(Path(__file__).with_name("kill_points.py"))]
    options = ["--points", str(POINTS), "--chain", "5", "--folder", str(folder)]
    ended = subprocess.run([*driver, *options], capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stdout + ended.stderr
    summary = json.loads(ended.stdout.splitlines()[-1])
    shutil.rmtree(folder)
    assert summary["broken"] == 0
    assert summary["killed"] >= 40, summary
    # Otherwise the kills would have missed the moments that matter
    assert summary["untidy"] >= 5, summary
