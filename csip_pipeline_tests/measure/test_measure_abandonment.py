"""Abandonment is who gave up out of everybody offered, counted four ways."""

import datetime as dt

import pytest
from given import contacts, notices, rebuilt, standards, the_one

from csip_pipeline import monthly_tables
from csip_pipeline.measure import abandoned_fates, abandonment, breaches, response_times
from csip_pipeline.measure.abandoned_fates import FATES
from csip_pipeline.measure.intervals import wilson

NINE, TEN = "2026-01-05 09:00", "2026-01-05 10:00"
JANUARY, FEBRUARY = dt.date(2026, 1, 1), dt.date(2026, 2, 1)


def gave_up(person=None, wait=0, **cells):
    """Somebody who gave up at nine or soon after."""
    usual = {"outcome": "abandoned", "received_at": NINE, "wait_seconds": wait}
    return {**usual, "person_key": person, **cells}


def answered(**cells):
    return {"outcome": "answered", "received_at": NINE, **cells}


def abandoned(con):
    for table in (response_times.TABLE, breaches.TABLE, abandoned_fates.TABLE):
        rebuilt(con, table)
    return rebuilt(con, abandonment.TABLE)


def only(con, *rows, level="channel", channel="telephone", **where):
    contacts(con, *rows)
    found = abandoned(con)
    here = (found["level"] == level) & (found["channel"] == channel)
    for column, value in where.items():
        here &= found[column] == value
    return the_one(found[here])


def one_of_each_fate(con, **cells):
    """Six who gave up, one of each fate, and four who were answered."""
    return only(
        con,
        *(gave_up(fate, **cells) for fate in FATES if fate != "unknown"),
        gave_up(None, **cells),
        {
            "person_key": "called_back",
            "received_at": TEN,
            "responded_at": "2026-01-05 11:00",
            "outcome": "callback_requested",
        },
        answered(person_key="returned_101", received_at=TEN),
        answered(person_key="moved_to_999", received_at=TEN, line="999"),
        {"person_key": "went_online", "received_at": TEN, "channel": "web_form"},
        answered(),
        answered(),
    )


def test_the_four_ways_of_one_of_each_fate(con):
    standards(con, {"abandoned_after_seconds": 60})

    found = one_of_each_fate(con, wait_seconds=60)

    assert (found["offered"], found["abandoned"]) == (10, 6)
    assert [found[fate] for fate in FATES] == [1] * 6
    assert found["abandoned_share"] == 0.6
    assert found["abandoned_after_share"] == 0.6
    assert found["abandoned_net_of_callback_share"] == 0.5
    assert found["lost_share"] == 0.1
    assert found["lost_share_at_most"] == 0.2


def test_each_share_has_the_interval_of_its_own_counts(con):
    standards(con, {"abandoned_after_seconds": 60})

    found = one_of_each_fate(con, wait_seconds=60)

    counts = {
        "abandoned_share": 6,
        "abandoned_after_share": 6,
        "abandoned_net_of_callback_share": 5,
        "lost_share": 1,
    }
    for name, successes in counts.items():
        bounds = (found[f"{name}_lower"], found[f"{name}_upper"])
        assert bounds == pytest.approx(wilson(successes, 10)), name


@pytest.mark.parametrize(
    ("wait", "counted"),
    [
        pytest.param(59, 0, id="one second before"),
        pytest.param(60, 1, id="exactly so many seconds"),
        pytest.param(61, 1, id="one second over"),
        pytest.param(None, None, id="nobody knows how long"),
    ],
)
def test_giving_up_counts_from_the_standards_seconds_on(con, wait, counted):
    standards(con, {"abandoned_after_seconds": 60})

    found = only(con, gave_up(wait=wait), answered())

    assert (found["after_seconds"], found["abandoned_after"]) == (60, counted)
    assert found["abandoned_after_share"] == (None if counted is None else counted / 2)


def test_the_wait_of_somebody_answered_need_not_be_known(con):
    standards(con, {"abandoned_after_seconds": 60})

    found = only(con, gave_up(wait=90), answered(wait_seconds=None))

    assert found["abandoned_after"] == 1


