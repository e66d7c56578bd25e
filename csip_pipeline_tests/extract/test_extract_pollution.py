"""A damaged line costs itself alone, and no damage makes a row say what was not sent.

The figures are those of the public Pollock benchmark: 2,268 files, each with one damaged row.
"""

import re
from collections import Counter

import pollution
import pytest
import verdicts
from pollution import (
    FURTHER,
    HEADER,
    POLLOCK,
    ROWS,
    SOURCE,
    Style,
    calls,
    polluted,
    rows_as_text,
    table,
)
from verdicts import BREAKING, COSTLY, QUOTING, REFUSED, SILENT

from csip_pipeline.extract import sources
from csip_pipeline.extract.formats import records, text

FILES, MOST_WRONG, MOST_REFUSED = 2_268, 19, 50
KINDS = POLLOCK + FURTHER
TELLING = [1, 20, 21, 22, 23, 60, 61, 62, ROWS]
"""The first row, the last, and those in front of, over and behind the rows of several lines."""


@pytest.fixture
def source(tmp_path):
    return _source(tmp_path)


@pytest.mark.slow
def test_damage_of_any_kind_costs_the_damaged_row_alone(source, tmp_path):
    files = list(pollution.every(KINDS, _some_rows))

    assert len(files) > FILES / 2
    _hold_to_the_bounds(source, tmp_path, files)


@pytest.mark.soak
def test_damage_of_any_kind_at_any_row_and_column_costs_the_damaged_row_alone(source, tmp_path):
    _hold_to_the_bounds(source, tmp_path, list(pollution.every(POLLOCK)))
    _hold_to_the_bounds(source, tmp_path, list(pollution.every(KINDS)))


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_every_line_is_the_header_or_a_row_or_goes_on_with_one_or_is_blank_or_broken(
    tmp_path, kind
):
    path = tmp_path / "calls.csv"
    files = [
        made
        for style in kind.styles
        for row in (1, 21, 42, ROWS)
        if (made := polluted(kind, style, row, column=len(HEADER) - 2))
    ]
    for file in files:
        path.write_bytes(file.text.encode())
        rows = records.Rows(records.Dialect(), len(HEADER))
        first, *rest = text.Lines(path).chunks()
        for chunk in (first.after(1), *rest):
            rows.of(chunk)
        rows.last()

        lines = len(pollution.LINE_END.findall(file.text)) + (file.text[-1] not in "\r\n")
        told = (rows.rows, rows.continued, rows.blank, len(rows.broken))
        assert lines == 1 + sum(told), (file.name, told)


@pytest.mark.parametrize(
    ("kind", "row", "column"),
    [
        pytest.param("a delimiter too many", 20, 3, id="before a row of two lines"),
        pytest.param("no closing quotation mark", 21, 7, id="in a row of two lines"),
        pytest.param("a delimiter or line end too few", 40, 8, id="two rows on a line"),
        pytest.param("LF within", 50, 2, id="a break in a date"),
    ],
)
def test_the_warehouse_has_what_the_reader_kept_and_quarantine_the_rest(folder, kind, row, column):
    (damage,) = [one for one in KINDS if one.name == kind]
    file = polluted(damage, pollution.PLAIN, row, column)
    folder.expect(SOURCE)
    folder.drop(f"telephony/{pollution.NAME}", file.text.encode())
    (source,) = sources.load(folder.settings.reference / "feeds.toml")
    (outcome,) = verdicts.read(source, folder.settings.data, [file.text])

    folder.take("telephony")

    kept = folder.rows("select source_row, call_id from extract.telephony")
    assert dict(kept) == {line: values[0] for line, values in outcome.kept.items()}
    told = folder.restricted("select source_row, column_name, promise from extract.quarantine")
    assert told
    assert {(line, f"{column} {promise}".strip()) for line, column, promise in told} == {
        (line, reason) for line, reasons in outcome.quarantined.items() for reason in reasons
    }
    assert sum(folder.ends()[pollution.NAME].values()) == len(kept) + len(outcome.quarantined)


