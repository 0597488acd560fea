"""Where everything that is staged comes from: lake, source, and what people wrote, each read once a table."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import pyarrow as pa

from deepsignal_pipeline.content import (
    content_hash,
    load_catalogue,
    load_overrides,
    load_predictions,
    load_work_types,
)
from deepsignal_pipeline.domain.catalogue import Catalogue
from deepsignal_pipeline.domain.identity import Alias
from deepsignal_pipeline.domain.mailmap import Mailmaps
from deepsignal_pipeline.domain.opt_outs import OptOuts
from deepsignal_pipeline.domain.overrides import Overrides
from deepsignal_pipeline.domain.predictions import Predictions
from deepsignal_pipeline.domain.quarters import Quarter
from deepsignal_pipeline.domain.work_types import WorkTypes
from deepsignal_pipeline.lake import Lake
from deepsignal_pipeline.mailmap_files import read_mailmaps
from deepsignal_pipeline.opt_out_file import read_opt_outs
from deepsignal_pipeline.report.press import Press
from deepsignal_pipeline.sources import CommitSource
from deepsignal_pipeline.staging.change_sums import Known

Folders = list[tuple[Path, Path]]
"""Folders that were written, each with its place, to be published with a table."""


@dataclass
class Inputs:
    """Where what is staged comes from, while one table is made; a context that cleans up after itself.

    What one stage finds out and the next quarter needs again stays here: `press` prints the editions, `gone` are the aliases
    of those who opted out, `counted` the sums of quarters that were counted already, `measured` what can be predicted of them.
    """

    lake: Lake
    source: CommitSource
    content: Path
    quarters: Sequence[Quarter | None] = (None,)
    opened: ExitStack = field(default_factory=ExitStack)
    press: Press | None = None
    gone: list[Alias] | None = None
    mailmap_folder: Path | None = None
    counted: Known = field(default_factory=dict)
    measured: dict[Quarter, pa.Table] = field(default_factory=dict)

    def __enter__(self) -> Inputs:
        return self

    def __exit__(self, *_: object) -> None:
        self.opened.close()

    @cached_property
    def catalogue(self) -> Catalogue:
        """What people track; read once a table."""
        return load_catalogue(self.content)

    @cached_property
    def content_hash(self) -> str:
        """Digest of all that people write; read once a table."""
        return content_hash(self.content)

    @cached_property
    def overrides(self) -> Overrides:
        """What people decided by hand; read once a table."""
        return load_overrides(self.content, self.catalogue)

    @cached_property
    def predictions(self) -> Predictions:
        """What people predicted; read once a table."""
        return load_predictions(self.content, self.catalogue)

    @cached_property
    def work_types(self) -> WorkTypes:
        """What kind of work a path stands for; read once a table."""
        return load_work_types(self.content, self.catalogue)

    @cached_property
    def mailmaps(self) -> Mailmaps:
        """What mailmaps say that a user gave as evidence; read once a table, and never without being asked for."""
        return read_mailmaps(self.mailmap_folder)

    @cached_property
    def opt_outs(self) -> OptOuts | None:
        """Who asked to be left out; read once a table."""
        return read_opt_outs(self.lake.home)