@pytest.mark.parametrize(
    "given_standards",
    [
        pytest.param([], id="no standard"),
        pytest.param([{"abandoned_after_seconds": None}], id="a standard without seconds"),
        pytest.param(
            [{"abandoned_after_seconds": 60, "clock": "callback"}], id="a standard of another clock"
        ),
        pytest.param(
            [{"abandoned_after_seconds": 60}, {"abandoned_after_seconds": None, "line": "101"}],
            id="the line's own standard names no seconds",
        ),
        pytest.param(
            [{"abandoned_after_seconds": 60, "applies_until_on": "2026-01-05"}],
            id="a standard that ended the day before",
        ),
    ],
)
def test_without_seconds_only_the_other_ways_are_counted(con, given_standards):
    standards(con, *given_standards)

    found = only(con, gave_up(wait=90))

    assert (found["after_seconds"], found["abandoned_after"]) == (None, None)
    assert (found["abandoned_after_share"], found["abandoned_share"]) == (None, 1)


def test_the_most_particular_standard_names_the_seconds(con):
    standards(
        con,
        {"abandoned_after_seconds": 10},
        {"abandoned_after_seconds": 20, "line": "101"},
        {"abandoned_after_seconds": 30, "line": "101", "queue": "enquiries"},
    )
    contacts(
        con, gave_up(wait=25, queue="switchboard"), gave_up(wait=15, line="999", queue="calls")
    )

    of_queue = only(con, gave_up(wait=25), level="queue", queue="enquiries")
    of_other = only(con, level="queue", queue="switchboard")
    of_line = only(con, level="line", line="999")

    assert (of_queue["after_seconds"], of_queue["abandoned_after"]) == (30, 0)
    assert (of_other["after_seconds"], of_other["abandoned_after"]) == (20, 1)
    assert (of_line["after_seconds"], of_line["abandoned_after"]) == (10, 1)


def test_where_lines_differ_each_is_counted_by_its_own_seconds(con):
    standards(
        con,
        {"abandoned_after_seconds": 10, "line": "999"},
        {"abandoned_after_seconds": 60, "line": "101"},
    )

    found = only(con, gave_up(wait=30, line="999"), gave_up(wait=30), gave_up(wait=60))

    assert (found["after_seconds"], found["abandoned_after"]) == (None, 2)


def test_where_one_line_has_no_seconds_its_channel_has_none(con):
    standards(con, {"abandoned_after_seconds": 60, "line": "101"})

    found = only(con, gave_up(wait=90), gave_up(wait=90, line="999"))

    assert (found["after_seconds"], found["abandoned_after"]) == (None, None)


def test_seconds_that_change_at_midnight_change_in_london(con):
    standards(
        con,
        {"abandoned_after_seconds": 60, "applies_until_on": "2026-06-10"},
        {"abandoned_after_seconds": 30, "applies_from_on": "2026-06-10"},
    )

    found = only(
        con,
        gave_up(wait=45, received_at="2026-06-09 22:59:59"),
        gave_up(wait=45, received_at="2026-06-09 23:00"),
    )

    assert (found["after_seconds"], found["abandoned_after"]) == (None, 1)


@pytest.mark.parametrize(
    ("rows", "offered", "share"),
    [
        pytest.param(
            [answered(outcome="callback_requested"), answered(outcome="voicemail")],
            0,
            None,
            id="nobody offered",
        ),
        pytest.param([answered()], 1, 0, id="one offered and answered"),
        pytest.param([gave_up()], 1, 1, id="one offered who gave up"),
        pytest.param([gave_up(), gave_up(outcome="timed_out")], 2, 1, id="everybody gave up"),
    ],
)
def test_a_share_of_nobody_is_null_and_never_zero(con, rows, offered, share):
    standards(con, {"abandoned_after_seconds": 0})

    found = only(con, *rows)

    assert found["offered"] == offered
    for name in ("abandoned", "abandoned_after", "abandoned_net_of_callback"):
        assert found[f"{name}_share"] == share
        assert (found[f"{name}_share_lower"] is None) == (share is None)
    assert found["lost_share_at_most"] == share


def test_forms_and_conversations_are_not_offered(con):
    contacts(con, {"channel": "web_form"}, {"channel": "social"})

    assert abandoned(con).empty


def test_chats_are_counted_by_their_own_channel(con):
    found = only(con, gave_up(channel="web_chat"), answered(), channel="web_chat")

    assert (found["offered"], found["abandoned"], found["unknown"]) == (1, 1, 1)


