"""Gwet's coefficient is 1 where two panellists always agree, and that of the literature."""

import pytest

from csip_pipeline.measure.agreement import agreement


def pairs(table):
    """The answers behind a table of counts: a row the first panellist's, a column the second's."""
    return [
        (str(first), str(second))
        for first, row in enumerate(table)
        for second, count in enumerate(row)
        for _ in range(count)
    ]


@pytest.mark.parametrize(
    ("table", "share", "ac1"),
    [
        pytest.param(
            [[118, 5], [2, 0]], 0.944, 0.9408, id="the paradox: kappa would be below nought"
        ),
        pytest.param(
            [[13, 0, 0], [0, 20, 7], [0, 4, 56]], 0.89, 0.8493305, id="irrCAC, cont3x3abstractors"
        ),
        pytest.param([[40, 9], [6, 45]], 0.85, 0.70075, id="two answers, used alike"),
        pytest.param([[5, 0], [0, 5]], 1, 1, id="always"),
        pytest.param([[0, 5], [5, 0]], 0, -1, id="never, of two answers used alike"),
    ],
)
def test_the_coefficient_is_that_of_the_literature(table, share, ac1):
    found = agreement(pairs(table), len(table))

    assert found.agreed / found.calls == pytest.approx(share)
    assert found.ac1 == pytest.approx(ac1, abs=5e-5)


def test_by_hand_answers_nobody_gave_still_belong_to_the_scale():
    """Good on 3 of 4 calls by both, one Good against Adequate, on a scale of six.

    pi is 7/8 and 1/8, pe = (7/64 + 7/64) / 5 = 0.04375, AC1 = (0.75 - 0.04375) / 0.95625.
    """
    found = agreement([("good", "good")] * 3 + [("good", "adequate")], 6)

    assert (found.calls, found.agreed) == (4, 3)
    assert found.ac1 == pytest.approx(0.70625 / 0.95625)


def test_one_answer_for_every_call_is_full_agreement():
    assert agreement([("good", "good")] * 5, 6).ac1 == 1


@pytest.mark.parametrize(
    "given", [pytest.param([], id="none"), pytest.param([("good", "good")], id="one call")]
)
def test_under_two_calls_there_is_no_coefficient(given):
    found = agreement(given, 6)

    assert (found.calls, found.ac1) == (len(given), None)


@pytest.mark.parametrize(
    "categories", [pytest.param(1, id="nothing to choose"), pytest.param(2, id="too few")]
)
def test_a_scale_has_every_answer_that_was_given(categories):
    with pytest.raises(ValueError, match="each that is answered"):
        agreement([("a", "b"), ("c", "c")], categories)