@pytest.mark.parametrize(
    ("style", "options"),
    [
        pytest.param(Style("LF"), [], id="LF"),
        pytest.param(Style("CRLF", end="\r\n"), [], id="CRLF"),
        pytest.param(Style("CR", end="\r"), [], id="CR"),
        pytest.param(Style("all quoted", quotes_all=True), [], id="all quoted"),
        pytest.param(Style(";", delimiter=";"), ['delimiter = ";"'], id="semicolons"),
        pytest.param(Style("|", delimiter="|"), ['delimiter = "|"'], id="bars"),
        pytest.param(Style("tab", delimiter="\t"), ['delimiter = "\\t"'], id="tabs"),
        pytest.param(Style(":", delimiter=":"), ['delimiter = ":"'], id="colons, as in times"),
        pytest.param(Style(" ", delimiter=" "), ['delimiter = " "'], id="spaces, as in dates"),
        pytest.param(Style("§", delimiter="§"), ['delimiter = "§"'], id="a sign of two bytes"),
        pytest.param(Style("'", quote="'"), ['quote = "\'"'], id="apostrophes"),
        pytest.param(Style("\\", escape="\\"), ["escape = '\\'"], id="backslashes"),
    ],
)
@pytest.mark.parametrize("ends", [True, False], ids=["ended", "without a last line end"])
def test_a_declared_dialect_is_read_whole(tmp_path, style, options, ends):
    text = table(style)

    assert _is_whole(tmp_path, text if ends else text.removesuffix(style.end), *options)


@pytest.mark.parametrize(
    ("encoding", "declared"),
    [
        pytest.param("utf-8", None, id="UTF-8"),
        pytest.param("utf-8-sig", None, id="UTF-8 with a mark"),
        pytest.param("utf-16", None, id="UTF-16 with a mark"),
        pytest.param("utf-16-le", "utf-16-le", id="UTF-16 LE declared"),
        pytest.param("utf-16-be", "utf-16-be", id="UTF-16 BE declared"),
        pytest.param("cp1252", "cp1252", id="cp1252 declared"),
        pytest.param("latin-1", "latin-1", id="Latin 1 declared"),
        pytest.param("mac-roman", "mac-roman", id="Mac Roman declared"),
    ],
)
@pytest.mark.parametrize("style", pollution.ALL, ids=lambda style: style.name)
def test_an_encoding_that_is_declared_or_marked_is_read_whole(tmp_path, style, encoding, declared):
    options = [f'encoding = "{declared}"'] if declared else []

    assert _is_whole(tmp_path, table(style).encode(encoding), *options)


@pytest.mark.parametrize(
    ("content", "told"),
    [
        pytest.param(table(pollution.PLAIN).encode("cp1252"), "is not text in UTF-8", id="cp1252"),
        pytest.param(table(pollution.PLAIN).encode("utf-16-le"), "NUL|UTF-8", id="UTF-16"),
        pytest.param(table(Style("", delimiter=";")), 'no column "Ref"', id="semicolons"),
        pytest.param(table(Style("", delimiter="§")), 'no column "Ref"', id="a sign of two bytes"),
        pytest.param(table(Style("", delimiter="||")), 'no column "Ref"', id="two signs"),
        pytest.param(table(Style("", quote="'", quotes_all=True)), 'no column "Ref"', id="quotes"),
        pytest.param(f"Calls\n{table(pollution.PLAIN)}", "none of them a row", id="preamble"),
        pytest.param(
            f"Calls,,,,,,,,\n{table(pollution.PLAIN)}", 'no column "Ref"', id="a delimited preamble"
        ),
        pytest.param(table(pollution.PLAIN, rows_as_text()[1:]), "no column", id="no header"),
        pytest.param(table(pollution.PLAIN, [HEADER]), "Zero rows", id="nothing but a header"),
        pytest.param("", "is empty", id="no bytes"),
        pytest.param("\n\n\n", "blank lines", id="blank lines"),
        pytest.param(
            table(pollution.PLAIN).replace("Ref", "Ref\x00", 1), "line 1: holds NUL", id="NUL"
        ),
        pytest.param(table(pollution.PLAIN).replace("Queue", "Start", 1), "called", id="two alike"),
        pytest.param(
            table(pollution.PLAIN).replace("Queue", "", 1), 'no column "Queue"', id="unnamed"
        ),
        pytest.param(
            table(pollution.PLAIN).replace("Queue", "Queue" * 100_000, 1),
            'no column "Queue"',
            id="a giant name",
        ),
    ],
)
def test_a_file_that_is_not_what_its_source_declares_is_refused(tmp_path, content, told):
    (outcome,) = verdicts.read(_source(tmp_path), tmp_path, [content])

    assert re.search(told, outcome.refused), outcome.refused