def test_levels_and_fates_add_up(con):
    standards(con, {"abandoned_after_seconds": 60})
    rows = [
        {
            "received_at": f"2026-01-{1 + n % 28:02} 09:{n % 60:02}",
            "outcome": ["answered", "abandoned", "timed_out", "voicemail"][n % 4],
            "wait_seconds": n,
            "person_key": f"person {n % 13}" if n % 5 else None,
            **[{}, {"line": "999"}, {"queue": "switchboard"}, {"channel": "web_chat"}][n % 7 % 4],
        }
        for n in range(160)
    ]
    contacts(con, *rows)

    found = abandoned(con)

    assert (found["abandoned"] == found[FATES].sum(axis=1)).all()
    counts = ["offered", "abandoned", *FATES]
    sums = found.groupby("level")[counts].sum()
    assert (sums.loc["channel"] == sums.loc["line"]).all()
    assert (sums.loc["channel"] == sums.loc["queue"]).all()
    calls = found[found["channel"] == "telephone"].groupby("level")["abandoned_after"].sum()
    assert calls.nunique() == 1
    ((given_up,),) = con.execute("select count(*) from measure.abandoned_fates").fetchall()
    assert sums.loc["channel", "abandoned"] == given_up == 80


def test_a_month_is_provisional_until_the_next_one_settles_its_fates(con):
    def settled(month):
        for table in (abandoned_fates.TABLE, abandonment.TABLE):
            monthly_tables.rebuild_touched(con, table, month)
        return con.execute(
            "select lost, returned_101, is_provisional from measure.abandonment "
            "where month = '2026-01-01' and level = 'channel'"
        ).fetchall()

    contacts(con, gave_up("ann", received_at="2026-01-31 23:30"), answered())
    before = settled(JANUARY)
    contacts(con, answered(person_key="ann", received_at="2026-02-01 08:00"))
    contacts(con, answered(received_at="2026-02-28 08:00"))
    after = settled(FEBRUARY)

    assert (before, after) == ([(1, 0, True)], [(0, 1, False)])


def test_only_the_level_of_an_open_fate_is_provisional(con):
    contacts(
        con,
        gave_up(received_at="2026-01-31 23:30", queue="switchboard"),
        gave_up(),
        answered(channel="web_chat"),
    )

    found = abandoned(con)

    open_ones = found[found["is_provisional"]]
    assert set(open_ones["channel"]) == {"telephone"}
    assert set(open_ones["queue"].dropna()) == {"switchboard"}


LATE = {"wait_seconds": 300}
PROMISED = {"explain_within_days": 40}


def missed_and_told(con, *given_notices, **cells):
    """Ann, who gave up after five minutes where two were promised, and somebody answered."""
    standards(con, PROMISED)
    notices(con, *({"person_key": "ann", **notice} for notice in given_notices))
    return only(con, gave_up("ann", **LATE | cells), answered())


@pytest.mark.parametrize(
    ("explained_at", "explained"),
    [
        pytest.param("2026-01-05 09:00:00", 0, id="before they gave up, of an earlier promise"),
        pytest.param("2026-01-05 09:05:00", 0, id="as they gave up"),
        pytest.param("2026-01-05 09:05:01", 1, id="a second after"),
        pytest.param("2026-02-20 09:00:00", 1, id="in the next month"),
        pytest.param("2026-03-31 22:59:59", 1, id="in the last second that counts"),
        pytest.param("2026-03-31 23:00:00", 0, id="a second later, as the third month begins"),
        pytest.param(None, 0, id="never"),
    ],
)
def test_whoever_was_told_why_is_left_out_net_of_callback(con, explained_at, explained):
    found = missed_and_told(con, {"explained_at": explained_at})

    assert (found["abandoned"], found["explained"], found["lost"]) == (1, explained, 1)
    assert found["abandoned_net_of_callback_share"] == (1 - explained) / 2
    bounds = [found[f"abandoned_net_of_callback_share_{end}"] for end in ("lower", "upper")]
    assert bounds == pytest.approx(wilson(1 - explained, 2))


@pytest.mark.parametrize(
    "notice",
    [
        pytest.param({"person_key": "bob"}, id="another person"),
        pytest.param({"channel": "web_chat"}, id="another channel"),
        pytest.param({"clock": "callback"}, id="another clock"),
        pytest.param({"month": "2026-02-01"}, id="another month"),
    ],
)
def test_an_explanation_of_something_else_takes_nobody_off(con, notice):
    found = missed_and_told(con, {"explained_at": "2026-01-10 09:00", **notice})

    assert (found["explained"], found["abandoned_net_of_callback_share"]) == (0, 0.5)


