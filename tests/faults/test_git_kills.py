"""Visits of git repositories that are killed leave the old record or the new one, and the next visit ends as if nothing was."""

import json
import subprocess
import sys
from pathlib import Path

PEERS = Path(__file__).parents[1] / "peers"


def test_G01_P01_a_killed_visit_is_made_good_by_the_next(tmp_path: Path):
    command = [sys.executable, str(PEERS / "git_kills.py"), str(tmp_path), "15"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
    assert done.stderr == ""
    seen = json.loads(done.stdout)
    assert seen["wrong"] == []
    assert done.returncode == 0
    # Every event point kills; one by time may come too late on a fast machine
    assert seen["killed"] >= 15
    assert set(seen["events"]) == {"clone", "fetch", "rewrite"}