@pytest.mark.parametrize("sign", ["\x00", "\ufffd"], ids=["NUL", "a lost letter"])
@pytest.mark.parametrize("row", [1, 20, 40, ROWS])
def test_a_sign_of_damage_refuses_the_file_and_names_the_line(source, tmp_path, sign, row):
    kind = pollution.Kind("", pollution.before(sign))
    file = polluted(kind, pollution.PLAIN, row, column=2)

    (outcome,) = verdicts.read(source, tmp_path, [file.text])

    assert f"line {file.spans[row][0]}: holds" in outcome.refused


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        pytest.param("", "FOOTNOTE\n", {1: "has 1 fields"}, id="a footnote"),
        pytest.param("", "FOOTNOTE,,,,,,,,\n", {1: "call_id is not"}, id="a delimited footnote"),
        pytest.param("", "\n\n\n", {}, id="blank lines at the end"),
        pytest.param("\n\n", "", {}, id="blank lines at the beginning"),
        pytest.param(
            "", "\na,b,c,d,e,f\n1,2,3,4,5,6\n", {2: "has 6 fields", 3: "has 6"}, id="another table"
        ),
    ],
)
def test_what_stands_around_the_table_is_blank_or_quarantined(
    source, tmp_path, before, after, told
):
    whole = table(pollution.PLAIN)
    lines = whole.count("\n")

    (outcome,) = verdicts.read(source, tmp_path, [before + whole + after])

    assert [values for _, values in sorted(outcome.kept.items())] == [
        call.values for call in calls()
    ]
    quarantined = {line - lines: reason for line, (reason, *_) in outcome.quarantined.items()}
    assert quarantined.keys() == told.keys()
    assert all(quarantined[line].startswith(reason) for line, reason in told.items())


@pytest.mark.parametrize(
    ("rows", "options"),
    [
        pytest.param([row[::-1] for row in rows_as_text()], [], id="columns the other way"),
        pytest.param([[*row, "x"] for row in rows_as_text()], [], id="a column more"),
        pytest.param(
            [[*row, *(f"{n}" for n in range(1015))] for row in rows_as_text()],
            [],
            id="1,024 columns",
        ),
        pytest.param(
            [["Calls of October"], *rows_as_text()],
            ['preamble = ["Calls of .*"]'],
            id="a declared preamble",
        ),
        pytest.param(rows_as_text()[1:], [f"fields = {HEADER}"], id="declared columns, no header"),
    ],
)
def test_a_table_is_known_by_the_names_of_its_columns(tmp_path, rows, options):
    assert _is_whole(tmp_path, table(pollution.PLAIN, rows), *options)