@pytest.mark.parametrize(
    ("cells", "promised"),
    [
        pytest.param({"wait_seconds": 120}, PROMISED, id="the promise was not missed"),
        pytest.param({}, {"explain_within_days": None}, id="no explanation is owed"),
        pytest.param({"outcome": "answered"}, PROMISED, id="they did not give up"),
    ],
)
def test_only_who_gave_up_and_is_owed_an_explanation_can_be_told(con, cells, promised):
    standards(con, promised)
    notices(con, {"person_key": "ann", "explained_at": "2026-01-10 09:00"})

    found = only(con, gave_up("ann", **LATE | cells))

    assert found["explained"] == 0


def test_a_callback_within_the_day_and_an_explanation_count_once(con):
    standards(con, PROMISED)
    notices(con, {"person_key": "ann", "explained_at": "2026-01-10 09:00"})

    found = only(
        con,
        gave_up("ann", **LATE),
        {
            "person_key": "ann",
            "received_at": TEN,
            "responded_at": "2026-01-05 11:00",
            "outcome": "callback_requested",
        },
        answered(),
    )

    assert (found["called_back"], found["explained"]) == (1, 0)
    assert found["abandoned_net_of_callback_share"] == 0


def test_everybody_who_gave_up_was_told(con):
    standards(con, PROMISED)
    told = {"explained_at": "2026-01-10 09:00"}
    notices(con, *({"person_key": person, **told} for person in ("ann", "bob")))

    found = only(con, gave_up("ann", **LATE), gave_up("bob", **LATE), gave_up("bob", **LATE))

    assert (found["abandoned"], found["explained"]) == (3, 3)
    assert found["abandoned_net_of_callback_share"] == 0


def test_who_gave_up_without_a_number_is_told_nothing(con):
    standards(con, PROMISED)
    notices(con, {"explained_at": "2026-01-10 09:00"})

    assert only(con, gave_up(**LATE))["explained"] == 0


@pytest.mark.parametrize(
    ("notice", "is_open"),
    [
        pytest.param({"as_at": "2026-03-31"}, True, id="not told yet"),
        pytest.param({"as_at": "2026-04-01"}, False, id="the third month has begun"),
        pytest.param({"as_at": "2026-02-01", "state": "tried"}, True, id="may be tried again"),
        pytest.param({"as_at": "2026-02-01", "state": "withdrawn"}, False, id="withdrawn"),
        pytest.param(
            {"as_at": "2026-02-01", "explained_at": "2026-01-10 09:00"}, False, id="told already"
        ),
    ],
)
def test_the_net_figure_is_provisional_while_somebody_may_yet_be_told(con, notice, is_open):
    found = missed_and_told(con, notice)

    assert (found["is_provisional"], found["is_net_provisional"]) == (False, is_open)


@pytest.mark.parametrize(
    ("month", "is_open"),
    [
        pytest.param("2026-03-01", False, id="of the second month that follows"),
        pytest.param("2026-04-01", True, id="of the third, which is not looked at"),
    ],
)
def test_the_list_of_a_later_month_says_that_nobody_was_told_meanwhile(con, month, is_open):
    later = {"person_key": "bob", "month": month, "as_at": "2026-04-05"}

    found = missed_and_told(con, {"as_at": "2026-02-05"}, later)

    assert found["is_net_provisional"] == is_open


def test_the_months_before_are_rebuilt_when_outcomes_come_in(con):
    missed_and_told(con, {})
    for table in (response_times.TABLE, breaches.TABLE, abandoned_fates.TABLE, abandonment.TABLE):
        monthly_tables.rebuild(con, table, JANUARY)
    con.execute(
        "update publish.callback_list set state = 'explained', explained_at = '2026-03-10 09:00Z'"
    )

    rebuilt_ones = monthly_tables.rebuild_touched(con, abandonment.TABLE, dt.date(2026, 3, 1))

    assert list(rebuilt_ones) == [dt.date(2026, 3, 1), JANUARY]
    told = "select distinct explained from measure.abandonment where month = '2026-01-01'"
    assert con.execute(told).fetchall() == [(1,)]
