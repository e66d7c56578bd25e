"""At every clock change each format gives every contact its moment and its length.

Contacts begin from an hour and a half before each change to an hour and a half after it, and some
run across it. They are written as each supplier would, then read, and compared with the truth.
"""

import datetime as dt
import json
from collections.abc import Callable
from dataclasses import dataclass
from zoneinfo import ZoneInfo

import openpyxl
import pytest
from extract_samples import CHAT_HEADER, CHATS, EXCHANGE, FORM_HEADER, FORMS, POSTS, SOCIAL, post
from test_extract_amazon_connect import contact, moment
from test_extract_cdr import record

from csip_pipeline import warehouse
from csip_pipeline.extract.formats.asterisk_cdr import FIELDS

LONDON = ZoneInfo("Europe/London")
CHANGES = [
    dt.datetime.fromisoformat(f"{day}T01:00Z")
    for day in (
        *("2024-03-31", "2024-10-27", "2025-03-30", "2025-10-26", "2026-03-29", "2026-10-25"),
        *("2027-03-28", "2027-10-31", "2028-03-26", "2028-10-29", "2029-03-25", "2029-10-28"),
        *("2030-03-31", "2030-10-27"),
    )
]
MINUTES = (-90, -61, -59, -45, -31, -10, -1, 0, 1, 14, 29, 44, 59, 61, 90)
"""When contacts begin, in minutes from a change."""
CALLS = """
[[source]]
name = "calls"
feed = "telephony"
format = "{format}"
files = "telephony/*"
zone = "Europe/London"
in_time_order = true

[source.columns]
call_id = {{ column = "Ref" }}
line = {{ value = "101" }}
queue = {{ value = "switchboard" }}
arrived_at = {{ column = "Start", datetime = "{layout}" }}
outcome = {{ value = "answered" }}
"""
DURATIONS = """
wait_seconds = { column = "Ring" }
talk_seconds = { column = "Talk", duration = "h:mm:ss" }
"""
CLOCKS = """
answered_at = { column = "Answered", datetime = "%d/%m/%Y %H:%M:%S" }
ended_at = { column = "Ended", datetime = "%d/%m/%Y %H:%M:%S" }
"""
CDR = """
[[source]]
name = "cdr"
feed = "telephony"
format = "asterisk_cdr"
files = "telephony/*"
zone = "Europe/London"
answers_first = false
contexts = { callers = "switchboard" }
"""
AMAZON = """
[[source]]
name = "amazon"
feed = "telephony"
format = "amazon_connect"
files = "telephony/*"
"""
INTERCOM = """
[[source]]
name = "intercom"
feed = "web_chats"
format = "intercom"
files = "web_chats/*"
"""


@dataclass(frozen=True)
class Contact:
    """What truly happened: when somebody got in touch, was answered, and was done."""

    number: int
    began: dt.datetime
    waited: int
    talked: int

    @property
    def answered(self) -> dt.datetime:
        """When it was answered."""
        return self.began + dt.timedelta(seconds=self.waited)

    @property
    def ended(self) -> dt.datetime:
        """When it ended."""
        return self.answered + dt.timedelta(seconds=self.talked)


def contacts(talks: tuple[int, ...]) -> list[Contact]:
    """Those around every change, in order; each talks for another of the times given, in turn."""
    begun = [change + dt.timedelta(minutes=after) for change in CHANGES for after in MINUTES]
    return [
        Contact(number, began, 20 + number % 7, talks[number % len(talks)])
        for number, began in enumerate(begun, start=1)
    ]


def london(at: dt.datetime, layout: str = "%d/%m/%Y %H:%M:%S") -> str:
    """What a clock in London shows."""
    return at.astimezone(LONDON).strftime(layout)


def hours(seconds: int) -> str:
    """A duration as h:mm:ss."""
    return f"{seconds // 3600}:{seconds // 60 % 60:02}:{seconds % 60:02}"


def epoch(at: dt.datetime) -> int:
    """Seconds since 1970."""
    return int(at.timestamp())


