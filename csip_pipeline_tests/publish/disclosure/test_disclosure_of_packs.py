"""A pack's tables say what they give away, and the public ones hold a mark where that is hidden."""

import csv
import io

import pandas as pd
import pytest
from pack_given import OCTOBER
from statements_given import table

from csip_pipeline.publish import edition_hiding, pack_figures, panel_pack
from csip_pipeline.publish.disclosure import declared, hiding
from csip_pipeline.publish.disclosure.declared_calls import BANDS
from csip_pipeline.publish.disclosure.declaring import FREE
from csip_pipeline.publish.disclosure.sayings import Sayings
from csip_pipeline.publish.pack_drafts import Draft
from csip_pipeline.publish.workbook_parts import NUMBERS
from csip_pipeline.refusals import RefusedError

LINE = {"month": pd.Timestamp(OCTOBER), "channel": "telephone", "line": "101"}
TEXT = ("channel", "line", "other_outcomes")
NO_WAITS = dict.fromkeys((name for name, _ in BANDS), 0)
TO_THE_MINUTE, TO_FIVE, TO_TEN = (name for name, _ in BANDS[1:4])


def bands(**counts):
    """How long those answered on one line waited."""
    return table("wait_bands", LINE | NO_WAITS | counts, text=("channel", "line"))


def number_cells(one):
    """The cells of a table that hold a number of the force's doing."""
    for column in one.columns:
        if column.kind in NUMBERS and column.name not in FREE:
            for row, value in enumerate(one.rows[column.name]):
                if not isinstance(value, str) and pd.notna(value):
                    yield row, column.name, value


def rows_of(content):
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))


def test_a_mark_stands_where_a_count_is_hidden_and_nowhere_else():
    whole = bands(answered=60, **{TO_THE_MINUTE: 37, TO_FIVE: 20, TO_TEN: 3})
    public = edition_hiding.hide(Draft((whole,)), "2026-Q4", [], threshold=5)

    (row,) = public.draft.tables["wait_bands"].rows.to_dict("records")
    (before,) = whole.rows.to_dict("records")
    assert {name for name, value in row.items() if value == "[c]"} == {TO_FIVE, TO_TEN}
    assert {name for name in row if row[name] != before[name]} == {TO_FIVE, TO_TEN}
    assert before[TO_TEN] == 3, "the table with nothing hidden stays as it was"
    assert public.cells == 2


def test_calls_answered_on_101_are_known_from_the_frames_and_hide_nothing():
    """Whoever counts the rows of the public frame knows the 58; 60 would then tell the others."""
    row = {"offered": 60, "answered": 58, "abandoned": 2, "answered_within": 40}
    levels = table("service_levels", LINE | row | {"other_outcomes": 0}, text=TEXT)
    public = edition_hiding.hide(Draft((levels,)), "2026-Q4", [], threshold=5)

    (row,) = public.draft.tables["service_levels"].rows.to_dict("records")
    assert row["answered"] == 58
    assert (row["offered"], row["abandoned"]) == ("[c]", "[c]")


def test_a_pack_of_which_a_small_number_could_be_worked_out_is_refused(monkeypatch):
    small = frozenset({(TO_TEN, "2026-10", "101 calls")})
    monkeypatch.setattr(hiding, "hide", lambda *_, **__: small)
    whole = bands(answered=60, **{TO_THE_MINUTE: 37, TO_FIVE: 20, TO_TEN: 3})

    with pytest.raises(RefusedError, match=r"1 small number\(s\) .* could be worked out"):
        edition_hiding.hide(Draft((whole,)), "2026-Q4", [], threshold=5)


