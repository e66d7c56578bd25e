"""The queue models give the published figures, agree where they meet, and do what a queue does."""

import heapq

import numpy as np
import pytest
from scipy.integrate import quad

from csip_pipeline.measure.erlang import (
    agents_needed,
    erlang_a,
    erlang_b,
    erlang_c,
    service_level_c,
)

EVER = np.inf


@pytest.mark.parametrize(
    ("load", "agents", "waiting"),
    [
        # the vectors of a test file "erlang.py module" found without its repository's name
        pytest.param(1, 1, 1, id="as many agents as erlangs"),
        pytest.param(123, 132, 0.3211, id="a large centre"),
        pytest.param(12345, 12421, 0.3812, id="thousands of agents"),
        pytest.param(1000, 900, 1, id="fewer agents than erlangs"),
        pytest.param(10, 14, 0.174132, id="pyworkforce ca48925 (MIT), test_erlang.py"),
        pytest.param(48, 55, 0.2387, id="360 calls of 240 s in half an hour"),
    ],
)
def test_erlang_c_gives_the_published_chance_of_waiting(load, agents, waiting):
    assert float(erlang_c(load, agents)) == pytest.approx(waiting, abs=5e-5)


def test_erlang_b_gives_the_published_chance_of_being_lost():
    assert float(erlang_b(123, 132)) == pytest.approx(0.0312, abs=5e-5)


@pytest.mark.parametrize(
    ("load", "agents", "handling", "within", "level"),
    [
        pytest.param(10, 14, 180, 19.8, 0.887853, id="pyworkforce ca48925: 14 agents"),
        pytest.param(10, 15, 180, 19.8, 0.941127, id="pyworkforce ca48925: 15 agents"),
        pytest.param(48, 55, 240, 15, 0.8459, id="360 calls of 240 s in half an hour"),
        pytest.param(55, 55, 240, 15, 0, id="a queue that grows without end"),
    ],
)
def test_erlang_c_gives_the_published_service_level(load, agents, handling, within, level):
    found = float(service_level_c(load, agents, handling, within))

    assert found == pytest.approx(level, abs=5e-5)


def test_erlang_c_gives_the_published_mean_wait():
    assert float(erlang_c(48, 55)) * 240 / (55 - 48) == pytest.approx(8.2, abs=0.05)


def test_erlang_a_gives_the_figures_of_its_authors():
    """Garnett, Mandelbaum & Reiman (2002): 48 calls a minute, 50 agents, patience of 2 minutes."""
    found = erlang_a(48, 50, 60, 120, 20)

    assert float(found.abandoned) == pytest.approx(0.031, abs=5e-4)
    assert float(found.abandoned) * 120 == pytest.approx(3.7, abs=0.05)  # mean seconds waited
    assert float(erlang_c(48, 50)) * 60 / 2 == pytest.approx(20.8, abs=0.05)  # with Erlang C


@pytest.mark.parametrize(
    ("agents", "waiting", "abandoned", "level", "digits"),
    [
        pytest.param(14, 0.14526, 0.013984, 0.916792, 6, id="test_abandonment.py, 3f04e72 (MIT)"),
        pytest.param(13, 0.226, 0.025, 0.858, 3, id="the guide's example"),
    ],
)
def test_erlang_a_gives_the_figures_of_pyworkforce(agents, waiting, abandoned, level, digits):
    """100 calls in half an hour, 3 minutes each, patience of 5 minutes, within 20 seconds."""
    found = erlang_a(10, agents, 180, 300, 20)

    assert float(found.waiting) == pytest.approx(waiting, abs=1e-3 if digits == 3 else 1e-5)
    assert float(found.abandoned) == pytest.approx(abandoned, abs=0.6 * 10**-digits)
    assert float(found.service_level) == pytest.approx(level, abs=0.6 * 10**-digits)


@pytest.mark.parametrize(
    ("load", "agents", "handling", "patience", "within"),
    [
        pytest.param(10, 14, 180, 300, 20, id="enough agents"),
        pytest.param(10, 6, 180, 300, 20, id="too few agents"),
        pytest.param(300, 280, 400, 120, 30, id="hundreds of agents"),
        pytest.param(2000, 2010, 400, 600, 10, id="thousands of agents"),
        pytest.param(0.01, 1, 300, 90, 10, id="hardly a call"),
        pytest.param(50, 49, 300, 5, 10, id="no patience to speak of"),
        pytest.param(48, 50, 60, 120, 0, id="at once"),
    ],
)
def test_erlang_a_is_the_sum_over_states_and_the_integral_over_waits(
    load, agents, handling, patience, within
):
    """The closed form against the stationary chain, and the density of waits by quadrature."""
    found = erlang_a(load, agents, handling, patience, within)
    arrivals, served, lost = load / handling, 1 / handling, 1 / patience
    states = np.arange(1, agents + int(40 * np.sqrt(load) + 5 * load * patience / handling + 200))
    ends = np.minimum(states, agents) * served + np.maximum(states - agents, 0) * lost
    logs = np.concatenate([[0], np.cumsum(np.log(arrivals / ends))])
    share = np.exp(logs - logs.max()) / np.exp(logs - logs.max()).sum()

    def answered_after(wait):
        left = arrivals / lost * (1 - np.exp(-lost * wait)) - agents * served * wait - lost * wait
        return arrivals * share[agents - 1] * np.exp(left)

    in_time = share[:agents].sum() + quad(answered_after, 0, within, epsabs=1e-13)[0]
    queue = (np.arange(len(share) - agents) * share[agents:]).sum()
    assert float(found.waiting) == pytest.approx(share[agents:].sum(), abs=1e-10)
    assert float(found.abandoned) == pytest.approx(queue * lost / arrivals, abs=1e-10)
    assert float(found.service_level) == pytest.approx(in_time, abs=1e-10)