def calls_timed_by_the_supplier(one: Contact) -> list[str]:
    return [f"{one.number},{london(one.began)},{one.waited},{hours(one.talked)}"]


def calls_with_their_offset(one: Contact) -> list[str]:
    start = london(one.began, "%Y-%m-%dT%H:%M:%S%z")
    return [f"{one.number},{start},{one.waited},{hours(one.talked)}"]


def calls_by_the_clock(one: Contact) -> list[str]:
    return [f"{one.number},{london(one.began)},{london(one.answered)},{london(one.ended)}"]


def json_calls(one: Contact) -> list[str]:
    told = {"Ref": str(one.number), "Start": london(one.began), "Ring": one.waited}
    return [json.dumps(told | {"Talk": hours(one.talked)})]


def queue_log(one: Contact) -> list[str]:
    call, agent = f"{epoch(one.began)}.{one.number}", "switchboard|Agent/7"
    return [
        f"{epoch(one.began)}|{call}|switchboard|NONE|ENTERQUEUE||07700900123|1",
        f"{epoch(one.answered)}|{call}|{agent}|CONNECT|{one.waited}|x|4",
        f"{epoch(one.ended)}|{call}|{agent}|COMPLETECALLER|{one.waited}|{one.talked}|1",
    ]


def call_records(one: Contact) -> list[str]:
    told = record(
        duration=one.waited + one.talked,
        billsec=one.talked,
        zone=LONDON.key,
        start=one.began,
        uniqueid=f"{epoch(one.began)}.{one.number}",
    )
    return [",".join(f'"{told.get(name, "")}"' for name in FIELDS)]


def amazon_contacts(one: Contact) -> list[str]:
    told = contact(
        str(one.number),
        one.began,
        menu=0,
        waited=one.waited,
        talked=one.talked,
        Agent__ConnectedToAgentTimestamp=moment(one.answered),
        DisconnectTimestamp=moment(one.ended),
    )
    return [json.dumps(told)]


def zendesk_events(one: Contact) -> list[str]:
    told = (
        (one.began, "visitor-9", "ChatJoin"),
        (one.answered, "agent:403", "ChatJoin"),
        (one.ended, "agent:403", "ChatMessage"),
    )
    return [f"{one.number},{at:%Y-%m-%d %H:%M:%S},{who},0,Hello,{what}" for at, who, what in told]


def intercom_versions(one: Contact) -> list[str]:
    began, answered, ended = (
        f"{at:%Y-%m-%d %H:%M:%S}" for at in (one.began, one.answered, one.ended)
    )
    return [
        f"{one.number},{began},{ended},closed,,conversation,customer_initiated,{answered},{ended}"
    ]


def forms(one: Contact) -> list[str]:
    sent, answered = (london(at, "%Y-%m-%d %H:%M:%S") for at in (one.began, one.answered))
    return [f"{one.number},a,{sent},{answered},,,"]


def posts(one: Contact) -> list[str]:
    asked, replied = 2 * one.number, 2 * one.number + 1
    force = {"inbound": "False", "author": "Force"}
    return [
        post(asked, f"{one.began:%Y-%m-%dT%H:%M:%S}"),
        post(replied, f"{one.answered:%Y-%m-%dT%H:%M:%S}", str(asked), **force),
    ]


CALL = (
    "select regexp_extract(call_id, '[0-9]+$')::int, arrived_at, answered_at, ended_at, "
    "wait_seconds, coalesce(talk_seconds, epoch(ended_at - answered_at)) from assembled"
)
CHAT = (
    "select chat_id::int, requested_at, joined_at, ended_at, epoch(joined_at - requested_at), "
    "epoch(ended_at - joined_at) from assembled"
)
FORM = (
    "select form_id::int, submitted_at, first_response_at, null, "
    "epoch(first_response_at - submitted_at), null from assembled"
)
POST = (
    "select (asked.message_id::int / 2)::int, asked.sent_at, replied.sent_at, null, "
    "epoch(replied.sent_at - asked.sent_at), null from assembled as asked "
    "inner join assembled as replied on asked.message_id = replied.in_reply_to"
)
LONG = (60, 1_500, 4_200, 7_300)
"""Talks across the whole repeated hour, for whoever says how long they were."""
SHORT = (60, 1_500)


