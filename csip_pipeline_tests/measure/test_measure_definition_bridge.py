"""A change of a standard is told apart from a change of service: months near it, under both."""

import pandas as pd
import pytest
from given import contacts, legs, opening_hours, rebuilt, standards

from csip_pipeline import warehouse
from csip_pipeline.calendars import months_after, parse_month
from csip_pipeline.measure import definition_bridge, response_times, service_levels

OLD = {"standard_id": "old", "within_seconds": 60, "applies_until_on": "2026-02-01"}
NEW = {"standard_id": "new", "within_seconds": 120, "applies_from_on": "2026-02-01"}
FORM = {"channel": "web_form", "clock": "first_response"}
JANUARY, FEBRUARY, MARCH = "2026-01-05 09:00", "2026-02-05 09:00", "2026-03-05 09:00"
POINTS = ["change_points", "rule_points", "real_points"]


def changed(con, old=(), new=(), *others):
    """Promise an answer within one minute until February 2026, and within two from then on."""
    standards(con, {**OLD, **dict(old)}, {**NEW, **dict(new)}, *others)


def calls(con, received_at, *waits, **usual):
    contacts(con, *({"received_at": received_at, "wait_seconds": wait, **usual} for wait in waits))


def bridge(con):
    """The whole table, in order, with months as text and None for null."""
    found = rebuilt(con, definition_bridge.TABLE)
    found = found.sort_values(["changed_on", "old_standard_id", "month"], ignore_index=True)
    for name in ("changed_on", "month", "compared_with_month"):
        found[name] = found[name].dt.strftime("%Y-%m-%d")
    return found.astype(object).where(found.notna(), None)


def sides(con):
    """Each month and the side that it is on."""
    found = bridge(con)
    return {month[:7]: side for month, side in zip(found["month"], found["side"], strict=True)}


def values(con):
    """Each month's figure under the old rule and under the new one."""
    found = bridge(con)
    names = ["value_under_old", "value_under_new"]
    return dict(zip(found["month"].str[:7], found[names].to_numpy().tolist(), strict=True))


def test_better_figures_may_be_a_softer_rule_over_a_worse_service(con):
    changed(con)
    calls(con, JANUARY, 30, 30, 90, 150)  # 2 of 4 in one minute, 3 of 4 in two
    calls(con, FEBRUARY, 30, 90, 90, 150)  # 1 of 4 in one minute, 3 of 4 in two

    before, after = bridge(con).to_dict("records")

    assert (before["side"], before["judged_under_old"], before["judged_under_new"]) == (
        "before",
        4,
        4,
    )
    assert (before["value_under_old"], before["value_under_new"]) == (0.5, 0.75)
    assert [before["compared_with_month"], *(before[name] for name in POINTS)] == [None] * 4
    assert (after["side"], after["measure"]) == ("after", "service_level")
    assert (after["value_under_old"], after["value_under_new"]) == (0.25, 0.75)
    assert after["compared_with_month"] == "2026-01-01"
    # published 50 % and then 75 %; the rule gave 25 points in January, 50 in February
    assert [after[name] for name in POINTS] == [0.25, 0.375, -0.125]


def test_the_rule_that_was_in_force_gives_what_was_published(con):
    changed(con)
    calls(con, JANUARY, 30, 60, 61)
    calls(con, FEBRUARY, 90, 120, 121, 130)

    published = rebuilt(con, service_levels.TABLE)
    of_the_channel = published[published["level"] == "channel"].groupby("month")["service_level"]
    january, february = of_the_channel.max()

    found = values(con)
    assert found["2026-01"][0] == january == 2 / 3
    assert found["2026-02"][1] == february == 1 / 2


def test_of_a_change_on_the_first_that_month_is_after_and_none_is_both(con):
    changed(con)
    calls(con, "2026-01-31 23:59:59.999999", 90)
    calls(con, "2026-02-01 00:00", 90)

    assert sides(con) == {"2026-01": "before", "2026-02": "after"}
    assert values(con) == {"2026-01": [0, 1], "2026-02": [0, 1]}


def test_midnight_is_londons(con):
    changed(con, {"applies_until_on": "2026-07-01"}, {"applies_from_on": "2026-07-01"})
    calls(con, "2026-06-30 22:59:59", 90)
    calls(con, "2026-06-30 23:00", 30)

    assert sides(con) == {"2026-06": "before", "2026-07": "after"}
    assert values(con) == {"2026-06": [0, 1], "2026-07": [1, 1]}


