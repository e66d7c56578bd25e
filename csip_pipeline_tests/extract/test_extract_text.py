"""Encodings and line ends are read as declared or marked, and one bad row costs one row."""

import codecs

import pytest
from extract_samples import CALLS, HEADER, call

from csip_pipeline.extract.formats import dialects, records, text

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
@pytest.mark.parametrize("chunk", [1, 7, 1 << 20])
def test_every_usual_encoding_is_read_whatever_is_read_at_once(
    tmp_path, monkeypatch, encoding, declared, chunk
):
    monkeypatch.setattr(text, "CHUNK", chunk)
    path = tmp_path / "calls.csv"
    path.write_bytes("\r\n".join(ROWS).encode(encoding))

    assert _lines(path, declared or "utf-8") == list(enumerate(ROWS, start=1))


@pytest.mark.parametrize("mark", [codecs.BOM_UTF16_LE, codecs.BOM_UTF8], ids=["UTF-16", "UTF-8"])
def test_a_mark_is_no_part_of_the_first_column(tmp_path, mark):
    encoding = "utf-16-le" if mark == codecs.BOM_UTF16_LE else "utf-8"
    path = tmp_path / "calls.csv"
    path.write_bytes(mark + "Ref,Queue\n1,2".encode(encoding))

    assert _lines(path)[0] == (1, "Ref,Queue")


@pytest.mark.parametrize("chunk", [1, 3, 1 << 20])
@pytest.mark.parametrize(
    ("content", "rows"),
    [
        pytest.param("a,b\n1,2\n", [(1, "a b"), (2, "1 2")], id="LF"),
        pytest.param("a,b\r\n1,2\r\n", [(1, "a b"), (2, "1 2")], id="CRLF"),
        pytest.param("a,b\r1,2\r", [(1, "a b"), (2, "1 2")], id="CR"),
        pytest.param("a,b\n1,2", [(1, "a b"), (2, "1 2")], id="no last line end"),
        pytest.param("\na,b\n\n1,2\n , \n,\n3,4", [(2, "a b"), (4, "1 2"), (7, "3 4")], id="blank"),
        pytest.param('a,b\n1,"x\ny"\n3,4', [(1, "a b"), (2, "1 x\ny"), (4, "3 4")], id="quoted LF"),
        pytest.param('a,b\r\n1,"x\r\ny"\r\n', [(1, "a b"), (2, "1 x\ny")], id="quoted CRLF"),
        pytest.param('a,b\r1,"x\ny"\r', [(1, "a b"), (2, "1 x\ny")], id="quoted LF among CR"),
        pytest.param(
            "a,b\n1,x\r\ry\n3,4", [(1, "a b"), (2, "1 x  y"), (5, "3 4")], id="a stray CR"
        ),
        pytest.param(
            "a,b\r\n1,x\ny\r\n3,4", [(1, "a b"), (2, "1 x y"), (4, "3 4")], id="a stray LF"
        ),
        pytest.param(
            "a,b\n1,2\r3,4\n5,6",
            [(1, "a b"), (2, "1 2"), (3, "3 4"), (4, "5 6")],
            id="one row ends in CR",
        ),
        pytest.param(
            'a,b\n1,"x""y,"\n', [(1, "a b"), (2, '1 x"y,')], id="a doubled quotation mark"
        ),
    ],
)
def test_a_row_is_known_by_the_line_on_which_it_begins(tmp_path, monkeypatch, content, rows, chunk):
    monkeypatch.setattr(text, "CHUNK", chunk)

    assert _rows(tmp_path, content) == (rows, [])


@pytest.mark.parametrize("chunk", [1, 3, 1 << 20])
@pytest.mark.parametrize(
    "bad",
    [
        pytest.param('1,x"y', id="a quotation mark inside"),
        pytest.param('1,"x', id="one opened and never closed"),
        pytest.param('1,"x"y', id="one closed too early"),
        pytest.param('1, "x"', id="one after a space"),
        pytest.param("1", id="a field too few"),
        pytest.param("1,2,3", id="a field too many"),
    ],
)
def test_a_line_that_is_no_row_takes_no_other_with_it(tmp_path, monkeypatch, bad, chunk):
    monkeypatch.setattr(text, "CHUNK", chunk)

    rows, broken = _rows(tmp_path, f"a,b\n{bad}\n3,4\n5,6\n{bad}\n7,8\n")

    assert rows == [(1, "a b"), (3, "3 4"), (4, "5 6"), (6, "7 8")]
    assert broken == [2, 5]


def test_a_supplier_may_escape_quotation_marks_or_never_quote(tmp_path):
    escaping = dialects.Dialect(escape="\\")
    never = dialects.Dialect(delimiter="\t", quote="")

    assert _rows(tmp_path, 'a,b\n1,"x\\"y"\n', escaping) == ([(1, "a b"), (2, '1 x"y')], [])
    assert _rows(tmp_path, 'a\tb\n1\t6" pipe\n', never) == ([(1, "a b"), (2, '1 6" pipe')], [])


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


def test_a_lost_letter_refuses_the_file_unless_its_source_may_hold_some(folder):
    folder.expect(CALLS)
    folder.drop("telephony/calls.csv", HEADER, call("1"), call("2", operator=f"Zo{chr(0xFFFD)}"))

    (refused,) = folder.catalogue().refused

    assert "line 3: holds a letter that was lost" in refused.reason


def test_a_lost_letter_that_may_be_costs_the_row_only_where_the_column_is_used(folder):
    folder.expect(
        CALLS.replace("[source.columns]", 'lost_letters = "quarantine"\n[source.columns]')
    )
    header = f"{HEADER},Note"
    rows = [f"{call('1')},caf\ufffd", f"{call('2', operator='Zo' + chr(0xFFFD))},"]
    folder.drop("telephony/calls.csv", header, *rows)

    assert [fault[:2] for fault in folder.faults()] == [(3, "handler_id")]


def test_columns_without_a_name_are_left_out(folder):
    folder.expect(CALLS)
    folder.drop("telephony/calls.csv", f",{HEADER},,", f"0,{call('1')},,")

    folder.take("telephony")

    assert folder.column("select call_id from extract.telephony") == ["1"]


def _lines(path, encoding="utf-8"):
    return [
        (chunk.first + place, line.removesuffix(text.OTHER_END))
        for chunk in text.Lines(path, encoding).chunks()
        for place, line in enumerate(chunk.text.split("\n"))
    ]


def _rows(folder, content, dialect=None):
    """The rows of two fields, and the lines that are none."""
    path = folder / "x.csv"
    path.write_bytes(content.encode())
    rows = records.Rows(dialect or dialects.Dialect(), 2)
    batches = [rows.of(chunk) for chunk in text.Lines(path).chunks()] + [rows.last()]
    found = [
        (row["source_row"], f"{row['c0']} {row['c1']}")
        for batch in batches
        for row in batch.to_pylist()
    ]
    return found, [number for number, *_ in rows.broken]
