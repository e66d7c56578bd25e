"""An hour of the week needs agents for the calls it had, so often as the month had that hour."""

import pytest
from given import contacts, rebuilt, standards, the_one

from csip_pipeline.measure import staffing

MONDAY_AT_9 = "2026-01-05 09:00"
STANDARD = {"line": "101", "within_seconds": 60, "target_share": 0.8}


def hours_of(con, **which):
    found = rebuilt(con, staffing.TABLE)
    for name, value in which.items():
        found = found[found[name] == value]
    return found


def the_hour(con, weekday=1, hour=9, **which):
    return the_one(hours_of(con, weekday=weekday, hour=hour, **which))


def call(received_at=MONDAY_AT_9, **row):
    return {"received_at": received_at, "handling_seconds": 360, **row}


def gave_up(wait_seconds, **row):
    return call(outcome="abandoned", handling_seconds=None, wait_seconds=wait_seconds, **row)


def test_a_line_has_every_hour_of_the_week(con):
    contacts(con, call(line="101"), call(line="999"))

    found = rebuilt(con, staffing.TABLE)

    assert found.groupby("line").size().to_dict() == {"101": 168, "999": 168}
    assert not found.duplicated(["line", "weekday", "hour"]).any()


def test_the_load_is_the_calls_of_an_hour_times_their_handling(con):
    """January 2026 has four Mondays: 12 calls are 3 an hour, and 6 minutes each are 0.3 erlangs."""
    standards(con, STANDARD)
    contacts(con, *(call() for _ in range(12)))

    found = the_hour(con)

    assert found["hours_in_month"] == 4
    assert found["calls"] == 12
    assert found["calls_per_hour"] == 3
    assert found["handling_seconds"] == 360
    assert found["offered_load"] == pytest.approx(0.3)


def test_agents_are_the_fewest_that_reach_the_standard(con):
    """0.3 erlangs: with 1 agent 0.3 wait, and 1 - 0.3 exp(-0.7 x 60/360) = 73.3 % are in time.

    With 2 agents 0.0391 wait, and 1 - 0.0391 exp(-1.7 x 60/360) = 97.1 % are.
    """
    standards(con, STANDARD)
    contacts(con, *(call() for _ in range(12)))

    found = the_hour(con)

    assert found["agents_erlang_c"] == 2
    assert found["service_level_erlang_c"] == pytest.approx(0.9705, abs=5e-5)
    assert (found["within_seconds"], found["target_share"]) == (60, 0.8)


def test_one_agent_is_enough_for_less(con):
    standards(con, {**STANDARD, "target_share": 0.73})
    contacts(con, *(call() for _ in range(12)))

    found = the_hour(con)

    assert found["agents_erlang_c"] == 1
    assert found["service_level_erlang_c"] == pytest.approx(0.7330, abs=5e-5)


def test_everybody_who_rang_is_a_call_whatever_came_of_it(con):
    outcomes = ["answered", "abandoned", "timed_out", "callback_requested", "voicemail", "waiting"]
    contacts(con, *(call(outcome=outcome) for outcome in outcomes), {"channel": "web_chat"})

    assert the_hour(con)["calls"] == 6


def test_callers_who_hang_up_make_room(con):
    """16 callers waited 30 s and 4 gave up after 30 s: 600 s of waiting, patience of 150 s."""
    standards(con, STANDARD)
    contacts(con, *(call(wait_seconds=30) for _ in range(16)), *(gave_up(wait_seconds=30),) * 4)

    found = the_hour(con)

    assert found["patience_seconds"] == 150
    assert found["agents_erlang_a"] <= found["agents_erlang_c"]
    assert 0 < found["abandoned_share_erlang_a"] < 0.1
    assert found["service_level_erlang_a"] >= 0.8


@pytest.mark.parametrize(
    ("others", "patience"),
    [
        pytest.param([call(wait_seconds=60)], 90, id="an answer cuts a wait short"),
        pytest.param([call(outcome="callback_requested", wait_seconds=60)], 90, id="a callback"),
        pytest.param([call(wait_seconds=None)], 30, id="a wait not known says nothing"),
        pytest.param([gave_up(None)], 30, id="nor does giving up after one"),
        pytest.param([call(outcome="timed_out", wait_seconds=60)], 45, id="timed out gave up"),
        pytest.param([call(line="999", wait_seconds=60)], 30, id="another line"),
        pytest.param([call("2026-01-20 11:00", wait_seconds=60)], 90, id="all of the month"),
    ],
)
def test_patience_is_all_waiting_over_those_who_gave_up(con, others, patience):
    contacts(con, gave_up(30), *others)

    assert the_hour(con, line="101")["patience_seconds"] == patience


def test_where_nobody_gave_up_both_models_are_one(con):
    standards(con, STANDARD)
    contacts(con, *(call(wait_seconds=30) for _ in range(40)))

    found = the_hour(con)

    assert found["patience_seconds"] is None
    assert found["agents_erlang_a"] == found["agents_erlang_c"]
    assert found["service_level_erlang_a"] == found["service_level_erlang_c"]
    assert found["abandoned_share_erlang_a"] == 0


@pytest.mark.parametrize(
    ("calls", "handling"),
    [
        pytest.param(10, 360, id="ten calls speak for themselves"),
        pytest.param(9, (9 * 360 + 11 * 60) / 20, id="nine are too few"),
        pytest.param(0, 60, id="no calls"),
    ],
)
def test_handling_is_that_of_the_hour_if_ten_calls_tell_it(con, calls, handling):
    contacts(
        con,
        *(call() for _ in range(calls)),
        *(call("2026-01-06 09:00", handling_seconds=60) for _ in range(11)),
        *(gave_up(5) for _ in range(10)),
    )

    assert the_hour(con)["handling_seconds"] == pytest.approx(handling)


