"""What a test is given, row by row: it names the columns its case is about, the rest is usual.

Moments without an offset are UTC, and a row stands in the London month of its own moment.
"""

from collections.abc import Callable, Iterable, Mapping
from functools import cache
from itertools import count

import pandas as pd
import pyarrow as pa

from csip_pipeline import monthly_tables, promises, warehouse
from csip_pipeline.calendars import LONDON
from csip_pipeline.extract import accounts, completeness
from csip_pipeline.extract.registry import FEEDS
from csip_pipeline.harmonise import call_legs, people
from csip_pipeline.harmonise import contacts as harmonised
from csip_pipeline.harmonise import further_messages as written_again
from csip_pipeline.measure import registry as measured
from csip_pipeline.publish import callback_list
from csip_pipeline.publish.sampling.tables import CallDraws, CallFrame, CallSample
from csip_pipeline.reference import open_intervals, tables

MONTH = "2026-01-01"
MOMENT = "2026-01-05 09:00"
EXTRACTED = "2026-12-01"
HARMONISED = (harmonised.TABLE, call_legs.TABLE, written_again.TABLE, people.TABLE)
GAPS = (completeness.ARRIVALS, completeness.MISSING_HOURS)
PROMISES = {
    **{f"reference.{name}": promise for name, promise in tables.TABLES.items()},
    "reference.feeds": tables.Feeds,
    open_intervals.TABLE.name: open_intervals.TABLE.promise,
    **{feed.table: feed.kept for feed in FEEDS.values()},
    "extract.dispositions": accounts.Dispositions,
    "extract.contact_points": accounts.ContactPoints,
    "extract.refusals": accounts.Refusals,
    "publish.call_frame": CallFrame,
    "publish.call_sample": CallSample,
    "publish.call_draws": CallDraws,
    **{
        table.name: table.promise
        for table in (accounts.INTAKE, *GAPS, *HARMONISED, *measured.TABLES, callback_list.TABLE)
    },
}
"""Every table that a test may fill or rebuild, with what its rows keep to."""

Row = Mapping[str, object]
_numbers = count(1)


def nothing(con: warehouse.Connection) -> None:
    """Make every table, empty."""
    con.execute("; ".join(f"create table {table} ({_declared(table)})" for table in PROMISES))


def standards(con: warehouse.Connection, *rows: Row) -> None:
    """Promise to answer every call within two minutes."""
    _fill(con, "reference.service_standards", _standard, rows)


def reasons(con: warehouse.Connection, *rows: Row) -> None:
    """Name reasons for contact, each a police matter."""
    _fill(con, "reference.contact_reasons", _reason, rows)


def opening_hours(con: warehouse.Connection, *rows: Row) -> None:
    """Open calendars on Mondays from nine to five, and lay their hours out around 2026."""
    _fill(con, "reference.opening_hours", _interval, rows)
    if not con.execute("select * from reference.panel_cycles").fetchall():
        panel_cycles(con, {})
    monthly_tables.rebuild_history(con, open_intervals.TABLE)


def panel_cycles(con: warehouse.Connection, *rows: Row) -> None:
    """Let the panel look back on the whole of 2026."""
    _fill(con, "reference.panel_cycles", _cycle, rows)


def events(con: warehouse.Connection, *rows: Row) -> None:
    """Let things happen that bear on every measure and rebase none."""
    _fill(con, "reference.events", _event, rows)


def channel_costs(con: warehouse.Connection, *rows: Row) -> None:
    """Say what a contact costs by a channel: one to two pounds."""
    _fill(con, "reference.channel_costs", _cost, rows)


def score_sheet(con: warehouse.Connection, *rows: Row) -> None:
    """Ask the panel for grades, since 2024."""
    _fill(con, "reference.score_sheet", _item, rows)


def feeds(con: warehouse.Connection, *names: str) -> None:
    """Expect one source of each feed, by the 5th."""
    sources(con, *({"feed": name} for name in names))


