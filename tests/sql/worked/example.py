"""What a worked example is, and how each kind of it is run. No example stands here."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from foresight import calibrate, history, score

from deepsignal_pipeline.domain.predictions import Predictions
from deepsignal_pipeline.domain.quarters import Quarter
from deepsignal_pipeline.staging.published_figures import keep_published_figures
from deepsignal_pipeline.tables import TABLES
from deepsignal_pipeline.tables.contract import Read

if TYPE_CHECKING:
    from conftest import Bench, Lab

Row = dict[str, Any]


class Figures(NamedTuple):
    """What a row of a table must hold. Its key are the values of the table's grain; a person is told by name."""

    table: str
    key: tuple[Any, ...]
    values: Row

    @property
    def by_column(self) -> Row:
        """The key, by column of the grain."""
        return dict(zip(TABLES[self.table].grain, self.key, strict=True))


Find = Callable[[Figures], Row]


class Commit(NamedTuple):
    """A commit as `lab.commit` describes it."""

    repository: str
    author: str
    at: str
    more: Row


def gives(table: str, *key: Any, **values: Any) -> Figures:
    """Tell what a row must hold."""
    return Figures(table, key, values)


def facts(entity: str, **values: Any) -> list[Figures]:
    """Tell what facts of an entity must say, by measure."""
    return [gives("report_facts", f"{entity}.{measure}", value=value) for measure, value in values.items()]


def did(repository: str, author: str, *when: str, **more: Any) -> list[Commit]:
    """Tell the commits of an author, one an instant; "4 x 2023-Q1+3" are four of them, at noon of day 3 of the quarter."""
    counted = [(text.rpartition(" x ")[0] or "1", text.rpartition(" x ")[2]) for text in when]
    return [Commit(repository, author, at, more) for times, at in counted for _ in range(int(times))]


def alike(count: int, people: str, repositories: Sequence[str], *when: str, **more: Any) -> list[Commit]:
    """Tell the commits of so many people, "ada0", "ada1" and on, who did the same in each of some repositories."""
    return [
        commit for n in range(count) for name in repositories for commit in did(name, f"{people}{n}", *when, **more)
    ]


@dataclass(frozen=True, kw_only=True)
class Example(ABC):
    """Rows, and the figures that they give."""

    title: str
    gives: Sequence[Figures]

    @property
    @abstractmethod
    def size(self) -> int:
        """How many rows of the lake it has."""

    @property
    @abstractmethod
    def lines(self) -> int:
        """How many lines tell them: people who did the same stand in one, and so do the quarters of a measure."""

    @abstractmethod
    def work_out(self, lab: Lab) -> Find:
        """Run the SELECTs over the rows; return what finds a row of what they gave."""


@dataclass(frozen=True, kw_only=True)
class OfCommits(Example):
    """Commits through the real pipeline. Their repositories make the catalogue: `a/one` is of the category `a`.

    `catalogue` holds what else the catalogue says of a repository; `snapshots` and `imports` are as in `lab.bench`.
    """

    commits: Sequence[Sequence[Commit]]
    catalogue: Mapping[str, Row] = field(default_factory=dict)
    snapshots: Mapping[str, Row] = field(default_factory=dict)
    imports: Sequence[Row] = ()
    quarter: str = "2023-Q1"

    @property
    def rows(self) -> list[Commit]:
        """Its commits in one list."""
        return [commit for commits in self.commits for commit in commits]

    @property
    def size(self) -> int:
        """How many commits it has."""
        return len(self.rows)

    @property
    def lines(self) -> int:
        """How many lines tell its commits."""
        return len(self.commits)

    def work_out(self, lab: Lab) -> Find:
        """Make the tables that the figures are of."""
        names = {commit.repository: {} for commit in self.rows} | dict(self.catalogue)
        repositories = {name: {"category": name.partition("/")[0]} | entry for name, entry in names.items()}
        bench = lab.bench(
            described(lab, self.rows),
            categories=sorted({entry["category"] for entry in repositories.values()}),
            repositories=repositories,
            snapshots=self.snapshots,
            imports=self.imports,
        )
        return found_in(bench.write(*{figures.table for figures in self.gives}, read=self.quarter), self.quarter)