def test_an_hour_without_calls_needs_nobody(con):
    standards(con, STANDARD)
    contacts(con, call())

    found = the_hour(con, weekday=2)

    assert (found["calls"], found["calls_per_hour"], found["offered_load"]) == (0, 0, 0)
    assert (found["agents_erlang_c"], found["agents_erlang_a"]) == (0, 0)
    assert found["service_level_erlang_c"] is None
    assert found["service_level_erlang_a"] is None
    assert found["abandoned_share_erlang_a"] is None


def test_where_no_handling_is_known_no_agents_are(con):
    standards(con, STANDARD)
    contacts(con, gave_up(30))

    found = the_hour(con)

    assert found["handling_seconds"] is None
    assert found["offered_load"] is None
    assert (found["agents_erlang_c"], found["agents_erlang_a"]) == (None, None)
    assert the_hour(con, weekday=2)["agents_erlang_c"] == 0


@pytest.mark.parametrize(
    ("rows", "within"),
    [
        pytest.param([], None, id="no standard"),
        pytest.param([{"line": "999"}], None, id="another line's"),
        pytest.param([{"clock": "resolution"}], None, id="another clock's"),
        pytest.param([{"channel": "web_chat"}], None, id="another channel's"),
        pytest.param([{}], 120, id="one for every line"),
        pytest.param([{}, {"line": "101", "within_seconds": 60}], 60, id="the line's own first"),
        pytest.param([{"queue": "enquiries", "within_seconds": 60}], None, id="only a queue's"),
        pytest.param([{"applies_from_on": "2026-01-31"}], 120, id="from the month's last day"),
        pytest.param([{"applies_from_on": "2026-02-01"}], None, id="from the next month"),
        pytest.param([{"applies_until_on": "2026-01-31"}], None, id="until the month's last day"),
        pytest.param([{"applies_until_on": "2026-02-01"}], 120, id="until the month is over"),
    ],
)
def test_the_standard_is_the_lines_on_the_months_last_day(con, rows, within):
    standards(con, *({"target_share": 0.8, **row} for row in rows))
    contacts(con, call())

    found = the_hour(con)

    assert found["within_seconds"] == within
    assert (found["agents_erlang_a"] is None) == (within is None)


@pytest.mark.parametrize(
    "standard",
    [
        pytest.param({"target_share": None}, id="no target"),
        pytest.param({"target_share": 1}, id="everybody"),
        pytest.param({"target_share": 0.8, "within_seconds": None}, id="no seconds"),
    ],
)
def test_a_standard_that_no_number_of_agents_keeps_has_none(con, standard):
    standards(con, standard)
    contacts(con, call())

    found = the_hour(con)

    assert (found["agents_erlang_c"], found["agents_erlang_a"]) == (None, None)
    assert (found["service_level_erlang_c"], found["service_level_erlang_a"]) == (None, None)


@pytest.mark.parametrize(
    ("received_at", "weekday", "hour", "hours"),
    [
        # October 2026 has Sundays on the 4th, 11th, 18th and 25th; on the 25th 01:00 came twice
        pytest.param("2026-10-25 00:30", 7, 1, 5, id="October, in summer time"),
        pytest.param("2026-10-25 01:30", 7, 1, 5, id="October, the same hour again"),
        pytest.param("2026-10-25 02:30", 7, 2, 4, id="October, the hour after"),
        # March 2026 has Sundays on the 1st, 8th, 15th, 22nd and 29th; on the 29th no 01:00 came
        pytest.param("2026-03-29 00:30", 7, 0, 5, id="March, the hour before"),
        pytest.param("2026-03-29 01:30", 7, 2, 5, id="March, the hour after the change"),
        pytest.param("2026-03-22 01:30", 7, 1, 4, id="March, the hour that was missing once"),
        pytest.param("2026-01-05 09:00", 1, 9, 4, id="January has four Mondays"),
        pytest.param("2026-01-31 23:59:59", 6, 23, 5, id="January's last second"),
        pytest.param("2026-06-30 22:59:59", 2, 23, 5, id="June's last second in London"),
        pytest.param("2026-06-30 23:00", 3, 0, 5, id="July's first in London"),
    ],
)
def test_an_hour_counts_as_often_as_it_came_in_london(con, received_at, weekday, hour, hours):
    contacts(con, call(received_at))

    one = the_one(hours_of(con, calls=1))

    assert (one["weekday"], one["hour"]) == (weekday, hour)
    assert one["hours_in_month"] == hours


@pytest.mark.parametrize(
    ("month", "hours"),
    [
        pytest.param("2026-01-05", 31 * 24, id="January"),
        pytest.param("2026-02-05", 28 * 24, id="February"),
        pytest.param("2028-02-05", 29 * 24, id="February of a leap year"),
        pytest.param("2026-03-05", 31 * 24 - 1, id="March is an hour short"),
        pytest.param("2026-10-05", 31 * 24 + 1, id="October has an hour more"),
    ],
)
def test_the_hours_are_those_of_the_month(con, month, hours):
    contacts(con, call(month))

    assert rebuilt(con, staffing.TABLE)["hours_in_month"].sum() == hours


def test_both_half_past_ones_of_october_are_one_hour_of_the_week(con):
    contacts(con, call("2026-10-25 00:30"), call("2026-10-25 01:30"))

    found = the_one(hours_of(con, calls=2))

    assert found["calls_per_hour"] == pytest.approx(2 / 5)


def test_a_month_without_calls_has_no_rows(con):
    contacts(con, {"channel": "web_form"})

    assert rebuilt(con, staffing.TABLE).empty