@pytest.mark.parametrize("day", ["2026-02-02", "2026-02-28"])
def test_the_month_of_a_change_within_it_is_under_both_and_compared_with_none(con, day):
    changed(con, {"applies_until_on": day}, {"applies_from_on": day})
    for received_at in (JANUARY, FEBRUARY, MARCH):
        calls(con, received_at, 30, 90)

    found = bridge(con)

    assert found["side"].tolist() == ["before", "during", "after"]
    assert found["compared_with_month"].tolist() == [None, None, "2026-01-01"]
    assert found[POINTS].to_numpy().tolist() == [[None] * 3, [None] * 3, [0.5, 0.5, 0]]
    assert found["value_under_old"].tolist() == [0.5] * 3  # of the whole of each month
    assert found["value_under_new"].tolist() == [1] * 3


@pytest.mark.parametrize(
    ("day", "first", "last", "during"),
    [
        pytest.param("2026-01-01", "2025-07", "2026-06", [], id="on the first"),
        pytest.param("2026-01-02", "2025-07", "2026-07", ["2026-01"], id="within a month"),
    ],
)
def test_six_whole_months_on_either_side_are_told(con, day, first, last, during):
    changed(con, {"applies_until_on": day}, {"applies_from_on": day})
    for n in range(20):
        calls(con, f"{months_after(parse_month('2025-03'), n)} 12:00", 30)

    found = sides(con)

    assert (min(found), max(found)) == (first, last)
    assert [month for month, side in found.items() if side == "during"] == during
    assert [*found.values()].count("before") == [*found.values()].count("after") == 6


def test_every_month_after_is_compared_with_the_last_one_before(con):
    changed(con)
    for n in range(7):
        calls(con, f"{months_after(parse_month('2025-11'), n)} 12:00", 30)
    con.execute("delete from harmonise.contacts where month = '2026-01-01'")  # never came

    found = bridge(con)

    after = found[found["side"] == "after"]
    assert after["compared_with_month"].tolist() == ["2025-12-01"] * 4


@pytest.mark.parametrize(
    ("old_from", "new_until", "expected"),
    [
        pytest.param("2026-01-01", "2026-03-01", ["before", "after"], id="of one month each"),
        pytest.param("2026-01-02", None, ["after", "after"], id="the old began within January"),
        pytest.param("2025-01-01", "2026-03-31", ["before", "after"], id="the new ended in March"),
        pytest.param("2025-01-01", "2026-04-01", ["before", "after", "after"], id="March is whole"),
    ],
)
def test_a_month_that_neither_rule_held_all_days_is_not_told(con, old_from, new_until, expected):
    changed(con, {"applies_from_on": old_from}, {"applies_until_on": new_until})
    for received_at in (JANUARY, FEBRUARY, MARCH):
        calls(con, received_at, 30)

    assert bridge(con)["side"].tolist() == expected


@pytest.mark.parametrize(
    ("old", "new", "before", "after"),
    [
        pytest.param("<", "<=", [0.5, 1], [0.5, 1], id="at last counts"),
        pytest.param("<=", "<", [1, 0.5], [1, 0.5], id="no longer counts"),
        pytest.param("<=", "<=", [1, 1], [1, 1], id="other words only"),
    ],
)
def test_who_waited_exactly_so_long_turns_on_the_boundary(con, old, new, before, after):
    changed(con, {"boundary": old}, {"boundary": new, "within_seconds": 60, "wording": "New."})
    calls(con, JANUARY, 59, 60)
    calls(con, FEBRUARY, 59, 60)

    found = bridge(con)

    assert values(con) == {"2026-01": before, "2026-02": after}
    difference = after[1] - before[0]
    assert found[POINTS].iloc[1].tolist() == [difference, difference, 0]


def test_other_words_for_the_same_rule_are_told_and_did_nothing(con):
    changed(con, {}, {"within_seconds": 60, "wording": "One minute, we hope."})
    calls(con, JANUARY, 30, 90)
    calls(con, FEBRUARY, 30, 30)

    found = bridge(con).iloc[1]

    assert found[POINTS].tolist() == [0.5, 0, 0.5]


@pytest.mark.parametrize(
    ("new", "told"),
    [
        pytest.param({}, 0, id="cited from another charter"),
        pytest.param({"explain_within_days": 40}, 0, id="with a promise to explain"),
        pytest.param({"wording": "One minute, we hope."}, 2, id="in other words"),
        pytest.param({"target_share": 0.9}, 2, id="with another target"),
        pytest.param({"abandoned_after_seconds": 60}, 2, id="with another figure of giving up"),
        pytest.param({"calendar": "desk"}, 2, id="in other hours"),
    ],
)
def test_a_standard_that_goes_on_under_another_name_is_no_change(con, new, told):
    opening_hours(con, {})
    changed(con, {}, {"within_seconds": 60, "citation": "Charter of 2026, section 1", **new})
    calls(con, JANUARY, 30)
    calls(con, FEBRUARY, 30)

    assert len(bridge(con)) == told


