"""What every asset is given: the data folder, and the warehouse within it."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Any

import dagster as dg
import duckdb
from dagster_duckdb import DuckDBResource
from pydantic import PrivateAttr

from csip_pipeline import cursors, database_files, run_locks, settings, warehouse
from csip_pipeline.defs import getting_through
from csip_pipeline.refusals import RefusedError, quoting_nobody
from csip_pipeline.settings import Settings

WRITTEN_AHEAD = "256MB"
"""How large DuckDB's log may grow before it is written back: at its own 16 MB, that happens several
times a month. Only time rests on it: what is committed is on the disk, in the log or in the file,
and a log that a killed run leaves is read back."""


class Warehouse(DuckDBResource):
    """The warehouse file: opened once a run, and waited for while another run writes it."""

    _opened: warehouse.Connection | None = PrivateAttr(default=None)

    @contextmanager
    def yield_for_execution(
        self,
        context: dg.InitResourceContext,
    ) -> Iterator["Warehouse"]:
        """Hold the file for the whole run, so that no other writer comes between its steps."""
        here = Settings(data=Path(self.database).parent)
        try:
            with (
                run_locks.held(here.running, context.run_id or "none"),
                self.get_connection() as con,
                _kept_open(here.people),
            ):
                database_files.keep_to_owner(Path(self.database))
                cursors.share(con)
                self._opened = con
                with getting_through.remembered(con, context):
                    yield self
        except duckdb.IOException as error:
            if warehouse.is_locked(error):
                raise warehouse.in_use(Path(self.database).name) from None
            raise
        finally:
            self._opened = None

    @contextmanager
    def connected(self) -> Iterator[warehouse.Connection]:
        """A connection of one step, with temporary tables of its own."""
        if self._opened is None:
            raise RuntimeError("The warehouse is connected only while a run executes.")
        with quoting_nobody(), cursors.cursor(self._opened) as con:
            yield con


@contextmanager
def _kept_open(path: Path) -> Iterator[None]:
    """Keep a file open that many steps open in turn, so that none of them loads and unloads it.

    That only saves time: a file that is not there yet, or cannot be opened, is left to the steps
    that want it, each of which says why in its own words.
    """
    with ExitStack() as kept:
        if path.exists():
            with suppress(duckdb.Error):
                kept.enter_context(duckdb.connect(str(path)))
        yield


@contextmanager
def kept_open(here: Settings) -> Iterator[None]:
    """Keep the warehouse and the restricted store open while runs follow one another.

    Each run would bring both files up to date at its end, which takes a second of a month. That
    only saves time: a file that cannot be opened is left to the runs, each of which says why in
    its own words. No other process writes the files meanwhile.
    """
    here.make_restricted()
    with ExitStack() as kept:
        with suppress(duckdb.Error, RefusedError):
            kept.enter_context(warehouse.connected(here.people))
        with suppress(duckdb.Error):
            kept.enter_context(duckdb.connect(str(here.warehouse), config=connection_config(here)))
            database_files.keep_to_owner(here.warehouse)
        yield


class DataFolder(dg.ConfigurableResource[Settings]):
    """Where the force's extracts, reference data and results live."""

    path: str

    @property
    def settings(self) -> Settings:
        """Every path of the data folder."""
        return Settings(data=Path(self.path))


@dg.definitions
def resources() -> dg.Definitions:
    """Bind the resources to the data folder of this process ($CSIP_DATA, else data/)."""
    here = settings.load()
    here.data.mkdir(parents=True, exist_ok=True)
    return dg.Definitions(
        resources={
            "folder": DataFolder(path=str(here.data)),
            "warehouse": Warehouse(
                database=str(here.warehouse), connection_config=connection_config(here)
            ),
        }
    )


def connection_config(here: Settings) -> dict[str, Any]:
    """How the warehouse is opened by every run: DuckDB lets two connections differ in nothing."""
    return {
        "custom_user_agent": "csip_pipeline",  # Dagster would put its own, which others do not
        # What does not fit in memory holds contact points, so it is spilt here.
        "temp_directory": str(here.make_restricted() / "spilt"),
        "checkpoint_threshold": WRITTEN_AHEAD,
    }
