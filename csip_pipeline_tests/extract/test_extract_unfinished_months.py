"""A month is unfinished from the beginning of its run until one has got through."""

import datetime as dt

from csip_pipeline import warehouse
from csip_pipeline.extract import unfinished_months

OCTOBER = dt.date(2026, 10, 1)


def test_a_month_is_unfinished_from_its_beginning_until_a_run_got_through(tmp_path):
    with warehouse.connected(tmp_path / "warehouse.duckdb") as con:
        before = unfinished_months.read(con)
        unfinished_months.begin(con, OCTOBER)
        unfinished_months.begin(con, OCTOBER)
        begun = con.execute(f"select month from {unfinished_months.NAME}").fetchall()
        unfinished_months.finish(con, OCTOBER)

        assert (before, begun) == (set(), [(OCTOBER,)])
        assert unfinished_months.read(con) == set()
