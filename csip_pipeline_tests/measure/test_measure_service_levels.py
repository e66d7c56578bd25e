"""A service level is who was answered in time, out of everybody offered: Aw / Q."""

import random

import pytest
from given import broken, contacts, legs, rebuilt, standards, the_one

from csip_pipeline.measure import service_levels
from csip_pipeline.measure.intervals import wilson
from csip_pipeline.measure.service_levels import VARIANTS

COUNTS = ["answered", "abandoned", "other_outcomes", "answered_within", "abandoned_within"]


def levels(con, level="channel", clock="end_to_end", channel="telephone"):
    found = rebuilt(con, service_levels.TABLE)
    here = (found["level"] == level) & (found["clock"] == clock) & (found["channel"] == channel)
    return found[here].sort_values(["month", "line", "queue"]).reset_index(drop=True)


def only(con, **which):
    return the_one(levels(con, **which))


def answered(*waits, **cells):
    return [{"outcome": "answered", "wait_seconds": wait, **cells} for wait in waits]


def abandoned(*waits, **cells):
    return [{"outcome": "abandoned", "wait_seconds": wait, **cells} for wait in waits]


def documented_example(con):
    """A 1000, B 60, Aw 860, Bw 20, Bs 10."""
    standards(con, {"within_seconds": 120, "short_abandon_seconds": 5})
    contacts(
        con,
        *answered(*[100] * 860, *[200] * 140),
        *abandoned(*[3] * 10, *[60] * 10, *[300] * 40),
    )
    return only(con)


def test_the_five_service_levels_of_the_documented_example(con):
    found = documented_example(con)

    assert (found["offered"], found["answered"], found["abandoned"]) == (1060, 1000, 60)
    assert found["answered_within"] == 860
    assert (found["abandoned_within"], found["abandoned_short"]) == (20, 10)
    assert [round(100 * found[name], 1) for name in VARIANTS] == [81.1, 86.0, 83.0, 82.7, 81.9]


def test_each_service_level_has_the_interval_of_its_own_counts(con):
    found = documented_example(con)

    counts = [(860, 1060), (860, 1000), (880, 1060), (860, 1040), (860, 1050)]
    for name, (successes, n) in zip(VARIANTS, counts, strict=True):
        assert found[name] == pytest.approx(successes / n)
        bounds = (found[f"{name}_lower"], found[f"{name}_upper"])
        assert bounds == pytest.approx(wilson(successes, n)), name


@pytest.mark.parametrize(
    ("boundary", "wait", "in_time"),
    [
        pytest.param("<", 9, 1, id="under ten seconds, waited nine"),
        pytest.param("<", 10, 0, id="under ten seconds, waited exactly ten"),
        pytest.param("<", 11, 0, id="under ten seconds, waited one more"),
        pytest.param("<=", 10, 1, id="within ten seconds, waited exactly ten"),
        pytest.param("<=", 11, 0, id="within ten seconds, waited one more"),
    ],
)
@pytest.mark.parametrize(
    "counted",
    [
        pytest.param((answered, "answered_within"), id="answered"),
        pytest.param((abandoned, "abandoned_within"), id="gave up"),
    ],
)
def test_in_time_is_decided_by_the_standards_own_boundary(con, counted, boundary, wait, in_time):
    stays, column = counted
    standards(con, {"within_seconds": 10, "boundary": boundary})
    contacts(con, *stays(wait))

    assert only(con)[column] == in_time


@pytest.mark.parametrize(
    ("wait", "short"),
    [
        pytest.param(5, 1, id="exactly on the limit"),
        pytest.param(6, 0, id="one second over"),
        pytest.param(None, None, id="nobody knows how long"),
    ],
)
def test_a_short_abandon_gave_up_within_the_limit(con, wait, short):
    standards(con, {"short_abandon_seconds": 5})
    contacts(con, *abandoned(wait))

    assert only(con)["abandoned_short"] == short


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        pytest.param(
            [{"outcome": "callback_requested"}, {"outcome": "voicemail"}],
            [None, None, None, None, None],
            id="nobody offered",
        ),
        pytest.param(answered(7), [1, 1, 1, 1, 1], id="one offered, and answered in time"),
        pytest.param(answered(999), [0, 0, 0, 0, 0], id="one offered, and answered late"),
        pytest.param(abandoned(500, 600), [0, None, 0, 0, 0], id="everybody gave up, late"),
        pytest.param(abandoned(60, 61), [0, None, 1, None, 0], id="everybody gave up in time"),
        pytest.param(
            abandoned(2, 3), [0, None, 1, None, None], id="everybody gave up before the short limit"
        ),
        pytest.param(
            [{"outcome": "timed_out", "wait_seconds": 500}],
            [0, None, 0, 0, 0],
            id="the system cut the only call off",
        ),
    ],
)
def test_a_share_of_nobody_is_null_and_never_zero(con, rows, expected):
    standards(con, {})
    contacts(con, *rows)

    found = only(con)

    assert [found[name] for name in VARIANTS] == expected
    for name, share in zip(VARIANTS, expected, strict=True):
        assert (found[f"{name}_lower"] is None) == (share is None)
        assert (found[f"{name}_upper"] is None) == (share is None)


