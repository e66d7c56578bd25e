"""What Dagster loads, and the runs that the small demo force left in its instance."""

# ruff: noqa: TID251 - the tests of the Dagster room
import warnings

import dagster as dg
import pytest

from csip_pipeline import cli_runs
from csip_pipeline_tests.demo_force import demo  # noqa: F401 - a fixture


@pytest.fixture(scope="session")
def code():
    """The definitions as Dagster resolves them, whatever data folder they read."""
    from csip_pipeline.definitions import defs  # noqa: PLC0415 - reads the data folder

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return defs()


@pytest.fixture
def instance(demo):  # noqa: F811 - the fixture
    """The demo's own instance."""
    with cli_runs.instance(demo.settings) as opened:
        yield opened


@pytest.fixture
def cli_job(monkeypatch):
    """Run some of October's assets, with their checks, on a data folder."""

    def run(here, name, selection):
        from csip_pipeline.definitions import defs  # noqa: PLC0415 - reads the data folder

        monkeypatch.setenv("CSIP_DATA", str(here.data))
        job = dg.define_asset_job(name, selection, executor_def=dg.in_process_executor)
        with warnings.catch_warnings(), cli_runs.instance(here) as opened:
            warnings.simplefilter("ignore")
            some = dg.Definitions.merge(defs(), dg.Definitions(jobs=[job]))
            return some.resolve_job_def(name).execute_in_process(
                instance=opened,
                partition_key="2026-10",
                raise_on_error=False,
                run_config=cli_runs.QUIET,
            )

    return run
