"""What a delivery declares of itself is held against what came, and places it in time."""

import datetime as dt
import hashlib
import json
from dataclasses import replace

import pytest
from extract_samples import CALLS, HEADER, call

from csip_pipeline.extract import declarations, done_files, sources
from csip_pipeline.extract.declarations import Declared
from csip_pipeline.refusals import RefusedError

DONE = CALLS.replace("zone =", 'done_file = ".done"\nzone =')
ROWS = (HEADER, call("1"), call("2"))
SHA256 = hashlib.sha256("".join(f"{row}\n" for row in ROWS).encode()).hexdigest()
STAMPED = "telephony/calls_20261101T0500Z.csv"


def source(**keys):
    """A source that was loaded, with these keys of its format."""
    telephony = sources.FEEDS["telephony"]
    return sources.Source("switch", telephony, sources.FORMATS["delimited"], "*", options=keys)


@pytest.mark.parametrize(
    ("key", "value", "told"),
    [
        pytest.param("done_file", "done", 'such as ".done"', id="a done file without its point"),
        pytest.param("done_file", "/x.done", 'such as ".done"', id="a done file elsewhere"),
        pytest.param("done_file", True, 'such as ".done"', id="a done file that is a claim"),
        pytest.param("due_day", 29, "from 1 to 28", id="a day that some months lack"),
        pytest.param("due_day", True, "from 1 to 28", id="a day that is a claim"),
        pytest.param("due_day", -1, "or 0 for", id="a day before the first"),
    ],
)
def test_a_key_that_says_it_wrongly_is_refused_with_what_it_should_say(tmp_path, key, value, told):
    written = json.dumps(value)
    path = tmp_path / "feeds.toml"
    path.write_text(CALLS.replace("zone =", f"{key} = {written}\nzone =", 1))

    with pytest.raises(RefusedError, match=r'feeds\.toml, source "control room"') as refusal:
        sources.load(path)

    assert told in str(refusal.value)


@pytest.mark.parametrize(
    ("options", "told"),
    [
        pytest.param({"trailer": "TRL|(?P<rows>"}, "not a regular expression", id="no pattern"),
        pytest.param({"trailer": 3}, "not a regular expression", id="a trailer that is a number"),
        pytest.param({"trailer": "TRL"}, "a group that is called rows", id="no group"),
        pytest.param({"preamble": "Report"}, "is a list with a pattern", id="no list"),
        pytest.param({"preamble": []}, "is a list with a pattern", id="an empty list"),
        pytest.param({"preamble": ["(?P<row>.+)"]}, 'Did you mean "rows"', id="a group misspelt"),
        pytest.param(
            {"preamble": ["(?P<rows>.+)", "(?P<rows>.+)"]}, "two lines of preamble", id="twice"
        ),
        pytest.param({"preamble": ["(?P<extracted_at>.+)"]}, "go together", id="no layout"),
        pytest.param(
            {"preamble": ["Calls"], "preamble_datetime": "%d/%m/%Y"}, "go together", id="no moment"
        ),
        pytest.param({"preamble_datetime": "%d/%m/%Y"}, "is a list with a pattern", id="alone"),
    ],
)
def test_patterns_are_checked_when_feeds_toml_is_loaded(options, told):
    with pytest.raises(RefusedError, match=r'feeds\.toml, source "switch"') as refusal:
        declarations.check(options, "switch")

    assert told in str(refusal.value)


def test_the_lines_before_the_header_say_when_the_file_was_made_and_how_many_rows_it_has():
    told = source(
        zone="Europe/London",
        preamble=["Calls offered", r"Run (?P<extracted_at>.+) \((?P<rows>[\d,]+) rows\)"],
        preamble_datetime="%d/%m/%Y %H:%M",
    )
    lines = ["Calls offered  ", "Run 01/07/2026 06:30 (1,200 rows)", "Ref,Queue"]

    found = declarations.from_preamble(lines, told, "calls.csv")

    assert found == Declared(dt.datetime(2026, 7, 1, 5, 30, tzinfo=dt.UTC), 1200)


def test_a_moment_before_the_header_with_its_offset_needs_no_zone():
    told = source(
        zone="Europe/London",
        preamble=["(?P<extracted_at>.+)"],
        preamble_datetime="%Y-%m-%dT%H:%M%z",
    )

    found = declarations.from_preamble(["2026-07-01T06:30+0200"], told, "calls.csv")

    assert found.extracted_at == dt.datetime(2026, 7, 1, 4, 30, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        pytest.param(["SECRET"], "calls.csv, line 1: is not what preamble", id="another line"),
        pytest.param([], "calls.csv, line 1: is not what preamble", id="no line"),
        pytest.param(["SECRET rows"], "does not say a number of rows", id="no number"),
        pytest.param([f"{'9' * 40} rows"], "does not say a number of rows", id="no such number"),
    ],
)
def test_lines_that_are_not_as_declared_are_refused_and_not_quoted(lines, told):
    with pytest.raises(RefusedError) as refusal:
        declarations.from_preamble(lines, source(preamble=["(?P<rows>.+) rows"]), "calls.csv")

    assert told in str(refusal.value)
    assert "SECRET" not in str(refusal.value)


def test_a_count_that_is_not_what_came_is_refused_with_both_counts():
    declarations.hold_rows(None, 9, "the trailer", "calls.csv")
    declarations.hold_rows(9, 9, "the trailer", "calls.csv")
    with pytest.raises(RefusedError, match=r"holds 9 rows, but the trailer declares 1,200"):
        declarations.hold_rows(1200, 9, "the trailer", "calls.csv")


