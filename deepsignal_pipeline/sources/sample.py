"""The embedded sample as a commit source: real histories of 114 repositories with every person replaced.

It needs no network and no token. How its file is encoded is told by `sample/commits.sql`.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib import resources
from pathlib import Path

from deepsignal_pipeline.domain.quarters import FIRST_QUARTER, Quarter
from deepsignal_pipeline.sources import MERGED_BRANCH, Unvisited, Workspace

_FOLDER = Path(str(resources.files("deepsignal_pipeline"))) / "sample"


@dataclass(frozen=True)
class SampleSource(Unvisited):
    """Reads the sample that ships with the package; `folder` may hold another one of the same form."""

    folder: Path = _FOLDER
    name: str = "sample"
    # Its people are made up, so its key is no secret; a fixed one gives every copy of the sample the same ids
    identity_key: str = "deepsignal-embedded-sample"

    def coverage(self) -> tuple[Quarter, Quarter]:
        """Return the first quarter of the catalogue and the last one that the sample covers: it ends with 2023-Q3."""
        return FIRST_QUARTER, Quarter(2023, 3)

    def stage_snapshots(self, workspace: Workspace) -> None:
        """Stage the sample's repositories; two of them end early and are partial."""
        self._stage_rows(workspace)
        workspace.stage_file("sample_snapshots", str(self.folder / "snapshots.csv"))
        workspace.materialize("source_snapshots", self._select("snapshots"), {})

    def stage_history(self, workspace: Workspace) -> None:
        """Stage the sample's whole history, as the SELECT of the aliases reads it."""
        self._stage_rows(workspace)
        workspace.materialize("source_history", self._select("history"), {"merged_branch": MERGED_BRANCH})

    def stage_commits(self, workspace: Workspace, quarter: Quarter) -> None:
        """Stage one quarter of the sample."""
        self._stage_rows(workspace)
        window = {"window_start": quarter.start, "window_end": quarter.end}
        commits = f"SELECT *, CAST(NULL AS VARCHAR) AS author_login FROM ({self._select('commits')})"
        workspace.materialize("source_commits", commits, window)

    def _stage_rows(self, workspace: Workspace) -> None:
        workspace.stage_file("sample_rows", str(self.folder / "commits.parquet"))

    def _select(self, name: str) -> str:
        return (_FOLDER / f"{name}.sql").read_text(encoding="utf-8")
