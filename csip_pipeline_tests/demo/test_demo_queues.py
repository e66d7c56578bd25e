"""No caller is lost: whoever is offered to a queue is answered or gives up."""

import datetime as dt
from collections import Counter

import pytest

from csip_pipeline.demo import telephony
from csip_pipeline.demo.queues import Queue
from csip_pipeline.demo.world import World

ENDS = {"ABANDON", "EXITWITHTIMEOUT", "CONNECT"}
NINE_TO_FIVE = (0, 1_000, 7)


@pytest.fixture(scope="module")
def two_months():
    """The queue logs of two months, one after the other."""
    worlds = [World(7, dt.date(2026, month, 1), 0.02) for month in (4, 5)]
    return [line.split("|") for world in worlds for line in telephony.queue_log(world)]


def test_offered_is_answered_and_gave_up(two_months):
    ends_of_april = World(7, dt.date(2026, 4, 1), 0.02).ends_at
    april = [line for line in two_months if "." in line[1] and int(line[1][:10]) < ends_of_april]
    offered = Counter((line[1], line[2]) for line in april if line[4] == "ENTERQUEUE")
    ended = Counter((line[1], line[2]) for line in april if line[4] in ENDS)

    assert offered == ended
    assert offered.total() > 400


def test_a_log_is_in_time_order(two_months):
    moments = [int(line[0]) for line in two_months]

    assert moments == sorted(moments)


def test_agents_take_callers_in_the_order_they_came():
    queue = Queue([NINE_TO_FIVE])
    offers = [queue.offer(at, patience=500, busy=100) for at in (0, 10, 20)]

    assert [offer.left_at for offer in offers] == [0, 100, 200]
    assert [offer.position for offer in offers] == [1, 1, 2]


def test_a_caller_out_of_patience_leaves_the_agent_to_the_next():
    queue = Queue([NINE_TO_FIVE])
    queue.offer(0, patience=500, busy=100)
    hasty, patient = queue.offer(10, patience=30, busy=100), queue.offer(20, patience=500, busy=100)

    assert (hasty.agent, hasty.left_at) == (None, 40)
    assert (patient.agent, patient.left_at) == (7, 100)


def test_nobody_is_answered_when_nobody_is_on_duty():
    assert Queue([NINE_TO_FIVE]).offer(1_000, patience=60, busy=10).agent is None
