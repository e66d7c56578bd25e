"""A contact record is a leg of a call; it comes at least once, in any order, and the last wins."""

import datetime as dt
import json
import random
from itertools import pairwise

import pandas as pd
import pytest
from extract_queries import of_format

from csip_pipeline.extract.formats import amazon_connect
from csip_pipeline.extract.telephony import TelephonyDelivered

NINE = dt.datetime(2026, 10, 5, 9, tzinfo=dt.UTC)
OPTIONS = {"lines": {"999 queue": "999", "+441632960101": "101"}, "wrap_code_attribute": "Reason"}
HOUR = dt.timedelta(hours=1)
PHONE = "+447700900123"


def moment(at):
    """As Amazon writes it."""
    return f"{at:%Y-%m-%dT%H:%M:%SZ}" if at else None


def contact(contact_id="A", began=NINE, *, menu=5, waited=12, talked=60, held=0, **fields):
    """A contact record; answered, unless talked is None; never queued, if waited is None."""
    queued = began + dt.timedelta(seconds=menu)
    left = queued + dt.timedelta(seconds=waited or 0)
    connected = left + dt.timedelta(seconds=1)
    ended = left if talked is None else connected + dt.timedelta(seconds=talked + held)
    record = {
        "AWSContactTraceRecordFormatVersion": "2017-03-10",
        "ContactId": contact_id,
        "InitialContactId": None,
        "PreviousContactId": None,
        "NextContactId": None,
        "Channel": "VOICE",
        "InitiationMethod": "INBOUND",
        "InitiationTimestamp": moment(began),
        "DisconnectTimestamp": moment(ended),
        "DisconnectReason": "CUSTOMER_DISCONNECT",
        "LastUpdateTimestamp": moment(ended + dt.timedelta(minutes=1)),
        "CustomerEndpoint": {"Address": PHONE, "Type": "TELEPHONE_NUMBER"},
        "SystemEndpoint": {"Address": "+441632960101", "Type": "TELEPHONE_NUMBER"},
        "TransferredToEndpoint": None,
        "Attributes": {"Reason": "CRIME", "Name": "Nobody"},
        "MediaStreams": [{"Type": "AUDIO"}],
        "Recording": None,
        "Queue": None,
        "Agent": None,
    }
    if waited is not None:
        record["Queue"] = {
            "ARN": "arn:aws:connect:eu-west-2:1:instance/i/queue/q",
            "Name": "switchboard",
            "EnqueueTimestamp": moment(queued),
            "DequeueTimestamp": moment(left),
            "Duration": waited,
        }
    if waited is not None and talked is not None:
        record["Agent"] = {
            "Username": "agent.seven",
            "ConnectedToAgentTimestamp": moment(connected),
            "AgentInteractionDuration": talked,
            "CustomerHoldDuration": held,
        }
        record["Recording"] = {"Location": f"bucket/connect/2026/10/05/{contact_id}_090000_UTC.wav"}
    for path, value in fields.items():
        *outer, last = path.split("__")
        place = record
        for name in outer:
            place = place[name]
        place[last] = value
    return record


def taken(*files, **options):
    """Deliver files of contact records, as Data Firehose does: all on one line."""
    queries = of_format(amazon_connect, OPTIONS | options)
    for records in files:
        reader = amazon_connect.read("contacts.jsonl", OPTIONS | options)
        lines = [(1, "".join(map(json.dumps, records)))]
        columns = list(reader.wanted)
        rows = [
            dict(zip(columns, list(row.values())[1:], strict=True))
            for batch in reader.batches(lines)
            for row in batch.to_pylist()
        ]
        assert reader.broken == []
        queries.file(*rows)
    return queries


def legs(queries, *columns):
    kept = queries.kept(TelephonyDelivered)[list(columns)].astype(object)
    return list(kept.where(kept.notna(), None).itertuples(index=False, name=None))


def transferred(talked=60, method="TRANSFER", **fields):
    """A call whose first leg passed it on to a second."""
    first = contact("A", NextContactId="B", talked=talked)
    onward = NINE + dt.timedelta(seconds=17 if talked is None else 18 + talked)
    onward_leg = contact(
        "B",
        onward,
        menu=0,
        waited=30,
        InitialContactId="A",
        PreviousContactId="A",
        InitiationMethod=method,
        SystemEndpoint=None,
        Queue__Name="crime",
        **fields,
    )
    return [first, onward_leg]


def called_back(began=NINE + dt.timedelta(seconds=60), contact_id="CB", **fields):
    """The contact in which somebody is called back."""
    return contact(
        contact_id,
        began,
        menu=99,
        InitialContactId="A",
        PreviousContactId="A",
        InitiationMethod="CALLBACK",
        Queue__Name="callbacks",
        **fields,
    )


