"""A contact is a repeat if the same person was in touch in the 7 or 28 days before it."""

import datetime as dt

import pandas as pd
import pytest
from given import contacts, rebuilt, the_one

from csip_pipeline import monthly_tables
from csip_pipeline.measure import repeat_contacts
from csip_pipeline.measure.intervals import wilson

HOUR = 3600
DAY = 24 * HOUR
JANUARY, FEBRUARY = dt.date(2026, 1, 1), dt.date(2026, 2, 1)
FEBRUARY_STARTS = "2026-02-01 00:00"


def by(person, moment="2026-02-10 09:00", seconds=0, **cells):
    """A contact of a person, so many seconds after a moment."""
    received = pd.Timestamp(moment, tz="UTC") + pd.Timedelta(seconds=seconds)
    return {"person_key": person, "received_at": received, **cells}


def month_before():
    """Somebody else's contact in January, so that February's look-back is whole."""
    return by("nobody of interest", "2026-01-10 09:00")


def repeats(con, *rows, month="2026-02-01", days=7, level="all", **where):
    contacts(con, *rows)
    found = rebuilt(con, repeat_contacts.TABLE)
    here = (found["month"] == month) & (found["within_days"] == days) & (found["level"] == level)
    for column, value in where.items():
        here &= found[column] == value
    return the_one(found[here])


@pytest.mark.parametrize("days", [7, 28])
@pytest.mark.parametrize(
    ("over", "expected"),
    [
        pytest.param(0, 1, id="exactly so many days"),
        pytest.param(1, 0, id="one second over"),
    ],
)
@pytest.mark.parametrize(
    "moment",
    [
        pytest.param("2026-01-01 09:00", id="in one month"),
        pytest.param("2026-01-28 09:00", id="over the month's end"),
        pytest.param("2026-03-28 12:00", id="over the clock change in spring"),
        pytest.param("2026-10-24 12:00", id="over the clock change in autumn"),
    ],
)
def test_a_repeat_comes_within_the_window_and_its_end_counts(con, days, over, expected, moment):
    rows = [by("ann", moment), by("ann", moment, days * DAY + over)]
    contacts(con, *rows)

    found = rebuilt(con, repeat_contacts.TABLE)

    here = found[(found["level"] == "all") & (found["within_days"] == days)]
    assert here["repeats"].sum() == expected


def test_a_month_of_28_days_is_looked_back_on_whole(con):
    contacts(con, by("ann", FEBRUARY_STARTS))

    found = repeats(con, by("ann", "2026-03-01 00:00"), month="2026-03-01", days=28)

    assert (found["repeats"], found["repeat_share"]) == (1, 1)


def test_at_one_moment_the_second_by_its_identifier_is_the_repeat(con):
    rows = [
        by("ann", contact_id="b", channel="web_form"),
        by("ann", contact_id="a", channel="social"),
    ]
    contacts(con, *rows)

    on_form = repeats(con, level="channel", channel="web_form")
    on_social = repeats(con, level="channel", channel="social")

    assert (on_form["repeats"], on_social["repeats"]) == (1, 0)


def test_the_contact_before_may_have_come_by_any_channel(con):
    found = repeats(con, by("ann", channel="email"), by("ann", seconds=60, channel="web_chat"))

    assert found["repeats"] == 1


def test_another_persons_contact_makes_nobody_a_repeat(con):
    assert repeats(con, by("ann"), by("bob", seconds=60))["repeats"] == 0


def test_withheld_numbers_are_counted_and_not_judged(con):
    found = repeats(con, month_before(), by(None), by(None, seconds=60), by("ann"), by("bob"))

    assert (found["contacts"], found["without_person"], found["judged"]) == (4, 2, 2)
    assert (found["without_person_share"], found["repeats"]) == (0.5, 0)


@pytest.mark.parametrize(
    ("contacts_made", "over", "judged", "repeated"),
    [
        pytest.param(20, 0, 20, 19, id="20 contacts"),
        pytest.param(21, 1, 20, 19, id="21 contacts"),
    ],
)
def test_contacts_after_a_persons_twentieth_are_not_judged(
    con, contacts_made, over, judged, repeated
):
    found = repeats(con, *(by("shared", seconds=n) for n in range(contacts_made)))

    assert (found["over_the_cap"], found["judged"], found["repeats"]) == (over, judged, repeated)