def sources(con: warehouse.Connection, *rows: Row) -> None:
    """Expect something of sources by the 5th, each of its feed's name."""
    usual = {"format": "delimited", "files": "*.csv"}
    rows = [{"source": row["feed"], **usual, **_expected(str(row["feed"])), **row} for row in rows]
    _fill(con, "reference.feeds", dict, rows)


def _expected(feed: str) -> dict[str, object]:
    comes = FEEDS[feed].comes
    return {"comes": comes, "due_day": 5 if comes == "monthly" else 0}


def intake(con: warehouse.Connection, *rows: Row) -> None:
    """Deliver files of a feed; whatever is not named of their rows was accepted."""
    _fill(con, "extract.intake", _file, rows)
    named = ("feed", "month", "file")
    own = [{name: row[name] for name in named if name in row} for row in rows]
    received = (row.get("received", 1) for row in rows)
    dispositions(con, *({**row, "rows": n} for row, n in zip(own, received, strict=True)))


def refusals(con: warehouse.Connection, *names: str) -> None:
    """Refuse a month of feeds."""
    rows = [{"feed": name, "month": MONTH, "reason": "It is broken."} for name in names]
    _fill(con, "extract.refusals", dict, rows)


def dispositions(con: warehouse.Connection, *rows: Row) -> None:
    """Say of files that bear on a month how many of its rows they hold: none."""
    _fill(con, "extract.dispositions", _disposition, rows)


def contact_points(con: warehouse.Connection, *rows: Row) -> None:
    """See somebody's telephone number in a feed."""
    _fill(con, "extract.contact_points", _contact_point, rows)


def telephony(con: warehouse.Connection, *rows: Row) -> None:
    """Take in call legs, each answered at once and talked over for a minute."""
    _fill(con, "extract.telephony", _telephony, rows)


def web_forms(con: warehouse.Connection, *rows: Row) -> None:
    """Take in forms that nobody has looked at."""
    _fill(con, "extract.web_forms", _web_form, rows)


def web_chats(con: warehouse.Connection, *rows: Row) -> None:
    """Take in chats that nobody joined."""
    _fill(con, "extract.web_chats", _web_chat, rows)


def social(con: warehouse.Connection, *rows: Row) -> None:
    """Take in messages from the public, of one conversation."""
    _fill(con, "extract.social", _message, rows)


def web_sessions(con: warehouse.Connection, *rows: Row) -> None:
    """Take in days of a service on which four visits led to a form, of which one was not sent."""
    _fill(con, "extract.web_sessions", _service_day, rows)


def callback_outcomes(con: warehouse.Connection, *rows: Row) -> None:
    """Take in attempts by the contact team, each of which reached its person."""
    _fill(con, "extract.callback_outcomes", _attempt, rows)


def panel_scores(con: warehouse.Connection, *rows: Row) -> None:
    """Take in scores of calls, each by somebody, whose tone was good."""
    _fill(con, "extract.panel_scores", _score, rows)


def call_frame(con: warehouse.Connection, *rows: Row) -> None:
    """Freeze calls of one stratum, each coded as a matter for the police."""
    _fill(con, "publish.call_frame", _framed, rows)


def call_sample(con: warehouse.Connection, *rows: Row) -> None:
    """Draw calls of one stratum that the panel hears."""
    _fill(con, "publish.call_sample", _drawn, rows)


def contacts(con: warehouse.Connection, *rows: Row) -> None:
    """Harmonise contacts: calls to 101 that were answered at once."""
    _fill(con, "harmonise.contacts", _contact, rows)


def legs(con: warehouse.Connection, *rows: Row) -> None:
    """Harmonise call legs: stays in the enquiries queue that were answered at once."""
    _fill(con, "harmonise.call_legs", _call_leg, rows)


def further_messages(con: warehouse.Connection, *rows: Row) -> None:
    """Write again to the Force, each time without a reply."""
    _fill(con, "harmonise.further_messages", _further_message, rows)


