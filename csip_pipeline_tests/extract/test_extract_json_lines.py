"""JSON is read strictly: what the standard does not allow costs the one object that holds it.

The cases follow the public JSONTestSuite's idea (parsers must agree on what JSON is), in the form
that arrives here: a line that is one object. What the standard leaves open is closed: a name
given twice, half a character, and depth without end are refused.
"""

import json
import time

import pytest

from csip_pipeline.extract.formats import json_strict, json_text
from csip_pipeline.extract.formats.json_lines import read
from csip_pipeline.extract.formats.json_text import JsonRows
from csip_pipeline.refusals import RefusedError

GOOD = '{"id":"kept"}'
QUOTE, BACKSLASH = '"', "\\"
NUMBERS_REFUSED = (
    *(
        "01",
        "-01",
        "1.",
        "-1.",
        ".5",
        "-.5",
        "+1",
        "++1",
        "1e",
        "1e+",
        "1.e3",
        "1.5e",
        "0x1F",
        "1_000",
    ),
    *("NaN", "-NaN", "Infinity", "-Infinity", "+Infinity", "nan", "inf", "1,5", "-", "--1", "- 1"),
    *("1 000", "\uff11", "1.2.3", "0e", "1e1.5", "2e+-3", "1\u00a0"),
)
VALUES_REFUSED = (
    *("", "True", "FALSE", "None", "nul", "tru", "undefined", "'text'", "text", "`text`"),
    *("[1,]", "[,1]", "[1,,2]", "[1 2]", "[1", "1]", "[1}", '{"a":1,}', '{"a"}', '{"a":}', "{a:1}"),
    *("{1:1}", "{'a':1}", '{"a":1 "b":2}', '{"a" 1}', '{"a":1,,"b":2}', "/* none */ 1", "1 // one"),
    *('"tab\there"', '"bell\x07"', '"unit\x1f"', '"\\x41"', '"\\u12"', '"\\u12G4"', '"\\ "'),
    *('"\\U0041"', '"\\0"', '"open', 'open"', '"a" "b"', '"\\"', '"\\u"', '"\\u00', "\ufeff1"),
    *('"\\ud800"', '"\\udc00"', '"\\ud800\\u0041"', '"\\udc00\\ud800"', '"\\uD834\\uD834\\uDD1E"'),
    *('["\\ud800"]', '{"\\ud800":1}', '{"a":1,"a":1}', '{"a":1,"\\u0061":2}', '"\\u0000"'),
)
LINES_REFUSED = (
    *("{", "}", "{}}", "{{}}", "[]", "1", '"text"', "null", "true", '{"id":1', '{"id"', '{"id":'),
    *(
        '{"id":1}}',
        '{"id":1};',
        '{"id":1},',
        ',{"id":1}',
        '{"id":1} x',
        '\ufeff{"id":1}',
        "{'id':1}",
    ),
    *('{"id":1,"id":2}', '\x0b{"id":1}', '\u00a0{"id":1}', '{"id":1}\x00', '{"id"\x0c:1}', "id: 1"),
    *('{"id":1}]', '{"id":1},{"id":2}', '{"id";1}', '{"id"=1}', '{"id":1 /**/}'),
)
REFUSED = [
    *(f'{{"id":{value}}}' for value in (*NUMBERS_REFUSED, *VALUES_REFUSED)),
    *LINES_REFUSED,
]
VALUES_ACCEPTED = {
    "0": "0",
    "-0": "-0",
    "123": "123",
    "-123": "-123",
    "0.5": "0.5",
    "1.50": "1.50",
    "-0.0": "-0.0",
    "1e5": "1e5",
    "1E5": "1E5",
    "1e+5": "1e+5",
    "1E-05": "1E-05",
    "0e0": "0e0",
    "1.5e300": "1.5e300",
    "1e999": "1e999",
    "12345678901234567890": "12345678901234567890",
    "0.1000000000000000055511151231257827": "0.1000000000000000055511151231257827",
    "9" * 5_000: "9" * 5_000,
    "true": "true",
    "false": "false",
    "null": "",
    '""': "",
    '"text"': "text",
    '" padded "': "padded",
    '"a/b"': "a/b",
    '"a\\/b"': "a/b",
    '"\\"quoted\\""': '"quoted"',
    '"back\\\\slash"': "back\\slash",
    '"line\\nbreak"': "line\nbreak",
    '"\\b\\f\\r\\t."': "\b\f\r\t.",
    '"\\u0041"': "A",
    '"\\u00e9\\u00E9"': "éé",
    '"\\\\ud800"': "\\ud800",
    '"\\\\u0000"': "\\u0000",
    '"\\ud834\\udd1e"': "\U0001d11e",
    '"\U0001f600"': "\U0001f600",
    '".\u2028\u2029."': ".\u2028\u2029.",
    '"\x7f"': "\x7f",
    '"\\uFEFF."': "\ufeff.",
    '"07700900123"': "07700900123",
    "7.7E+11": "7.7E+11",
    "[]": "[]",
    "{}": "{}",
    "[ ]": "[]",
    "[1, 1.50, -0]": "[1,1.50,-0]",
    '[true, null, "é"]': '[true,null,"é"]',
    '{"a": {"b": [1e2]}}': '{"a":{"b":[1e2]}}',
    "[[[[[[[[]]]]]]]]": "[[[[[[[[]]]]]]]]",
    " \t1\r": "1",
}


