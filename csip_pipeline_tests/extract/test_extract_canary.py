"""What names or reaches a person stays in restricted/: not in the warehouse, not in an error."""

import stat
from dataclasses import replace

import pytest
from extract_samples import (
    CALLS,
    CHAT_HEADER,
    CHATS,
    EXCHANGE,
    FORM_HEADER,
    FORMS,
    HEADER,
    POSTS,
    SOCIAL,
    call,
    post,
)

from csip_pipeline import warehouse
from csip_pipeline.extract.registry import FEEDS
from csip_pipeline.refusals import RefusedError

CANARY = "Canary"
PHONE = "07700900987"
PERSONAL = {"cli": PHONE, "operator": CANARY}
SPOKEN = f'"{CANARY} said, at length"'
EPOCH = 1_791_190_800


@pytest.fixture
def canaries(folder):
    """Every feed and format, with a canary in all that is personal, in good and broken rows."""
    folder.expect(CALLS, EXCHANGE, FORMS, CHATS, SOCIAL)
    folder.drop(
        "telephony/calls.csv",
        HEADER,
        call("1", **PERSONAL),
        call("2", ring=CANARY, **PERSONAL),
        call("3", talk="-1", **PERSONAL),
        call("4", result=CANARY, **PERSONAL),
        call("5", **PERSONAL | {"cli": "7.7009009E+87"}),
        call("6", **PERSONAL) + f",{CANARY}",
    )
    entered = f"{EPOCH}|{EPOCH}.1|switchboard|{CANARY}|ENTERQUEUE||{PHONE}|1"
    broken = f"{EPOCH}|{EPOCH}.1|switchboard|{CANARY}|{CANARY}|{PHONE}"
    folder.drop("telephony/queue_log", entered, broken)
    contact = f"{CANARY}@example.org,{PHONE}"
    folder.drop(
        "web_forms/forms.csv",
        FORM_HEADER,
        f"1,lost_property,2026-10-05 09:00,,,{contact}",
        f"2,lost_property,2026-10-05 09:00,2026-10-04 09:00,,{contact}",
        f"3,lost_property,2026-10-05 09:00,{CANARY},,{contact}",
    )
    folder.drop(
        "web_chats/events.csv",
        CHAT_HEADER,
        f"c1,2026-10-05 09:00,v,0,{SPOKEN},ChatMessage",
        f"c2,{CANARY},v,0,{SPOKEN},ChatMessage",
    )
    folder.drop(
        "social/twcs.csv",
        POSTS,
        post(1, "2026-10-05T09:00", author=CANARY, text=SPOKEN),
        post(2, "2026-10-05T09:00", author=CANARY, text=SPOKEN, inbound=CANARY),
    )
    return folder


def test_no_error_quotes_anybody(canaries):
    for feed in FEEDS:
        with pytest.raises(RefusedError) as refusal:
            canaries.take(feed, tolerance=0.0)
        told = f"{refusal.value!r} {refusal.value.__context__!r} {refusal.value.__cause__!r}"
        assert CANARY.casefold() not in told.casefold()
        assert PHONE[1:] not in told


def test_the_warehouse_file_names_nobody_and_the_restricted_folder_alone_does(canaries):
    with warehouse.connected(canaries.settings.warehouse) as con:
        in_a_file = replace(canaries, con=con)
        assert all(in_a_file.take(feed).kept for feed in FEEDS)
        con.execute("checkpoint")

    outside = [
        path
        for path in canaries.settings.data.rglob("*")
        if path.is_file()
        and canaries.settings.restricted not in path.parents
        and canaries.settings.extracts not in path.parents
    ]
    assert canaries.settings.warehouse in outside
    for path in outside:
        held = path.read_bytes().lower()
        assert CANARY.lower().encode() not in held, path.name
        assert PHONE[1:].encode() not in held, path.name
    people = canaries.settings.people.read_bytes()
    assert CANARY.lower().encode() in people
    assert f"+44{PHONE[1:]}".encode() in people
    assert stat.S_IMODE(canaries.settings.restricted.stat().st_mode) == 0o700


def test_what_people_wrote_is_kept_nowhere(canaries):
    canaries.catalogue()

    kept = list(canaries.settings.canonical.rglob("records.parquet"))
    assert kept
    for path in kept:
        columns = canaries.rows(f"describe from read_parquet('{path}')")
        names = {name for name, *_ in columns}
        assert not names & {"text", "message"}


def test_the_same_person_has_the_same_pseudonym_on_every_channel(canaries):
    for feed in ("telephony", "web_forms"):
        canaries.take(feed)

    keys = canaries.column(
        "select person_key from extract.telephony union select person_key from extract.web_forms"
    )
    assert len(keys) == 1
    points = canaries.restricted(
        "select distinct kind, contact_point from extract.contact_points "
        f"where person_key = '{keys[0]}'"
    )
    assert points == [("phone", f"+44{PHONE[1:]}")]
