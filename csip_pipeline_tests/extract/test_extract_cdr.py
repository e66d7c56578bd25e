"""A call detail record says when a channel was picked up, which is not always when a person was.

So a wait is told only where the records show an agent answering: the record of an agent behind a
Local channel, or a dial plan that answers no call before an agent does.
"""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from extract_queries import of_format

from csip_pipeline.extract.formats import asterisk_cdr
from csip_pipeline.extract.telephony import TelephonyDelivered

START = dt.datetime(2026, 10, 5, 9, tzinfo=dt.UTC)
RINGS_FIRST = {"answers_first": False, "lines": {"switchboard": "101"}}


def record(after=0, duration=60, billsec=48, zone="UTC", start=START, **cells):
    """One record: answered by agent 7 after 12 s, ended after a minute, unless told otherwise."""
    began = start + dt.timedelta(seconds=after)
    clocks = {
        name: (began + dt.timedelta(seconds=seconds)).astimezone(ZoneInfo(zone))
        for name, seconds in (("start", 0), ("answer", duration - billsec), ("end", duration))
    }
    usual = {name: f"{clock:%Y-%m-%d %H:%M:%S}" for name, clock in clocks.items()}
    usual |= {"duration": str(duration), "billsec": str(billsec)}
    usual["answer"] = usual["answer"] if billsec else ""
    usual |= {
        "src": "07700900123",
        "dst": "100",
        "dcontext": "callers",
        "channel": "PJSIP/trunk-00000001",
        "dstchannel": "PJSIP/7-00000002",
        "lastapp": "Queue",
        "lastdata": "switchboard,n,,,60",
        "disposition": "ANSWERED" if billsec else "NO ANSWER",
        "uniqueid": f"{int(start.timestamp())}.1",
    }
    return usual | cells


def unanswered(after=0, duration=30, billsec=0, **cells):
    """A record in which nobody answered."""
    return record(after, duration, billsec, **{"dstchannel": ""} | cells)


def taken(*rows, **options):
    queries = of_format(asterisk_cdr, RINGS_FIRST | options)
    queries.file(*rows)
    return queries


def legs(queries, *columns):
    kept = queries.kept(TelephonyDelivered)
    return list(
        kept[list(columns)]
        .astype(object)
        .where(kept[list(columns)].notna(), None)
        .itertuples(index=False, name=None)
    )


@pytest.mark.parametrize(
    ("rows", "outcome", "wait_seconds", "talk_seconds"),
    [
        pytest.param([record()], "answered", 12, 48, id="answered"),
        pytest.param([unanswered()], "abandoned", 30, None, id="given up in the queue"),
        pytest.param(
            [unanswered(lastapp="Playback", lastdata="sorry")],
            "timed_out",
            30,
            None,
            id="let go by the queue: the dial plan went on",
        ),
        pytest.param(
            [unanswered(lastapp="VoiceMail", lastdata="100@default")],
            "voicemail",
            30,
            None,
            id="sent to voicemail",
        ),
        pytest.param(
            [unanswered(disposition="BUSY", dstchannel="PJSIP/7-00000002")],
            "timed_out",
            30,
            None,
            id="turned away",
        ),
        pytest.param(
            [
                unanswered(0, 15, dstchannel="PJSIP/7-00000002"),
                unanswered(15, 15, dstchannel="PJSIP/8-00000003"),
                record(30, 50, 41, dstchannel="PJSIP/9-00000004"),
            ],
            "answered",
            39,
            41,
            id="the third agent that rang answered",
        ),
        pytest.param(
            [
                unanswered(0, 12, dstchannel="PJSIP/8-00000003"),
                record(),
            ],
            "answered",
            12,
            48,
            id="two rang at once",
        ),
        pytest.param(
            [record(), unanswered(60, 5, lastapp="Playback", lastdata="survey")],
            "answered",
            12,
            48,
            id="what follows the agent is no second leg",
        ),
        pytest.param(
            [
                unanswered(0, 15, dstchannel="PJSIP/7-00000002"),
                unanswered(15, 20, lastapp="Hangup", lastdata=""),
            ],
            "timed_out",
            35,
            None,
            id="rang, and was let go",
        ),
    ],
)
def test_the_records_of_a_leg_decide_its_outcome_wait_and_talk(
    rows, outcome, wait_seconds, talk_seconds
):
    queries = taken(*rows, contexts={"callers": "switchboard"})

    assert legs(queries, "queue", "line", "outcome", "wait_seconds", "talk_seconds") == [
        ("switchboard", "101", outcome, wait_seconds, talk_seconds)
    ]