@pytest.mark.parametrize(
    ("content", "rows"),
    [
        pytest.param('a,b\n1,"ha, ""ha"", ha"\n', ["1", 'ha, "ha", ha'], id="a quoted quotation"),
        pytest.param('a,b\n"x, y",2\n', ["x, y", "2"], id="a comma in quotation marks"),
        pytest.param('a,b\n1,""\n2,3\n', ["1", "", "2", "3"], id="empty"),
        pytest.param('a,b\r\n1,""\r\n2,3\r\n', ["1", "", "2", "3"], id="empty, CRLF"),
        pytest.param(
            'a,b\n1,"{""type"": ""Point"", ""at"": [102.0, 0.5]}"\n',
            ["1", '{"type": "Point", "at": [102.0, 0.5]}'],
            id="JSON",
        ),
        pytest.param('a,b\n1,"50.7, -1.9"\n', ["1", "50.7, -1.9"], id="a place on earth"),
        pytest.param('a,b\n"One\nUpon",2\n3,4\n', ["One\nUpon", "2", "3", "4"], id="newlines"),
        pytest.param(
            'a,b\r\n"One\r\nUpon",2\r\n3,4\r\n', ["One\nUpon", "2", "3", "4"], id="newlines, CRLF"
        ),
        pytest.param(
            'a,b\n1,"ha\n""ha""\nha"\n3,4\n', ["1", 'ha\n"ha"\nha', "3", "4"], id="quotes, newlines"
        ),
        pytest.param("a,b\n1,2\n", ["1", "2"], id="simple"),
        pytest.param("a,b\r\n1,2\r\n", ["1", "2"], id="simple, CRLF"),
        pytest.param("a,b\n1,ʤ\n4,😀\n", ["1", "ʤ", "4", "😀"], id="UTF-8"),
    ],
)
@pytest.mark.parametrize("chunk", [1, 5, 1 << 20])
def test_the_cases_of_csv_spectrum_are_read_as_written(tmp_path, monkeypatch, content, rows, chunk):
    monkeypatch.setattr(text, "CHUNK", chunk)
    path = tmp_path / "x.csv"
    path.write_bytes(content.encode())
    read = records.Rows(records.Dialect(), 2)

    batches = [read.of(part) for part in text.Lines(path).chunks()] + [read.last()]

    cells = [row[cell] for batch in batches for row in batch.to_pylist() for cell in ("c0", "c1")]
    assert (cells[2:], read.broken) == (rows, [])


def _source(folder, *options):
    path = folder / "feeds.toml"
    declared = "\n".join((*options, "[source.columns]"))
    path.write_text(SOURCE.replace("[source.columns]", declared), encoding="utf-8")
    (source,) = sources.load(path)
    return source


def _is_whole(folder, content, *options):
    """Whether every row of the sample is kept with its values, and nothing else."""
    (outcome,) = verdicts.read(_source(folder, *options), folder, [content])
    kept = [values for _, values in sorted(outcome.kept.items())]
    assert (outcome.refused, outcome.quarantined) == ("", {})
    return kept == [call.values for call in calls()]


def _some_rows(kind, column):
    """Three rows of each column, and the header of one in thirty."""
    place = KINDS.index(kind) * len(HEADER) + column
    header = [0] if place % 30 == 0 else []
    others = (7 * place % ROWS + 1, 11 * place % ROWS + 1)
    return sorted({*header, *others, TELLING[place % len(TELLING)]})


def _hold_to_the_bounds(source, folder, files):
    counts = Counter()
    named = {}
    for file, outcome in zip(
        files, verdicts.read(source, folder, (file.text for file in files)), strict=True
    ):
        found = verdicts.verdict(file, outcome)
        counts[file.kind.name, found] += 1
        named.setdefault(found, file.name)
    total = Counter()
    for (_, found), times in counts.items():
        total[found] += times
    told = "\n".join(f"{kind:36} {found:40} {times:6}" for (kind, found), times in counts.items())
    message = f"{dict(total)} of {len(files)}, for example {named}\n{told}"
    assert not total[BREAKING] + total[COSTLY] + total[QUOTING], message
    assert total[SILENT] <= MOST_WRONG * len(files) / FILES, message
    assert total[REFUSED] <= MOST_REFUSED * len(files) / FILES, message
