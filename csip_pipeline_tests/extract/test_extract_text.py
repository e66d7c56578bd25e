"""Encodings and line ends are read as declared or marked, and one bad row costs one row."""

import codecs

import pytest
from extract_samples import CALLS, HEADER, call

from csip_pipeline.extract.formats import text

ROWS = [HEADER, call("1", operator="Zoë"), call("2")]


@pytest.mark.parametrize(
    ("encoding", "declared"),
    [
        pytest.param("utf-8", None, id="UTF-8"),
        pytest.param("utf-8-sig", None, id="UTF-8 with a mark"),
        pytest.param("utf-16", None, id="UTF-16 with a mark"),
        pytest.param("utf-16-le", "utf-16-le", id="UTF-16 declared"),
        pytest.param("cp1252", "cp1252", id="cp1252 declared"),
        pytest.param("utf-8", "cp1252", id="UTF-8 though cp1252 is declared"),
    ],
)
def test_every_usual_encoding_is_read(tmp_path, encoding, declared):
    path = tmp_path / "calls.csv"
    path.write_bytes("\n".join(ROWS).encode(encoding))

    assert text.decoded(path, declared or "utf-8") == "\n".join(ROWS)


@pytest.mark.parametrize("mark", [codecs.BOM_UTF16_LE, codecs.BOM_UTF8], ids=["UTF-16", "UTF-8"])
def test_a_mark_is_no_part_of_the_first_column(tmp_path, mark):
    encoding = "utf-16-le" if mark == codecs.BOM_UTF16_LE else "utf-8"
    path = tmp_path / "calls.csv"
    path.write_bytes(mark + "Ref,Queue\n1,2".encode(encoding))

    assert next(text.records(text.decoded(path), ",", path.name)) == (1, ["Ref", "Queue"])


@pytest.mark.parametrize(
    ("content", "records"),
    [
        pytest.param("a,b\n1,2\n", [(1, "a b"), (2, "1 2")], id="LF"),
        pytest.param("a,b\r\n1,2\r\n", [(1, "a b"), (2, "1 2")], id="CRLF"),
        pytest.param("a,b\r1,2\r", [(1, "a b"), (2, "1 2")], id="CR"),
        pytest.param("a,b\n1,2", [(1, "a b"), (2, "1 2")], id="no last line end"),
        pytest.param("\na,b\n\n1,2\n , \n,\n3,4", [(2, "a b"), (4, "1 2"), (7, "3 4")], id="blank"),
        pytest.param('a,b\n1,"x\ny"\n3,4', [(1, "a b"), (2, "1 x\ny"), (3, "3 4")], id="quoted LF"),
        pytest.param('a,b\r\n1,"x\r\ny"\r\n', [(1, "a b"), (2, "1 x\ny")], id="quoted CRLF"),
        pytest.param('a,b\r1,"x\ny"\r', [(1, "a b"), (2, "1 x y")], id="quoted LF among CR"),
        pytest.param(
            "a,b\n1,x\r\ry\n3,4", [(1, "a b"), (2, "1 x  y"), (3, "3 4")], id="a stray CR"
        ),
        pytest.param('a,b\n1,x"y\n', [(1, "a b"), (2, '1 x"y')], id="a quotation mark inside"),
        pytest.param('"a\nb",c\r\n1,2\r\n', [(1, "a\nb c"), (2, "1 2")], id="quoted LF in header"),
    ],
)
def test_records_are_numbered_as_a_spreadsheet_numbers_its_rows(content, records):
    found = [(number, " ".join(cells)) for number, cells in text.records(content, ",", "x.csv")]

    assert found == records


@pytest.mark.parametrize(
    ("row", "promise"),
    [
        pytest.param("1,2,3", "has 3 fields where the header has 8", id="too few fields"),
        pytest.param(call("1") + ",", "has 9 fields where the header has 8", id="one too many"),
    ],
)
def test_a_ragged_row_costs_that_row_alone(folder, row, promise):
    folder.expect(CALLS)
    folder.drop("telephony/calls.csv", HEADER, call("1"), row, call("2"))

    assert folder.faults() == [(3, "", promise)]
    assert [delivery.received for delivery in folder.catalogue()] == [3]


def test_a_lost_letter_costs_the_row_only_where_the_column_is_used(folder):
    folder.expect(CALLS)
    header = f"{HEADER},Note"
    rows = [f"{call('1')},caf\ufffd", f"{call('2', operator='Zo' + chr(0xFFFD))},"]
    folder.drop("telephony/calls.csv", header, *rows)

    assert [fault[:2] for fault in folder.faults()] == [(3, "handler_id")]


def test_columns_without_a_name_are_left_out(folder):
    folder.expect(CALLS)
    folder.drop("telephony/calls.csv", f",{HEADER},,", f"0,{call('1')},,")

    folder.take("telephony")

    assert folder.column("select call_id from extract.telephony") == ["1"]