@pytest.mark.parametrize(
    ("record", "outcome", "wait_seconds", "talk_seconds"),
    [
        pytest.param(contact(), "answered", 12, 60, id="answered"),
        pytest.param(contact(held=20), "answered", 12, 80, id="held: still with the Force"),
        pytest.param(contact(talked=None), "abandoned", 12, None, id="hung up in the queue"),
        pytest.param(
            contact(talked=None, DisconnectReason="CONTACT_FLOW_DISCONNECT"),
            "timed_out",
            12,
            None,
            id="ended by the flow",
        ),
        pytest.param(
            contact(TransferredToEndpoint={"Address": "+441632960999", "Type": "TELEPHONE_NUMBER"}),
            "transferred",
            12,
            60,
            id="put through to another number",
        ),
        pytest.param(
            contact(Queue__Duration=None), "answered", 12, 60, id="no duration: its clock"
        ),
        pytest.param(contact(Queue__Duration=15), "answered", 15, 60, id="its duration wins"),
        pytest.param(contact(InitiationMethod="WEBRTC_API"), "answered", 12, 60, id="from the web"),
    ],
)
def test_a_contact_decides_its_outcome_wait_and_talk(record, outcome, wait_seconds, talk_seconds):
    queries = taken([record])

    assert legs(queries, "outcome", "wait_seconds", "talk_seconds") == [
        (outcome, wait_seconds, talk_seconds)
    ]


def test_a_leg_says_who_where_and_why():
    (leg,) = taken([contact()]).kept(TelephonyDelivered).itertuples()

    assert (leg.call_id, leg.leg, leg.queue, leg.line) == ("A", 1, "switchboard", "101")
    assert (leg.caller_number, leg.handler_id, leg.wrap_code) == (PHONE, "agent.seven", "CRIME")
    assert leg.recording_id == "A_090000_UTC.wav"
    assert (leg.arrived_at, leg.queued_at) == (NINE, NINE + dt.timedelta(seconds=5))


def test_the_name_of_a_queue_decides_its_line_before_the_number_dialled():
    assert legs(taken([contact(Queue__Name="999 queue")]), "line") == [("999",)]
    assert legs(taken([contact(SystemEndpoint=None)], line="999"), "line") == [("999",)]


@pytest.mark.parametrize("endpoint", [None, {"Address": "flow", "Type": "CONTACT_FLOW"}])
def test_what_is_no_telephone_number_is_no_caller(endpoint):
    assert legs(taken([contact(CustomerEndpoint=endpoint)]), "caller_number") == [(None,)]


@pytest.mark.parametrize(
    ("talked", "method", "first_wait"),
    [
        pytest.param(60, "TRANSFER", 12, id="by an agent"),
        pytest.param(None, "QUEUE_TRANSFER", 12, id="from queue to queue"),
    ],
)
def test_a_call_passed_on_is_one_call_of_two_legs(talked, method, first_wait):
    queries = taken(transferred(talked, method)[::-1])

    assert legs(
        queries, "call_id", "leg", "queue", "outcome", "wait_seconds", "transferred_to", "line"
    ) == [
        ("A", 1, "switchboard", "transferred", first_wait, "crime", "101"),
        ("A", 2, "crime", "answered", 30, None, "101"),
    ]
    assert queries.kept(TelephonyDelivered)["arrived_at"].tolist() == [NINE, NINE]


def test_the_queue_of_a_single_agent_has_a_name_here():
    agents = {"Queue__ARN": "arn:aws:connect:eu-west-2:1:instance/i/queue/agent/7"}
    first, onward = transferred(**agents)
    onward["Queue"]["Name"] = None

    assert legs(taken([first, onward]), "queue") == [("switchboard",), ("agent",)]


@pytest.mark.parametrize("order", [1, -1])
def test_whatever_comes_last_what_was_updated_last_wins(order):
    early = contact(Attributes={})
    late = contact(LastUpdateTimestamp="2026-10-06T09:00:00Z")
    late_row = 2 if order == 1 else 1

    queries = taken([early, late][::order])

    (leg,) = queries.kept(TelephonyDelivered).itertuples()
    assert leg.wrap_code == "CRIME"
    assert leg.origin == [{"file_id": 1, "source_row": late_row}]
    assert queries.ends() == {"read": 2}


