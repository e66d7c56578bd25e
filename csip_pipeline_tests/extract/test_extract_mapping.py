"""A mapping restates a supplier's text as the feed says it, or names the row and the column."""

import pytest
from extract_samples import CALLS, FORM_HEADER, FORMS, HEADER, call

MOMENTS = "select strftime(arrived_at, '%d %H:%M') from extract.telephony order by source_row"


@pytest.mark.parametrize(
    ("cell", "column", "promise"),
    [
        pytest.param({"ring": "0:60:00"}, "wait_seconds", "is not a duration", id="60 minutes"),
        pytest.param({"ring": "00:05"}, "wait_seconds", "is not a duration", id="m:ss"),
        pytest.param({"talk": "about 60"}, "talk_seconds", "is not a number", id="words"),
        pytest.param({"talk": "inf"}, "talk_seconds", "is not a number", id="infinity"),
        pytest.param({"talk": "nan"}, "talk_seconds", "is not a number", id="nan"),
        pytest.param({"result": "Maybe"}, "outcome", "not a value that feeds.toml", id="value"),
        pytest.param({"start": "31/09/2026 09:00:00"}, "arrived_at", "is not a time", id="31 Sept"),
    ],
)
def test_a_cell_that_cannot_be_read_is_told_by_row_and_column(folder, cell, column, promise):
    folder.expect(CALLS)
    folder.drop("telephony/calls.csv", HEADER, call("1"), call("2", **cell))

    ((row, named, told),) = folder.faults()

    assert (row, named) == (3, column)
    assert promise in told


def test_a_number_that_must_be_whole_is_told_where_it_is_not(folder):
    folder.expect(CALLS.replace("[source.columns]", '[source.columns]\nleg = { column = "Leg" }'))
    folder.drop(
        "telephony/calls.csv",
        f"{HEADER},Leg",
        f"{call('1')},2",
        f"{call('2')},1.5",
        call("3") + ",",
    )

    assert folder.faults() == [(3, "leg", "is not a whole number")]
    folder.take("telephony")
    assert folder.rows("select call_id, leg from extract.telephony order by 1") == [
        ("1", 2),
        ("3", 1),
    ]


def test_the_suppliers_own_durations_win_over_its_clock(folder):
    folder.expect(
        CALLS.replace(
            "outcome =",
            'answered_at = { column = "Up", datetime = "%H:%M" }\noutcome =',
        ).replace('datetime = "%H:%M"', 'datetime = "%d/%m/%Y %H:%M"')
    )
    header = f"{HEADER},Up"
    over_midnight = call("1", "05/10/2026 23:59:58", ring="0:00:09", talk="4000")
    folder.drop("telephony/calls.csv", header, f"{over_midnight},06/10/2026 00:00")

    folder.take("telephony")

    kept = (
        "select wait_seconds, talk_seconds, strftime(ended_at, '%d %H:%M') from extract.telephony"
    )
    assert folder.rows(kept) == [(9, 4000, "06 00:06")]


def test_a_call_over_a_clock_change_keeps_its_true_length(folder):
    folder.expect(CALLS)
    folder.drop("telephony/calls.csv", HEADER, call("1", "25/10/2026 00:59:50", talk="7200"))

    folder.take("telephony")

    assert folder.column("select epoch(ended_at) - epoch(arrived_at) from extract.telephony") == [
        7205
    ]


def test_rows_in_time_order_tell_the_two_passes_of_the_repeated_hour_apart(folder):
    folder.expect(CALLS)
    clocks = ("00:59", "01:10", "01:55", "01:05", "01:50", "02:00")
    rows = [call(f"{n}", f"25/10/2026 {clock}:00") for n, clock in enumerate(clocks)]
    folder.drop("telephony/calls.csv", HEADER, *rows)

    folder.take("telephony")

    utc = ["24 23:59", "25 00:10", "25 00:55", "25 01:05", "25 01:50", "25 02:00"]
    assert folder.column(MOMENTS) == utc
    (delivery,) = folder.catalogue()
    assert delivery.in_repeated_hour == 4


def test_without_order_the_repeated_hour_is_its_first_pass(folder):
    folder.expect(CALLS.replace("in_time_order = true", ""))
    rows = [call("1", "25/10/2026 01:55:00"), call("2", "25/10/2026 01:05:00")]
    folder.drop("telephony/calls.csv", HEADER, *rows)

    folder.take("telephony")

    assert folder.column(MOMENTS) == ["25 00:55", "25 00:05"]


def test_the_hour_that_never_happens_is_moved_forward_and_counted(folder):
    folder.expect(CALLS)
    folder.drop("telephony/calls.csv", HEADER, call("1", "29/03/2026 01:30:00"))

    (delivery,) = folder.catalogue()
    folder.take("telephony", delivery.home_month)

    assert folder.column(MOMENTS) == ["29 01:30"]
    assert (delivery.in_repeated_hour, delivery.in_missing_hour) == (0, 1)


def test_an_answer_in_the_repeated_hour_does_not_come_before_its_question(folder):
    folder.expect(FORMS)
    folder.drop(
        "web_forms/forms.csv",
        FORM_HEADER,
        "1,a,2026-10-25 01:50,2026-10-25 01:10,,,",
        "2,a,2026-10-25 00:50,2026-10-25 01:10,,,",
    )

    folder.take("web_forms")

    answered = "select strftime(first_response_at, '%H:%M') from extract.web_forms order by form_id"
    assert folder.column(answered) == ["01:10", "00:10"]


def test_a_number_that_a_spreadsheet_damaged_is_quarantined(folder):
    folder.expect(CALLS)
    numbers = ("7.7009E+11", "447700900123.0", "01632.960.123", "-")
    folder.drop("telephony/calls.csv", HEADER, *[call(number, cli=number) for number in numbers])

    folder.take("telephony")

    assert folder.column("select call_id from extract.telephony order by 1") == [*numbers[:1:-1]]


def test_joined_columns_are_empty_where_one_of_them_is(folder):
    folder.expect(CALLS.replace('{ column = "Ref" }', '{ columns = ["Ref", "Queue"], join = "/" }'))
    folder.drop("telephony/calls.csv", HEADER, call("1"), call("", queue="a"))

    folder.take("telephony")

    assert folder.column("select call_id from extract.telephony") == ["1/999"]
    told = folder.restricted("select source_row, column_name, promise from extract.quarantine")
    assert told == [(3, "call_id", "must not be empty")]