def test_without_a_month_before_a_month_after_has_figures_and_no_change(con):
    changed(con)
    calls(con, FEBRUARY, 30, 90)

    (found,) = bridge(con).to_dict("records")

    assert (found["side"], found["value_under_old"], found["value_under_new"]) == ("after", 0.5, 1)
    assert [found["compared_with_month"], *(found[name] for name in POINTS)] == [None] * 4


def test_where_nobody_was_offered_there_is_no_figure_and_no_change(con):
    changed(con)
    calls(con, JANUARY, 30)
    contacts(con, {"channel": "web_form", "received_at": FEBRUARY})

    after = bridge(con).iloc[1]

    assert (after["judged_under_old"], after["judged_under_new"]) == (0, 0)
    assert after[["value_under_old", "value_under_new", *POINTS]].tolist() == [None] * 5
    assert after["compared_with_month"] == "2026-01-01"


def test_who_gave_up_was_offered_and_not_answered_in_time(con):
    changed(con)
    calls(con, JANUARY, 30, 30)
    calls(con, FEBRUARY, 30)
    calls(con, FEBRUARY, 10, outcome="abandoned")
    calls(con, FEBRUARY, 10, outcome="voicemail")

    after = bridge(con).iloc[1]

    assert (after["judged_under_new"], after["value_under_new"]) == (2, 0.5)


def test_callers_are_counted_and_not_their_stays_in_a_queue(con):
    changed(con)
    calls(con, JANUARY, 90)
    legs(con, {"wait_seconds": 30}, {"wait_seconds": 60})

    (found,) = bridge(con).to_dict("records")

    assert (found["judged_under_old"], found["value_under_old"]) == (1, 0)


@pytest.mark.parametrize(
    ("level", "judged", "value"),
    [
        pytest.param({}, 5, 2 / 5, id="channel: its other lines too"),
        pytest.param({"line": "101"}, 4, 2 / 4, id="line: its other queues too"),
        pytest.param({"line": "101", "queue": "enquiries"}, 2, 1 / 2, id="queue of a line"),
        pytest.param({"queue": "enquiries"}, 3, 1 / 3, id="queue of any line"),
    ],
)
def test_the_figure_is_that_of_what_the_standard_is_for(con, level, judged, value):
    other = {"standard_id": "other", "within_seconds": 60}
    changed(con, level, level, *([other] if level else []))
    calls(con, JANUARY, 30, 90)
    calls(con, JANUARY, 30, 90, queue="crime")
    calls(con, JANUARY, 90, line="999")

    (found,) = bridge(con).to_dict("records")

    assert (found["judged_under_old"], found["value_under_old"]) == (judged, value)


def test_a_response_clock_counts_what_was_kept_of_what_is_decided(con):
    changed(con, FORM, FORM)
    for received_at, minutes in ((JANUARY, (1, 2, 3)), (FEBRUARY, (1, 1, 2))):
        at = pd.Timestamp(received_at)
        contacts(
            con,
            *(
                {
                    "channel": "web_form",
                    "received_at": at,
                    "responded_at": at + pd.Timedelta(minutes=minute),
                }
                for minute in minutes
            ),
        )
    pending = {"channel": "web_form", "received_at": FEBRUARY}
    contacts(con, {**pending, "extracted_at": "2026-02-05 09:01:30"})  # due under the old rule

    before, after = bridge(con).to_dict("records")

    assert (after["measure"], after["clock"]) == ("kept_share", "first_response")
    assert (before["value_under_old"], before["value_under_new"]) == (1 / 3, 2 / 3)
    assert (after["judged_under_old"], after["value_under_old"]) == (4, 2 / 4)
    assert (after["judged_under_new"], after["value_under_new"]) == (3, 3 / 3)
    assert after["change_points"] == pytest.approx(2 / 3, abs=1e-12)
    assert after["rule_points"] == pytest.approx((1 / 3 + 1 / 2) / 2, abs=1e-12)
    assert after["rule_points"] + after["real_points"] == pytest.approx(2 / 3, abs=1e-12)


def test_the_rule_that_was_in_force_gives_the_clocks_as_published(con):
    changed(con, FORM, FORM)
    for received_at in (JANUARY, FEBRUARY):
        replied = pd.Timestamp(received_at) + pd.Timedelta(seconds=90)
        contacts(con, {"channel": "web_form", "received_at": received_at, "responded_at": replied})

    published = rebuilt(con, response_times.TABLE).sort_values("month")["status"].tolist()

    found = values(con)
    assert published == ["missed", "met"]
    assert (found["2026-01"][0], found["2026-02"][1]) == (0, 1)