def rows_of(reading, *lines):
    """Every row of the lines: its number and cells."""
    batches = reading.batches(enumerate(lines, 1))
    return [tuple(row.values()) for batch in batches for row in batch.to_pylist()]


def reading(*names, needed=()):
    return JsonRows("calls.jsonl", {name: name for name in names}, needed)


def test_the_cases_are_as_many_as_promised():
    assert len(set(REFUSED)) == len(REFUSED) >= 60
    assert len(VALUES_ACCEPTED) >= 40


@pytest.mark.parametrize("line", REFUSED, ids=ascii)
def test_what_is_not_strict_json_costs_its_line_and_no_other(line):
    taken = reading("id")

    assert rows_of(taken, GOOD, line, GOOD) == [(1, "kept"), (3, "kept")]
    (fault,) = taken.broken
    assert fault[:2] == (2, "")
    assert fault[3] == line.lstrip(" ")
    assert taken.rows == 2


@pytest.mark.parametrize(
    ("value", "text"), VALUES_ACCEPTED.items(), ids=range(len(VALUES_ACCEPTED))
)
def test_strict_json_is_read_and_its_numbers_stay_as_they_were_written(value, text):
    taken = reading("id")

    assert rows_of(taken, f'{{"id":{value}}}') == [(1, text)]
    assert taken.broken == []


@pytest.mark.parametrize(
    ("line", "promise"),
    [
        pytest.param('{"id":1,"id":1}', json_strict.TWICE, id="a name twice"),
        pytest.param('{"id":{"a":1,"a":2}}', json_strict.TWICE, id="a name twice, within"),
        pytest.param('{"id":"\\ud800"}', json_strict.HALF, id="half a character"),
        pytest.param('{"id":"\\u0000"}', json_text.NUL, id="a NUL"),
        pytest.param('{"id":' + "[" * 65 + "]" * 65 + "}", json_strict.DEEP, id="65 deep"),
        pytest.param('{"id":' + "[" * 200_000 + "}", json_strict.DEEP, id="200,000 deep"),
        pytest.param('{"id":"' + "x" * 1_000_000 + '"}', json_strict.LONG, id="too long"),
        pytest.param('{"id":1', json_strict.STRICT, id="cut off"),
    ],
)
def test_a_fault_says_what_is_wrong_and_quotes_nothing(line, promise):
    taken = reading("id")

    rows_of(taken, GOOD, line)

    assert [fault[2] for fault in taken.broken] == [promise]


def test_a_text_with_many_brackets_is_not_deep():
    assert rows_of(reading("id"), '{"id":"' + "[{" * 200 + '"}') == [(1, "[{" * 200)]


def test_dots_lead_into_objects_and_numbers_into_arrays():
    line = json.dumps(
        {
            "Queue": {"Name": "101", "Duration": 7},
            "parts": [{"id": "a"}, {"id": "b"}],
            "Agent": None,
            "Attributes": {"wrap.code": "CRIME", "x": {"y.z": {"deep": 1}}},
            "a.b": "literal",
            "a": {"b": "nested"},
        }
    )
    names = {
        "Queue.Name": "101",
        "Queue.Duration": "7",
        "Queue.Absent": "",
        "Agent.Username": "",
        "parts.1.id": "b",
        "parts.2.id": "",
        "parts.x": "",
        "parts.0": '{"id":"a"}',
        "Queue": '{"Name":"101","Duration":7}',
        "Attributes.wrap.code": "CRIME",
        "Attributes.x.y.z.deep": "1",
        "Queue.Name.more": "",
        "a.b": "literal",
    }

    assert rows_of(reading(*names), line) == [(1, *names.values())]


