"""An Asterisk queue log is read event by event: a leg runs from one ENTERQUEUE to the next."""

import datetime as dt

import pytest
from extract_samples import EXCHANGE, NOVEMBER, OCTOBER

EPOCH = int(dt.datetime(2026, 10, 5, 9, tzinfo=dt.UTC).timestamp())


def line(after, event, *data, call=f"{EPOCH}.1", queue="switchboard", member="NONE", start=EPOCH):
    """One line of the log, so many seconds after the call came in."""
    return "|".join([str(start + after), call, queue, member, event, *map(str, data)])


ANSWERED = [
    line(40, "ENTERQUEUE", "", "07700900123", 1),
    line(52, "CONNECT", 13, f"{EPOCH}.2", 4, member="Agent/7"),
    line(112, "COMPLETECALLER", 13, 61, 1, member="Agent/7"),
]
SPANNING = int(dt.datetime(2026, 10, 31, 23, 59, tzinfo=dt.UTC).timestamp())
BEFORE = line(5, "ENTERQUEUE", "", "", 1, call=f"{SPANNING}.9", start=SPANNING)
AFTER = [
    line(70, "CONNECT", 65, f"{SPANNING}.10", 4, call=f"{SPANNING}.9", start=SPANNING),
    line(90, "COMPLETEAGENT", 65, 20, 1, call=f"{SPANNING}.9", start=SPANNING),
]


@pytest.mark.parametrize(
    ("lines", "outcome", "wait_seconds", "talk_seconds"),
    [
        pytest.param(ANSWERED, "answered", 13, 61, id="answered: the log's own durations"),
        pytest.param(
            [ANSWERED[0], line(99, "ABANDON", 1, 1, 60)], "abandoned", 60, None, id="given up"
        ),
        pytest.param(
            [ANSWERED[0], line(99, "EXITWITHTIMEOUT", 1, 1, 60)],
            "timed_out",
            60,
            None,
            id="timed out",
        ),
        pytest.param(
            [ANSWERED[0], line(60, "EXITEMPTY", 1, 1, 20)], "timed_out", 20, None, id="nobody left"
        ),
        pytest.param(
            [*ANSWERED[:2], line(90, "BLINDTRANSFER", 7002, "from-internal", 13, 37, 1)],
            "transferred",
            13,
            37,
            id="put through",
        ),
        pytest.param(
            [ANSWERED[0], line(50, "EXITWITHKEY", 1, 1)], "transferred", 10, None, id="chose a key"
        ),
    ],
)
def test_the_events_of_a_leg_decide_its_outcome_wait_and_talk(
    folder, lines, outcome, wait_seconds, talk_seconds
):
    folder.expect(EXCHANGE)
    folder.drop("telephony/queue_log", *lines)

    folder.take("telephony")

    assert folder.rows("select outcome, wait_seconds, talk_seconds from extract.telephony") == [
        (outcome, wait_seconds, talk_seconds)
    ]
    assert folder.ends() == {"queue_log": {"accepted": len(lines)}}


@pytest.mark.parametrize(
    ("lines", "outcome", "answered_after"),
    [
        pytest.param([], "callback_requested", None, id="not reached yet"),
        pytest.param(
            [line(900, "CALLEDBACK", 850), line(990, "WRAPCODE", "CRIME_REPORT")],
            "callback_requested",
            900,
            id="reached",
        ),
    ],
)
def test_a_caller_who_asks_to_be_called_back_waited_until_they_asked(
    folder, lines, outcome, answered_after
):
    folder.expect(EXCHANGE + 'callback_key = "9"\ncalled_back_event = "CALLEDBACK"\n')
    folder.drop("telephony/queue_log", ANSWERED[0], line(50, "EXITWITHKEY", 9, 1), *lines)

    folder.take("telephony")

    asked = "select outcome, wait_seconds, talk_seconds from extract.telephony"
    assert folder.rows(asked) == [(outcome, 10, None)]
    after = f"select (epoch(answered_at) - {EPOCH})::int from extract.telephony"
    assert folder.column(after) == [answered_after]


def test_a_call_through_two_queues_has_two_legs_and_arrived_when_its_id_says(folder):
    folder.expect(EXCHANGE)
    onward = {"queue": "crime"}
    folder.drop(
        "telephony/queue_log",
        *ANSWERED[:2],
        line(90, "BLINDTRANSFER", 7002, "from-internal", 13, 37, 1),
        line(90, "ENTERQUEUE", "", "07700900123", 1, **onward),
        line(95, "RINGNOANSWER", 5000, **onward),
        line(120, "CONNECT", 30, f"{EPOCH}.3", 4, **onward),
        line(150, "COMPLETEAGENT", 30, 30, 1, **onward),
        line(152, "WRAPCODE", "CRIME_REPORT", **onward),
    )

    folder.take("telephony")

    legs = "select leg, queue, line, wrap_code, transferred_to from extract.telephony order by leg"
    assert folder.rows(legs) == [
        (1, "switchboard", "101", None, "7002"),
        (2, "crime", "other", "CRIME_REPORT", None),
    ]
    assert folder.column("select distinct epoch(arrived_at) from extract.telephony") == [EPOCH]
    assert folder.ends() == {"queue_log": {"accepted": 7, "out_of_scope": 1}}