@pytest.mark.parametrize(
    ("first", "wait_seconds", "made_of"),
    [
        pytest.param(contact(talked=None), 12, 3, id="from the queue"),
        pytest.param(contact(waited=None), 0, 2, id="in the menu, before any queue"),
    ],
)
def test_who_asks_to_be_called_back_has_one_leg_that_says_so(first, wait_seconds, made_of):
    again = called_back(NINE + dt.timedelta(hours=1), "CB2")

    (leg,) = taken([again, first], [called_back()]).kept(TelephonyDelivered).itertuples()

    assert (leg.call_id, leg.leg, leg.outcome) == ("A", 1, "callback_requested")
    assert leg.arrived_at == NINE
    assert leg.caller_number == PHONE
    assert (leg.wait_seconds, len(leg.origin)) == (wait_seconds, made_of)
    assert leg.answered_at is pd.NaT


@pytest.mark.parametrize(
    ("attempts", "answered_at"),
    [
        pytest.param([{}], None, id="not known whether they picked up"),
        pytest.param([{"ConnectedToSystemTimestamp": moment(NINE + HOUR)}], NINE + HOUR, id="yes"),
        pytest.param(
            [{"ConnectedToSystemTimestamp": moment(NINE + HOUR), "talked": None}],
            None,
            id="nobody of the Force was there",
        ),
        pytest.param(
            [
                {"ConnectedToSystemTimestamp": moment(NINE + 3 * HOUR)},
                {"ConnectedToSystemTimestamp": moment(NINE + 2 * HOUR)},
            ],
            NINE + 2 * HOUR,
            id="the first time they were reached",
        ),
    ],
)
@pytest.mark.parametrize(
    "first",
    [
        pytest.param(contact(talked=None), id="from the queue"),
        pytest.param(contact(waited=None), id="in the menu"),
    ],
)
def test_who_is_called_back_was_answered_when_they_were_reached(first, attempts, answered_at):
    later = [called_back(contact_id=f"CB{n}", **fields) for n, fields in enumerate(attempts)]

    queries = taken([first], later)

    assert legs(queries, "outcome", "answered_at", "talk_seconds", "handler_id") == [
        ("callback_requested", answered_at, None, None)
    ]
    assert queries.judged(TelephonyDelivered)[1].empty


def test_who_waits_to_be_called_back_is_seen_as_far_as_the_newest_file():
    queries = taken([contact(talked=None)], [called_back()], [contact("Z", NINE + 9 * HOUR)])
    queries.con.execute("update records set extracted_at = extracted_at + to_days(file_id::int)")

    kept = queries.kept(TelephonyDelivered).sort_values("call_id")

    assert kept["outcome"].tolist() == ["callback_requested", "answered"]
    assert len(set(kept["extracted_at"])) == 1


def test_a_leg_without_the_beginning_of_its_call_waits_for_it():
    _, onward = transferred()

    _, broken = taken([onward]).judged(TelephonyDelivered)

    assert any("does its first file begin in mid-call?" in told for told in broken["promise"])


@pytest.mark.parametrize(
    "record",
    [
        pytest.param(contact(waited=None), id="hung up in the menu"),
        pytest.param(contact(InitiationMethod="OUTBOUND"), id="the Force rang"),
        pytest.param(contact(InitiationMethod="API"), id="a system rang"),
        pytest.param(contact(InitiationMethod="MONITOR"), id="a supervisor listened"),
        pytest.param(contact(InitiationMethod="DISCONNECT"), id="what ran after the call"),
        pytest.param(contact(Channel="CHAT"), id="a chat"),
        pytest.param(contact(Channel="TASK"), id="a task"),
    ],
)
def test_what_no_caller_queued_for_is_out_of_scope(record):
    assert taken([record]).ends() == {"out_of_scope": 1}


@pytest.mark.parametrize(
    ("fields", "column"),
    [
        pytest.param({"ContactId": ""}, "ContactId", id="no id"),
        pytest.param({"Channel": "FAX"}, "Channel", id="another channel"),
        pytest.param({"InitiationMethod": "MAGIC"}, "InitiationMethod", id="another method"),
        pytest.param({"InitiationTimestamp": "2026-10-05"}, "InitiationTimestamp", id="a date"),
        pytest.param({"LastUpdateTimestamp": None}, "LastUpdateTimestamp", id="no version"),
        pytest.param({"DisconnectTimestamp": 1791190800}, "DisconnectTimestamp", id="seconds"),
        pytest.param(
            {"Queue__EnqueueTimestamp": "2026-10-05T09:00:00"}, "Queue.EnqueueTimestamp", id="no Z"
        ),
        pytest.param({"Queue__DequeueTimestamp": "x"}, "Queue.DequeueTimestamp", id="left"),
        pytest.param(
            {"Agent__ConnectedToAgentTimestamp": "epoch"},
            "Agent.ConnectedToAgentTimestamp",
            id="connected",
        ),
        pytest.param(
            {"InitiationMethod": "CALLBACK", "ConnectedToSystemTimestamp": "soon"},
            "ConnectedToSystemTimestamp",
            id="reached",
        ),
        pytest.param({"Queue__Duration": -1}, "Queue.Duration", id="less than nothing"),
        pytest.param({"Queue__Duration": 1.5}, "Queue.Duration", id="not whole"),
        pytest.param(
            {"Agent__AgentInteractionDuration": "1e3"}, "Agent.AgentInteractionDuration", id="talk"
        ),
        pytest.param({"Agent__CustomerHoldDuration": "x"}, "Agent.CustomerHoldDuration", id="hold"),
        pytest.param({"Queue__Name": None}, "Queue.Name", id="no queue"),
    ],
)
def test_a_broken_record_says_what_is_wrong(fields, column):
    assert [fault[:2] for fault in taken([contact("A"), contact("B", **fields)]).faults()] == [
        (2, column)
    ]