def test_a_dial_plan_that_answers_first_leaves_the_wait_to_the_agents_own_record():
    caller = record(0, 60, 60, dstchannel="Local/a7@agents-0000000a;1")
    agent = record(
        5,
        55,
        40,
        channel="Local/a7@agents-0000000a;2",
        dstchannel="",
        dcontext="agents",
        lastapp="Hangup",
        uniqueid=f"{int(START.timestamp()) + 5}.3",
    )

    queries = taken(caller, agent, answers_first=True)

    assert queries.ends() == {"out_of_scope": 1, "read": 1}
    assert legs(queries, "outcome", "wait_seconds", "talk_seconds", "handler_id") == [
        ("answered", 20, 40, "Local/a7@agents")
    ]


@pytest.mark.parametrize("options", [{"answers_first": True}, {"answers_first": None}])
def test_without_that_record_nobodys_wait_is_made_up(options):
    _, broken = taken(record(0, 60, 60), **options).judged(TelephonyDelivered)

    assert any("must say how long it waited" in promise for promise in broken["promise"])


def test_without_that_record_those_who_gave_up_are_still_told():
    queries = taken(unanswered(billsec=30), answers_first=True)

    assert legs(queries, "outcome", "wait_seconds") == [("abandoned", 30)]


def test_an_answer_in_the_first_queue_says_nothing_of_the_second():
    _, broken = taken(record(), record(60, 50, 50, lastdata="crime")).judged(TelephonyDelivered)

    assert set(broken["position"]) == {1}


def test_a_call_passed_on_is_one_call_of_two_legs_by_its_linkedid():
    first = f"{int(START.timestamp())}.1"
    onward = record(
        60,
        40,
        30,
        lastdata="crime",
        channel="PJSIP/other-00000009",
        uniqueid=f"{int(START.timestamp()) + 60}.7",
        start=START,
    )

    queries = taken(record() | {"linkedid": first}, onward | {"linkedid": first})

    assert legs(
        queries, "call_id", "leg", "queue", "outcome", "wait_seconds", "transferred_to"
    ) == [
        (first, 1, "switchboard", "transferred", 12, "crime"),
        (first, 2, "crime", "answered", 10, None),
    ]
    assert queries.kept(TelephonyDelivered)["arrived_at"].nunique() == 1


def test_an_exchange_without_queues_is_read_by_what_was_dialled():
    queries = taken(record(lastapp="Dial", lastdata="PJSIP/7,20"), apps=["Dial"])

    assert legs(queries, "queue", "line", "wait_seconds") == [("100", "other", 12)]


@pytest.mark.parametrize(
    "cells",
    [
        pytest.param(
            {"channel": "Local/1@callers-00000001;1"}, id="the near half of a Local channel"
        ),
        pytest.param(
            {"lastapp": "Dial", "dcontext": "from-internal"}, id="a call to nobody's queue"
        ),
        pytest.param({"lastapp": "", "dcontext": ""}, id="nothing was done"),
    ],
)
def test_what_was_offered_to_no_queue_is_out_of_scope(cells):
    assert taken(record(**cells)).ends() == {"out_of_scope": 1}