def test_the_cap_counts_in_the_order_of_arrival(con):
    rows = [by("shared", seconds=n) for n in range(1, 21)]
    contacts(con, *rows, by("shared", seconds=21, channel="web_form"))

    found = repeats(con, level="channel", channel="web_form")

    assert (found["over_the_cap"], found["judged"]) == (1, 0)


def test_the_cap_starts_afresh_each_month_and_what_it_left_out_counts_as_earlier(con):
    january = [by("shared", "2026-01-31 09:00", n) for n in range(30)]

    found = repeats(con, *january, by("shared", "2026-02-07 09:00:29"))

    assert (found["over_the_cap"], found["judged"], found["repeats"]) == (0, 1, 1)


def test_the_london_month_counts(con):
    contacts(con, by("ann", "2026-06-30 22:59:59"), by("ann", "2026-06-30 23:00"))

    found = repeats(con, month="2026-07-01")

    assert (found["contacts"], found["repeats"], found["is_whole"]) == (1, 1, True)


def test_there_is_no_share_without_the_month_before(con):
    found = repeats(con, by("ann"), by("ann", seconds=60))

    assert (found["repeats"], found["is_whole"]) == (1, False)
    assert (found["repeat_share"], found["repeat_share_lower"]) == (None, None)


def test_a_share_is_of_those_judged_with_its_interval(con):
    people = [by(f"person {n}") for n in range(3)]

    found = repeats(con, month_before(), *people, by("person 0", seconds=60), by(None))

    assert (found["repeats"], found["judged"], found["repeat_share"]) == (1, 4, 0.25)
    bounds = (found["repeat_share_lower"], found["repeat_share_upper"])
    assert bounds == pytest.approx(wilson(1, 4))


def test_a_share_of_nobody_is_null(con):
    found = repeats(con, month_before(), by(None))

    assert (found["is_whole"], found["judged"], found["repeat_share"]) == (True, 0, None)


def test_a_month_without_contacts_has_no_rows(con):
    contacts(con, month_before())
    monthly_tables.rebuild(con, repeat_contacts.TABLE, FEBRUARY)

    assert con.execute("select count(*) from measure.repeat_contacts").fetchall() == [(0,)]


def test_a_month_is_whole_once_the_month_before_comes(con):
    def settled(month):
        monthly_tables.rebuild_touched(con, repeat_contacts.TABLE, month)
        return con.execute(
            "select is_whole, repeats, repeat_share from measure.repeat_contacts "
            "where month = '2026-02-01' and level = 'all' and within_days = 28"
        ).fetchall()

    contacts(con, by("ann"))
    before = settled(FEBRUARY)
    contacts(con, by("ann", "2026-01-20 09:00"))
    after = settled(JANUARY)

    assert (before, after) == ([(False, 0, None)], [(True, 1, 1)])


def test_a_longer_window_holds_the_shorter_and_levels_add_up(con):
    lines = [{"line": "101"}, {"line": "999"}, {"channel": "web_form"}, {"channel": "social"}]
    rows = [
        by(None if n % 7 == 0 else f"person {n % 11 % 5}", "2026-01-20 09:00", n * 5 * HOUR, **line)
        for n in range(120)
        for line in [lines[n % 4]]
    ]
    contacts(con, *rows)

    found = rebuilt(con, repeat_contacts.TABLE)

    counts = ["contacts", "without_person", "over_the_cap", "judged", "repeats"]
    for _, of_month in found.groupby(["month", "within_days"]):
        sums = of_month.groupby("level")[counts].sum()
        assert (sums.loc["all"] == sums.loc["channel"]).all()
        assert (sums.loc["all"] == sums.loc["line"]).all()
    assert (found["contacts"] == found[counts[1:4]].sum(axis=1)).all()
    keys = ["month", "level", "channel", "line"]
    wide = found.pivot_table(index=keys, columns="within_days", values="repeats", dropna=False)
    assert (wide[7].fillna(0) <= wide[28].fillna(0)).all()
