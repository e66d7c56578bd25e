"""Whoever is owed an explanation counts once, and it is in time until its London day ends."""

import pytest
from given import notices, rebuilt, the_one

from csip_pipeline.measure import callbacks
from csip_pipeline.measure.intervals import median_interval, wilson

STATES = ["due", "held", "issued", "explained", "tried", "unsafe", "not_contactable", "expired"]
TOLD = {"explained_at": "2026-01-10 09:00"}
DAY = 86_400


def measured(con, *rows):
    notices(con, *rows)
    return rebuilt(con, callbacks.TABLE)


def of_all(con, *rows):
    found = measured(con, *rows)
    return the_one(found[found["level"] == "all"])


def in_every_state(con, **cells):
    """One notice in each state, explained the day after they were in touch."""
    told = {"explained": {"explained_at": "2026-01-06 09:00"}}
    rows = [{"state": state, **told.get(state, {}), **cells} for state in [*STATES, "withdrawn"]]
    return of_all(con, *rows)


def test_every_state_is_counted_and_what_was_withdrawn_is_owed_no_longer(con):
    found = in_every_state(con)

    assert [found[state] for state in STATES] == [1] * len(STATES)
    assert (found["notices"], found["withdrawn"]) == (len(STATES), 1)
    assert (found["judged"], found["explained_in_time"], found["late"]) == (8, 1, 7)
    assert found["explained_share"] == 1 / 8


def test_until_it_is_due_nobody_is_judged_not_even_who_was_told_early(con):
    found = in_every_state(con, as_at="2026-01-20")

    assert (found["judged"], found["explained_in_time"], found["late"]) == (0, 1, 0)
    assert found["explained_in_time_share"] is None
    assert found["is_provisional"]


def test_each_share_has_the_interval_of_its_own_counts(con):
    late = TOLD | {"due_by": "2026-01-09"}

    found = of_all(con, TOLD, TOLD, late, {"due_by": "2026-12-24"})

    for name, successes, n in (("explained_share", 3, 4), ("explained_in_time_share", 2, 3)):
        assert found[name] == pytest.approx(successes / n)
        bounds = (found[f"{name}_lower"], found[f"{name}_upper"])
        assert bounds == pytest.approx(wilson(successes, n)), name


@pytest.mark.parametrize(
    ("due_by", "explained_at", "in_time"),
    [
        pytest.param("2026-01-10", "2026-01-10 23:59:59", 1, id="last second in winter"),
        pytest.param("2026-01-10", "2026-01-11 00:00:00", 0, id="a second later in winter"),
        pytest.param("2026-06-10", "2026-06-10 22:59:59", 1, id="last second in summer"),
        pytest.param("2026-06-10", "2026-06-10 23:00:00", 0, id="a second later in summer"),
        pytest.param("2026-03-29", "2026-03-29 22:59:59", 1, id="clocks go forward that day"),
        pytest.param("2026-03-29", "2026-03-29 23:00:00", 0, id="a second after that day"),
        pytest.param("2026-10-25", "2026-10-25 23:59:59", 1, id="clocks go back that day"),
        pytest.param("2026-10-25", "2026-10-26 00:00:00", 0, id="a second after that day too"),
        pytest.param("2026-01-31", "2026-01-31 23:59:59", 1, id="last day of a month"),
    ],
)
def test_an_explanation_is_in_time_until_its_london_day_ends(con, due_by, explained_at, in_time):
    found = of_all(con, {"due_by": due_by, "explained_at": explained_at})

    assert (found["explained_in_time"], found["late"]) == (in_time, 1 - in_time)
    assert (found["explained"], found["judged"]) == (1, 1)


@pytest.mark.parametrize("state", ["due", "held", "issued", "tried", "expired"])
@pytest.mark.parametrize(
    ("as_at", "late"),
    [
        pytest.param("2026-02-13", 0, id="the day before it is due"),
        pytest.param("2026-02-14", 0, id="on the day itself"),
        pytest.param("2026-02-15", 1, id="the day after"),
    ],
)
def test_without_an_explanation_it_is_late_once_its_day_is_past(con, state, as_at, late):
    found = of_all(con, {"state": state, "as_at": as_at})

    assert (found["late"], found["judged"], found["is_provisional"]) == (late, late, not late)


def test_whoever_nobody_will_ever_tell_is_late(con):
    found = of_all(con, {"state": "expired"})

    assert (found["expired"], found["late"], found["explained_in_time_share"]) == (1, 1, 0)