@pytest.mark.parametrize(
    "content",
    ["", " \n", "{}", json.dumps({"rows": 2}), json.dumps({"rows": 2, "sha256": SHA256.upper()})],
)
def test_a_file_counts_once_its_done_file_says_so_truly(folder, content):
    folder.expect(DONE)
    folder.drop(STAMPED, *ROWS)
    waiting = folder.catalogue()
    folder.drop(f"{STAMPED}.done", content.encode())
    (delivery,) = folder.catalogue()

    assert [str(one) for one in waiting.unfinished] == [
        "calls_20261101T0500Z.csv waits for calls_20261101T0500Z.csv.done"
    ]
    assert (len(waiting), waiting.unclaimed) == (0, [])
    assert delivery.received == 2
    assert folder.catalogue().unclaimed == []


@pytest.mark.parametrize(
    ("manifest", "told"),
    [
        pytest.param({"rows": 3}, "holds 2 rows, but its done file declares 3", id="rows"),
        pytest.param({"sha256": "0" * 64}, "not the file that its done file declares", id="bytes"),
        pytest.param({"row": 2}, 'unknown key. Did you mean "rows"?', id="an unknown key"),
        pytest.param({"rows": "2"}, "rows must be a whole number", id="rows in words"),
        pytest.param({"rows": True}, "rows must be a whole number", id="rows that are a claim"),
        pytest.param({"rows": -1}, "rows must be a whole number", id="fewer than no rows"),
        pytest.param({"sha256": "abc"}, "64 hexadecimal digits", id="no hash"),
        pytest.param({"extracted_at": "2026-11-01"}, "with its offset", id="a day"),
        pytest.param({"extracted_at": "0001-01-01T00:00:00+14:00"}, "with its offset", id="before"),
        pytest.param([2], "neither empty nor a manifest", id="no object"),
    ],
)
def test_a_file_that_is_not_as_its_manifest_says_is_refused(folder, manifest, told):
    folder.expect(DONE)
    folder.drop(STAMPED, *ROWS)
    folder.drop(f"{STAMPED}.done", json.dumps(manifest))
    (refused,) = folder.catalogue().refused

    assert refused.path.name == "calls_20261101T0500Z.csv"
    assert told in refused.reason


@pytest.mark.parametrize(
    "raw",
    [
        pytest.param(b"OK", id="a word"),
        pytest.param(b'{"rows": 2, "rows": 3}', id="a key twice"),
        pytest.param(b"\xff\xfe", id="not UTF-8"),
        pytest.param(b"[" * 60_000, id="nested without end"),
        pytest.param(b" " * 70_000, id="too large"),
        pytest.param(b'{"rows": ' + b"9" * 5_000 + b"}", id="a number without end"),
    ],
)
def test_a_done_file_that_is_no_manifest_is_refused(tmp_path, raw):
    path = tmp_path / "calls.csv.done"
    path.write_bytes(raw)

    with pytest.raises(RefusedError, match=r"^calls\.csv\.done is neither empty nor a manifest"):
        done_files.read(path)


def moment(text):
    return dt.datetime.fromisoformat(text).replace(tzinfo=dt.UTC)


FIRST, SECOND, THIRD = map(moment, ("2026-11-01 05:00", "2026-11-01 09:00", "2026-11-02 04:00"))


@pytest.mark.parametrize(
    ("given", "made"),
    [
        pytest.param({"manifest": SECOND, "header": THIRD}, SECOND, id="the manifest first"),
        pytest.param({"header": THIRD}, FIRST, id="then the name"),
        pytest.param({"name": "calls.csv", "header": THIRD}, THIRD, id="then the header"),
        pytest.param(
            {"name": "calls.csv", "feeds_toml": moment("2020-01-01")},
            moment("2020-01-01"),
            id="then feeds.toml",
        ),
        pytest.param({"name": "calls.csv"}, moment("2026-10-31 23:00"), id="then its last moment"),
    ],
)
def test_a_file_was_made_when_the_surest_of_its_words_says(given, made):
    told = replace(source(), extracted_at=given.get("feeds_toml"))
    found = declarations.extracted_at(
        told,
        given.get("name", "calls_20261101T0500Z.csv"),
        manifest=given.get("manifest"),
        header=given.get("header"),
        last_moment=moment("2026-10-31 23:00"),
    )

    assert found == made


def test_words_that_are_more_than_a_day_apart_are_refused():
    with pytest.raises(RefusedError, match=r"its name says .* 2026-11-01 05:00 UTC") as refusal:
        declarations.extracted_at(
            source(),
            "calls_20261101T0500Z.csv",
            manifest=None,
            header=moment("2026-11-02 05:01"),
            last_moment=None,
        )

    assert "its header on 2026-11-02 05:01 UTC" in str(refusal.value)


def test_a_file_that_says_nothing_of_when_is_refused():
    with pytest.raises(RefusedError, match="nothing says when it was made"):
        declarations.extracted_at(
            source(), "calls.csv", manifest=None, header=None, last_moment=None
        )


def test_a_manifest_decides_which_version_is_the_newest(folder):
    folder.expect(DONE)
    for name, talk, made in (("a", "60", "2026-11-02"), ("b", "90", "2026-11-01")):
        folder.drop(f"telephony/calls_{name}.csv", HEADER, call("1", talk=talk))
        manifest = json.dumps({"extracted_at": f"{made}T05:00:00Z"})
        folder.drop(f"telephony/calls_{name}.csv.done", manifest)
    folder.take("telephony")

    assert folder.column("select talk_seconds from extract.telephony") == [60]
