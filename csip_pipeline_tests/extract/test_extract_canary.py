"""What names or reaches a person stays in restricted/: not in the warehouse, not in an error."""

import datetime as dt
import stat
from dataclasses import replace

import canaries
import pytest
from canaries import CANARY, PHONE

from csip_pipeline import warehouse
from csip_pipeline.calendars import parse_month
from csip_pipeline.extract.registry import FEEDS
from csip_pipeline.refusals import RefusedError

SEPTEMBER: dt.date = parse_month(canaries.MONTH)
CYCLES = """\
cycle,title,starts_on,ends_on,meeting_on
2026-Q3,July to September 2026,2026-07-01,2026-09-30,2026-10-22
"""


@pytest.fixture
def aviary(folder):
    """Every feed and format, with a canary in all that is personal, in good and broken rows."""
    folder.expect(canaries.feeds_toml())
    (folder.settings.reference / "panel_cycles.csv").write_text(CYCLES, encoding="utf-8")
    canaries.deliver(folder.settings, bad=True)
    return folder


def test_a_canary_sits_in_every_personal_column_of_every_feed(aviary):
    for feed in FEEDS.values():
        aviary.take(feed.name, SEPTEMBER)
        for column in feed.personal:
            held = aviary.column(f'select "{column}" from candidates')
            assert canaries.names_somebody(repr(held)), f"{feed.name}.{column}"


def test_no_error_quotes_anybody(aviary):
    for feed in FEEDS:
        with pytest.raises(RefusedError) as refusal:
            aviary.take(feed, SEPTEMBER, tolerance=0.0)

        told = f"{refusal.value!r} {refusal.value.__context__!r} {refusal.value.__cause__!r}"
        assert not canaries.names_somebody(told), feed


def test_the_warehouse_file_names_nobody_and_the_restricted_folder_alone_does(aviary):
    with warehouse.connected(aviary.settings.warehouse) as con:
        in_a_file = replace(aviary, con=con)
        assert all(in_a_file.take(feed, SEPTEMBER).kept for feed in FEEDS)
        con.execute("checkpoint")

    assert canaries.leaks(aviary.settings) == []
    people = aviary.settings.people.read_bytes()
    assert CANARY.lower().encode() in people.lower()
    assert f"+44{PHONE[1:]}".encode() in people
    assert stat.S_IMODE(aviary.settings.restricted.stat().st_mode) == 0o700


def test_a_leak_would_be_found(aviary):
    with warehouse.connected(aviary.settings.warehouse) as con:
        con.execute(f"create table extract.leaking as select '{CANARY}' as name")
    (aviary.settings.data / "leaking.txt").write_text(f"+44 {PHONE[1:]}")

    assert canaries.leaks(aviary.settings) == ["leaking.txt", "warehouse.duckdb"]


def test_what_people_wrote_is_kept_nowhere(aviary):
    aviary.catalogue()

    kept = list(aviary.settings.canonical.rglob("records.parquet"))
    assert kept
    for path in kept:
        columns = aviary.rows(f"describe from read_parquet('{path}')")
        names = {name for name, *_ in columns}
        assert not names & {"text", "message"}


def test_the_same_person_has_the_same_pseudonym_on_every_channel(aviary):
    for feed in ("telephony", "web_forms"):
        aviary.take(feed, SEPTEMBER)

    keys = aviary.column(
        "select person_key from extract.telephony union select person_key from extract.web_forms"
    )
    assert len(keys) == 1
    points = aviary.restricted(
        "select distinct kind, contact_point from extract.contact_points "
        f"where person_key = '{keys[0]}'"
    )
    assert points == [("phone", f"+44{PHONE[1:]}")]
