"""The catalogue of tracked repositories: twelve categories, each repository in exactly one of them.

Pure: the files come as bytes, the answer is a Catalogue or every problem at once. Opening files belongs to
content.py; the form of one file to catalogue_files; rules between repositories to catalogue_relations.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from deepsignal_pipeline.domain.catalogue_files import (
    WrittenCategory,
    WrittenRepository,
    read_categories,
    read_repositories,
)
from deepsignal_pipeline.domain.catalogue_relations import fork_depths, index_names, rename_problems
from deepsignal_pipeline.domain.repository_names import name_key
from deepsignal_pipeline.domain.strict_fields import FieldReader
from deepsignal_pipeline.domain.strict_yaml import Problem, ProblemsError, quoted

CATEGORIES_FILE = "categories.yaml"


class CatalogueError(ProblemsError):
    """The catalogue's files cannot be used; problems holds all that is wrong in them, by file and line."""


@dataclass(frozen=True)
class Category:
    """A field of machine-learning infrastructure; order counts from 0 as in categories.yaml."""

    slug: str
    name: str
    definition: str
    order: int


@dataclass(frozen=True)
class TrackedRepository:
    """A repository and its one category (a slug).

    catalogue_order counts from 0 over the categories in their order, then their files from top to bottom;
    after fork_depth (catalogued repositories upstream of it, 0 for none) it decides which repository owns a
    commit that several carry. tracked_from is the first day tracked, tracked_to the first day no longer
    tracked, both UTC and None for always; created (YYYY or YYYY-MM) is information and no such date. fork_of
    is the upstream as written, several joined by ";".
    """

    repository: str
    category: str
    catalogue_order: int
    former_names: tuple[str, ...]
    created: str | None
    fork_of: str | None
    fork_depth: int
    tracked_from: date | None
    tracked_to: date | None
    verified: str
    notes: str | None

    @property
    def upstreams(self) -> tuple[str, ...]:
        """The repositories whose history this one carries; empty if it is no fork."""
        return tuple(self.fork_of.split(";")) if self.fork_of else ()


@dataclass(frozen=True)
class Catalogue:
    """All categories and all tracked repositories, both in catalogue order."""

    categories: tuple[Category, ...]
    repositories: tuple[TrackedRepository, ...]

    def by_name(self) -> dict[str, TrackedRepository]:
        """Return the repositories by every name, present and former, in lower case (GitHub ignores case)."""
        return {
            name_key(name): repository
            for repository in self.repositories
            for name in (*repository.former_names, repository.repository)
        }


def parse_catalogue(files: Mapping[str, bytes]) -> Catalogue:
    """Return the catalogue out of its files, by file name: categories.yaml and one <slug>.yaml a category.

    Raise CatalogueError with every problem of every file; a file that cannot be read hides no other file's.
    """
    problems: list[Problem] = []
    categories = _parse_categories(files, problems)
    written = _parse_repositories(files, categories, problems)
    index = index_names(written, problems)
    problems += rename_problems(index)
    depths = fork_depths(index, problems)
    problems += _deserted(categories or [], written, problems)
    if problems:
        raise CatalogueError(problems)
    return Catalogue(
        tuple(Category(c.slug, c.name, c.definition, order) for order, c in enumerate(categories or ())),
        tuple(_track(entry, order, depths) for order, entry in enumerate(written)),
    )


def _parse_categories(files: Mapping[str, bytes], problems: list[Problem]) -> list[WrittenCategory] | None:
    if CATEGORIES_FILE not in files:
        problems.append(Problem(CATEGORIES_FILE, 1, "the file is missing: list the categories in it"))
        return None
    reader = FieldReader(CATEGORIES_FILE, may_be_empty=False)
    categories = read_categories(reader, files[CATEGORIES_FILE])
    problems += reader.problems
    if categories is not None:
        problems += _unmatched(files, categories)
    return categories


def _unmatched(files: Mapping[str, bytes], categories: list[WrittenCategory]) -> list[Problem]:
    slugs = [category.slug for category in categories]
    without_category = [
        Problem(file, 1, f"unknown category {quoted(_slug(file))}: allowed are {', '.join(slugs)}")
        for file in files
        if file.endswith(".yaml") and file != CATEGORIES_FILE and _slug(file) not in slugs
    ]
    without_file = [
        Problem(CATEGORIES_FILE, c.line, f"category {quoted(c.slug)} has no file: add it")
        for c in categories
        if f"{c.slug}.yaml" not in files
    ]
    return without_category + without_file


def _deserted(
    categories: list[WrittenCategory], written: list[WrittenRepository], problems: list[Problem]
) -> list[Problem]:
    """Every category is a row of every quarter, so each must have a repository; a file that is wrong is judged once."""
    judged = {problem.file for problem in problems} | {f"{entry.category}.yaml" for entry in written}
    return [
        Problem(
            f"{c.slug}.yaml",
            1,
            "the category has no repository, and every category is a row of every quarter: list one",
        )
        for c in categories
        if f"{c.slug}.yaml" not in judged and CATEGORIES_FILE not in judged
    ]


def _parse_repositories(
    files: Mapping[str, bytes], categories: list[WrittenCategory] | None, problems: list[Problem]
) -> list[WrittenRepository]:
    order = {f"{category.slug}.yaml": number for number, category in enumerate(categories or ())}
    written: list[WrittenRepository] = []
    for file in sorted(files, key=lambda name: (order.get(name, len(order)), name)):
        if file == CATEGORIES_FILE:
            continue
        if not file.endswith(".yaml"):
            problems.append(Problem(file, 1, "no file of the catalogue: name it <category>.yaml or move it"))
            continue
        reader = FieldReader(file, may_be_empty=False)
        written += read_repositories(reader, files[file], _slug(file))
        problems += reader.problems
    return written


def _slug(file: str) -> str:
    return file.removesuffix(".yaml")


def _track(entry: WrittenRepository, order: int, depths: Mapping[str, int]) -> TrackedRepository:
    return TrackedRepository(
        repository=entry.repository,
        category=entry.category,
        catalogue_order=order,
        former_names=tuple(former.value for former in entry.former_names),
        created=entry.created,
        fork_of=";".join(upstream.value for upstream in entry.fork_of) or None,
        fork_depth=depths[name_key(entry.repository)],
        tracked_from=entry.tracked_from,
        tracked_to=entry.tracked_to,
        verified=entry.verified,
        notes=entry.notes,
    )
