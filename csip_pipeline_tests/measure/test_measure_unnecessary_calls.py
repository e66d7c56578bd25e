"""The share of unnecessary calls is as coded, corrected by what the panel heard in each class."""

import pytest
from given import call_sample, the_one
from panel_scored import asked, frame, heard, measured, scored

from csip_pipeline.measure import unnecessary_calls
from csip_pipeline.measure.double_sampling import post_stratified


def judged(con, first, coded, verdicts):
    """Calls drawn, coded alike and judged: n is no matter for the police, y is one."""
    words = {"n": "no", "y": "yes", "-": "not_applicable"}
    for number, verdict in enumerate(verdicts, start=first):
        heard(con, number, coded)
        scored(con, number, words[verdict], item="necessary")


def unnecessary(con):
    return measured(con, unnecessary_calls.TABLE)


def test_by_hand_seven_in_ten_calls_at_one_in_four_and_three_at_three_in_four(con):
    """0.7 x 1/4 + 0.3 x 3/4 = 0.4, where handlers had coded 0.3."""
    asked(con, "necessary")
    judged(con, 1, "police_matter", "nyyy")
    judged(con, 11, "avoidable", "nnny")
    frame(con, "police_matter", 66)
    frame(con, "avoidable", 26)

    found = the_one(unnecessary(con))

    assert (found["calls"], found["coded_share"]) == (100, 0.3)
    assert (found["heard_avoidable"], found["unnecessary_avoidable"]) == (4, 3)
    assert (found["heard_police_matter"], found["unnecessary_police_matter"]) == (4, 1)
    expected = post_stratified([(70, 4, 1), (30, 4, 3)])
    assert found["corrected_share"] == pytest.approx(0.4)
    assert found["corrected_share_lower"] == pytest.approx(expected.lower)
    assert found["corrected_share_upper"] == pytest.approx(expected.upper)
    assert found["because"] is None


def test_calls_without_a_reason_are_a_class_of_their_own(con):
    """Half of the frame: 0.5 x 1/2 + 0.25 x 0 + 0.25 x 1; of those recorded half were coded."""
    asked(con, "necessary")
    judged(con, 1, "unknown", "ny")
    judged(con, 11, "police_matter", "y")
    judged(con, 21, "avoidable", "n")

    found = the_one(unnecessary(con))

    assert (found["coded_share"], found["coded_share_of_known"]) == (0.25, 0.5)
    assert found["corrected_share"] == pytest.approx(0.5)


def test_handlers_who_code_without_a_slip_need_no_correction(con):
    asked(con, "necessary")
    judged(con, 1, "police_matter", "yyyyyy")
    judged(con, 11, "avoidable", "nnnn")

    found = the_one(unnecessary(con))

    assert found["corrected_share"] == pytest.approx(found["coded_share"])


def test_a_class_that_the_panel_did_not_hear_leaves_no_share_and_says_so(con):
    asked(con, "necessary")
    judged(con, 1, "police_matter", "ny")
    frame(con, "avoidable")
    frame(con, "unknown")

    found = the_one(unnecessary(con))

    assert found["corrected_share"] is None
    assert found["because"] == (
        "The panel judged no call coded as avoidable and none without a recorded reason."
    )


def test_a_verdict_that_does_not_apply_is_no_verdict(con):
    asked(con, "necessary")
    judged(con, 1, "police_matter", "ny--")

    found = the_one(unnecessary(con))

    assert (found["heard_police_matter"], found["corrected_share"]) == (2, 0.5)


def test_targeted_calls_correct_nothing(con):
    asked(con, "necessary")
    judged(con, 1, "police_matter", "y")
    call_sample(con, {"sample_no": 1001, "arm": "targeted", "stratum": "none"})
    scored(con, 1001, "no", item="necessary")

    found = the_one(unnecessary(con))

    assert (found["heard_police_matter"], found["unnecessary_police_matter"]) == (1, 0)


def test_a_cycle_of_which_nothing_was_judged_has_no_row(con):
    asked(con, "necessary", "tone")
    heard(con, 1)
    scored(con, 1, "good")

    assert unnecessary(con).empty