def notices(con: warehouse.Connection, *rows: Row) -> None:
    """Owe people an explanation of a call answered late, by the 14th of February."""
    _fill(con, "publish.callback_list", _notice, rows)


def rebuilt(con: warehouse.Connection, table: monthly_tables.Table) -> pd.DataFrame:
    """The table, rebuilt for every month in which it was given something to read."""
    if table.is_history:
        monthly_tables.rebuild_history(con, table)
    else:
        for (month,) in con.execute(_months_read(table)).fetchall():
            monthly_tables.rebuild(con, table, month)
    return warehouse.fetch(con, f"select * from {table.name}")


def the_one(table: pd.DataFrame) -> dict[str, object]:
    """The only row of a table, with None for null."""
    (row,) = table.to_dict("records")
    return {str(name): None if pd.isna(value) else value for name, value in row.items()}


def broken(con: warehouse.Connection, query: str, month: str = MONTH) -> int:
    """What a check's query counts in a month."""
    found = warehouse.fetch(con, warehouse.read_query(query), {"month": month})
    return int(found["broken"].iloc[0])


def _fill(
    con: warehouse.Connection,
    table: str,
    usual: Callable[[Row], dict[str, object]],
    rows: Iterable[Row],
) -> None:
    """Insert the rows, each over what is usual. Refuses columns that are not promised."""
    columns = _columns(table)
    full = [{**usual(row), **row} for row in rows]
    unknown = {name for row in full for name in row} - columns.keys()
    if unknown:
        raise ValueError(f"{table} has no column {sorted(unknown)}")
    texts = [
        {name: None if pd.isna(value) else str(value) for name, value in row.items()}
        for row in full
    ]
    given = pa.Table.from_pylist(texts, pa.schema([(name, pa.string()) for name in columns]))
    cast = ", ".join(f"{name}::{kind} as {name}" for name, kind in columns.items())
    con.register("given_rows", given)
    con.execute(f"insert into {table} by name select {cast} from given_rows")
    con.unregister("given_rows")


@cache
def _columns(table: str) -> dict[str, str]:
    return promises.duckdb_columns(PROMISES[table])


@cache
def _declared(table: str) -> str:
    """The columns as SQL declares them, so that a test cannot leave out what is always there."""
    promised = PROMISES[table].to_schema().columns
    return ", ".join(
        f"{name} {kind}{'' if promised[name].nullable else ' not null'}"
        for name, kind in _columns(table).items()
    )


@cache
def _months_read(table: monthly_tables.Table) -> str:
    read = [name for name in table.reads if not name.startswith("reference.")]
    return " union ".join(f"select distinct month from {name}" for name in sorted(read))


def _moment(value: object) -> pd.Timestamp:
    moment = pd.Timestamp(str(value))
    return moment.tz_localize("UTC") if moment.tz is None else moment.tz_convert("UTC")


def _after(moment: object, seconds: object) -> pd.Timestamp | None:
    if moment is None or seconds is None:
        return None
    return _moment(moment) + pd.Timedelta(seconds=float(str(seconds)))


def _month(moment: object) -> str:
    return f"{_moment(moment).tz_convert(LONDON):%Y-%m-01}"


def _from_a_file() -> dict[str, object]:
    return {"source_file": "file", "source_row": next(_numbers), "extracted_at": EXTRACTED}


def _standard(_: Row) -> dict[str, object]:
    return {
        "standard_id": f"standard-{next(_numbers)}",
        "channel": "telephone",
        "clock": "answer",
        "within_seconds": 120,
        "boundary": "<=",
        "short_abandon_seconds": 5,
        "wording": "We aim to answer within two minutes.",
        "citation": "Charter, section 1",
        "applies_from_on": "2024-01-01",
    }


def _reason(row: Row) -> dict[str, object]:
    return {"title": row["reason"], "reason_group": "police_matter", "hold_callback": "no"}


