"""The reader of content/, the folder of what people write. No other module opens those files.

Finding and reading files is all that belongs here, and asking DuckDB whether it takes a pattern; what they mean is
decided in domain/.
"""

from __future__ import annotations

import hashlib
import os
import stat
from pathlib import Path

from deepsignal_pipeline.domain.automation import AUTOMATION_FILE, AutomationError, AutomationRules
from deepsignal_pipeline.domain.catalogue import CATEGORIES_FILE, Catalogue, CatalogueError, parse_catalogue
from deepsignal_pipeline.domain.overrides import OVERRIDES_FILE, Overrides, parse_overrides
from deepsignal_pipeline.domain.predictions import Predictions, PredictionsError, parse_predictions
from deepsignal_pipeline.domain.strict_yaml import Problem, ProblemsError
from deepsignal_pipeline.domain.work_types import WORK_TYPES_FILE, WorkTypes, parse_work_types

_VARIABLE = "DEEPSIGNAL_CONTENT"
_CATEGORIES = 12
_REQUIRED = (OVERRIDES_FILE, WORK_TYPES_FILE, AUTOMATION_FILE)
# Ten times the largest file that this project ships; parsing one of that size takes seconds, not minutes
_LARGEST = 1 << 20
# The engine takes patterns of 280,000 characters, whatever they hold; importing it to ask takes longer than all the rest
_SURELY_TAKEN = 50_000


class ContentError(Exception):
    """The content folder or a file of it cannot be opened; the message says which and what to do."""


def content_directory() -> Path:
    """Return the content folder: what DEEPSIGNAL_CONTENT names, else content/ beside the package.

    The environment is read at each call. Raise ContentError if the folder does not exist.
    """
    named = os.environ.get(_VARIABLE)
    # Path.expanduser raises where there is no such user
    directory = Path(os.path.expanduser(named)) if named else Path(__file__).resolve().parent.parent / "content"  # noqa: PTH111
    if not directory.is_dir():
        origin = f"{_VARIABLE} names it" if named else f"{_VARIABLE} is not set"
        raise ContentError(
            f"content folder {directory} does not exist ({origin}): "
            f"set {_VARIABLE} to the folder that holds catalogue/ and {OVERRIDES_FILE}"
        )
    return directory


def load_catalogue(directory: Path) -> Catalogue:
    """Return a folder's catalogue of twelve categories, which the contracts of the tables count on.

    Raise CatalogueError with all problems, ContentError if it is missing.
    """
    catalogue = parse_catalogue(_catalogue_files(directory))
    if (listed := len(catalogue.categories)) != _CATEGORIES:
        message = (
            f"{listed} categories are listed, and every measure is made for {_CATEGORIES}: rename, do not add or remove"
        )
        raise CatalogueError([Problem(CATEGORIES_FILE, 1, message)])
    return catalogue


def content_hash(directory: Path) -> str:
    """Return the SHA-256 (hex) of what people wrote: names and bytes of all that is read here.

    Bytes and not meaning: a changed comment is another hash. Raise ContentError if the folder is missing.
    """
    files = {f"catalogue/{name}": data for name, data in _catalogue_files(directory).items()}
    files |= {name: _read_required(directory, name) for name in _REQUIRED}
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
    return parse_overrides(_read_required(directory, OVERRIDES_FILE), known=_known(catalogue))


def load_work_types(directory: Path, catalogue: Catalogue | None) -> WorkTypes:
    """Return a folder's rules of work types; raise WorkTypesError with all problems, ContentError if missing.

    Without a catalogue nobody asks whether overrides name repositories of it.
    """
    return parse_work_types(
        _read_required(directory, WORK_TYPES_FILE), known=_known(catalogue), fault_of=_fault_of_pattern
    )


def _fault_of_pattern(pattern: str) -> str:
    """Say why the engine that will search a pattern does not take it; nothing if it does."""
    if len(pattern) <= _SURELY_TAKEN:
        return ""
    import duckdb

    with duckdb.connect() as connection:
        try:
            connection.execute("SELECT regexp_matches('/', $pattern)", {"pattern": pattern}).fetchall()
        except duckdb.Error as error:
            return " ".join(str(error).split())
    return ""


