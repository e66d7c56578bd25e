"""An event's effect is the level after it less the level before, as far as no other is at work."""

import numpy as np
import pytest
from given import events, rebuilt, the_one
from given_measured import contacts_by_month, nothing_measured

from csip_pipeline.measure import event_effects
from csip_pipeline.measure.effect_words import in_words
from csip_pipeline.measure.level_changes import level_change

LOW, HIGH = [100, 104, 96, 102, 98, 100], [200, 204, 196, 202, 198, 200]
NEW_FORM = {"event": "new_form", "title": "New form", "happened_on": "2024-07-01"}


@pytest.fixture(autouse=True)
def _tables(con):
    nothing_measured(con)


def effect(con, *others, **event):
    """The one effect of a new form in July 2024, beside other events."""
    events(con, {**NEW_FORM, **event}, *others)
    found = rebuilt(con, event_effects.TABLE)
    return the_one(found[found["event"] == "new_form"])


def counted(con, *others, **event):
    found = effect(con, *others, **event)
    return found["months_before"], found["months_after"]


def test_a_level_that_doubled_rose(con):
    contacts_by_month(con, [*LOW, *HIGH])

    found = effect(con)

    assert (found["level_before"], found["level_after"], found["change"]) == (100, 200, 100)
    assert found["change_lower"] < 100 < found["change_upper"]
    assert found["verdict"] == "rose"
    assert found["words"].startswith("Rose: 100 before, 200 after (change between +9")


@pytest.mark.parametrize(
    ("values", "verdict"),
    [
        pytest.param([*HIGH, *LOW], "fell", id="halved"),
        pytest.param([*LOW, *LOW], "no clear change", id="the same"),
        pytest.param([*LOW, 101, 105, 97, 103, 99, 101], "no clear change", id="a little more"),
        pytest.param([*LOW, *HIGH[:5]], "too few months to tell", id="five months after"),
        pytest.param([None, *LOW[1:], *HIGH], "too few months to tell", id="five months before"),
        pytest.param(LOW, "too few months to tell", id="none after"),
    ],
)
def test_a_verdict_is_given_only_where_chance_is_excluded(con, values, verdict):
    contacts_by_month(con, values)

    assert effect(con)["verdict"] == verdict


def test_too_few_months_have_levels_but_no_change(con):
    contacts_by_month(con, [*LOW, 200])

    found = effect(con)

    assert (found["level_before"], found["level_after"]) == (100, 200)
    assert found["change"] is found["change_lower"] is found["change_upper"] is None
    assert found["words"] == "Too few months to tell: 6 before, 1 after."


@pytest.mark.parametrize(
    ("happened_on", "expected"),
    [
        pytest.param("2025-01-01", (12, 12), id="on the first: that month is after"),
        pytest.param("2025-01-02", (12, 11), id="on the second: that month is neither"),
        pytest.param("2024-12-31", (11, 12), id="on the last: that month is neither"),
        pytest.param("2024-03-01", (2, 12), id="twelve at most"),
        pytest.param("2023-06-01", (0, 5), id="before the first month"),
        pytest.param("2026-06-01", (7, 0), id="after the last month"),
    ],
)
def test_twelve_whole_months_on_either_side_count(con, happened_on, expected):
    contacts_by_month(con, [100] * 24)

    assert counted(con, happened_on=happened_on) == expected


@pytest.mark.parametrize(
    ("ended_on", "expected"),
    [
        pytest.param("2024-07-01", (6, 1), id="a day"),
        pytest.param("2024-08-01", (6, 2), id="until the first of the next month"),
        pytest.param("2025-01-31", (6, 7), id="seven months"),
    ],
)
def test_of_an_event_that_ended_the_months_that_it_touched_count(con, ended_on, expected):
    contacts_by_month(con, [100] * 24)

    assert counted(con, ended_on=ended_on) == expected


def test_an_event_that_ended_is_told_as_lasting_then(con):
    contacts_by_month(con, [100] * 24)

    words = effect(con, ended_on="2024-07-01")["words"]

    assert words == "Too few months to tell: 6 before, 1 while it lasted."