def test_a_call_over_midnight_at_the_months_end_stands_whole_in_the_month_it_came(folder):
    folder.expect(EXCHANGE)
    folder.drop("telephony/queue_log_10", *ANSWERED, BEFORE)
    folder.take("telephony", OCTOBER)
    assert folder.ends() == {"queue_log_10": {"accepted": 3, "quarantined": 1}}

    folder.drop(
        "telephony/queue_log_11", *AFTER, line(0, "QUEUESTART", call="NONE", start=SPANNING + 99)
    )
    assert folder.touched() == {OCTOBER, NOVEMBER}
    folder.take("telephony", OCTOBER)
    folder.take("telephony", NOVEMBER)

    whole = "select outcome, wait_seconds, month::varchar from extract.telephony order by 2 desc"
    assert folder.rows(whole)[0] == ("answered", 65, "2026-10-01")
    assert folder.ends(OCTOBER) == {
        "queue_log_10": {"accepted": 4},
        "queue_log_11": {"accepted": 2},
    }
    assert folder.ends(NOVEMBER) == {"queue_log_11": {"out_of_scope": 1}}
    assert folder.touched() == set()


def test_a_line_in_two_overlapping_logs_counts_once(folder):
    folder.expect(EXCHANGE)
    folder.drop("telephony/queue_log.1", *ANSWERED[:2])
    folder.drop("telephony/queue_log.2", *ANSWERED[1:])

    folder.take("telephony")

    assert folder.ends() == {
        "queue_log.1": {"accepted": 2},
        "queue_log.2": {"accepted": 1, "duplicate": 1},
    }


@pytest.mark.parametrize(
    ("bad", "promise"),
    [
        pytest.param("1791", "has fewer than 5 fields (the line was cut off)", id="cut off"),
        pytest.param(
            f"0|{EPOCH}.5|q|NONE|ABANDON|1|1|5",
            "the first field is not a time in seconds since 1970",
            id="no time",
        ),
        pytest.param(
            line(9, "ABANDON", 1, 1, 5, call="NONE"),
            "the call id is not <seconds since 1970>.<number>",
            id="no call",
        ),
        pytest.param(
            line(9, "CONN"),
            "the event is none of Asterisk's, nor named in feeds.toml (wrap_code_event, "
            "called_back_event, ignore_events)",
            id="unknown event",
        ),
        pytest.param(line(9, "CONNECT"), "CONNECT without its hold time", id="no hold time"),
        pytest.param(
            line(9, "ABANDON", 1, 1),
            "the caller left the queue, but the wait is missing",
            id="no wait",
        ),
        pytest.param(
            line(9, "COMPLETEAGENT", 5),
            "a completed call without its talk time",
            id="no talk time",
        ),
    ],
)
def test_a_broken_line_costs_that_line_alone(folder, bad, promise):
    folder.expect(EXCHANGE)
    folder.drop("telephony/queue_log", "", *ANSWERED, bad)

    assert folder.faults() == [(5, "", promise)]


def test_what_is_not_a_call_is_out_of_scope(folder):
    folder.expect(EXCHANGE)
    folder.drop(
        "telephony/queue_log",
        line(0, "QUEUESTART", call="NONE", queue="NONE"),
        line(0, "PAUSE", "Break", call="NONE", member="Agent/7"),
        line(0, "survey", 5),
        *ANSWERED,
    )

    folder.take("telephony")

    assert folder.ends() == {"queue_log": {"accepted": 3, "out_of_scope": 3}}


def test_a_log_that_begins_in_mid_call_says_so(folder):
    folder.expect(EXCHANGE)
    folder.drop("telephony/queue_log", *ANSWERED[1:])

    folder.take("telephony")

    told = [promise for (promise,) in folder.restricted("select promise from extract.quarantine")]
    assert any("does its first file begin in mid-call?" in promise for promise in told)


@pytest.mark.parametrize("clock", ["2026-10-25T01:30:00", "2026-03-29T01:30:00"])
def test_epoch_seconds_need_no_guess_at_the_clock_changes(folder, clock):
    folder.expect(EXCHANGE)
    start = int(dt.datetime.fromisoformat(f"{clock}+00:00").timestamp())
    call = {"call": f"{start}.1", "start": start}
    folder.drop(
        "telephony/queue_log",
        line(0, "ENTERQUEUE", "", "", 1, **call),
        line(7, "ABANDON", 1, 1, 7, **call),
    )

    folder.take("telephony", dt.date.fromisoformat(clock[:10]).replace(day=1))

    assert folder.column("select epoch(queued_at) from extract.telephony") == [start]
