"""A headline measure has a value for each month in which it is whole and final, and no other."""

import re

import pandas as pd
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


COUNTED = {
    ("service_level", "101"): [60, 80],
    ("abandoned_share", "101"): [8, 80],
    ("median_wait_seconds", "101"): [None, 72],
    ("p90_wait_seconds", "101"): [None, 72],
    ("offered", "101"): [None, 80],
    ("lost_share", "101"): [2, 80],
    ("kept_share", "social resolution"): [3, 4],
    ("digital_share", "all"): [6, 15],
    ("contacts", "telephone"): [None, 9],
    ("contacts", "web_form"): [None, 6],
    ("avoidable_share", "all"): [5, 20],
    ("repeat_share_28", "all"): [4, 16],
    ("digital_takeup", "report_a_crime"): [9, 12],
    ("telephoned_72h_share", "all"): [1, 5],
}
"""The part and the whole of each headline measure of what is counted below."""


@pytest.fixture
def _counted(con):
    line = {"level": "line", "channel": "telephone", "line": "101"}
    calls = {"offered": 80, "answered": 72, "abandoned": 8, "answered_within": 60}
    waits = {"median_wait_seconds": 20, "p90_wait_seconds": 60}
    shares = {"service_level": 60 / 80, "abandoned_share": 8 / 80}
    measure(con, service_levels, {**line, "clock": "end_to_end", **calls, **waits, **shares})
    measure(con, abandonment, {**line, "offered": 80, "lost": 2, "lost_share": 2 / 80})
    clock = {"channel": "social", "clock": "resolution", "boundary": "<=", "queue": "x"}
    clocked = ["met", "met", "met", "missed", "pending", "excluded"]
    measure(con, response_times, *({**clock, "status": status} for status in clocked))
    whole = {"contacts_on_all_channels": 15, "digital_share": 6 / 15}
    by_channel = [("web_form", 6), ("telephone", 9)]
    measure(con, channel_shift, *({"channel": c, "contacts": n, **whole} for c, n in by_channel))
    groups = [("misdial", True, 2), ("other_agency", True, 3), ("police_matter", False, 15)]
    reasons = [
        {"reason_group": group, "is_avoidable": avoidable, "contacts": n, "share_of_known": n / 20}
        for group, avoidable, n in groups
    ]
    unknown = {"reason_group": "unknown", "contacts": 7}
    measure(con, avoidable_demand, *({"level": "all", **row} for row in [*reasons, unknown]))
    repeats = {"contacts": 18, "judged": 16, "repeats": 4, "repeat_share": 4 / 16, "is_whole": True}
    measure(con, repeat_contacts, {"level": "all", "within_days": 28, **repeats})
    done = {"completed_online": 9, "completed_by_telephone": 3, "completed": 12}
    measure(con, digital_takeup, {"service": "report_a_crime", **done, "digital_takeup": 9 / 12})
    people = {"people": 5, "telephoned_72h": 1, "telephoned_72h_share": 1 / 5}
    measure(con, channel_leakage, {"level": "all", **people})


@pytest.mark.usefixtures("_counted")
def test_each_value_stands_beside_the_counts_that_it_is_of(con):
    found = {
        (one.measure, one.subject): [
            None if pd.isna(count) else count for count in one.months[["part", "whole"]].iloc[0]
        ]
        for one in headlines.headlines(con)
    }

    assert found == COUNTED


@pytest.mark.usefixtures("_counted")
def test_a_share_is_its_part_of_its_whole(con):
    shares = [one for one in headlines.headlines(con) if one.unit == "share"]

    assert {(one.measure, one.subject) for one in shares} == {
        about for about, (part, _) in COUNTED.items() if part
    }
    for one in shares:
        counted = one.months["part"] / one.months["whole"]
        assert counted.tolist() == pytest.approx(one.months["value"].tolist())


def test_a_share_of_none_is_nobody_of_its_whole(con):
    whole = {"contacts_on_all_channels": 9, "digital_share": 0}
    measure(con, channel_shift, {"channel": "telephone", "contacts": 9, **whole})
    wanted = {"reason_group": "police_matter", "contacts": 9, "share_of_known": 1}
    measure(con, avoidable_demand, {"level": "all", **wanted})

    shares = [one.months.iloc[0] for one in headlines.headlines(con) if one.unit == "share"]

    assert [(row["part"], row["whole"]) for row in shares] == [(0, 9), (0, 9)]


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