@dataclass(frozen=True)
class Supplier:
    """How one format says it: its source, its file, a contact's lines, and where to look."""

    declared: str
    file: str
    header: str
    lines: Callable[[Contact], list[str]]
    told: str
    talks: tuple[int, ...] = LONG


def _calls(layout: str, told: str, form: str = "delimited") -> str:
    return CALLS.format(format=form, layout=layout) + told


LOCAL = "%d/%m/%Y %H:%M:%S"
TIMED = "Ref,Start,Ring,Talk"
SUPPLIERS = {
    "clock times and durations": Supplier(
        _calls(LOCAL, DURATIONS), "telephony/a.csv", TIMED, calls_timed_by_the_supplier, CALL
    ),
    "clock times with their offset": Supplier(
        _calls("%Y-%m-%dT%H:%M:%S%z", DURATIONS),
        "telephony/a.csv",
        TIMED,
        calls_with_their_offset,
        CALL,
    ),
    "clock times alone": Supplier(
        _calls(LOCAL, CLOCKS),
        "telephony/a.csv",
        "Ref,Start,Answered,Ended",
        calls_by_the_clock,
        CALL,
        SHORT,
    ),
    "json_lines": Supplier(
        _calls(LOCAL, DURATIONS, "json_lines"), "telephony/a.jsonl", "", json_calls, CALL
    ),
    "asterisk_queue_log": Supplier(EXCHANGE, "telephony/queue_log", "", queue_log, CALL),
    "asterisk_cdr": Supplier(CDR, "telephony/cdr.csv", "", call_records, CALL),
    "amazon_connect": Supplier(AMAZON, "telephony/a.jsonl", "", amazon_contacts, CALL),
    "zendesk_chat": Supplier(CHATS, "web_chats/a.csv", CHAT_HEADER, zendesk_events, CHAT),
    "intercom": Supplier(
        INTERCOM,
        "web_chats/a.csv",
        "id,created_at,updated_at,state,waiting_since,source_type,source_delivered_as,"
        "statistics_first_admin_reply_at,statistics_last_close_at",
        intercom_versions,
        CHAT,
    ),
    "forms by the clock": Supplier(
        FORMS.replace("%H:%M", "%H:%M:%S").replace("[source.c", "in_time_order = true\n[source.c"),
        "web_forms/forms.csv",
        FORM_HEADER,
        forms,
        FORM,
    ),
    "customer_support_on_twitter": Supplier(SOCIAL, "social/twcs.csv", POSTS, posts, POST),
}


@pytest.mark.parametrize("name", SUPPLIERS)
def test_every_contact_has_its_moments_and_its_length(folder, name):
    supplier = SUPPLIERS[name]
    truth = contacts(supplier.talks)
    lines = [line for one in truth for line in supplier.lines(one)]
    folder.expect(supplier.declared)
    folder.drop(supplier.file, *([supplier.header] if supplier.header else []), *lines)

    _hold_to_truth(_found(folder, supplier.told), truth)


def test_a_workbook_gives_every_call_its_moments_and_its_length(folder):
    folder.expect(_calls("%Y-%m-%d %H:%M:%S", DURATIONS, "workbook"))
    made = openpyxl.Workbook()
    made.active.append(["Ref", "Start", "Ring", "Talk"])
    truth = contacts(LONG)
    for one in truth:
        start = one.began.astimezone(LONDON).replace(tzinfo=None)
        made.active.append([one.number, start, one.waited, hours(one.talked)])
    made.save(folder.drop("telephony/a.xlsx"))

    _hold_to_truth(_found(folder, CALL), truth)


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: f"{change:%Y-%m-%d}")
def test_the_doubtful_hour_is_counted(folder, change):
    folder.expect(_calls(LOCAL, DURATIONS))
    clock = [f"{change:%d/%m/%Y} 0{time}" for time in ("0:59:59", "1:00:00", "1:59:59", "2:00:00")]
    rows = [f"{number},{start},5,0:01:00" for number, start in enumerate(clock)]
    folder.drop("telephony/a.csv", TIMED, *rows)

    (delivery,) = folder.catalogue()
    starts = [arrived - change for _, arrived, *_ in _found(folder, CALL)]

    doubtful = (delivery.in_repeated_hour, delivery.in_missing_hour)
    second = dt.timedelta(seconds=1)
    hour = 3600 * second
    if change.month == 3:  # the missing hour is moved forward by an hour
        assert doubtful == (0, 2)
        assert starts == [-second, 0 * second, hour - second, 0 * second]
    else:  # without a jump back, the repeated hour is its first pass
        assert doubtful == (2, 0)
        assert starts == [-hour - second, -hour, -second, hour]


