"""A sheet says what its table holds: who is counted how, and what an interval allows to say."""

import datetime as dt

import pandas as pd
import pytest
from given import PROMISES, contacts, notices, rebuilt, standards, the_one
from pack_given import NOVEMBER, figures

from csip_pipeline import promises, warehouse
from csip_pipeline.measure import breaches, callbacks, response_times
from csip_pipeline.measure.definitions import definitions
from csip_pipeline.publish import (
    callback_list,
    pack_channels,
    pack_definitions,
    pack_demand,
    pack_explanations,
    pack_giving_up,
    pack_hours,
    pack_subjects,
    pack_waits,
)

OCTOBER = dt.date(2026, 10, 1)


def column(table, heading):
    """The values under a heading."""
    (name,) = (each.name for each in table.columns if each.heading == heading)
    return table.rows[name].tolist()


def test_giving_up_is_counted_four_ways_a_row_each():
    given_up = {
        "abandoned": 10,
        "after_seconds": 60,
        "abandoned_after": 7,
        "abandoned_after_share": 0.07,
        "called_back": 2,
        "explained": 1,
        "lost": 3,
        "unknown": 1,
        "lost_share": 0.03,
        "lost_share_lower": 0.01,
        "lost_share_at_most": 0.04,
    }
    table = pack_giving_up.abandonment(figures(abandonment=[given_up]))

    assert dict(zip(column(table, "Who is counted"), column(table, "Callers"), strict=True)) == {
        "Everybody who gave up": 10,
        "Gave up after 60 seconds or more": 7,
        "Gave up, and not called back or told why": 7,
        "Lost: not heard of again": 3,
        "Lost at most": 4,
    }
    assert column(table, "At least")[-2:] == [0.01, "[z]"]
    assert column(table, "Share")[1:] == [0.07, pd.NA, 0.03, 0.04]


def test_a_line_whose_standard_names_no_time_has_no_second_way():
    table = pack_giving_up.abandonment(figures(abandonment=[{}]))

    assert len(table.rows) == 4
    assert not any("seconds" in way for way in column(table, "Who is counted"))


def test_a_time_that_changed_within_the_month_is_not_named():
    row = {"abandoned_after": 4, "after_seconds": None}
    table = pack_giving_up.abandonment(figures(abandonment=[row]))

    assert column(table, "Who is counted")[1] == "Gave up after the time of their standard"


@pytest.mark.parametrize(
    ("open_ones", "provisional"),
    [
        pytest.param(
            {"is_provisional": True, "is_net_provisional": True}, [True, True, True], id="fates"
        ),
        pytest.param({"is_net_provisional": True}, [True, False, False], id="explanations only"),
        pytest.param({}, [False, False, False], id="nothing"),
    ],
)
def test_only_what_happened_after_giving_up_is_provisional(open_ones, provisional):
    row = {"after_seconds": 30, **open_ones}
    table = pack_giving_up.abandonment(figures(abandonment=[row]))

    assert column(table, "Provisional") == [False, False, *provisional]


def test_ways_stand_together_by_line_and_month():
    rows = [{}, {"line": "999"}, {"month": NOVEMBER}]
    table = pack_giving_up.abandonment(figures(abandonment=rows))

    subjects = list(
        zip(table.rows["month"].dt.month, column(table, "Line or channel"), strict=True)
    )
    assert subjects == [(10, "101 calls")] * 4 + [(10, "999 calls")] * 4 + [(11, "101 calls")] * 4


def test_a_channel_that_has_lines_is_not_counted_beside_them():
    rows = [
        {},
        {"level": "channel", "line": None},
        {"level": "queue", "queue": "enquiries"},
        {"level": "channel", "channel": "web_chat", "line": None},
    ]
    table = pack_giving_up.fates(figures(abandonment=rows))

    assert column(table, "Line or channel") == ["101 calls", "Web chat"]


@pytest.mark.parametrize(
    ("lower", "upper", "meaning"),
    [
        pytest.param(0.001, 0.02, "Up", id="all above nought"),
        pytest.param(-0.02, -0.001, "Down", id="all below nought"),
        pytest.param(-0.01, 0.02, "No clear change", id="spans nought"),
        pytest.param(0.0, 0.02, "No clear change", id="ends on nought"),
        pytest.param(None, None, None, id="nothing to compare with"),
    ],
)
def test_a_change_is_clear_only_beyond_chance(lower, upper, meaning):
    change = "share_change_on_last_month"
    row = {f"{change}_lower": lower, f"{change}_upper": upper, change: 0.01}
    table = pack_channels.channel_change(figures(channel_shift=[row]))

    own = table.rows[
        (table.rows["channel"] == "Web forms") & (table.rows["compared"] == "Last month")
    ]
    assert own["meaning"].tolist() == [meaning]
    assert own["change"].tolist() == pytest.approx([1.0])