@pytest.mark.parametrize(
    ("rows", "share"),
    [
        pytest.param([{"state": "withdrawn"}], None, id="nobody is owed any more"),
        pytest.param([{"as_at": "2026-01-20"}], None, id="nobody is judged yet"),
        pytest.param([{}], 0, id="nobody was told"),
        pytest.param([TOLD], 1, id="the only one"),
        pytest.param([TOLD, TOLD], 1, id="everybody"),
    ],
)
def test_a_share_of_nobody_is_null_and_never_zero(con, rows, share):
    found = of_all(con, *rows)

    assert found["explained_in_time_share"] == share
    assert (found["explained_in_time_share_lower"] is None) == (share is None)


def test_nothing_owed_is_no_row(con):
    assert measured(con).empty


def test_a_notice_withdrawn_after_they_were_told_still_counts(con):
    found = of_all(con, TOLD | {"is_withdrawn": True}, {"state": "withdrawn", "is_withdrawn": True})

    assert (found["notices"], found["explained"], found["withdrawn"]) == (1, 1, 1)


def test_a_notice_about_two_months_counts_once_in_the_first(con):
    found = measured(con, {"notice_id": "n" * 16, "month": "2026-02-01"}, {"notice_id": "n" * 16})

    assert {f"{month:%Y-%m}" for month in found["month"]} == {"2026-01"}
    assert found.set_index("level")["notices"].to_dict() == {"all": 1, "kind": 1}


@pytest.mark.parametrize("newer", ["2026-01-01", "2026-02-01"])
def test_of_two_months_the_row_that_was_kept_last_says_how_far_it_got(con, newer):
    months = {
        month: {"notice_id": "n" * 16, "month": month, "as_at": "2026-03-01", "state": "issued"}
        for month in ("2026-01-01", "2026-02-01")
    }
    months[newer] |= {"as_at": "2026-03-05", "state": "tried"}

    found = of_all(con, *months.values())

    assert (found["issued"], found["tried"]) == (0, 1)


def test_a_month_that_was_not_kept_anew_is_late_as_the_days_pass(con):
    old = {"as_at": "2026-02-05", "state": "issued"}

    found = measured(
        con, old, {"month": "2026-02-01", "due_by": "2026-04-01", "as_at": "2026-03-05"}
    )

    whole = found[found["level"] == "all"].sort_values("month")
    assert whole["late"].tolist() == [1, 0]


def test_the_months_of_two_cycles_are_two_notices(con):
    found = measured(con, {"person_key": "ann"}, {"person_key": "ann", "month": "2026-04-01"})

    assert found.loc[found["level"] == "all", "notices"].tolist() == [1, 1]


def test_each_kind_of_promise_has_a_row_and_all_kinds_together_have_one(con):
    form = {"channel": "web_form", "clock": "first_response"}
    rows = [TOLD, {}, form, form | {"clock": "resolution"}]

    found = measured(con, *rows)

    kinds = found[found["level"] == "kind"].set_index(["channel", "clock"])
    assert kinds["notices"].to_dict() == {
        ("telephone", "answer"): 2,
        ("web_form", "first_response"): 1,
        ("web_form", "resolution"): 1,
    }
    (whole,) = found[found["level"] == "all"].to_dict("records")
    for name in ("notices", *STATES, "withdrawn", "ever_issued", "judged", "late"):
        assert whole[name] == kinds[name].sum(), name


def test_whoever_was_once_in_a_list_was_issued_whatever_came_of_it(con):
    issued = {"issued_at": "2026-01-08 09:00", "state": "issued"}

    found = of_all(con, issued, issued | {"state": "tried"}, {})

    assert (found["issued"], found["ever_issued"]) == (1, 2)


def told_after(*days):
    received = "2026-01-01 09:00"
    return [
        {"received_at": received, "explained_at": f"2026-01-{1 + day:02} 09:00"} for day in days
    ]


def test_time_to_an_explanation_counts_from_receipt_and_only_of_those_explained(con):
    found = of_all(con, *told_after(2, 3, 10), {"state": "tried"})

    assert found["median_seconds_to_explanation"] == 3 * DAY
    assert found["median_seconds_to_explanation_lower"] is None


@pytest.mark.parametrize("n", [5, 6, 20])
def test_the_median_has_the_interval_of_order_statistics(con, n):
    days = list(range(1, n + 1))

    found = of_all(con, *told_after(*reversed(days)))

    ranks = median_interval(n)
    bounds = [found[f"median_seconds_to_explanation_{end}"] for end in ("lower", "upper")]
    assert bounds == ([rank * DAY for rank in ranks] if ranks else [None, None])
    assert found["median_seconds_to_explanation"] == (n + 1) / 2 * DAY


def test_an_explanation_dated_before_the_contact_has_no_duration(con):
    found = of_all(con, {"received_at": "2026-01-20 09:00", "explained_at": "2026-01-19 09:00"})

    assert (found["explained"], found["median_seconds_to_explanation"]) == (1, None)