@dataclass(frozen=True, kw_only=True)
class Restated(Example):
    """Commits of which an edition of the quarter before was printed, and what has been learned since.

    `late` are commits that come after it, `gone` repositories that leave the catalogue, `moved` those that get another
    category, `programs` authors who turn out to be no person.
    """

    commits: Sequence[Sequence[Commit]]
    late: Sequence[Sequence[Commit]]
    gone: Sequence[str]
    moved: Mapping[str, str]
    programs: Sequence[str]

    @property
    def size(self) -> int:
        """How many commits it has, those that come late included."""
        return sum(len(commits) for commits in (*self.commits, *self.late))

    @property
    def lines(self) -> int:
        """How many lines tell its commits."""
        return len(self.commits) + len(self.late)

    def work_out(self, lab: Lab) -> Find:
        """Keep what an edition of 2022-Q4 prints, learn more, and make the tables of 2023-Q1 in the same home."""
        before, now = Quarter(2022, 4), "2023-Q1"
        known = described(lab, [commit for commits in self.commits for commit in commits])
        late = described(lab, [commit for commits in self.late for commit in commits])
        told = [c | {"author_name": "renovate[bot]"} if c["author_name"] in self.programs else c for c in known]
        then = {c["repository"]: {"category": c["repository"].partition("/")[0]} for c in (*known, *late)}
        today = {name: entry for name, entry in then.items() if name not in self.gone}
        today |= {name: {"category": category} for name, category in self.moved.items()}
        slugs = sorted({entry["category"] for entry in (*then.values(), *today.values())})
        first = lab.bench(known, categories=slugs, repositories=then)
        printed = ("category_metrics", "repository_metrics", "commit_audit", "prediction_scores")
        first.write(*printed, read=str(before))
        with first.pipeline.engine.session() as session:
            for name in printed:
                session.bind(Read(name), before)
            for folder, target in keep_published_figures(session, first.lake, before):
                folder.rename(target)
        bench = lab.bench([*told, *late], categories=slugs, repositories=today, home=first.lake.home)
        return found_in(bench.write(*{figures.table for figures in self.gives}, read=now), now)


@dataclass(frozen=True, kw_only=True)
class OfHistory(Example):
    """Rows of measure_history, by entity and measure the values of consecutive quarters, through the SELECT of scores.

    Each stands for a hundred people. `printed` is what editions said of predictions before.
    """

    quarter: Quarter
    values: Mapping[tuple[str, str], Sequence[float | None]]
    predictions: Predictions = field(default_factory=Predictions)
    printed: Sequence[Row] = ()

    @property
    def size(self) -> int:
        """How many rows of measure_history it has, and of what was printed."""
        return len(history(self.quarter, self.values)) + len(self.printed)

    @property
    def lines(self) -> int:
        """How many measures of entities it has, and rows of what was printed."""
        return len(self.values) + len(self.printed)

    def work_out(self, _: Lab) -> Find:
        """Score the predictions."""
        rows = score(self.quarter, history(self.quarter, self.values), self.predictions, self.printed)
        return lambda figures: only(rows, figures.by_column)


@dataclass(frozen=True, kw_only=True)
class OfScores(Example):
    """Rows of prediction_scores through the SELECT of the calibration."""

    scores: Sequence[Row]

    @property
    def size(self) -> int:
        """How many rows of prediction_scores it has."""
        return len(self.scores)

    @property
    def lines(self) -> int:
        """As many."""
        return self.size

    def work_out(self, _: Lab) -> Find:
        """Tell how good the predictions were."""
        rows = calibrate(self.scores)
        return lambda figures: only(rows, figures.by_column)


def described(lab: Lab, commits: Iterable[Commit]) -> list[Row]:
    """Return commits as a source gives them."""
    return [lab.commit(commit.repository, commit.author, commit.at, **commit.more) for commit in commits]


def found_in(bench: Bench, quarter: str) -> Find:
    """Return what finds a row in a lake."""

    def find(figures: Figures) -> Row:
        key = figures.by_column
        if "contributor_id" in key:
            key |= {"contributor_id": bench.person(key["contributor_id"])}
        return only(bench.rows(figures.table, quarter), key)

    return find


def only(rows: Iterable[Row], key: Row) -> Row:
    """Return the one row with a key."""
    (row,) = [row for row in rows if all(row[column] == value for column, value in key.items())]
    return row