def test_the_digital_share_is_compared_as_each_channel_is():
    row = {"share": 0.2, "digital_share": 0.3, "digital_share_change_on_last_year": -0.05}
    table = pack_channels.channel_change(figures(channel_shift=[row]))

    digital = table.rows[table.rows["channel"] == "All digital"]
    assert digital["now"].tolist() == [0.3, 0.3]
    assert digital["change"].tolist()[1] == pytest.approx(-5)


def test_a_service_goes_by_the_name_the_panel_knows():
    rows = [{"level": "all"}, {"service": "report_asb", "title": "Report antisocial behaviour"}]
    table = pack_channels.leakage(figures(channel_leakage=rows))

    assert column(table, "Service") == ["All services", "Report antisocial behaviour"]


@pytest.mark.parametrize(
    ("table", "more"),
    [
        pytest.param("channel_leakage", {"level": "service"}, id="leakage"),
        pytest.param("digital_takeup", {}, id="take-up"),
    ],
)
def test_what_a_supplier_calls_a_service_of_its_own_accord_is_not_published(con, table, more):
    con.execute("insert into reference.queues by name select 'asb' as queue, 'Disorder' as title")
    numbers = {
        name: 0
        for name, kind in promises.duckdb_columns(PROMISES[f"measure.{table}"]).items()
        if kind == "BIGINT"
    }
    for service in ("asb", "John Smith, 1 High Street"):
        row = {"month": OCTOBER, "service": service, "is_provisional": False, **numbers, **more}
        promised = promises.duckdb_columns(PROMISES[f"measure.{table}"])
        named = {name: value for name, value in row.items() if name in promised}
        columns = ", ".join(named)
        values = ", ".join(f"${name}" for name in named)
        con.execute(f"insert into measure.{table} ({columns}) values ({values})", named)

    query = warehouse.read_query(f"publish/pack_{table}")
    months = {"first_month": OCTOBER, "last_month": OCTOBER}
    assert warehouse.fetch(con, query, months)["title"].tolist() == ["Disorder"]


def test_hours_of_the_cycle_are_added_up_before_they_are_judged():
    rows = [
        {"offered": 10, "answered_within": 9},
        {"month": NOVEMBER, "offered": 30, "answered_within": 15},
    ]
    given = figures(hours=rows)

    assert column(pack_hours.demand(given), "Monday") == [40]
    assert column(pack_hours.in_time(given), "Monday") == [0.6]
    assert column(pack_hours.demand(given), "Hour") == ["09:00 to 10:00"]


def test_an_hour_of_nobody_has_a_count_and_no_share():
    given = figures(hours=[{"offered": 1, "answered_within": 1, "weekday": 7}])

    assert column(pack_hours.demand(given), "Monday") == [0]
    assert column(pack_hours.in_time(given), "Monday") == ["[z]"]
    assert column(pack_hours.in_time(given), "Sunday") == [1]


def test_an_hour_without_a_standard_in_one_month_has_no_share():
    rows = [{"offered": 1, "answered_within": 1}, {"month": NOVEMBER, "offered": 1}]

    (share,) = column(pack_hours.in_time(figures(hours=rows)), "Monday")
    assert pd.isna(share)


def test_reasons_stand_in_one_order_and_all_contact_comes_first():
    rows = [
        {"reason_group": "unknown"},
        {"reason_group": "police_matter"},
        {"level": "all", "channel": None, "line": None},
        {"level": "channel", "line": None},
    ]
    table = pack_demand.avoidable_demand(figures(avoidable_demand=rows))

    assert column(table, "Line or channel") == ["All contact", "101 calls", "101 calls"]
    assert column(table, "Reason") == ["Wrong number", "A matter for the police", "Not recorded"]


def test_windows_of_repeats_stand_shortest_first():
    rows = [{"within_days": 28}, {}]
    table = pack_demand.repeat_contacts(figures(repeat_contacts=rows))

    assert column(table, "In touch before, within") == ["7 days", "28 days"]