def test_tables_that_count_the_same_people_otherwise_cannot_be_published():
    """A trend of before the month was run again would let its small number through."""
    row = {"offered": 60, "answered": 57, "abandoned": 3, "answered_within": 40}
    levels = table("service_levels", LINE | row | {"other_outcomes": 0}, text=TEXT)
    trend = {"measure": "abandoned_share", "subject": "101", "part": 30, "whole": 60}
    months = LINE | trend | {"value": 0.5}
    text = ("channel", "line", "measure", "subject")
    before = table("control_abandoned_share_101", months, text=text)

    with pytest.raises(RefusedError, match="do not agree on 'abandoned' of 101 calls"):
        declared.read([levels, before], "2026-Q4")


def test_a_table_that_nobody_declared_cannot_be_published():
    new = table("new_figures", LINE | {"people": 12}, text=("channel", "line"))

    with pytest.raises(LookupError, match="new_figures is not declared"):
        declared.read([new], "2026-Q4")


def test_a_column_of_numbers_that_nobody_declared_cannot_be_published():
    with pytest.raises(LookupError, match=r"wait_bands does not declare .*'hung_up'"):
        declared.read([bands(answered=60, hung_up=3)], "2026-Q4")


def test_a_measure_that_is_charted_without_saying_what_it_tells_cannot_be_published():
    row = {"month": pd.Timestamp(OCTOBER), "measure": "new_share", "subject": "101", "value": 0.5}

    with pytest.raises(LookupError, match="new_share is charted"):
        declared.read([table("control_new", row, text=("measure", "subject"))], "2026-Q4")


def test_rows_of_a_file_that_are_as_many_as_contacts_tell_them():
    sayings = Sayings("cycle 2026-Q4")
    forms, calls, other = (
        ("contacts", "2026-10", "Web forms"),
        ("offered", "2026-10", "101 calls"),
        ("lost", "2026-10", "101 calls"),
    )
    for quantity, value in ((forms, 122), (calls, 30), (other, 7)):
        sayings.count(quantity, value)
    rows = [("Web forms", 130, 122), ("Telephony", 10, 10), ("Telephony", 21, 20), ("Chats", 7, 7)]
    given = [
        {"month": pd.Timestamp(OCTOBER), "feed": feed, "received": received, "accepted": accepted}
        for feed, received, accepted in rows
    ]

    declared.declaration("data_quality").tell(
        sayings, table("data_quality", *given, text=("feed",))
    )

    told = sayings.cells["data_quality"]
    assert {cell: told[cell] for cell in told if told[cell]} == {
        **{(0, name): [forms] for name in ("received", "accepted")},
        **{(row, name): [calls] for row in (1, 2) for name in ("received", "accepted")},
    }


def test_every_figure_of_the_pack_tells_a_count_and_every_sum_adds_up(press):
    """A cell that tells none would never be hidden; a sum that is none would prove anything."""
    tables = panel_pack.draft(pack_figures.read(press.con, press.cycles["2026-Q4"])).tables
    said = declared.read(tables.values(), "2026-Q4")

    assert declared.unbalanced(said.statement) == []
    assert len(said.statement.sums) > 500
    silent = {
        (name, column, value)
        for name, one in tables.items()
        if not declared.declaration(name).why
        for row, column, value in number_cells(one)
        if not said.cells.get(name, {}).get((row, column))
    }
    # where nobody rang in an hour, nobody is needed, and no other table has the hour
    assert {each for each in silent if not each[0].startswith("staffing") or each[2] != 0} == set()


def test_the_public_files_are_the_restricted_ones_but_for_the_marks(press):
    edition = press.first()
    files = press.files()
    public = {name: files[name] for name in files if name.startswith("panel_pack_2026-Q4_tables/")}

    marks = 0
    for name, content in public.items():
        folder, file = name.split("/")
        beside = files[f"restricted/{folder.replace('_tables', '_restricted_tables')}/{file}"]
        if file in {"cover.csv", "contents.csv", "notes.csv"}:
            continue
        pairs = zip(rows_of(content), rows_of(beside), strict=True)
        changed = [new for row in pairs for new, old in zip(*row, strict=True) if new != old]
        assert set(changed) <= {"[c]"}, name
        marks += len(changed)
    assert 0 < marks <= edition.hidden