@pytest.mark.parametrize(
    "began",
    [
        pytest.param(dt.datetime(2026, 10, 25, 0, 59, 50, tzinfo=dt.UTC), id="the clocks go back"),
        pytest.param(dt.datetime(2026, 3, 29, 0, 59, 50, tzinfo=dt.UTC), id="the clocks go on"),
        pytest.param(dt.datetime(2026, 10, 31, 23, 59, 50, tzinfo=dt.UTC), id="midnight"),
    ],
)
def test_a_call_over_a_change_of_hour_day_or_month_stands_whole_in_the_month_it_came(began):
    first, onward = transferred()
    first = contact("A", began)
    onward = contact("B", began + dt.timedelta(hours=2), InitialContactId="A", menu=0, waited=30)

    queries = taken([onward], [first])

    kept = queries.kept(TelephonyDelivered)
    assert kept["wait_seconds"].tolist() == [12, 30]
    assert kept["talk_seconds"].tolist() == [60, 60]
    assert {f"{month:%Y-%m}" for month in kept["month"]} == {f"{began:%Y-%m}"}


def many_calls(calls, seed=20261005):
    """Calls of a month, of one to four legs, given up in a leg now and then; and their legs."""
    dice = random.Random(seed)  # noqa: S311 - the same calls every time
    records, expected = [], {}
    for number in range(calls):
        began = dt.datetime(2026, 10, 1, tzinfo=dt.UTC) + dt.timedelta(
            seconds=dice.randrange(31 * 86400)
        )
        ids = [f"C{number}-{leg}" for leg in range(1, dice.choice((1, 1, 1, 2, 3, 4)) + 1)]
        waits = [dice.randrange(600) for _ in ids]
        gives_up = dice.random() < 0.2
        for leg, (contact_id, waited) in enumerate(zip(ids, waits, strict=True), start=1):
            is_last = leg == len(ids)
            record = contact(
                contact_id,
                began,
                menu=dice.randrange(30) if leg == 1 else 0,
                waited=waited,
                talked=None if is_last and gives_up else dice.randrange(1, 900),
                InitialContactId=None if leg == 1 else ids[0],
                InitiationMethod="INBOUND" if leg == 1 else "TRANSFER",
                Queue__Name=f"queue {leg}",
            )
            records.append(record)
            began = dt.datetime.fromisoformat(record["DisconnectTimestamp"])
            ended = "abandoned" if gives_up else "answered"
            expected[ids[0], leg] = (waited, ended if is_last else "transferred")
        for earlier, later in pairwise(ids):
            by_id = {record["ContactId"]: record for record in records[-len(ids) :]}
            by_id[earlier]["NextContactId"] = later
            by_id[later]["PreviousContactId"] = earlier
    return records, expected


def test_many_calls_delivered_twice_out_of_order_and_in_several_files_come_out_once():
    records, expected = many_calls(300)
    dice = random.Random(7)  # noqa: S311 - the same order every time
    earlier = [
        record | {"Attributes": {}, "LastUpdateTimestamp": record["DisconnectTimestamp"]}
        for record in dice.sample(records, len(records) // 3)
    ]
    delivered = [*records, *dice.sample(records, len(records) // 3), *earlier]
    dice.shuffle(delivered)
    third = len(delivered) // 3

    queries = taken(delivered[:third], delivered[third : 2 * third], delivered[2 * third :])

    kept = queries.kept(TelephonyDelivered)
    found = {(leg.call_id, leg.leg): (leg.wait_seconds, leg.outcome) for leg in kept.itertuples()}
    assert found == expected
    assert set(kept["wrap_code"]) == {"CRIME"}
    assert queries.ends() == {"read": len(delivered)}