def test_a_channel_without_lines_stands_there_once():
    chat = {"channel": "web_chat", "line": None}
    rows = [chat | {"level": "channel"}, chat, {}]
    table = pack_demand.repeat_contacts(figures(repeat_contacts=rows))

    assert column(table, "Line or channel") == ["Web chat", "101 calls"]


def test_savings_say_in_the_title_that_no_budget_falls():
    table = pack_channels.savings(figures(channel_savings=[{"saving_low": -1, "saving_high": 2}]))

    assert "capacity, not cash" in table.title
    assert (column(table, "In all, at least"), column(table, "In all, at most")) == ([-1], [2])


def test_wait_bands_sum_to_everybody_answered():
    bands = {name: number for number, (name, _) in enumerate(pack_waits.BANDS)}
    row = {**bands, "answered": sum(bands.values())}
    table = pack_waits.wait_bands(figures(service_levels=[row]))

    counts = [value for name, _ in pack_waits.BANDS for value in table.rows[name]]
    assert sum(counts) == column(table, "All answered")[0]


def test_what_became_of_explanations_stands_by_kind_of_promise_and_in_all():
    kind = {"level": "kind", "channel": "web_form", "clock": "first_response"}
    counts = {"notices": 6, "due": 1, "issued": 2, "held": 3}
    median = {"median_seconds_to_explanation": 129_600}
    rows = [counts | median, kind | counts]
    table = pack_explanations.explanations(figures(callbacks=rows))

    assert column(table, "Channel") == ["All channels", "Web forms"]
    assert column(table, "Promise") == ["All promises", "To reply first"]
    assert column(table, "Waiting") == [3, 3]
    assert column(table, "Median days") == [1.5, pd.NA]


def test_the_states_of_an_explanation_that_are_shown_sum_to_those_owed(con):
    states = list(callback_list.STATES)
    notices(con, *({"state": state, "month": OCTOBER} for state in states))
    rebuilt(con, callbacks.TABLE)
    months = {"first_month": OCTOBER, "last_month": OCTOBER}
    found = warehouse.fetch(con, warehouse.read_query("publish/pack_callbacks"), months)
    table = pack_explanations.explanations(figures(callbacks=found))

    names = [one.name for one in table.columns]
    shown = names[names.index("explained") : names.index("expired") + 1]
    assert table.rows[shown].sum(axis=1).tolist() == column(table, "Owed") == [8, 8]


def test_a_person_whose_notice_was_withdrawn_is_no_longer_to_be_told(con):
    standards(con, {"explain_within_days": 40})
    late = {"wait_seconds": 500, "received_at": "2026-10-05 09:00"}
    contacts(con, *(late | {"person_key": person} for person in ("ann", "bob", "cat")))
    for table in (response_times.TABLE, breaches.TABLE):
        rebuilt(con, table)
    states = {"ann": "due", "bob": "held", "cat": "withdrawn"}
    notices(
        con,
        *(
            {"month": OCTOBER, "person_key": person, "state": state}
            for person, state in states.items()
        ),
    )

    months = {"first_month": OCTOBER, "last_month": OCTOBER}
    query = warehouse.read_query("publish/pack_breaches")
    found = the_one(warehouse.fetch(con, query, months))

    assert (found["missed"], found["people"], found["people_held"]) == (3, 2, 1)


def test_a_table_without_rows_is_left_out():
    tables = (pack_giving_up.abandonment(figures()), pack_hours.demand(figures()))

    assert pack_subjects.with_rows(tables) == ()


def test_every_definition_stands_in_the_pack_word_for_word_without_backticks():
    rows = pack_definitions.table().rows

    said = {(row.measure, row.question): row.answer for row in rows.itertuples()}
    for one in definitions():
        assert said[one.title, "In plain words"] == one.says
        assert said[one.title, "At the edges"] == one.edges.replace("`", "")
    assert len(rows) == 5 * len(definitions())
    assert not rows["answer"].str.contains("`", regex=False).any()


def test_a_definition_put_better_restates_no_figure(press):
    edition = press.first()
    (kept,) = edition.restricted.parent.glob("*_figures.json")

    assert b'"sheet":"Definitions"' not in kept.read_bytes()
    assert b'"sheet":"Waits"' in kept.read_bytes()