def test_callbacks_and_voicemail_are_not_offered(con):
    standards(con, {})
    contacts(con, *answered(1), {"outcome": "callback_requested"}, {"outcome": "voicemail"})

    found = only(con)

    assert (found["offered"], found["other_outcomes"]) == (1, 2)


@pytest.mark.parametrize(
    "rows",
    [
        pytest.param([{}], id="no contact has one"),
        pytest.param([{"queue": "enquiries"}, {"queue": "lost_property"}], id="one has none"),
    ],
)
def test_without_a_standard_for_each_there_is_no_service_level(con, rows):
    standards(con, {"queue": "lost_property"})
    contacts(con, *rows)

    found = only(con)

    assert found["offered"] == len(rows)
    for name in ["answered_within", "abandoned_within", "abandoned_short", *VARIANTS]:
        assert found[name] is None


def test_without_a_standard_there_is_no_interval(con):
    contacts(con, *answered(1), *abandoned(1))

    found = only(con)

    assert {found[f"{name}_{end}"] for name in VARIANTS for end in ("lower", "upper")} == {None}


@pytest.mark.parametrize(
    ("changes_on", "received_at", "in_time"),
    [
        pytest.param("2026-07-01", "2026-06-30 22:59:59", 1, id="summer, a second before midnight"),
        pytest.param("2026-07-01", "2026-06-30 23:00:00", 0, id="summer, at midnight"),
        pytest.param("2026-12-01", "2026-11-30 23:59:59", 1, id="winter, a second before midnight"),
        pytest.param("2026-12-01", "2026-12-01 00:00:00", 0, id="winter, at midnight"),
    ],
)
def test_a_standard_changes_at_midnight_in_london(con, changes_on, received_at, in_time):
    standards(
        con,
        {"within_seconds": 900, "applies_until_on": changes_on},
        {"within_seconds": 600, "applies_from_on": changes_on},
    )
    contacts(con, *answered(700, received_at=received_at))

    assert only(con)["answered_within"] == in_time


@pytest.mark.parametrize(
    ("old", "new"),
    [
        pytest.param({"within_seconds": 900}, {"within_seconds": 600}, id="within_seconds"),
        pytest.param({"boundary": "<="}, {"boundary": "<"}, id="boundary"),
        pytest.param({"target_share": 0.9}, {"target_share": 0.8}, id="target_share"),
    ],
)
def test_a_month_of_two_standards_shows_neither(con, old, new):
    (differing,) = old
    usual = {"within_seconds": 900, "boundary": "<=", "target_share": 0.9}
    standards(
        con,
        {**usual, **old, "applies_until_on": "2026-01-15"},
        {**usual, **new, "applies_from_on": "2026-01-15"},
    )
    contacts(con, {"received_at": "2026-01-14 12:00"}, {"received_at": "2026-01-15 12:00"})

    assert [name for name in usual if only(con)[name] is None] == [differing]


def test_a_month_of_two_standards_holds_each_contact_to_its_own(con):
    standards(
        con,
        {"within_seconds": 900, "applies_until_on": "2026-01-15"},
        {"within_seconds": 600, "applies_from_on": "2026-01-15"},
    )
    contacts(
        con,
        *answered(700, received_at="2026-01-14 12:00"),
        *answered(700, received_at="2026-01-15 12:00"),
    )

    assert only(con)["service_level"] == 0.5


def test_a_standard_for_another_clock_decides_nothing(con):
    standards(con, {}, {"line": "101", "clock": "resolution", "within_seconds": 1})
    contacts(con, *answered(100))

    assert only(con)["answered_within"] == 1


@pytest.mark.parametrize(
    ("given", "in_time"),
    [
        pytest.param([{}], 1, id="the channel's"),
        pytest.param([{}, {"line": "101", "within_seconds": 60}], 0, id="the line's before it"),
        pytest.param(
            [{}, {"line": "101", "within_seconds": 60}, {"queue": "enquiries"}],
            1,
            id="the queue's before both",
        ),
        pytest.param(
            [{"queue": "enquiries"}, {"line": "101", "queue": "enquiries", "within_seconds": 60}],
            0,
            id="the queue's on its line before the queue's",
        ),
        pytest.param([{}, {"line": "999", "within_seconds": 60}], 1, id="not another line's"),
    ],
)
def test_the_most_particular_standard_decides(con, given, in_time):
    standards(con, *given)
    contacts(con, *answered(100))

    assert only(con)["answered_within"] == in_time


