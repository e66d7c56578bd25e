"""The site that shows a month beside what is usual: Great Expectations' Data Docs, on this machine.

Great Expectations is asked about one row of figures a table, never about contacts.
"""

import datetime as dt
import shutil
from collections.abc import Mapping
from importlib import import_module
from pathlib import Path
from typing import Any

import pandas as pd

from csip_pipeline.quality import pages
from csip_pipeline.quality.pages import Judged
from csip_pipeline.quality.usual import Usual
from csip_pipeline.refusals import RefusedError

LIBRARY = "great_expectations"


def build(
    folder: Path, month: dt.date, judged: Mapping[str, tuple[pd.DataFrame, list[Usual]]]
) -> dict[str, list[str]]:
    """Build the month's site from a row of figures and their limits per table, in place of another.

    Returns the figures of each table that are not as usual. Raises RefusedError where Great
    Expectations is not installed.
    """
    gx = _library()
    shutil.rmtree(folder, ignore_errors=True)
    context = _context(gx, folder)
    source = context.data_sources.add_pandas("csip")
    told: list[Judged] = []
    now = dt.datetime.now(tz=dt.UTC)
    for table, (figures, limits) in judged.items():
        shown = pd.DataFrame({each.figure: figures[each.figure] * each.scale for each in limits})
        asset = source.add_dataframe_asset(table)
        batch = asset.add_batch_definition_whole_dataframe(f"{month:%Y-%m}")
        suite = context.suites.add(gx.ExpectationSuite(name=table))
        for each in limits:
            suite.add_expectation(_expectation(gx, each))
        validated = context.validation_definitions.add(
            gx.ValidationDefinition(name=table, data=batch, suite=suite)
        )
        point = context.checkpoints.add(
            gx.Checkpoint(name=table, validation_definitions=[validated])
        )
        named = import_module(f"{LIBRARY}.core.run_identifier").RunIdentifier
        result = point.run(
            batch_parameters={"dataframe": shown},
            run_id=named(run_name=f"{month:%Y-%m}", run_time=now),
        )
        (found,) = result.run_results.values()
        outside = {
            str(one.expectation_config.kwargs["column"]) for one in found.results if not one.success
        }
        told += [
            Judged(table, each, float(figures[each.figure].iloc[0]), each.figure in outside)
            for each in limits
        ]
    context.build_data_docs(site_names=["csip"])
    shutil.rmtree(folder / "static", ignore_errors=True)
    pages.write(folder, month, told)
    return {
        table: [one.usual.figure for one in told if one.table == table and one.is_unusual]
        for table in judged
    }


def _library() -> Any:  # noqa: ANN401 - a module that need not be installed
    try:
        return import_module(LIBRARY)
    except ImportError:
        raise RefusedError(
            'The quality site needs Great Expectations: pip install "csip_pipeline[quality]".'
        ) from None


def _context(gx: Any, folder: Path) -> Any:  # noqa: ANN401 - of that module
    """A context that keeps nothing, sends no usage statistics, and writes to the folder alone."""
    types = import_module(f"{LIBRARY}.data_context.types.base")
    store = {"class_name": "TupleFilesystemStoreBackend", "base_directory": str(folder)}
    config = types.DataContextConfig(
        analytics_enabled=False,
        store_backend_defaults=types.InMemoryStoreBackendDefaults(),
        data_docs_sites={
            "csip": {
                "class_name": "SiteBuilder",
                "show_how_to_buttons": False,
                "site_index_builder": {"class_name": "DefaultSiteIndexBuilder"},
                "store_backend": store,
            }
        },
    )
    context = gx.get_context(mode="ephemeral", project_config=config)
    context.variables.progress_bars = {"globally": False}
    return context


def _expectation(gx: Any, usual: Usual) -> Any:  # noqa: ANN401 - of that module
    return gx.expectations.ExpectColumnMeanToBeBetween(  # of one value: its page then shows it
        column=usual.figure,
        min_value=usual.lower * usual.scale,
        max_value=usual.upper * usual.scale,
        description=usual.why,
    )
