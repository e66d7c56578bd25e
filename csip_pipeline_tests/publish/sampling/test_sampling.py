"""A sample is drawn once, from a frame frozen before; whatever is refused changes nothing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sample_given import (
    CYCLE,
    LAST_MONTH,
    OTHER_SEED,
    QUEUES,
    SEED,
)

from csip_pipeline.publish.call_sample import selection
from csip_pipeline.publish.sampling import drawing, loading
from csip_pipeline.publish.sampling.drawing import shared_out
from csip_pipeline.refusals import RefusedError


def test_what_is_frozen_and_drawn_is_loaded_as_it_was_drawn(panel):
    panel.freeze()
    drawn = panel.draw()
    frame, sample = panel.load()

    order = list(selection(SEED, 40))[:13]
    assert [row["row"] for row in drawn["rows"]] == order
    assert frame["row_no"].tolist() == list(range(1, 41))
    assert sample["sample_no"].tolist() == sample["draw_no"].tolist() == list(range(1, 14))
    assert sample["state"].tolist() == ["sampled"] * 8 + ["reserve"] * 5
    calls = frame.set_index("row_no")["contact_id"]
    assert sample["contact_id"].tolist() == [calls[row] for row in order]
    assert set(sample["arm"]) == {"random"}


def test_a_month_in_which_no_cycle_ends_has_no_sample(panel):
    panel.freeze()
    panel.draw()

    january = CYCLE.months[0]
    assert loading.load_frame(panel.con, panel.here, [CYCLE], january) == 0
    assert loading.load_sample(panel.con, panel.here, [CYCLE], january) == 0


def test_a_frame_that_is_only_frozen_loads_no_sample(panel):
    panel.freeze()

    assert loading.load_frame(panel.con, panel.here, [CYCLE], LAST_MONTH) == 40
    assert loading.load_sample(panel.con, panel.here, [CYCLE], LAST_MONTH) == 0


def test_drawing_the_same_again_changes_nothing(panel):
    panel.freeze()
    drawn = panel.draw()
    before = panel.files()

    assert panel.draw() == drawn
    assert panel.files() == before


@pytest.mark.parametrize(
    "other",
    [
        pytest.param({"seed": OTHER_SEED}, id="another seed"),
        pytest.param({"size": 9}, id="more calls"),
        pytest.param({"reserves": 6}, id="more reserves"),
    ],
)
def test_a_second_draw_that_differs_is_refused_and_changes_nothing(panel, other):
    panel.freeze()
    panel.draw()
    before = panel.files()

    with pytest.raises(RefusedError, match="A draw happens once"):
        panel.draw(**other)
    assert panel.files() == before


def test_of_two_draws_at_one_time_the_later_is_refused(panel, monkeypatch):
    panel.freeze()
    drawn_rows = drawing.drawn_rows

    def while_another_draws(*given_to):
        monkeypatch.setattr(drawing, "drawn_rows", drawn_rows)
        panel.draw(OTHER_SEED)
        return drawn_rows(*given_to)

    monkeypatch.setattr(drawing, "drawn_rows", while_another_draws)
    with pytest.raises(RefusedError, match="A draw happens once"):
        panel.draw()
    assert panel.told["draw"]["seed"] == OTHER_SEED


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        pytest.param({"seed": SEED[:19]}, "at least 20 digits", id="a digit short"),
        pytest.param({"seed": ""}, "at least 20 digits", id="no seed"),
        pytest.param({"seed": "a" * 20}, "at least 20 digits", id="letters"),
        pytest.param({"seed": f"{SEED} "}, "at least 20 digits", id="a space"),
        pytest.param({"seed": "\u0663" * 20}, "at least 20 digits", id="digits of another script"),
        pytest.param({"size": 0}, "cannot be drawn", id="no calls"),
        pytest.param({"size": 36}, "cannot be drawn from a frame of 40", id="too many calls"),
        pytest.param({"size": 36, "reserves": 5}, "36 calls and 5 reserves", id="and reserves"),
    ],
)
def test_a_draw_that_cannot_be_is_refused_and_changes_nothing(panel, asked, said):
    panel.freeze()
    before = panel.files()

    with pytest.raises(RefusedError, match=said):
        panel.draw(**asked)
    assert panel.files() == before


def test_the_whole_frame_may_be_drawn(panel):
    panel.freeze()

    assert len({row["row"] for row in panel.draw(size=40, reserves=0)["rows"]}) == 40


@pytest.mark.parametrize("act", ["draw", "withdraw", "target"])
def test_nothing_is_done_before_a_frame_is_frozen(panel, act):
    given_to = {"draw": (), "withdraw": (1,), "target": ("telephone:1",)}[act]

    with pytest.raises(RefusedError, match="No frame of 2026-Q1 is frozen"):
        getattr(panel, act)(*given_to)
    assert panel.files() == {}


def test_a_frame_that_was_edited_after_it_was_frozen_is_not_drawn_from(panel):
    panel.freeze()
    frame = panel.folder / "sample_frame.csv"
    frame.write_bytes(frame.read_bytes().replace(b"all", b"any", 1))
    before = panel.files()

    with pytest.raises(RefusedError, match="not the frame that was frozen"):
        panel.draw()
    assert panel.files() == before


def test_every_number_of_the_draw_is_below_those_of_targeted_calls(panel):
    panel.calls(*({} for _ in range(1000)))
    panel.freeze()

    with pytest.raises(RefusedError, match="the numbers from 1001 belong to"):
        panel.draw(size=990, reserves=11)
    assert panel.draw(size=990, reserves=10)["rows"][-1]["sample_no"] == drawing.FIRST_TARGETED - 1


def test_each_stratum_is_drawn_by_a_seed_of_its_own(divided):
    divided.freeze("queue")
    rows = divided.draw(size=10, reserves=5)["rows"]

    frame, sample = divided.load()
    assert sample["state"].tolist() == ["sampled"] * 10 + ["reserve"] * 5
    for queue, calls in QUEUES.items():
        own = frame[frame["stratum"] == queue]["row_no"].tolist()
        drawn = [row["row"] for row in rows if row["stratum"] == queue]
        order = list(selection(f"{SEED}/{queue}", calls))
        assert drawn == [own[place - 1] for place in order[: len(drawn)]]
    sampled = [row["stratum"] for row in rows[:10]]
    assert {queue: sampled.count(queue) for queue in QUEUES} == {
        "crime": 6,
        "traffic": 3,
        "lost": 1,
    }


def test_fewer_calls_than_strata_are_refused(divided):
    divided.freeze("queue")

    with pytest.raises(RefusedError, match="2 calls are too few for 3 strata"):
        divided.draw(size=2)


@pytest.mark.parametrize(
    ("size", "counts", "shares"),
    [
        pytest.param(10, {"a": 50, "b": 50}, [5, 5], id="halves"),
        pytest.param(10, {"a": 47, "b": 16, "c": 37}, [5, 1, 4], id="largest remainders"),
        pytest.param(5, {"a": 1, "b": 1}, [3, 2], id="equal remainders: the first by name"),
        pytest.param(
            10, {"a": 98, "b": 1, "c": 1}, [8, 1, 1], id="at least one, yet no more calls"
        ),
        pytest.param(3, {"a": 98, "b": 1, "c": 1}, [1, 1, 1], id="one each"),
        pytest.param(2, {"a": 1, "b": 98, "c": 1}, [0, 2, 0], id="fewer than strata"),
        pytest.param(0, {"a": 5, "b": 6}, [0, 0], id="none"),
    ],
)
def test_strata_share_by_largest_remainder_and_each_gets_one(size, counts, shares):
    assert list(shared_out(size, counts).values()) == shares


@given(st.lists(st.integers(1, 500), min_size=1, max_size=12), st.data())
def test_strata_never_share_more_or_less_than_there_is(counts, data):
    named = {f"{number:02}": count for number, count in enumerate(counts)}
    size = data.draw(st.integers(0, sum(counts)))
    shares = shared_out(size, named)

    assert sum(shares.values()) == size
    assert all(0 <= shares[stratum] <= count for stratum, count in named.items())
    assert size < len(named) or min(shares.values()) >= 1