@pytest.mark.parametrize(
    ("times", "expected"),
    [
        pytest.param(["01:30", "01:27"], ["00:30", "00:27"], id="a little out of order"),
        pytest.param(["01:30", "01:24"], ["00:30", "01:24"], id="six minutes back: the change"),
        pytest.param(["01:10", "01:20"], ["00:10", "00:20"], id="no sign of a jump"),
        pytest.param(["01:50", "", "01:10"], ["00:50", "01:10"], id="with a time missing"),
        pytest.param(
            ["00:50", "01:05", "01:59", "01:02", "01:58", "02:00"],
            ["23:50", "00:05", "00:59", "01:02", "01:58", "02:00"],
            id="from where the clock jumps back",
        ),
    ],
)
def test_only_a_clear_jump_back_means_that_the_clocks_went_back(folder, times, expected):
    folder.expect(_calls(LOCAL, DURATIONS))
    starts = [f"25/10/2026 {time}:00" if time else "" for time in times]
    rows = [f"{number},{start},5,0:01:00" for number, start in enumerate(starts)]
    folder.drop("telephony/a.csv", TIMED, *rows)

    found = [arrived for _, arrived, *_ in _found(folder, CALL) if arrived]

    assert [f"{arrived:%H:%M}" for arrived in found] == expected


@pytest.mark.parametrize("zone", ["UTC", "Europe/London", "America/New_York"])
def test_a_month_begins_at_midnight_in_london(folder, zone):
    folder.expect(FORMS.replace("%H:%M", "%H:%M:%S").replace("Europe/London", zone))
    begins = [dt.datetime(2024 + n // 12, n % 12 + 1, 1, tzinfo=LONDON) for n in range(84)]
    sent = [
        begin.astimezone(dt.UTC) + dt.timedelta(seconds=after)
        for begin in begins
        for after in (-3600, -1, 0, 3599)
    ]
    rows = [
        f"{number},a,{at.astimezone(ZoneInfo(zone)):%Y-%m-%d %H:%M:%S},,,,"
        for number, at in enumerate(sent)
    ]
    folder.drop("web_forms/forms.csv", FORM_HEADER, *rows)

    months = _found(folder, "select form_id::int, month from assembled")

    assert [month for _, month in months] == [
        at.astimezone(LONDON).date().replace(day=1) for at in sent
    ]


def _found(folder, told):
    """What the only file's rows come to, of whatever month, in the order of their numbers."""
    (delivery,) = folder.catalogue()
    query = warehouse.read_query(delivery.source.format.assemble)
    folder.con.execute(
        "create or replace temporary table records as select 1::bigint as file_id, "
        "timestamptz '2031-01-01' as extracted_at, * "
        "replace (if(len(faults) > 0, 'quarantined', disposition) as disposition) "
        "from read_parquet($records)",
        {"records": str(delivery.folder / "records.parquet")},
    )
    folder.con.execute(f"create or replace temporary table assembled as {query}")
    return sorted(folder.rows(told))


def _hold_to_truth(found, truth):
    assert [number for number, *_ in found] == [one.number for one in truth]
    for one, (_, began, answered, ended, waited, talked) in zip(truth, found, strict=True):
        assert (began, answered, waited) == (one.began, one.answered, one.waited), one
        assert (ended, talked) in ((one.ended, one.talked), (None, None)), one
