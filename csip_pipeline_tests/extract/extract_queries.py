"""A format's two queries by themselves: rows of text in, the feed's rows out, held to its promise.

It stands in for the reading and the keeping of files, which have tests of their own.
"""

import datetime as dt
from collections.abc import Iterable, Mapping

import pandas as pd
import pyarrow as pa

from csip_pipeline import promises, warehouse

EXTRACTED = dt.datetime(2026, 12, 1, tzinfo=dt.UTC)


class Queries:
    """The two queries of a format, and the files read with them so far."""

    def __init__(
        self,
        queries: tuple[str, str],
        columns: Iterable[str],
        parameters: Mapping[str, object],
    ) -> None:
        """Take the query of rows, the query that assembles, the columns and the parameters."""
        self.rows_query, self.assemble_query = map(warehouse.read_query, queries)
        self.columns = tuple(columns)
        self.parameters = dict(parameters)
        self.con = warehouse.duckdb.connect(":memory:")
        warehouse.prepare(self.con)
        self.files = 0

    def file(self, *rows: Mapping[str, str], first_row: int = 1) -> None:
        """Read a file of these rows; columns that they do not name are empty."""
        self.files += 1
        cells = {name: [row.get(name) or None for row in rows] for name in self.columns}
        numbers = pa.array(range(first_row, first_row + len(rows)), pa.int64())
        given = pa.table(
            {"source_row": numbers} | {k: pa.array(v, pa.string()) for k, v in cells.items()}
        )
        self.con.register("cells", given)
        judged = self.con.sql(self.rows_query, params=self.parameters).to_arrow_table()
        self.con.register("judged", judged)
        told = (
            "select * exclude (faults) replace ("
            "if(len(faults) > 0, 'quarantined', disposition) as disposition), "
            f"{self.files}::bigint as file_id, "
            f"'{EXTRACTED.isoformat()}'::timestamptz as extracted_at, faults from judged"
        )
        known = self.con.execute("select 1 from duckdb_tables() where table_name = 'records'")
        made = known.fetchall()
        self.con.execute(
            f"insert into records {told}" if made else f"create table records as {told}"
        )
        assert len(judged) == len(rows)

    def ends(self) -> dict[str, int]:
        """How many rows had each disposition."""
        return dict(self._all("select disposition, count(*) from records group by 1 order by 1"))

    def faults(self) -> list[tuple[int, str, str]]:
        """Each fault: source_row, column, promise."""
        return self._all(
            'select source_row, fault."column", fault.promise '
            "from records, unnest(faults) as unnested (fault) order by all"
        )

    def months(self) -> list[str]:
        """The months that rows stand in."""
        return [
            row[0] for row in self._all("select distinct month::varchar from records order by 1")
        ]

    def kept(self, promise: type[promises.Promise]) -> pd.DataFrame:
        """The feed's rows, the newest version of each, all keeping their promise."""
        rows, broken = self.judged(promise)
        assert broken.empty, broken
        return rows

    def judged(self, promise: type[promises.Promise]) -> tuple[pd.DataFrame, pd.DataFrame]:
        """The feed's rows, the newest version of each, and the promises that they break."""
        self.con.execute(f"create or replace table assembled as {self.assemble_query}")
        named = [row[0] for row in self._all("describe assembled")]
        identity = {"call_id": "call_id, leg", "chat_id": "chat_id"}
        key = next(by for name, by in identity.items() if name in named)
        newest = "version_at" if "version_at" in named else "extracted_at"
        rows = self.con.execute(
            f"select * from assembled qualify row_number() over (partition by {key} "
            f"order by {newest} desc, origin[1].file_id desc) = 1 order by {key}"
        ).df()
        promised = rows[[*promises.duckdb_columns(promise)]]
        return rows, promises.failures(promised, promise)

    def _all(self, sql: str) -> list[tuple]:
        return self.con.execute(sql).fetchall()


def of_format(module, options: Mapping[str, object] | None = None) -> Queries:
    """The queries of a format's module with a source's options."""
    return Queries(
        (module.ROWS, module.ASSEMBLE),
        (*module.NEEDED, *module.OPTIONAL),
        module.parameters(options or {}),
    )
