"""What every asset is given: the data folder, and the warehouse within it."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import dagster as dg
import duckdb
from dagster_duckdb import DuckDBResource

from csip_pipeline import settings, warehouse
from csip_pipeline.settings import Settings


class Warehouse(DuckDBResource):
    """The warehouse file, waited for while another run writes it, then prepared for our queries."""

    @contextmanager
    def connected(self) -> Iterator[warehouse.Connection]:
        """A connection that may write. Raises RefusedError where the file stays locked."""
        try:
            with self.get_connection() as con:
                warehouse.prepare(con)
                yield con
        except duckdb.IOException as error:
            if warehouse.is_locked(error):
                raise warehouse.in_use(Path(self.database).name) from None
            raise


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
            "warehouse": Warehouse(database=str(here.warehouse)),
        }
    )
