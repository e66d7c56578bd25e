"""A column comes from the columns that its value is worked out from, through every step of SQL."""

import pytest

from csip_pipeline import column_lineage, promises
from csip_pipeline.defs import columns
from csip_pipeline.warehouse import read_query

KNOWN = {
    "extract.calls": {"call_id": "VARCHAR", "line": "VARCHAR", "waited": "BIGINT"},
    "extract.forms": {"form_id": "VARCHAR", "service": "VARCHAR"},
    "reference.standards": {"line": "VARCHAR", "within": "BIGINT"},
}
COUNTED_OR_WRITTEN = {
    "harmonise.call_legs": {"channel"},
    "harmonise.contacts": {"legs"},
    "extract.missing_hours": {"feed"},
    "measure.avoidable_demand": {
        "reason_group",
        "is_avoidable",
        "contacts",
        "contacts_in_all",
        "share",
        "share_lower",
        "share_upper",
        "share_of_known",
        "share_of_known_lower",
        "share_of_known_upper",
    },
    "measure.channel_leakage": {"gross_shift"},
    "measure.channel_savings": {"gross_shift", "leaked", "net_shift", "kind"},
    "measure.event_effects": {"unit", "improvement"},
    "measure.panel_results": {"calls", "sampled"},
    "measure.repeat_contacts": {"within_days", "contacts", "is_whole"},
    "measure.service_levels": {"clock"},
    "measure.staffing": {"weekday", "hour", "hours_in_month", "calls", "calls_per_hour"},
    "measure.trends": {"unit", "improvement"},
    "measure.unnecessary_calls": {"calls", "coded", "heard"},
    "publish.callback_list": {"breaches"},
}
"""Columns that count rows, or whose values stand in the query: nothing to come from."""


@pytest.mark.parametrize(
    ("sql", "sources"),
    [
        pytest.param(
            "select waited as wait from extract.calls",
            {"wait": [("extract.calls", "waited")]},
            id="renamed",
        ),
        pytest.param(
            "select waited > within as is_late from extract.calls "
            "inner join reference.standards using (line)",
            {"is_late": [("extract.calls", "waited"), ("reference.standards", "within")]},
            id="worked out of two tables",
        ),
        pytest.param(
            "select call_id from extract.calls "
            "inner join reference.standards using (line) where within > 0",
            {"call_id": [("extract.calls", "call_id")]},
            id="what only joins or filters is no source",
        ),
        pytest.param(
            "with long as (select * from extract.calls), "
            "doubled as (select call_id, waited * 2 as twice from long) select * from doubled",
            {"call_id": [("extract.calls", "call_id")], "twice": [("extract.calls", "waited")]},
            id="through two steps and their stars",
        ),
        pytest.param(
            "select call_id as id, line as place from extract.calls "
            "union all select form_id, service from extract.forms",
            {
                "id": [("extract.calls", "call_id"), ("extract.forms", "form_id")],
                "place": [("extract.calls", "line"), ("extract.forms", "service")],
            },
            id="rows under each other, by place",
        ),
        pytest.param(
            "select line as place, call_id as id from extract.calls "
            "union all by name select form_id as id, service as place from extract.forms "
            "union all by name select null as id, line as place from reference.standards",
            {
                "place": [
                    ("extract.calls", "line"),
                    ("extract.forms", "service"),
                    ("reference.standards", "line"),
                ],
                "id": [("extract.calls", "call_id"), ("extract.forms", "form_id")],
            },
            id="rows under each other, by name",
        ),
        pytest.param(
            "select count(*) as calls, 'telephone' as channel from extract.calls",
            {"calls": [], "channel": []},
            id="a count of rows and a word of the query have none",
        ),
        pytest.param(
            "select (select max(within) from reference.standards) as longest from extract.calls",
            {"longest": [("reference.standards", "within")]},
            id="a query within a column",
        ),
        pytest.param(
            "select waited + 1 as later, later * 2 as twice from extract.calls",
            {"later": [("extract.calls", "waited")], "twice": [("extract.calls", "waited")]},
            id="a column by the name that the same select gave it",
        ),
        pytest.param(
            "with recursive nested as (select call_id, waited as depth from extract.calls "
            "union all select call_id, depth + 1 from nested where depth < 3) "
            "select call_id, depth from nested",
            {"call_id": [("extract.calls", "call_id")], "depth": [("extract.calls", "waited")]},
            id="a query that reads itself",
        ),
    ],
)
def test_a_column_comes_from_what_its_value_is_worked_out_from(sql, sources):
    assert column_lineage.of_query(sql, KNOWN) == sources


def test_a_column_that_no_table_has_is_refused():
    with pytest.raises(ValueError, match="sources of a query's columns"):
        column_lineage.of_query("select walked from extract.calls", KNOWN)


@pytest.mark.parametrize("name", columns.FROM_QUERIES)
def test_every_column_of_a_query_comes_from_columns_that_are_there(name):
    table = columns.FROM_QUERIES[name]
    known = {
        each: promises.duckdb_columns(promise)
        for each, promise in (columns.PROMISES | columns.BESIDE_ASSETS).items()
    }
    found = column_lineage.together(
        column_lineage.of_query(read_query(query), known) for query in table.queries
    )

    sources = {source for each in found.values() for source in each}
    assert {one for one in sources if one[1] not in known[one[0]]} == set()
    assert {read for read, _ in sources} <= table.reads
    assert {each for each in found if not found[each]} == COUNTED_OR_WRITTEN.get(name, set())
    if table.made is None:
        assert found.keys() | {"month"} >= known[name].keys() or name == "publish.callback_list"