@pytest.mark.parametrize(
    ("agents", "patience"), [pytest.param(5, 120, id="too few"), pytest.param(8, 120, id="enough")]
)
def test_erlang_a_is_what_a_queue_does(agents, patience):
    found = erlang_a(6, agents, 300, patience, 60)
    run = queue_run(agents, load=6, handling=300, patience=patience, within=60)

    assert run == pytest.approx(np.array(found).tolist(), abs=0.005)


def queue_run(agents, *, load, handling, patience, within, calls=200_000):
    """The same shares of calls drawn at random and served in order, from a fixed seed."""
    draws = np.random.default_rng(2002)
    arrivals = np.cumsum(draws.exponential(handling / load, calls)).tolist()
    talks = draws.exponential(handling, calls).tolist()
    patiences = draws.exponential(patience, calls).tolist()
    free_at = [0.0] * agents
    waiting = abandoned = in_time = 0
    for arrived, talk, lasts in zip(arrivals, talks, patiences, strict=True):
        wait = max(free_at[0] - arrived, 0)
        waiting += wait > 0
        if wait > lasts:
            abandoned += 1
            continue
        in_time += wait <= within
        heapq.heapreplace(free_at, arrived + wait + talk)
    return [waiting / calls, abandoned / calls, in_time / calls]


@pytest.mark.parametrize("agents", [5, 11, 14, 40])
@pytest.mark.parametrize("within", [0, 20, 3600])
def test_callers_who_never_hang_up_are_erlang_c(agents, within):
    found = erlang_a(10, agents, 180, EVER, within)

    assert float(found.waiting) == pytest.approx(float(erlang_c(10, agents)))
    assert float(found.abandoned) == 0
    assert float(found.service_level) == float(service_level_c(10, agents, 180, within))


@pytest.mark.parametrize(("load", "agents"), [(10, 11), (10, 14), (1000, 1010), (0.5, 3)])
def test_great_patience_comes_close_to_erlang_c(load, agents):
    found = erlang_a(load, agents, 180, 1e9, 20)

    assert float(found.waiting) == pytest.approx(float(erlang_c(load, agents)), abs=1e-5)
    assert float(found.abandoned) == pytest.approx(0, abs=1e-5)
    level = float(service_level_c(load, agents, 180, 20))
    assert float(found.service_level) == pytest.approx(level, abs=1e-5)


def test_without_any_patience_who_would_wait_is_lost():
    found = erlang_a(10, 14, 180, 0, 20)

    assert float(found.abandoned) == pytest.approx(float(erlang_b(10, 14)), abs=1e-6)
    assert float(found.service_level) == pytest.approx(1 - float(erlang_b(10, 14)), abs=1e-6)


def test_given_no_seconds_only_who_need_not_wait_is_in_time():
    found = erlang_a(10, 12, 180, 300, 0)

    assert float(found.service_level) == pytest.approx(1 - float(found.waiting))


@pytest.mark.parametrize(
    ("load", "agents", "expected"),
    [
        pytest.param(3, 0, (1, 1, 0), id="without agents"),
        pytest.param(0, 3, (0, 0, 1), id="without calls"),
        pytest.param(5000, 100, (1, 0.98, 0), id="with a fiftieth of the agents"),
        pytest.param(np.nan, 3, (np.nan,) * 3, id="without a known load"),
    ],
)
def test_extremes_of_erlang_a(load, agents, expected):
    found = erlang_a(load, agents, 180, 200, 20)

    assert np.array(found).tolist() == pytest.approx(expected, abs=1e-9, nan_ok=True)


@pytest.mark.parametrize("patience", [5, 120, 1000, EVER])
def test_agents_needed_reach_the_target_and_one_fewer_would_not(patience):
    load = np.array([0.01, 0.3, 1, 7.5, 48, 300, 2500])
    needed = agents_needed(load, 240, patience, 60, 0.9)

    assert (erlang_a(load, needed, 240, patience, 60).service_level >= 0.9).all()
    assert (erlang_a(load, needed - 1, 240, patience, 60).service_level < 0.9).all()


def test_the_published_number_of_agents_is_needed():
    """From pyworkforce ca48925 (MIT): 10 erlangs, 180 s, within 19.8 s."""
    assert agents_needed(10, 180, EVER, 19.8, [0.8, 0.9]).tolist() == [14, 15]
    assert float(agents_needed(10, 180, 300, 20, 0.8)) == 13  # its guide's example of Erlang A


def test_exactly_the_target_is_enough():
    level = float(service_level_c(10, 14, 180, 20))

    assert agents_needed(10, 180, EVER, 20, [level, np.nextafter(level, 1)]).tolist() == [14, 15]


@pytest.mark.parametrize(
    ("given", "needed"),
    [
        pytest.param({"load": 0}, 0, id="nobody rings"),
        pytest.param({"target": 0}, 0, id="nobody need be answered"),
        pytest.param({"target": 1}, np.nan, id="everybody in time cannot be had"),
        pytest.param({"target": np.nan}, np.nan, id="no target"),
        pytest.param({"load": np.nan}, np.nan, id="no load known"),
    ],
)
def test_extremes_of_agents_needed(given, needed):
    usual = {"load": 10, "handling": 180, "patience": 300, "within": 20, "target": 0.9}

    assert float(agents_needed(**(usual | given))) == pytest.approx(needed, nan_ok=True)