def _known(catalogue: Catalogue | None) -> set[str] | None:
    return {tracked.repository for tracked in catalogue.repositories} if catalogue else None


def load_predictions(directory: Path, catalogue: Catalogue) -> Predictions:
    """Return a folder's predictions, none if there is no predictions/; raise PredictionsError with all problems."""
    categories = [c.slug for c in sorted(catalogue.categories, key=lambda c: c.order)]
    return parse_predictions(_prediction_files(directory), categories)


def predictions_folder(directory: Path) -> Path:
    """Return the folder of predictions, which need not exist: nobody must predict anything."""
    return directory / "predictions"


def _prediction_files(directory: Path) -> dict[str, bytes]:
    folder = predictions_folder(directory)
    if not (folder.exists() or folder.is_symlink()):
        return {}
    return {f"{folder.name}/{name}": data for name, data in _yaml_files(folder).items()}


def _catalogue_files(directory: Path) -> dict[str, bytes]:
    folder = directory / "catalogue"
    if not folder.is_dir():
        raise ContentError(f"catalogue folder {folder} does not exist: restore it, or set {_VARIABLE}")
    return _yaml_files(folder)


def _yaml_files(folder: Path) -> dict[str, bytes]:
    """Return the files of a folder that look like YAML; raise ContentError for what would be passed over in silence."""
    found = {}
    for path in sorted(_entries(folder)):
        if path.name.startswith("."):
            continue
        if path.is_dir():
            raise ContentError(
                f"{path}: a folder is not read here: move its files to {folder}, or the folder elsewhere"
            )
        if path.suffix.lower() not in (".yaml", ".yml"):
            continue
        # Of the catalogue, parse_catalogue tells what else a name must be
        if path.suffix not in (".yaml", ".yml"):
            raise ContentError(f"{path}: is not read, for the end of its name: call it {path.stem}.yaml, or move it")
        found[path.name] = _read_bytes(path)
    return found


def _entries(folder: Path) -> list[Path]:
    try:
        return list(folder.iterdir())
    except OSError as error:
        raise ContentError(f"{folder} cannot be read ({error.strerror}): restore it") from error


def _read_required(directory: Path, name: str) -> bytes:
    """Return what a file holds that every content folder has; if it is missing, all that are missing are named at once."""
    path = directory / name
    if not path.exists():
        missing = [directory / other for other in _REQUIRED if not (directory / other).exists()]
        raise ContentError(
            "\n".join(f"{file} cannot be read (No such file or directory): restore it" for file in missing)
        )
    return _read_bytes(path)


def _read_bytes(path: Path) -> bytes:
    """Return what a file holds. Nothing but a file of bounded size is read: a pipe or a device might never end."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
        with os.fdopen(descriptor, "rb") as file:
            if not stat.S_ISREG(os.fstat(descriptor).st_mode):
                raise ContentError(f"{path} is no regular file: restore it")
            data = file.read(_LARGEST + 1)
    except OSError as error:
        raise ContentError(f"{path} cannot be read ({error.strerror}): restore it") from error
    if len(data) > _LARGEST:
        raise ContentError(f"{path} has more than {_LARGEST:,} bytes: restore it, or write less")
    return data


def load_automation_rules(directory: Path) -> AutomationRules:
    """Return the rules that tell automation from people; raise AutomationError with all problems."""
    data = _read_required(directory, AUTOMATION_FILE)
    try:
        return AutomationRules.parse(data.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        message = f"byte 0x{data[error.start]:02x} is not UTF-8: save the file as UTF-8"
        raise AutomationError([Problem(AUTOMATION_FILE, line, message)]) from None


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
        except ProblemsError as error:
            problems += str(error).splitlines()
    return problems, catalogue


def _expected_predictions(directory: Path, catalogue: Catalogue | None) -> None:
    """Raise PredictionsError also for predictions whose refusal nobody expects: a slip, or to be kept on record."""
    if catalogue and (unexpected := load_predictions(directory, catalogue).unexpected):
        raise PredictionsError(unexpected)
