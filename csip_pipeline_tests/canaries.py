"""Every feed, with a canary in all that is personal: whoever finds it has found a leak."""

import zipfile
from pathlib import Path

from csip_pipeline import warehouse
from csip_pipeline.settings import Settings, project_root

CANARY = "Yellowhammer"
PHONE = "07700900987"
MONTH, CYCLE = "2026-09", "2026-Q3"
"""The month of everything here, the last of its cycle."""

CHATS = """
[[source]]
name = "chat with contact points"
feed = "web_chats"
format = "delimited"
files = "web_chats/chats.csv"

[source.columns]
chat_id = { column = "Id" }
requested_at = { column = "At", datetime = "%Y-%m-%d %H:%M" }
ended_at = { column = "At", datetime = "%Y-%m-%d %H:%M" }
outcome = { value = "abandoned" }
email = { column = "Email" }
phone = { column = "Phone" }
"""
_EPOCH = 1_788_598_800
_TEXT = f'"{CANARY} said, at length"'
_CONTACT = f"{CANARY}@example.org,{PHONE}"
_CALL_HEADER = (
    "Call Ref\tQueue\tCall Start\tAnswered\tCall End\tResult\tRing Time\tTalk Time\tCLI\tOperator"
    "\tWrap Code"
)
_CLOCKS = "05/09/2026 09:00:00\t05/09/2026 09:00:05\t05/09/2026 09:01:00"
_CALL = f"{_CLOCKS}\t{{}}\t{{}}\t{{}}\t{{}}\t{CANARY}\tASB"
_ANSWERED = ("Answered", "0:00:05", "0:00:55", PHONE)
_FORM = f"05/09/2026 08:50,{{}},{{}},,{_CONTACT},"

GOOD = {
    "telephony/queue_log_canary.log": (
        f"{_EPOCH}|{_EPOCH}.1|switchboard_101|NONE|ENTERQUEUE||{PHONE}|1",
        f"{_EPOCH + 5}|{_EPOCH}.1|switchboard_101|{CANARY}|CONNECT|5|{_EPOCH}.2|5",
        f"{_EPOCH + 9}|{_EPOCH}.1|switchboard_101|{CANARY}|COMPLETECALLER|5|4|1",
    ),
    "telephony/999_canary.tsv": (
        _CALL_HEADER,
        "1\temergency_999\t" + _CALL.format(*_ANSWERED),
    ),
    "web_forms/forms_canary.csv": (
        "Form ID,Service,Started,Submitted,First reply,Resolved,Email,Phone,Crime reference",
        "F1,lost_property," + _FORM.format("05/09/2026 09:00", ""),
        "F2,report_a_crime," + _FORM.format("07/09/2026 09:00", ""),
    ),
    "web_chats/chats.csv": ("Id,At,Email,Phone", f"c0,2026-09-05 09:00,{_CONTACT}"),
    "web_chats/ticket_chat_event_canary.csv": (
        "chat_id,created_at,actor_id,chat_index,message,type",
        f"c1,2026-09-05 09:00,v,0,{_TEXT},ChatMessage",
    ),
    "web_sessions/sessions_canary.csv": (
        "Date,Service,Visits,Form started,Form sent,Left for another agency",
        "05/09/2026,lost_property,40,12,9,3",
    ),
    "social/twcs_canary.csv": (
        "tweet_id,author_id,inbound,created_at,text,response_tweet_id,in_response_to_tweet_id",
        f"1,{CANARY},True,Sat Sep 05 09:00:00 +0000 2026,{_TEXT},,",
    ),
    "callback_outcomes/canary.csv": (
        "Notice,Attempted at,Outcome,By",
        f"n1,2026-09-05 09:00:00,explained,{CANARY}",
    ),
    "panel_scores/canary.csv": (
        "Cycle,Call,Panellist,Criterion,Score",
        f"{CYCLE},1,{CANARY},Tone,Good",
    ),
}
"""Rows that can be used, by file."""

