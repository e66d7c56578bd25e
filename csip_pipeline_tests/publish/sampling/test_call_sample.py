"""A draw is the sampler that election audits publish: its vectors, fair, and each row once."""

import hashlib
import random
from collections import Counter
from itertools import islice

import pytest
from scipy import stats

from csip_pipeline.publish.call_sample import selection

DICE = "3546311556112163624615351222"
"""The seed by which the software of Colorado's audits of elections tests its own draw."""


def drawn_plainly(seed, total):
    """The draw as its algorithm is told to the public, with nothing of ours."""
    rows = {}
    place = 1
    while len(rows) < total:
        digest = hashlib.sha256(bytes(f"{seed},{place}", "utf-8")).hexdigest()
        rows[int(digest, 16) % total + 1] = True
        place += 1
    return list(rows)


@pytest.mark.parametrize(
    ("seed", "total", "rows"),
    [
        ("0", 1000, [905, 573, 160]),
        ("1", 1000, [97, 89, 163]),
        ("0000000000", 1000, [978, 359, 132]),
        ("9" * 24, 1000, [544, 800, 654]),
        ("abcde", 1000, [247, 427, 157]),
        (DICE, 876, [740, 180, 264, 789, 238, 448]),
    ],
)
def test_published_vectors_of_the_sampler_are_met(seed, total, rows):
    assert list(islice(selection(seed, total), len(rows))) == rows


def test_a_row_that_the_published_vector_draws_again_is_skipped():
    with_repeats = [1, 1, 2]

    assert list(selection("0", 2)) == list(dict.fromkeys(with_repeats))


def test_a_draw_written_from_its_description_alone_agrees_for_a_hundred_seeds():
    dice = random.Random(20260901)  # noqa: S311 - a fixed choice of cases
    for _ in range(100):
        seed = "".join(dice.choices("123456", k=dice.randint(20, 30)))
        total = dice.randint(1, 400)

        assert list(selection(seed, total)) == drawn_plainly(seed, total)


@pytest.mark.parametrize("total", [1, 2, 7, 256, 1000])
def test_a_draw_to_its_end_gives_every_row_once(total):
    assert sorted(selection(DICE, total)) == list(range(1, total + 1))


def test_a_longer_draw_begins_with_the_shorter_one():
    ten, all_of_them = list(islice(selection(DICE, 876), 10)), list(selection(DICE, 876))

    assert all_of_them[:10] == ten


@pytest.mark.parametrize("total", [7, 93])
def test_every_row_is_as_likely_as_another_to_be_among_the_first_three(total):
    seeds = [f"{number:020}" for number in range(10_000)]
    firsts = [list(islice(selection(seed, total), 3)) for seed in seeds]

    for place in range(3):
        counts = Counter(rows[place] for rows in firsts)
        expected = len(seeds) / total
        chi_square = sum((counts[row] - expected) ** 2 for row in range(1, total + 1)) / expected
        assert stats.chi2.sf(chi_square, total - 1) > 0.001


def test_two_seeds_that_differ_in_one_throw_draw_different_calls():
    other = DICE[:-1] + "3"

    assert list(islice(selection(DICE, 876), 20)) != list(islice(selection(other, 876), 20))


@pytest.mark.parametrize(
    ("seed", "total", "said"),
    [
        pytest.param("", 10, "needs a seed", id="no seed"),
        pytest.param(DICE, 0, "at least one row", id="no rows"),
        pytest.param(DICE, -1, "at least one row", id="fewer than no rows"),
    ],
)
def test_a_draw_of_nothing_or_by_nothing_is_refused(seed, total, said):
    with pytest.raises(ValueError, match=said):
        next(selection(seed, total))