def _interval(_: Row) -> dict[str, object]:
    return {"calendar": "desk", "day": "monday", "opens": "09:00", "closes": "17:00"}


def _cycle(_: Row) -> dict[str, object]:
    return {
        "cycle": "2026",
        "title": "The year 2026",
        "starts_on": "2026-01-01",
        "ends_on": "2026-12-31",
        "meeting_on": "2027-01-21",
    }


def _event(row: Row) -> dict[str, object]:
    return {
        "title": row["event"],
        "kind": "campaign",
        "happened_on": "2026-01-01",
        "rebases": "no",
    }


def _cost(_: Row) -> dict[str, object]:
    return {
        "channel": "telephone",
        "unit_cost_low": 1,
        "unit_cost_high": 2,
        "citation": "A study",
        "applies_from_on": "2024-01-01",
    }


def _item(_: Row) -> dict[str, object]:
    number = next(_numbers)
    return {
        "item": "tone",
        "wording": "What is asked?",
        "guidance": "What it means.",
        "scale": "grades",
        "position": number,
        "applies_from_on": "2024-01-01",
    }


def _file(row: Row) -> dict[str, object]:
    received = row.get("received", 1)
    ended = sum(int(str(row.get(end, 0))) for end in accounts.ENDS)
    return {
        "month": MONTH,
        "source": row["feed"],
        "file": "file",
        "sha256": "0" * 64,
        "extracted_at": EXTRACTED,
        "file_rows": received,
        "received": received,
        **dict.fromkeys(accounts.ENDS, 0),
        "accepted": int(str(received)) - ended,
    }


def _disposition(row: Row) -> dict[str, object]:
    return {
        "month": MONTH,
        "source": row["feed"],
        "file": "file",
        "sha256": "0" * 64,
        "extracted_at": EXTRACTED,
        "file_rows": row.get("rows", 0),
        "basis": "basis",
        "disposition": "received",
        "rows": 0,
    }


def _contact_point(_: Row) -> dict[str, object]:
    return {
        "feed": "telephony",
        "month": MONTH,
        "person_key": "somebody",
        "kind": "phone",
        "contact_point": "+447700900123",
    }


def _telephony(row: Row) -> dict[str, object]:
    outcome, wait = row.get("outcome", "answered"), row.get("wait_seconds", 0)
    arrived = row.get("arrived_at", MOMENT)
    queued = row.get("queued_at", arrived)
    waited = _after(queued, wait)
    was_answered = outcome in ("answered", "transferred")
    talk = row.get("talk_seconds", 60 if was_answered else None)
    answered = row.get("answered_at", waited if was_answered else None)
    return {
        "call_id": f"call-{next(_numbers)}",
        "leg": 1,
        "month": _month(arrived),
        "line": "101",
        "queue": "switchboard",
        "arrived_at": arrived,
        "queued_at": queued,
        "answered_at": answered,
        "ended_at": _after(answered, talk) if was_answered else waited,
        "outcome": outcome,
        "wait_seconds": wait,
        "talk_seconds": talk,
        **_from_a_file(),
    }


def _web_form(row: Row) -> dict[str, object]:
    submitted = row.get("submitted_at", MOMENT)
    return {
        "form_id": f"form-{next(_numbers)}",
        "service": "report_a_crime",
        "submitted_at": submitted,
        "month": _month(submitted),
        **_from_a_file(),
    }


def _web_chat(row: Row) -> dict[str, object]:
    requested = row.get("requested_at", MOMENT)
    return {
        "chat_id": f"chat-{next(_numbers)}",
        "requested_at": requested,
        "ended_at": _after(row.get("joined_at") or requested, 60),
        "outcome": "answered" if row.get("joined_at") else "abandoned",
        "month": _month(requested),
        **_from_a_file(),
    }