BAD = {
    "telephony/queue_log_canary.log": (
        f"{_EPOCH}|{_EPOCH}.3|switchboard_101|{CANARY}|{CANARY}|{PHONE}",
    ),
    "telephony/999_canary.tsv": (
        "2\temergency_999\t" + _CALL.format("Answered", CANARY, "0:00:55", PHONE),
        "3\temergency_999\t" + _CALL.format(CANARY, "0:00:05", "0:00:55", PHONE),
        "4\temergency_999\t" + _CALL.format("Answered", "0:00:05", "0:00:55", "7.7009009E+87"),
        "5\temergency_999\t" + _CALL.format(*_ANSWERED) + f"\t{CANARY}",
    ),
    "web_forms/forms_canary.csv": (
        "F3,lost_property," + _FORM.format("05/09/2026 09:00", "04/09/2026 09:00"),
        "F4,lost_property," + _FORM.format("05/09/2026 09:00", CANARY),
    ),
    "web_chats/chats.csv": (f"c2,{CANARY},{_CONTACT}",),
    "web_chats/ticket_chat_event_canary.csv": (f"c3,{CANARY},v,0,{_TEXT},ChatMessage",),
    "web_sessions/sessions_canary.csv": (
        f"05/09/2026,report_asb,{CANARY},12,9,3",
        f"{CANARY},lost_property,40,12,9,3",
    ),
    "social/twcs_canary.csv": (f"2,{CANARY},{CANARY},Sat Sep 05 09:00:00 +0000 2026,{_TEXT},,",),
    "callback_outcomes/canary.csv": (
        f"n2,2026-09-05 09:00:00,{CANARY},{CANARY}",
        f"n3,{CANARY},tried,{CANARY}",
    ),
    "panel_scores/canary.csv": (
        f"{CYCLE},2,{CANARY},Tone,{CANARY}",
        f"{CYCLE},3,{CANARY},{CANARY},Good",
        f"{CANARY},4,{CANARY},Tone,Good",
    ),
}
"""Rows that break a promise or cannot be read at all, by file."""


def feeds_toml() -> str:
    """The demo force's sources, with the returned workbooks as CSV, and chats that name people."""
    text = (project_root() / "data/reference/feeds.toml").read_text(encoding="utf-8")
    for workbook, csv in (
        ('format = "workbook"', 'format = "delimited"'),
        ("/*.xlsx", "/*.csv"),
        ('sheet = "Callbacks"\n', ""),
        ('sheet = "Scores"\n', ""),
    ):
        assert workbook in text
        text = text.replace(workbook, csv)
    return text + CHATS


def deliver(here: Settings, *, bad: bool) -> None:
    """Write the files under extracts/, with or without the rows that cannot be used."""
    for name, rows in GOOD.items():
        path = here.extracts / name
        path.parent.mkdir(parents=True, exist_ok=True)
        lines = (*rows, *(BAD[name] if bad else ()))
        path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")


def leaks(here: Settings) -> list[str]:
    """The places outside restricted/ and extracts/ in which a canary stands."""
    return [
        path.relative_to(here.data).as_posix()
        for path in sorted(here.data.rglob("*"))
        if path.is_file()
        and not {here.restricted, here.extracts} & set(path.parents)
        and any(map(names_somebody, _held(path)))
    ]


def names_somebody(told: bytes | str) -> bool:
    """Whether a canary stands in it."""
    raw = told.encode() if isinstance(told, str) else told
    return any(sign.encode() in raw.lower() for sign in (CANARY.casefold(), PHONE[1:]))


def _held(path: Path) -> list[bytes]:
    """What a file holds: as it is, and what it packs (a workbook's parts, a database's rows)."""
    held = [path.read_bytes()]
    if path.suffix == ".xlsx":
        with zipfile.ZipFile(path) as package:
            held += [package.read(name) for name in package.namelist()]
    if path.suffix == ".duckdb":
        with warehouse.connected(path, read_only=True) as con:
            tables = con.execute(
                "select table_schema || '.' || table_name from information_schema.tables"
            ).fetchall()
            held += [repr(con.execute(f"from {name}").fetchall()).encode() for (name,) in tables]
    return held
