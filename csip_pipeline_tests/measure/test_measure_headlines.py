"""A headline measure has a value for each month in which it is whole and final, and no other."""

import re

import pytest
from given import events, standards
from given_measured import measure, month, nothing_measured

from csip_pipeline import warehouse
from csip_pipeline.measure import (
    abandonment,
    avoidable_demand,
    channel_leakage,
    channel_shift,
    digital_takeup,
    headlines,
    repeat_contacts,
    response_times,
    service_levels,
)
from csip_pipeline.reference.events import HEADLINES

SECTIONS = [
    {"level": "line", "channel": "telephone", "line": "101", "clock": "end_to_end"},
    {"level": "line", "channel": "telephone", "line": None, "clock": "end_to_end"},
    {"level": "channel", "channel": "telephone", "clock": "end_to_end"},
    {"level": "channel", "channel": "web_chat", "clock": "end_to_end"},
    {"level": "line", "channel": "web_chat", "clock": "end_to_end"},
    {"level": "line", "channel": "telephone", "line": "101", "clock": "queue"},
    {"level": "queue", "channel": "telephone", "line": "101", "clock": "end_to_end"},
    {"level": "line_hour", "channel": "telephone", "line": "101", "clock": "end_to_end"},
]


@pytest.fixture(autouse=True)
def _tables(con):
    nothing_measured(con)


def told(con):
    """Each headline measure and subject, with its values and the last month's target."""
    return {
        (one.measure, one.subject): one.months["value"].tolist() for one in headlines.headlines(con)
    }


def test_calls_are_told_by_line_and_chats_as_a_channel(con):
    levels = {"service_level": 0.8, "abandoned_share": 0.1, "offered": 9}
    waits = {"median_wait_seconds": 20, "p90_wait_seconds": 60}
    measure(con, service_levels, *({**one, **levels, **waits} for one in SECTIONS))

    expected = {**levels, **waits}.items()
    assert told(con) == {
        (name, subject): [value] for name, value in expected for subject in ("101", "web_chat")
    }


def test_a_month_without_a_value_is_left_out(con):
    rows = [
        {**SECTIONS[0], "month": month(n), "service_level": [0.8, None, 0.7][n]} for n in (0, 1, 2)
    ]
    measure(con, service_levels, *rows)

    assert told(con)["service_level", "101"] == [0.8, 0.7]


def test_only_a_service_level_or_a_share_kept_has_a_target(con):
    row = {**SECTIONS[0], "target_share": 0.9, "service_level": 0.8, "abandoned_share": 0.1}
    measure(con, service_levels, row)

    found = {one.measure: one.months["target"].tolist() for one in headlines.headlines(con)}

    assert found["service_level"] == [0.9]
    assert str(found["abandoned_share"]) == "[nan]"


def test_what_may_still_change_is_left_out(con):
    lost = {key: value for key, value in SECTIONS[0].items() if key != "clock"}
    measure(
        con,
        abandonment,
        {**lost, "lost_share": 0.02},
        {**lost, "month": month(1), "lost_share": 0.03, "is_provisional": True},
    )
    leaked = {"level": "all", "telephoned_72h_share": 0.1}
    measure(
        con,
        channel_leakage,
        leaked,
        {**leaked, "month": month(1), "is_provisional": True},
        {**leaked, "level": "service", "service": "report_a_crime", "telephoned_72h_share": 0.5},
    )
    repeats = {"level": "all", "within_days": 28, "repeat_share": 0.2, "is_whole": True}
    measure(
        con,
        repeat_contacts,
        repeats,
        {**repeats, "month": month(1), "is_whole": False},
        {**repeats, "within_days": 7, "repeat_share": 0.1},
        {**repeats, "level": "channel", "channel": "telephone", "repeat_share": 0.3},
    )

    assert told(con) == {
        ("lost_share", "101"): [0.02],
        ("telephoned_72h_share", "all"): [0.1],
        ("repeat_share_28", "all"): [0.2],
    }


