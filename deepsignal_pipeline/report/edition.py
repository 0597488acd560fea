"""tmp."""
from __future__ import annotations
from dataclasses import dataclass
from pathlib import Path

@dataclass(frozen=True)
class EditionFile:
    name: str
    media_type: str

def build_edition(connection, quarter, folder: Path, catalogue):
    folder.mkdir(parents=True)
    (folder/"index.html").write_text("x")
    return [EditionFile("index.html","text/html")]
