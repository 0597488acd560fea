"""Resources: what a body needs of the world. Settings are read when a run starts, never at import.

Nothing else may be defined in this module: Dagster's autoload sees only what the function below returns.
"""

import dagster as dg
from dagster_duckdb import DuckDBResource

from deepsignal_pipeline.content import content_directory
from deepsignal_pipeline.engines.duckdb import Connect, DuckDBEngine
from deepsignal_pipeline.identity_key import identity_key
from deepsignal_pipeline.lake import Lake
from deepsignal_pipeline.pipeline import Pipeline
from deepsignal_pipeline.settings import Settings, read_settings
from deepsignal_pipeline.sources import CommitSource
from deepsignal_pipeline.sources.sample import SampleSource


class PipelineResource(dg.ConfigurableResource):  # type: ignore[type-arg]
    """Opens the pipeline that the environment describes. It has no fields, so no setting can show in the web server."""

    duckdb: dg.ResourceDependency[DuckDBResource]

    def open(self) -> Pipeline:
        """Return the pipeline; raise SettingsError or ContentError with one line a problem."""
        return build_pipeline(read_settings(), self.duckdb.get_connection)


def build_pipeline(settings: Settings, connect: Connect) -> Pipeline:
    """Return the pipeline that settings describe, over connections of a factory."""
    lake = Lake(settings.home)
    engine = DuckDBEngine(connect, lake, settings.threads)
    source = open_source(settings)
    return Pipeline(
        lake, engine, source, content_directory(), settings.repositories, settings.shards, settings.mailmaps
    )


def open_source(settings: Settings) -> CommitSource:
    """Return the commit source that the settings name; only that one's libraries are imported."""
    if settings.source == "git":
        from deepsignal_pipeline.sources.git.command import Git
        from deepsignal_pipeline.sources.git.source import GitSource
        from deepsignal_pipeline.sources.git.visit import Places

        places, git = Places(mirrors=settings.mirrors), Git(token_from="GITHUB_TOKEN")  # noqa: S106  a variable's name
        return GitSource(settings.home, identity_key(settings.home), places, git)
    if settings.source == "github":
        from deepsignal_pipeline.sources.github.source import GitHubSource

        key = identity_key(settings.home)
        return GitHubSource(settings.home, key, settings.github_url, people=settings.github_people)
    return SampleSource(settings.sample) if settings.sample else SampleSource()


@dg.definitions
def resources() -> dg.Definitions:
    """Return the resources of every run, and the executor: steps are few and coarse, and DuckDB is parallel inside."""
    return dg.Definitions(
        resources={"pipeline": PipelineResource(duckdb=memory_database())}, executor=dg.in_process_executor
    )


def memory_database() -> DuckDBResource:
    """Return the resource whose connections are empty databases in memory: the lake's files are the warehouse."""
    return DuckDBResource(database=":memory:")