def _message(row: Row) -> dict[str, object]:
    return {
        "message_id": f"message-{next(_numbers)}",
        "platform": "twitter",
        "conversation_id": "conversation",
        "direction": "in",
        "sent_at": MOMENT,
        "month": _month(row.get("sent_at", MOMENT)),
        **_from_a_file(),
    }


def _service_day(row: Row) -> dict[str, object]:
    on_date = str(row.get("on_date", MONTH))
    return {
        "on_date": on_date,
        "service": "report_a_crime",
        "visits": 4,
        "form_starts": 4,
        "form_completions": 3,
        "signposted_away": 0,
        "month": f"{on_date[:7]}-01",
        **_from_a_file(),
    }


def _attempt(row: Row) -> dict[str, object]:
    attempted = row.get("attempted_at", MOMENT)
    return {
        "notice_id": f"notice-{next(_numbers)}",
        "attempted_at": attempted,
        "outcome": "explained",
        "handler_key": "somebody",
        "month": _month(attempted),
        **_from_a_file(),
    }


def _score(_: Row) -> dict[str, object]:
    return {
        "cycle": "January 2026",
        "sample_no": next(_numbers),
        "item": "tone",
        "score": "good",
        "handler_key": "somebody",
        "month": MONTH,
        **_from_a_file(),
    }


def _framed(_: Row) -> dict[str, object]:
    number = next(_numbers)
    return {
        "month": MONTH,
        "cycle": "January 2026",
        "row_no": number,
        "reference": f"R{number}",
        "stratum": "all",
        "contact_id": f"contact-{number}",
        "reason_group": "police_matter",
        "is_avoidable": False,
    }


def _drawn(row: Row) -> dict[str, object]:
    number = row.get("sample_no", next(_numbers))
    return {
        "month": MONTH,
        "cycle": "January 2026",
        "sample_no": number,
        "arm": "random",
        "stratum": "all",
        "reference": f"R{number}",
        "contact_id": f"contact-{number}",
        "state": "sampled",
    }


def _contact(row: Row) -> dict[str, object]:
    channel, received = row.get("channel", "telephone"), row.get("received_at", MOMENT)
    is_live = channel in ("telephone", "web_chat")
    is_call = channel == "telephone"
    return {
        "contact_id": f"contact-{next(_numbers)}",
        "channel": channel,
        "line": "101" if is_call else None,
        "queue": "enquiries" if is_call else channel,
        "month": _month(received),
        "received_at": received,
        "outcome": "answered" if is_live or row.get("responded_at") else "waiting",
        "wait_seconds": 0 if is_live else None,
        "legs": 1 if is_live else None,
        "reason_group": "unknown",
        **_from_a_file(),
    }


def _further_message(row: Row) -> dict[str, object]:
    asked = row.get("asked_at", MOMENT)
    return {
        "nth": next(_numbers),
        "asked_at": asked,
        "month": _month(asked),
        "extracted_at": EXTRACTED,
    }


def _notice(row: Row) -> dict[str, object]:
    received, number = row.get("received_at", MOMENT), next(_numbers)
    return {
        "month": _month(received),
        "notice_id": f"{number:016}",
        "cycle": "2026",
        "person_key": f"person {number}",
        "channel": "telephone",
        "clock": "answer",
        "breaches": 1,
        "received_at": received,
        "is_still_waiting": False,
        "why": "Their telephone call waited 3 minutes.",
        "promised": "We aim to answer within two minutes.",
        "due_by": "2026-02-14",
        "priority": 3,
        "state": "explained" if row.get("explained_at") else "due",
        "is_withdrawn": False,
        "as_at": EXTRACTED,
    }


def _call_leg(row: Row) -> dict[str, object]:
    received = row.get("received_at", MOMENT)
    return {
        "contact_id": f"contact-{next(_numbers)}",
        "leg": 1,
        "month": _month(received),
        "channel": "telephone",
        "line": "101",
        "queue": "enquiries",
        "received_at": received,
        "outcome": "answered",
        "wait_seconds": 0,
    }
