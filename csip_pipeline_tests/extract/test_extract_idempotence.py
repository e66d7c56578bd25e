"""Taking a month again gives the same rows, whatever else was taken and in whatever order."""

import pytest
from extract_samples import CALLS, HEADER, NOVEMBER, OCTOBER, POSTS, SOCIAL, call, post

TABLES = ("extract.telephony", "extract.social", "extract.dispositions")


@pytest.fixture
def delivered(folder):
    folder.expect(CALLS, SOCIAL)
    folder.drop("telephony/calls_20261101T0500Z.csv", HEADER, call("1"), call("2", talk="x"))
    folder.drop("telephony/calls_20261102T0500Z.csv", HEADER, call("1", ring="0:00:01"))
    folder.drop("social/twcs_10.csv", POSTS, post(1, "2026-10-31T09:00", answered_by="2"))
    folder.drop("social/twcs_11.csv", POSTS, post(2, "2026-11-01T09:00", reply_to="1"))
    return folder


def everything(folder):
    warehouse = {table: sorted(folder.rows(f"from {table}"), key=repr) for table in TABLES}
    store = {
        table: sorted(folder.restricted(f"from extract.{table}"), key=repr)
        for table in ("contact_points", "quarantine")
    }
    return warehouse | store


def test_taking_months_again_in_another_order_changes_nothing(delivered):
    taken = [(feed, month) for feed in ("telephony", "social") for month in (OCTOBER, NOVEMBER)]
    for feed, month in taken:
        delivered.take(feed, month)
    once = everything(delivered)

    for feed, month in reversed(taken):
        delivered.take(feed, month)

    assert everything(delivered) == once
    assert delivered.touched() == set()


def test_a_file_is_read_once(delivered):
    first = delivered.catalogue()
    written = [(copy.folder, copy.folder.stat().st_mtime_ns) for copy in first]

    again = delivered.catalogue()

    assert [(copy.folder, copy.folder.stat().st_mtime_ns) for copy in again] == written


def test_a_changed_mapping_reads_its_files_again_and_touches_their_months(delivered):
    for feed in ("telephony", "social"):
        for month in (OCTOBER, NOVEMBER):
            delivered.take(feed, month)
    assert delivered.touched() == set()

    delivered.expect(CALLS.replace('"999"', '"101"'), SOCIAL)

    assert delivered.touched() == {OCTOBER}
    delivered.take("telephony")
    assert delivered.column("select line from extract.telephony") == ["101"]


def test_a_month_cut_short_is_taken_again(delivered, monkeypatch):
    monkeypatch.setattr("csip_pipeline.extract.restricted.keep", lambda *_: 1 / 0)

    with pytest.raises(ZeroDivisionError):
        delivered.take("telephony")

    assert OCTOBER in delivered.touched()