@pytest.mark.parametrize(
    ("cells", "column", "promise"),
    [
        pytest.param(
            {"uniqueid": ""}, "uniqueid", "is not <seconds since 1970>.<number>", id="no id"
        ),
        pytest.param({"uniqueid": "999999999999.1"}, "uniqueid", None, id="no moment"),
        pytest.param({"linkedid": "none"}, "linkedid", None, id="no linked id"),
        pytest.param({"start": "05/10/2026 09:00"}, "start", None, id="another way of time"),
        pytest.param({"start": "2026-10-05 29:00:00"}, "start", None, id="no such time"),
        pytest.param({"end": ""}, "end", None, id="no end"),
        pytest.param({"answer": "soon"}, "answer", None, id="no answer time"),
        pytest.param({"duration": "1:00"}, "duration", None, id="no whole seconds"),
        pytest.param({"billsec": ""}, "billsec", None, id="no seconds"),
        pytest.param({"billsec": "99"}, "billsec", "is more than duration", id="longer than all"),
        pytest.param(
            {"duration": "90"}, "duration", "is not the time from start to end", id="not its length"
        ),
        pytest.param({"disposition": "DOCUMENTATION"}, "disposition", None, id="fields shifted"),
        pytest.param({"lastdata": ""}, "lastdata", "does not name a queue", id="no queue"),
        pytest.param(
            {"start": "2026-10-05 10:00:00", "end": "2026-10-05 10:01:00"},
            "start",
            "is not the moment that uniqueid gives: is the zone right?",
            id="an hour off",
        ),
    ],
)
def test_a_broken_record_says_what_is_wrong(cells, column, promise):
    (fault,) = taken(record(), record(uniqueid="1791190800.2") | cells).faults()

    assert fault[:2] == (2, column)
    assert promise in (None, fault[2])


@pytest.mark.parametrize("zone", ["Europe/London", "UTC"])
@pytest.mark.parametrize(
    "moment",
    [
        "2026-03-29T00:59:50",
        "2026-03-29T01:00:00",
        "2026-10-25T00:30:00",
        "2026-10-25T00:59:50",
        "2026-10-25T01:30:00",
        "2026-07-01T12:00:00",
    ],
)
def test_the_epoch_in_uniqueid_needs_no_guess_at_the_clock_changes(zone, moment):
    start = dt.datetime.fromisoformat(f"{moment}+00:00")
    tried = unanswered(0, 15, start=start, zone=zone, dstchannel="PJSIP/7-00000002")
    answered = record(15, 60, 48, start=start, zone=zone)

    queries = taken(tried, answered, zone=zone)

    assert queries.faults() == []
    (leg,) = queries.kept(TelephonyDelivered).itertuples()
    assert leg.queued_at == start
    assert (leg.wait_seconds, leg.talk_seconds) == (27, 48)
    assert leg.ended_at == start + dt.timedelta(seconds=75)


@pytest.mark.parametrize("after", [5, 3_000, 4_500])
@pytest.mark.parametrize("moment", ["2026-10-25T00:30:00", "2026-03-29T00:30:00"])
def test_a_caller_who_waits_through_a_clock_change_waited_as_long_as_that(moment, after):
    start = dt.datetime.fromisoformat(f"{moment}+00:00")
    tried = unanswered(0, after, start=start, zone="Europe/London", dstchannel="PJSIP/7-00000002")
    answered = record(after, 60, 48, start=start, zone="Europe/London")

    queries = taken(tried, answered, zone="Europe/London")

    assert legs(queries, "wait_seconds", "talk_seconds") == [(after + 12, 48)]


@pytest.mark.parametrize("zone", ["Europe/London", "Etc/GMT-3"])
def test_a_wrong_zone_is_told_by_every_record_and_never_taken(zone):
    rows = [record(uniqueid=f"{int(START.timestamp())}.{n}") for n in range(1, 4)]

    assert [fault[1] for fault in taken(*rows, zone=zone).faults()] == ["start"] * 3


def test_a_call_stands_in_the_london_month_in_which_it_came():
    start = dt.datetime(2026, 9, 30, 23, 0, 1, tzinfo=dt.UTC)

    assert taken(record(start=start)).months() == ["2026-10-01"]


def test_a_record_in_two_files_counts_once():
    queries = taken(record())
    queries.file(record(), record(uniqueid=f"{int(START.timestamp())}.9"))

    assert len(legs(queries, "call_id")) == 2


def test_the_default_fields_are_those_of_asterisks_own_sample():
    assert set(asterisk_cdr.NEEDED) <= set(asterisk_cdr.FIELDS)
    assert asterisk_cdr.FIELDS[-3:] == ("amaflags", "uniqueid", "userfield")