def test_a_share_kept_is_of_the_clocks_met_or_missed(con):
    standards(
        con,
        {"standard_id": "a", "channel": "web_form", "clock": "resolution", "target_share": 0.9},
        {"standard_id": "b", "channel": "social", "clock": "resolution", "target_share": 0.8},
        {"standard_id": "c", "channel": "social", "clock": "resolution", "target_share": 0.7},
        {"standard_id": "d", "channel": "email", "clock": "resolution"},
    )
    clocks = {"clock": "resolution", "boundary": "<=", "queue": "x"}
    measure(
        con,
        response_times,
        *(
            {**clocks, "channel": channel, "standard_id": standard, "status": status}
            for channel, standard, status in [
                *[("web_form", "a", status) for status in ("met", "met", "met", "missed")],
                *[("web_form", "a", status) for status in ("pending", "excluded")],
                *[("social", "b", "met"), ("social", "c", "missed")],
                ("email", "d", "pending"),
            ]
        ),
        {**clocks, "clock": "answer", "channel": "telephone", "standard_id": "e", "status": "met"},
    )

    assert told(con) == {
        ("kept_share", "social resolution"): [0.5],
        ("kept_share", "web_form resolution"): [0.75],
    }
    targets = {one.subject: one.months["target"].tolist() for one in headlines.headlines(con)}
    assert targets["web_form resolution"] == [0.9]
    assert str(targets["social resolution"]) == "[nan]"


def test_contact_is_told_by_channel_and_the_digital_share_once(con):
    measure(
        con,
        channel_shift,
        {"channel": "telephone", "contacts": 7, "digital_share": 0.3},
        {"channel": "web_form", "contacts": 3, "digital_share": 0.3},
        {"channel": "social", "contacts": None, "digital_share": 0.3},
    )

    assert told(con) == {
        ("contacts", "telephone"): [7],
        ("contacts", "web_form"): [3],
        ("digital_share", "all"): [0.3],
    }


@pytest.mark.parametrize(
    ("shares", "expected"),
    [
        pytest.param([("misdial", True, 0.1), ("other_agency", True, 0.2)], [0.3], id="summed"),
        pytest.param([("misdial", True, 0.1), ("police_matter", False, 0.9)], [0.1], id="only it"),
        pytest.param([("police_matter", False, 1)], [0], id="none of it"),
        pytest.param([("unknown", False, None)], None, id="no reason known"),
    ],
)
def test_avoidable_contact_is_the_sum_of_its_groups(con, shares, expected):
    columns = ("reason_group", "is_avoidable", "share_of_known")
    rows = [{"level": "all", **dict(zip(columns, row, strict=True))} for row in shares]
    other = {**rows[0], "level": "channel", "channel": "telephone", "share_of_known": 0.9}
    measure(con, avoidable_demand, *rows, other)

    found = told(con).get(("avoidable_share", "all"))

    assert found == (None if expected is None else pytest.approx(expected))


def test_takeup_is_told_by_service(con):
    measure(con, digital_takeup, {"service": "report_a_crime", "digital_takeup": 0.4})

    assert told(con) == {("digital_takeup", "report_a_crime"): [0.4]}


@pytest.mark.parametrize(
    ("event", "bears"),
    [
        pytest.param({}, True, id="on everything"),
        pytest.param({"measure": "kept_share"}, True, id="on the measure"),
        pytest.param({"measure": "contacts"}, False, id="on another"),
        pytest.param({"subject": "web_form"}, True, id="on the channel"),
        pytest.param({"subject": "web_form resolution"}, True, id="on the clock of the channel"),
        pytest.param({"subject": "web_form first_response"}, False, id="on its other clock"),
        pytest.param({"subject": "101"}, False, id="on a line"),
        pytest.param({"measure": "contacts", "subject": "web_form"}, False, id="on only one"),
    ],
)
def test_an_event_bears_on_what_it_names(con, event, bears):
    clock = {"channel": "web_form", "clock": "resolution", "boundary": "<=", "status": "met"}
    measure(con, response_times, clock)
    events(con, {"event": "new_team", **event})

    (headline,) = headlines.headlines(con)

    assert (len(headline.events) == 1) == bears


def test_an_event_may_name_every_measure_whose_trend_is_drawn_and_no_other():
    named = re.findall(r"'measure': '(\w+)'", warehouse.read_query("measure/headlines"))

    assert sorted(named) == HEADLINES
