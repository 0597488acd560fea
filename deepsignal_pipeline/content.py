"""The reader of content/, the folder of what people write. No other module opens those files.

Finding and reading files is all that belongs here; what they mean is decided in domain/.
"""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

from deepsignal_pipeline.domain.automation import AutomationError, AutomationRules
from deepsignal_pipeline.domain.catalogue import Catalogue, parse_catalogue
from deepsignal_pipeline.domain.overrides import OVERRIDES_FILE, Overrides, parse_overrides
from deepsignal_pipeline.domain.predictions import Predictions, PredictionsError, parse_predictions
from deepsignal_pipeline.domain.strict_yaml import ProblemsError
from deepsignal_pipeline.domain.work_types import WORK_TYPES_FILE, WorkTypes, parse_work_types

_VARIABLE = "DEEPSIGNAL_CONTENT"
_AUTOMATION = "automation/known_bots.csv"


class ContentError(Exception):
    """The content folder or a file of it cannot be opened; the message says which and what to do."""


def content_directory() -> Path:
    """Return the content folder: what DEEPSIGNAL_CONTENT names, else content/ beside the package.

    The environment is read at each call. Raise ContentError if the folder does not exist.
    """
    named = os.environ.get(_VARIABLE)
    directory = Path(named).expanduser() if named else Path(__file__).resolve().parent.parent / "content"
    if not directory.is_dir():
        origin = f"{_VARIABLE} names it" if named else f"{_VARIABLE} is not set"
        raise ContentError(
            f"content folder {directory} does not exist ({origin}): "
            f"set {_VARIABLE} to the folder that holds catalogue/ and {OVERRIDES_FILE}"
        )
    return directory


def load_catalogue(directory: Path) -> Catalogue:
    """Return a folder's catalogue; raise CatalogueError with all problems, ContentError if it is missing."""
    return parse_catalogue(_catalogue_files(directory))


def content_hash(directory: Path) -> str:
    """Return the SHA-256 (hex) of what people wrote: names and bytes of all that is read here.

    Bytes and not meaning: a changed comment is another hash. Raise ContentError if the folder is missing.
    """
    files = {f"catalogue/{name}": data for name, data in _catalogue_files(directory).items()}
    files |= {name: _read_bytes(directory / name) for name in (OVERRIDES_FILE, WORK_TYPES_FILE, _AUTOMATION)}
    files |= _prediction_files(directory)
    digest = hashlib.sha256()
    for name, data in sorted(files.items()):
        # The length keeps the end of one file from passing for the beginning of the next
        digest.update(f"{name}\0{len(data)}\0".encode())
        digest.update(data)
    return digest.hexdigest()


def load_overrides(directory: Path, catalogue: Catalogue | None) -> Overrides:
    """Return a folder's overrides; raise OverridesError with all problems, ContentError if missing.

    Without a catalogue (because it is broken itself) nobody asks whether they name repositories of it.
    """
    return parse_overrides(_read_bytes(directory / OVERRIDES_FILE), known=_known(catalogue))


def load_work_types(directory: Path, catalogue: Catalogue | None) -> WorkTypes:
    """Return a folder's rules of work types; raise WorkTypesError with all problems, ContentError if missing.

    Without a catalogue nobody asks whether overrides name repositories of it.
    """
    return parse_work_types(_read_bytes(directory / WORK_TYPES_FILE), known=_known(catalogue))


def _known(catalogue: Catalogue | None) -> set[str] | None:
    return {tracked.repository for tracked in catalogue.repositories} if catalogue else None


def load_predictions(directory: Path, catalogue: Catalogue) -> Predictions:
    """Return a folder's predictions, none if there is no predictions/; raise PredictionsError with all problems."""
    categories = [c.slug for c in sorted(catalogue.categories, key=lambda c: c.order)]
    return parse_predictions(_prediction_files(directory), categories)


def _prediction_files(directory: Path) -> dict[str, bytes]:
    folder = directory / "predictions"
    return {f"predictions/{name}": data for name, data in _yaml_files(folder).items()} if folder.is_dir() else {}


def _catalogue_files(directory: Path) -> dict[str, bytes]:
    folder = directory / "catalogue"
    if not folder.is_dir():
        raise ContentError(f"catalogue folder {folder} does not exist: restore it, or set {_VARIABLE}")
    return _yaml_files(folder)


def _yaml_files(folder: Path) -> dict[str, bytes]:
    # A .yml is read too, so that it is refused by name and not passed over in silence.
    paths = [path for path in folder.iterdir() if path.suffix in (".yaml", ".yml")]
    return {path.name: _read_bytes(path) for path in paths if not path.name.startswith(".")}


def _read_bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise ContentError(f"{path} cannot be read ({error.strerror}): restore it") from error


def load_automation_rules(directory: Path) -> AutomationRules:
    """Return the rules that tell automation from people; raise AutomationError with all problems."""
    return AutomationRules.parse(_read_bytes(directory / _AUTOMATION).decode("utf-8"))


def check_content(directory: Path) -> tuple[list[str], Catalogue | None]:
    """Return every problem of everything in a content folder, a line each, and the catalogue if it can be used."""
    problems: list[str] = []
    catalogue = None
    try:
        catalogue = load_catalogue(directory)
    except ProblemsError as error:
        problems += str(error).splitlines()
    checks = (
        lambda: load_overrides(directory, catalogue),
        lambda: load_work_types(directory, catalogue),
        lambda: load_automation_rules(directory),
        lambda: _expected_predictions(directory, catalogue),
    )
    for check in checks:
        try:
            check()
        except (ProblemsError, AutomationError) as error:
            problems += str(error).splitlines()
    return problems, catalogue


def _expected_predictions(directory: Path, catalogue: Catalogue | None) -> None:
    """Raise PredictionsError also for predictions whose refusal nobody expects: a slip, or to be kept on record."""
    if catalogue and (unexpected := load_predictions(directory, catalogue).unexpected):
        raise PredictionsError(unexpected)