def random_stays(seed):
    rng = random.Random(seed)  # noqa: S311 - a reproducible month, no secret
    outcomes = ["answered", "answered", "abandoned", "timed_out", "callback_requested"]
    places = [("101", "enquiries"), ("101", "crime_recording"), ("999", "enquiries"), ("999", "e")]
    for _ in range(500):
        line, queue = rng.choice(places)
        yield {
            "line": line,
            "queue": queue,
            "outcome": rng.choice(outcomes),
            "wait_seconds": rng.choice(range(0, 300, 7)),
        }


@pytest.mark.parametrize("clock", ["end_to_end", "queue"])
def test_levels_are_the_sums_of_their_parts(con, clock):
    standards(con, {}, {"queue": "crime_recording", "within_seconds": 60})
    contacts(con, *random_stays(1))
    legs(con, *random_stays(2))

    channel, lines, queues = (levels(con, level, clock) for level in ("channel", "line", "queue"))

    assert len(channel) == 1
    assert lines[COUNTS].sum().tolist() == channel[COUNTS].iloc[0].tolist()
    assert queues.groupby("line")[COUNTS].sum().to_numpy().tolist() == lines[COUNTS].values.tolist()
    for part in (channel, lines, queues):
        assert (part["offered"] == part["answered"] + part["abandoned"]).all()
    assert channel["offered"].item() + channel["other_outcomes"].item() == 500


@pytest.mark.parametrize(
    ("fault", "found"),
    [
        pytest.param("select 1", 0, id="nothing planted"),
        pytest.param(
            "update measure.service_levels set offered = 9 where line = '101' and level = 'line'",
            1,
            id="a line that counts one more",
        ),
        pytest.param(
            "update measure.service_levels set answered = 0 where level = 'channel'",
            2,
            id="channels that answered nobody",
        ),
        pytest.param(
            "delete from measure.service_levels where level = 'queue' and queue = 'enquiries'",
            2,
            id="a queue left out of its line and its channel",
        ),
        pytest.param(
            "delete from measure.service_levels where level = 'line' and line = '101'",
            1,
            id="a line left out",
        ),
        pytest.param(
            "update measure.service_levels set waits_5_to_10_minutes = waits_1_to_5_minutes + 1, "
            "waits_1_to_5_minutes = waits_5_to_10_minutes where level = 'channel_hour'",
            2,
            id="hours that count waits in another band",
        ),
        pytest.param(
            "update measure.service_levels set answered_within = 0 where level = 'line_hour'",
            2,
            id="hours in which nobody was answered in time",
        ),
        pytest.param(
            "delete from measure.service_levels where level = 'line_hour' and line = '101'",
            1,
            id="hours left out of their line",
        ),
    ],
)
def test_uneven_levels_counts_what_its_queues_do_not_add_up_to(con, fault, found):
    standards(con, {})
    contacts(
        con,
        *answered(1),
        {"queue": "crime_recording"},
        {"channel": "web_chat", "outcome": "answered"},
    )
    rebuilt(con, service_levels.TABLE)

    con.execute(fault)

    assert broken(con, "measure/uneven_levels") == found


def test_a_call_passed_on_was_answered_by_the_queue_it_left(con):
    standards(con, {"within_seconds": 60})
    legs(
        con,
        {"contact_id": "call", "leg": 1, "outcome": "transferred", "wait_seconds": 10},
        {"contact_id": "call", "leg": 2, "outcome": "abandoned", "wait_seconds": 500},
    )

    found = only(con, clock="queue")

    assert (found["offered"], found["answered"], found["abandoned"]) == (2, 1, 1)
    assert found["answered_within"] == 1


def test_the_two_clocks_count_calls_and_stays(con):
    standards(con, {"within_seconds": 60})
    contacts(con, *answered(110, contact_id="call", legs=2))
    legs(
        con,
        {"contact_id": "call", "leg": 1, "outcome": "transferred", "wait_seconds": 50},
        {"contact_id": "call", "leg": 2, "wait_seconds": 55},
    )

    assert [only(con, clock=clock)["service_level"] for clock in ("end_to_end", "queue")] == [0, 1]


def test_waits_are_of_those_answered(con):
    standards(con, {})
    contacts(con, *answered(10, 20, 60, 110), *abandoned(5000))

    found = only(con)

    assert (found["mean_wait_seconds"], found["median_wait_seconds"]) == (50, 40)
    assert (found["p90_wait_seconds"], found["longest_wait_seconds"]) == (pytest.approx(95), 110)
    assert found["abandoned_share"] == 0.2


def test_contact_that_never_stands_in_a_queue_has_no_service_level(con):
    contacts(con, {"channel": "web_form"}, {"channel": "social"})

    assert rebuilt(con, service_levels.TABLE).empty
