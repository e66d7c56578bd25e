"""Agreement is between the two panellists who heard the same call that was drawn by lot."""

import pytest
from given import call_sample, the_one
from panel_scored import asked, heard, measured, scored

from csip_pipeline.measure import panel_agreement


def agreed(con):
    return measured(con, panel_agreement.TABLE)


def both(con, number, first, second, item="tone"):
    scored(con, number, first, by="A", item=item)
    scored(con, number, second, by="B", item=item)


def test_calls_scored_twice_are_counted_and_those_agreed_on(con):
    """Good by both on 3 of 4 calls; with N/A six answers: AC1 = (0.75 - 0.04375) / 0.95625."""
    asked(con, "tone")
    for number in range(1, 6):
        heard(con, number)
    for number in range(1, 4):
        both(con, number, "good", "good")
    both(con, 4, "good", "not_applicable")
    scored(con, 5, "good")

    found = the_one(agreed(con))

    assert (found["calls"], found["agreed"], found["agreed_share"]) == (4, 3, 0.75)
    assert found["ac1"] == pytest.approx(0.70625 / 0.95625)


def test_one_call_scored_twice_gives_no_coefficient(con):
    asked(con, "necessary")
    heard(con, 1)
    both(con, 1, "yes", "no", item="necessary")

    found = the_one(agreed(con))

    assert (found["calls"], found["agreed_share"], found["ac1"]) == (1, 0, None)


def test_targeted_calls_and_answers_off_the_scale_say_nothing_of_agreement(con):
    asked(con, "tone")
    heard(con, 1)
    both(con, 1, "good", "yes")
    call_sample(con, {"sample_no": 1001, "arm": "targeted", "stratum": "none"})
    both(con, 1001, "good", "good")

    assert agreed(con).empty


def test_where_three_heard_a_call_two_count(con):
    asked(con, "tone")
    heard(con, 1)
    both(con, 1, "good", "good")
    scored(con, 1, "good", by="C")

    assert the_one(agreed(con))["calls"] == 1