@pytest.mark.parametrize(
    ("other", "expected", "is_named"),
    [
        pytest.param({"happened_on": "2024-03-01"}, (4, 12), True, id="before: from it on"),
        pytest.param({"happened_on": "2024-03-02"}, (3, 12), True, id="its own month is neither"),
        pytest.param({"happened_on": "2024-10-05"}, (6, 3), True, id="after: up to it"),
        pytest.param({"happened_on": "2024-07-01"}, (6, 0), True, id="of the same day"),
        pytest.param({"happened_on": "2024-07-20"}, (6, 0), True, id="of the same month"),
        pytest.param({"happened_on": "2023-01-01"}, (6, 12), False, id="long before"),
        pytest.param({"happened_on": "2025-07-01"}, (6, 12), False, id="long after"),
        pytest.param(
            {"happened_on": "2024-03-31", "ended_on": "2024-04-01"}, (4, 12), True, id="passing"
        ),
        pytest.param(
            {"happened_on": "2024-03-05", "ended_on": "2024-03-05", "rebases": "yes"},
            (3, 12),
            True,
            id="passing, but it rebased",
        ),
        pytest.param(
            {"happened_on": "2024-10-05", "subject": "telephone"}, (6, 12), False, id="elsewhere"
        ),
    ],
)
def test_another_events_months_do_not_count_and_it_is_named(con, other, expected, is_named):
    contacts_by_month(con, [100] * 24)

    found = effect(con, {"event": "other", "title": "Other work", **other})

    assert (found["months_before"], found["months_after"]) == expected
    assert found["words"].endswith("Left out: months of or beyond Other work.") == is_named


def test_every_measure_that_an_event_bears_on_is_told(con):
    contacts_by_month(con, [100] * 24)
    contacts_by_month(con, [100] * 24, channel="telephone")
    events(con, NEW_FORM, {"event": "outage", "happened_on": "2025-02-01", "subject": "telephone"})

    found = rebuilt(con, event_effects.TABLE)

    assert sorted(zip(found["event"], found["subject"], strict=True)) == [
        ("new_form", "telephone"),
        ("new_form", "web_form"),
        ("outage", "telephone"),
    ]


def test_without_events_there_are_no_effects(con):
    contacts_by_month(con, [100] * 24)

    assert rebuilt(con, event_effects.TABLE).empty


ROW = {
    "unit": "share",
    "level_before": 0.721,
    "level_after": 0.73,
    "change": 0.009,
    "change_lower": -0.021,
    "change_upper": 0.039,
    "verdict": "no clear change",
}


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        pytest.param(
            {},
            "No clear change: 72.1 % before, 73.0 % after (change between -2.1 and +3.9 points).",
            id="share",
        ),
        pytest.param(
            {"change_lower": -0.00001, "change_upper": 0.00001},
            "No clear change: 72.1 % before, 73.0 % after (change between +0.0 and +0.0 points).",
            id="no -0.0",
        ),
        pytest.param(
            {
                **dict.fromkeys(("level_before", "level_after"), 65.4),
                "unit": "seconds",
                "change_lower": -59.6,
                "change_upper": 3661,
            },
            "No clear change: 1:05 before, 1:05 after (change between -1:00 and +61:01 minutes).",
            id="seconds",
        ),
        pytest.param(
            {
                "unit": "contacts",
                "level_before": 9100.4,
                "level_after": 12000,
                "change_lower": 100.2,
                "change_upper": 5699,
                "verdict": "rose",
            },
            "Rose: 9,100 before, 12,000 after (change between +100 and +5,699 contacts).",
            id="contacts",
        ),
    ],
)
def test_words_are_full_and_have_their_units(row, expected):
    assert in_words({**ROW, **row}, [], has_ended=False) == expected


def test_an_interval_is_that_of_a_t_test_where_months_are_unlike():
    before, after = np.array([1.0, 2, 1, 2, 1, 2]), np.array([5.0, 6, 5, 6, 5, 6])

    found = level_change(before, after)

    # pooled variance 0.3, standard error sqrt(0.3 * 2 / 6), t of 10 degrees of freedom 2.2281
    assert found == pytest.approx((4, 4 - 0.70460, 4 + 0.70460), abs=1e-4)


def test_an_interval_is_wider_where_months_are_alike():
    unlike = np.array([1.0, 6, 2, 5, 3, 4])
    alike = np.sort(unlike)

    assert level_change(alike, alike).upper > 2 * level_change(unlike, unlike).upper


def test_a_level_without_any_variation_has_an_interval_of_no_width():
    assert level_change(np.ones(6), np.full(6, 2.0)) == (1, 1, 1)


def test_a_side_of_five_months_is_refused():
    with pytest.raises(ValueError, match="at least 6 months"):
        level_change(np.ones(12), np.ones(5))


@pytest.mark.parametrize(("months", "alike"), [(12, 0), (12, 0.3), (12, 0.6), (6, 0), (6, 0.3)])
def test_the_interval_covers_what_is_true_in_about_95_of_100_series(months, alike):
    random = np.random.default_rng(7)
    rows = random.standard_normal((2000, 2 * months))
    for n in range(1, 2 * months):
        rows[:, n] = alike * rows[:, n - 1] + np.sqrt(1 - alike**2) * rows[:, n]

    found = [level_change(row[:months], row[months:]) for row in rows]

    assert 0.93 <= np.mean([one.lower <= 0 <= one.upper for one in found]) <= 0.99
