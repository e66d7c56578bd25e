"""The worklist comes back as a feed: each row that was worked is an attempt, the others wait."""

import datetime as dt
import io
import tomllib

import openpyxl
import pandas as pd
import pytest
from extract_samples import NOVEMBER, OCTOBER, OUTCOME_HEADER, OUTCOMES

from csip_pipeline.extract import callback_outcomes
from csip_pipeline.publish.callbacks import worklist
from csip_pipeline.settings import project_root

SHIPPED = project_root() / "data/reference/feeds.toml"
NOTICES = pd.DataFrame(
    {
        "notice_id": ["00000000000000a1", "00000000000000b2", "00000000000000c3"],
        "priority": 1,
        "contact_kind": "Telephone",
        "contact_point": "+447700900123",
        "why": "Their telephone call waited 14 minutes.",
        "promised": "We answer calls to 101 within 5 minutes.",
        "received_at": pd.Timestamp("2026-09-14 22:30", tz="UTC"),
        "explain_by_on": dt.date(2026, 10, 12),
        "breaches": 1,
        "safe_time": None,
        "code": ["a1a1a1a1", "b2b2b2b2", "c3c3c3c3"],
    }
)
HEADINGS = [column.heading for column in worklist.COLUMNS]
KEPT = "select notice_id, attempted_at, outcome from extract.callback_outcomes order by all"


@pytest.fixture
def office(folder):
    """A data folder that reads worklists the way the demo force does."""
    text = SHIPPED.read_text(encoding="utf-8")
    (source,) = (s for s in tomllib.loads(text)["source"] if s["feed"] == "callback_outcomes")
    (table,) = (t for t in text.split("[[source]]") if f'name = "{source["name"]}"' in t)
    folder.expect(f"[[source]]{table}")
    return folder


def returned(folder, *filled_in):
    """A worklist as the team gives it back, with rows of outcome, attempted at and by."""
    about = worklist.Worklist("2026-10-1", dt.date(2026, 10, 5))
    book = openpyxl.load_workbook(io.BytesIO(worklist.render(NOTICES, about)))
    for row, cells in enumerate(filled_in, start=2):
        for heading, cell in zip(("Outcome", "Attempted at", "By"), cells, strict=True):
            book[worklist.LIST].cell(row, HEADINGS.index(heading) + 1).value = cell
    path = folder.drop("callback_outcomes/callbacks_2026-10-1.xlsx")
    book.save(path)
    return path


def test_our_own_worklist_reads_back_and_rows_not_worked_are_out_of_scope(office):
    clock = dt.datetime(2026, 10, 6, 14, 30)  # noqa: DTZ001 - a cell has no time zone
    returned(office, ("explained", clock, "5012"), (None, None, None), ("tried", clock, "5012"))

    office.take("callback_outcomes")

    half_past_two = dt.datetime(2026, 10, 6, 13, 30, tzinfo=dt.UTC)
    assert office.rows(KEPT) == [
        ("00000000000000a1", half_past_two, "explained"),
        ("00000000000000c3", half_past_two, "tried"),
    ]
    assert office.ends() == {"callbacks_2026-10-1.xlsx": {"accepted": 2, "out_of_scope": 1}}
    assert office.faults() == []


def test_whoever_called_is_kept_as_a_pseudonym(office):
    clock = dt.datetime(2026, 10, 6, 14, 30)  # noqa: DTZ001 - a cell has no time zone
    returned(office, ("tried", clock, "PC Quill"), ("tried", clock, "pc quill"))

    office.take("callback_outcomes")

    ((key,),) = office.rows("select distinct handler_key from extract.callback_outcomes")
    assert len(key) == 64
    columns = {name for name, *_ in office.rows("describe extract.callback_outcomes")}
    assert columns.isdisjoint({"by", "person_key"})
    assert office.restricted("select * from extract.contact_points") == []


def test_a_row_filled_in_by_half_is_told_by_row_and_column(office):
    clock = dt.datetime(2026, 10, 6, 14, 30)  # noqa: DTZ001 - a cell has no time zone
    returned(office, ("tried", clock, "5012"), ("unsafe", clock, None), ("rang", clock, "5012"))

    office.take("callback_outcomes")

    assert office.restricted(
        "select source_row, column_name, promise from extract.quarantine order by all"
    ) == [
        (3, "by", "must not be empty"),
        (4, "outcome", f"must be one of {', '.join(callback_outcomes.OUTCOMES)}"),
    ]


def test_a_worklist_that_nobody_has_worked_is_refused_with_what_to_do(office):
    returned(office)

    (refused,) = office.catalogue().refused

    assert refused.reason.startswith("callbacks_2026-10-1.xlsx: every row is left out by an ignore")
    assert "deliver it again" in refused.reason


def test_the_feed_and_the_worklist_know_the_same_outcomes():
    assert list(worklist.OUTCOMES) == callback_outcomes.OUTCOMES


def test_a_notice_tried_twice_has_two_attempts_each_in_its_own_month(folder):
    folder.expect(OUTCOMES)
    folder.drop(
        "callback_outcomes/first.csv", OUTCOME_HEADER, "a1,2026-10-31 23:30,tried,5012", "b2,,,"
    )
    folder.drop(
        "callback_outcomes/second.csv",
        OUTCOME_HEADER,
        "a1,2026-10-31 23:30,tried,5012",
        "a1,2026-11-02 09:00,explained,5012",
    )

    for month in (OCTOBER, NOVEMBER):
        folder.take("callback_outcomes", month)

    assert folder.rows("select month, outcome from extract.callback_outcomes order by 1") == [
        (OCTOBER, "tried"),
        (NOVEMBER, "explained"),
    ]
    assert folder.ends(OCTOBER) == {
        "first.csv": {"duplicate": 1, "out_of_scope": 1},
        "second.csv": {"accepted": 1},
    }


def test_an_ignored_word_is_one_that_the_supplier_wrote(folder):
    # an empty cell and a word that means "nothing" are not the same
    folder.expect(OUTCOMES.replace('ignore = [""]', 'empty = ["-"], ignore = [""]'))
    folder.drop(
        "callback_outcomes/outcomes.csv",
        OUTCOME_HEADER,
        "a1,2026-10-05 09:00,-,5012",
        "b2,2026-10-05 09:00,,5012",
    )

    folder.take("callback_outcomes")

    assert folder.ends() == {"outcomes.csv": {"quarantined": 1, "out_of_scope": 1}}


def test_the_code_that_the_list_printed_comes_back_with_the_row(office):
    clock = dt.datetime(2026, 10, 6, 14, 30)  # noqa: DTZ001 - a cell has no time zone
    returned(office, ("tried", clock, "5012"))

    office.take("callback_outcomes")

    assert office.rows("select code from extract.callback_outcomes") == [("a1a1a1a1",)]


def test_a_list_of_an_earlier_version_has_no_codes_and_reads_back(office):
    clock = dt.datetime(2026, 10, 6, 14, 30)  # noqa: DTZ001 - a cell has no time zone
    path = returned(office, ("tried", clock, "5012"))
    book = openpyxl.load_workbook(path)
    book[worklist.LIST].delete_cols(HEADINGS.index("Code") + 1)
    book.save(path)

    office.take("callback_outcomes")

    assert office.rows("select code from extract.callback_outcomes") == [(None,)]