def test_objects_put_one_after_the_other_are_rows_of_their_own():
    taken = reading("id")

    found = rows_of(taken, '{"id":1}{"id":2} {"id":3}', "", '{"id":4}')

    assert found == [(1, "1"), (2, "2"), (3, "3"), (4, "4")]
    assert taken.blank == 1


@pytest.mark.parametrize(
    ("damaged", "kept"),
    [
        pytest.param('{"id":4,"note":}', "123567", id="that one"),
        pytest.param('{"id":4,"note":{"x":1}{"y":2},"z":3}', "123567", id="and nothing within it"),
        pytest.param('{"id":4,"note":"cut', "12367", id="and the next, where it has no end"),
    ],
)
def test_a_damaged_object_among_many_on_a_line_costs(damaged, kept):
    objects = [f'{{"id":{number},"note":"}} {{"}}' for number in range(1, 8)]
    objects[3] = damaged
    taken = reading("id")

    found = rows_of(taken, "".join(objects))

    assert "".join(cell for _, cell in found) == kept
    assert [number for number, *_ in taken.broken] == [4]


def test_an_object_cut_off_at_the_end_of_a_line_costs_no_other():
    taken = reading("id")

    assert rows_of(taken, '{"id":1}{', '{"id":2}') == [(1, "1"), (3, "2")]
    assert [number for number, *_ in taken.broken] == [2]


def test_blank_lines_count_as_lines():
    assert rows_of(reading("id"), "", GOOD, " \t", GOOD) == [(2, "kept"), (4, "kept")]


@pytest.mark.parametrize("lines", [[GOOD] * 10_001, [GOOD * 10_001]], ids=["lines", "one line"])
def test_many_rows_come_in_batches(lines):
    batches = list(reading("id").batches(enumerate(lines, 1)))

    assert [len(batch) for batch in batches] == [json_text.ROWS_AT_ONCE, 1]
    assert batches[1]["source_row"].to_pylist() == [10_001]


@pytest.mark.parametrize(
    "line",
    [
        pytest.param('{"id":' * 300_000, id="opened again and again"),
        pytest.param('}{"id":"' * 200_000, id="never closed"),
        pytest.param('{"id":[{"id":' * 100_000 + "}{]" * 50_000, id="deep, and then closed"),
        pytest.param('{"id":"' + "x" * 3_000_000, id="one long text without an end"),
        pytest.param('{"id":"\\u0000"}' * 100_000, id="a NUL in each of many"),
    ],
)
def test_hostile_lines_are_done_with_soon(line):
    started = time.process_time()
    taken = reading("id")

    rows_of(taken, GOOD, line)

    assert taken.rows == 1
    assert time.process_time() - started < 5


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        pytest.param(
            ['{"call_id":1}'], 'none of its objects has the name "call id"', id="a name is missing"
        ),
        pytest.param(['{"call_id":1}'], 'The nearest is "call_id"', id="and the nearest is told"),
        pytest.param(['[{"call id":1},', '{"call id":2}]'], "is one JSON array", id="an array"),
        pytest.param(
            ["{", '"call id": 1', "}"], "3 lines, none of them an object", id="spread out"
        ),
        pytest.param(["", " "], "has no row", id="nothing"),
        pytest.param(["{"] * 3_000, "2,001 lines, none", id="hopeless, told early"),
    ],
)
def test_a_file_that_is_something_else_is_refused(lines, told):
    with pytest.raises(RefusedError, match=told):
        rows_of(reading("call id", needed=["call id"]), *lines)


def test_a_name_may_be_missing_from_all_but_one():
    taken = reading("id", "wait", needed=["id", "wait"])

    assert len(rows_of(taken, '{"id":1}', '{"id":2,"wait":null}')) == 2


def test_a_mapping_names_what_is_read():
    taken = read(
        "calls.jsonl",
        {
            "call_id": {"columns": ["site", "no"], "join": "-"},
            "queue": {"column": "Queue.Name"},
            "line": {"value": "101"},
        },
    )

    assert list(taken.wanted) == ["site", "no", "Queue.Name"]
    assert rows_of(taken, '{"site":"A","no":1,"Queue":{"Name":"q"}}') == [(1, "A", "1", "q")]