def test_contacts_under_a_standard_of_their_own_are_not_judged_by_the_changed_one(con):
    own = {**FORM, "standard_id": "own", "queue": "report_a_crime", "within_seconds": 1}
    changed(con, FORM, FORM, own)
    given = {"channel": "web_form", "received_at": JANUARY, "responded_at": "2026-01-05 09:01:30"}
    contacts(con, given, {**given, "queue": "report_a_crime"})

    (found,) = bridge(con).to_dict("records")

    assert (found["judged_under_old"], found["judged_under_new"]) == (1, 1)
    assert (found["value_under_old"], found["value_under_new"]) == (0, 1)


def test_two_standards_that_change_on_one_day_are_told_apart(con):
    line, other = {"line": "101"}, {"line": "999"}
    changed(
        con,
        line,
        line,
        {**OLD, **other, "standard_id": "old 999", "within_seconds": 10},
        {**NEW, **other, "standard_id": "new 999", "within_seconds": 5},
    )
    for received_at in (JANUARY, FEBRUARY):
        calls(con, received_at, 90)
        calls(con, received_at, 7, line="999")

    found = bridge(con)

    after = found[found["side"] == "after"].set_index("line")
    assert after["old_standard_id"].to_dict() == {"101": "old", "999": "old 999"}
    assert after["rule_points"].to_dict() == {"101": 1, "999": -1}


def test_each_change_of_a_standard_is_told_against_the_one_before_it(con):
    third = {"standard_id": "third", "within_seconds": 180, "applies_from_on": "2026-03-01"}
    changed(con, {}, {"applies_until_on": "2026-03-01"}, third)
    for received_at in (JANUARY, FEBRUARY, MARCH):
        calls(con, received_at, 30, 90, 150)

    found = bridge(con)

    told = found[["old_standard_id", "month", "side"]].to_numpy().tolist()
    assert told == [
        ["old", "2026-01-01", "before"],
        ["old", "2026-02-01", "after"],
        ["new", "2026-02-01", "before"],
        ["new", "2026-03-01", "after"],
    ]
    assert found["rule_points"].dropna().tolist() == pytest.approx([1 / 3, 1 / 3], abs=1e-12)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        pytest.param({"applies_until_on": "2026-01-31"}, {}, id="a day without a standard"),
        pytest.param({"line": "101"}, {}, id="for a line, then for the channel"),
        pytest.param({"queue": "enquiries"}, {"queue": "crime"}, id="for another queue"),
        pytest.param({"clock": "callback"}, {}, id="of another clock"),
        pytest.param({"channel": "web_chat"}, {}, id="of another channel"),
        pytest.param({"applies_until_on": None, "line": "999"}, {}, id="the old never ended"),
    ],
)
def test_what_is_no_change_of_one_standard_is_not_told(con, old, new):
    changed(con, old, new)
    calls(con, JANUARY, 30)
    calls(con, FEBRUARY, 30)

    assert bridge(con).empty


def test_opening_hours_are_a_rule_too(con):
    opening_hours(con, {"calendar": "desk", "day": "monday"})
    same = {**FORM, "within_seconds": 3600}
    changed(con, same, {**same, "calendar": "desk"})
    contacts(
        con,
        {
            "channel": "web_form",
            "received_at": "2026-01-05 16:30",
            "responded_at": "2026-01-12 09:20",
        },
    )

    assert values(con) == {"2026-01": [0, 1]}


def test_a_query_runs_once_for_a_month_and_a_day_of_rules_and_only_if_asked(con, monkeypatch):
    ran = []

    def fetch(con, query, parameters=None):
        ran.append(parameters and (str(parameters["month"]), str(parameters["rules_of"])))
        return warehouse.fetch(con, query, parameters)

    monkeypatch.setattr(definition_bridge, "fetch", fetch)
    line, other = {"line": "101"}, {"line": "999"}
    others = ({**OLD, **other, "standard_id": "a"}, {**NEW, **other, "standard_id": "b"})
    changed(con, line, line, *others)
    calls(con, JANUARY, 30)
    calls(con, "2026-12-05 09:00", 30)

    assert len(bridge(con)) == 2
    assert ran == [None, ("2026-01-01", "2026-01-31"), ("2026-01-01", "2026-02-01")]


def test_without_changes_or_contacts_nothing_is_told(con):
    standards(con, {})
    assert bridge(con).empty

    changed(con)
    assert bridge(con).empty
