"""The panel's results count each heard call once, keep the arms apart, and weight strata."""

import pytest
from given import broken, call_sample, rebuilt, the_one
from panel_scored import asked, frame, heard, measured, scored

from csip_pipeline.measure import panel_answers, panel_results
from csip_pipeline.measure.intervals import wilson

SHARE = ["favourable_share", "favourable_share_lower", "favourable_share_upper"]


def results(con):
    return measured(con, panel_results.TABLE)


def test_calls_are_counted_by_grade_and_the_share_leaves_out_what_does_not_apply(con):
    asked(con, "tone")
    for number, score in enumerate(("outstanding", "good", "adequate", "not_applicable"), start=1):
        heard(con, number)
        scored(con, number, score)
    heard(con, 5)

    found = the_one(results(con))

    assert (found["sampled"], found["scored"], found["not_applicable"]) == (5, 4, 1)
    assert (found["outstanding"], found["good"], found["adequate"]) == (1, 1, 1)
    assert found["favourable"] == 2
    assert [found[name] for name in SHARE] == pytest.approx([2 / 3, *wilson(2, 3)])


def test_a_yes_is_favourable_where_the_question_is_yes_or_no(con):
    asked(con, "necessary")
    for number, score in enumerate(("yes", "no", "no", "no"), start=1):
        heard(con, number)
        scored(con, number, score, item="necessary")

    found = the_one(results(con))

    assert (found["yes"], found["no"], found["favourable_share"]) == (1, 3, 0.25)


def test_targeted_calls_stand_apart_and_have_no_share(con):
    asked(con, "tone")
    heard(con, 1)
    scored(con, 1, "good")
    call_sample(con, {"sample_no": 1001, "arm": "targeted", "stratum": "none"})
    scored(con, 1001, "inadequate")

    random, targeted = results(con).sort_values("arm").to_dict("records")

    assert (random["good"], random["inadequate"], random["favourable_share"]) == (1, 0, 1)
    assert (targeted["good"], targeted["inadequate"]) == (0, 1)
    assert targeted["favourable_share"] != targeted["favourable_share"]


def test_a_call_that_two_panellists_heard_counts_once(con):
    asked(con, "tone")
    heard(con, 1)
    scored(con, 1, "good", by="A")
    scored(con, 1, "inadequate", by="B")

    found = the_one(results(con))

    assert (found["scored"], found["good"] + found["inadequate"]) == (1, 1)


def test_whose_answer_counts_is_a_lot_for_each_call_and_falls_alike_each_time(con):
    """Of 40 calls that A and B heard, each of them counts for some."""
    asked(con, "tone")
    for number in range(1, 41):
        heard(con, number)
        scored(con, number, "good", by="A")
        scored(con, number, "inadequate", by="B")

    once, again = the_one(results(con)), the_one(results(con))

    assert once == again
    assert 10 < once["good"] < 30


def test_whoever_counts_for_a_call_counts_for_all_its_items(con):
    asked(con, "tone", "right_agency")
    heard(con, 1)
    for item in ("tone", "right_agency"):
        scored(con, 1, "good", by="A", item=item)
        scored(con, 1, "inadequate", by="B", item=item)

    found = results(con)

    assert found["favourable"].nunique() == 1


@pytest.mark.parametrize("state", ["reserve", "withdrawn"])
def test_a_call_that_nobody_is_to_hear_has_no_score_that_counts(con, state):
    asked(con, "tone")
    heard(con, 1)
    heard(con, 2, state=state)
    scored(con, 1, "good")
    scored(con, 2, "inadequate")

    found = the_one(results(con))

    assert (found["sampled"], found["scored"], found["inadequate"]) == (1, 1, 0)


def test_an_answer_of_another_scale_counts_for_nothing_and_is_counted(con):
    asked(con, "tone", "necessary")
    heard(con, 1)
    scored(con, 1, "yes")
    scored(con, 1, "good", item="necessary")

    found = results(con)

    assert found["off_scale"].tolist() == [1, 1]
    assert found["scored"].tolist() == [0, 0]
    assert found["favourable_share"].isna().all()


def test_an_answer_on_the_scale_comes_before_one_that_is_not(con):
    asked(con, "tone")
    heard(con, 1)
    for by in "ABCDEFGH":
        scored(con, 1, "yes", by=by)
    scored(con, 1, "good", by="I")

    found = the_one(results(con))

    assert (found["scored"], found["good"], found["off_scale"]) == (1, 1, 0)


@pytest.mark.parametrize(
    ("days", "asks"),
    [
        pytest.param({}, True, id="still asked"),
        pytest.param({"applies_from_on": "2026-01-31"}, True, id="from the last day on"),
        pytest.param({"applies_from_on": "2026-02-01"}, False, id="only later"),
        pytest.param({"applies_until_on": "2026-02-01"}, True, id="until the cycle was over"),
        pytest.param({"applies_until_on": "2026-01-31"}, False, id="ended on the last day"),
    ],
)
def test_only_items_of_the_score_sheet_on_the_cycles_last_day_count(con, days, asks):
    asked(con, "tone", **days)
    heard(con, 1)
    scored(con, 1, "good")
    scored(con, 1, "good", item="manner")

    assert results(con)["item"].tolist() == (["tone"] if asks else [])


def test_strata_count_by_their_calls(con):
    """900 calls at 1 in 2 and 100 at 2 in 2: 0.9 x 0.5 + 0.1."""
    asked(con, "tone")
    scores = {1: ("a", "good"), 2: ("a", "adequate"), 3: ("b", "good"), 4: ("b", "good")}
    for number, (stratum, score) in scores.items():
        heard(con, number, stratum=stratum)
        scored(con, number, score)
    frame(con, calls=898, stratum="a")
    frame(con, calls=98, stratum="b")

    found = the_one(results(con))

    assert found["favourable_share"] == pytest.approx(0.55)


def test_a_stratum_of_which_no_call_is_scored_leaves_no_share(con):
    asked(con, "tone")
    heard(con, 1, stratum="a")
    heard(con, 2, stratum="b")
    scored(con, 1, "good")

    found = the_one(results(con))

    assert (found["scored"], found["favourable_share"]) == (1, None)


def test_without_a_draw_there_is_nothing(con):
    asked(con, "tone")
    frame(con)
    scored(con, 1, "good")

    assert rebuilt(con, panel_answers.TABLE).empty
    assert results(con).empty


@pytest.mark.parametrize(
    ("number", "item", "found"),
    [
        pytest.param(1, "tone", 0, id="of a call that is heard"),
        pytest.param(2, "tone", 1, id="of a call that was withdrawn"),
        pytest.param(99, "tone", 1, id="of a call that nobody drew"),
        pytest.param(1, "manner", 1, id="of no item of the sheet"),
    ],
)
def test_scores_that_count_for_nothing_are_counted(con, number, item, found):
    asked(con, "tone")
    heard(con, 1)
    heard(con, 2, state="withdrawn")
    scored(con, 1, "good", by="B")
    scored(con, number, "good", item=item)
    rebuilt(con, panel_answers.TABLE)

    assert broken(con, "measure/scores_that_count_for_nothing") == found
