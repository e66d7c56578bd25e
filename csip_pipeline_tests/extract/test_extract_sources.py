"""feeds.toml is checked when it is loaded: a word nobody knows is refused with the nearest one."""

import re
from pathlib import Path

import pytest
from extract_samples import CALLS, EXCHANGE, FORMS

from csip_pipeline.extract import sources
from csip_pipeline.extract.registry import FEEDS, FORMATS
from csip_pipeline.extract.source_checks import COLUMN_KEYS
from csip_pipeline.promises import duckdb_columns
from csip_pipeline.refusals import RefusedError
from csip_pipeline.settings import project_root

ROOT = project_root()
SHIPPED = [ROOT / "data/reference/feeds.toml", *sorted(ROOT.glob("docs/examples/*/feeds.toml"))]


def load(tmp_path: Path, text: str) -> list[sources.Source]:
    path = tmp_path / "feeds.toml"
    path.write_text(text, encoding="utf-8")
    return sources.load(path)


@pytest.mark.parametrize("path", SHIPPED, ids=[f"{path.parent.name}" for path in SHIPPED])
def test_every_feeds_toml_that_is_shipped_loads(path):
    assert sources.load(path)


@pytest.mark.parametrize(
    ("right", "wrong", "told"),
    [
        pytest.param(
            'feed = "telephony"',
            'feed = "telefony"',
            ['unknown feed "telefony"', 'Did you mean "telephony"'],
            id="feed",
        ),
        pytest.param(
            'format = "delimited"',
            'format = "delimted"',
            ['unknown format "delimted"', '"delimited"'],
            id="format",
        ),
        pytest.param(
            "call_id =",
            "callid =",
            ['unknown column of the feed telephony "callid"', 'Did you mean "call_id"'],
            id="column",
        ),
        pytest.param("call_id =", "CALL_REF_ID =", ['Did you mean "call_id"'], id="in capitals"),
        pytest.param("files =", "file =", ["the key files is missing"], id="missing key"),
        pytest.param("in_time_order", "in_order", ['unknown key "in_order"'], id="key"),
        pytest.param(
            'zone = "Europe/London"',
            'zone = "Europe/Londn"',
            ["no time zone is called Europe/Londn", 'Did you mean "Europe/London"'],
            id="zone",
        ),
        pytest.param(
            'duration = "h:mm:ss"',
            'duration = "hh:mm:ss"',
            ['unknown duration "hh:mm:ss"', '"h:mm:ss"'],
            id="duration",
        ),
        pytest.param(
            ', datetime = "%d/%m/%Y %H:%M:%S"',
            "",
            ["column arrived_at", "say how its times are written", "%d/%m/%Y"],
            id="a time without its layout",
        ),
        pytest.param(
            '{ column = "Ref" }',
            '{ column = "Ref", value = "1" }',
            ["column call_id", "exactly one of column, columns and value"],
            id="two origins",
        ),
        pytest.param('{ column = "Ref" }', '"Ref"', ["write what it comes from"], id="bare name"),
        pytest.param(
            'zone = "Europe/London"',
            "extracted_at = 2026-11-01T06:00:00",
            ["extracted_at must be a moment with its offset"],
            id="a moment without its offset",
        ),
        pytest.param(
            'delimited"', 'asterisk_queue_log"', ['unknown key "zone"'], id="no mapping wanted"
        ),
        pytest.param("[source.columns]", "[source.column]", ["unknown key"], id="columns misspelt"),
        pytest.param(
            "in_time_order = true",
            'delimiter = "||"',
            ["delimiter must be one character"],
            id="a delimiter of two characters",
        ),
        pytest.param(
            '{ Yes = "answered", No = "abandoned" }',
            '"answered"',
            ["column outcome", "values says what each word means"],
            id="values that are no table",
        ),
        pytest.param("[[source]]", "[[source]", ["is not valid TOML"], id="not TOML"),
        pytest.param("[[source]]", "[[sources]]", ["declares no [[source]]"], id="no source"),
        pytest.param(
            'line = { value = "999" }\n',
            "",
            ["telephony needs the column line"],
            id="a column that the feed needs",
        ),
    ],
)
def test_a_mistake_is_refused_with_its_place_and_its_remedy(tmp_path, right, wrong, told):
    assert right in CALLS

    with pytest.raises(RefusedError) as refusal:
        load(tmp_path, CALLS.replace(right, wrong))

    assert "feeds.toml" in str(refusal.value)
    for words in told:
        assert words in str(refusal.value)


def test_a_format_that_holds_another_feed_is_refused(tmp_path):
    with pytest.raises(RefusedError, match="asterisk_queue_log holds telephony, not social"):
        load(tmp_path, EXCHANGE.replace('"telephony"', '"social"'))


def test_two_sources_of_the_same_name_are_refused(tmp_path):
    with pytest.raises(RefusedError, match='two sources are called "website"'):
        load(tmp_path, FORMS + FORMS)


def test_a_missing_feeds_toml_says_where_to_find_one(tmp_path):
    with pytest.raises(RefusedError, match=r"feeds.toml is missing.*docs/examples"):
        sources.load(tmp_path / "feeds.toml")


@pytest.mark.parametrize(
    ("name", "declared"),
    [
        pytest.param("calls_20261101T0500Z.csv", "2026-11-01T05:00:00+00:00", id="minutes"),
        pytest.param("calls_20261101T050009Z.csv.gz", "2026-11-01T05:00:09+00:00", id="seconds"),
        pytest.param("calls_20261101.csv", None, id="no moment"),
    ],
)
def test_a_file_is_extracted_when_its_name_says(tmp_path, name, declared):
    (source,) = load(tmp_path, CALLS)

    moment = source.declared_at(name)

    assert (moment.isoformat() if moment else None) == declared


def test_a_stamp_that_is_no_moment_is_refused(tmp_path):
    (source,) = load(tmp_path, CALLS)

    with pytest.raises(RefusedError, match=r"calls_20261301T0500Z.csv: the stamp .* no moment"):
        source.declared_at("calls_20261301T0500Z.csv")


def test_the_guide_explains_every_key_every_format_and_every_column():
    guide = (ROOT / "docs/feeds.md").read_text(encoding="utf-8")
    known = sources.COMMON_KEYS | COLUMN_KEYS | set(FORMATS) | set(FEEDS)
    known |= {key for form in FORMATS.values() for key in form.options} - {"columns"}
    known |= {column for feed in FEEDS.values() for column in duckdb_columns(feed.delivered)}

    untold = [word for word in sorted(known) if not re.search(rf"`{word}( = |`)", guide)]

    assert untold == []
    for feed in FEEDS.values():
        for column in feed.needs:
            assert f"**`{column}`**" in guide, column


@pytest.mark.parametrize(
    ("good", "slip", "hint"),
    [
        pytest.param('Yes = "answered"', 'Yes = "answred"', 'mean "answered"?', id="a translation"),
        pytest.param(
            'line = { value = "999" }', 'line = { value = "99" }', 'mean "999"?', id="fixed"
        ),
    ],
)
def test_a_word_that_the_column_cannot_hold_is_told_at_once(tmp_path, good, slip, hint):
    path = tmp_path / "feeds.toml"
    path.write_text(CALLS.replace(good, slip), encoding="utf-8")

    with pytest.raises(RefusedError, match=r"unknown value") as refusal:
        sources.load(path)

    assert hint in str(refusal.value)


def test_a_queue_whose_line_is_none_is_told_at_once(tmp_path):
    path = tmp_path / "feeds.toml"
    path.write_text(EXCHANGE.replace('"101"', '"1O1"'), encoding="utf-8")

    with pytest.raises(RefusedError, match=r'unknown line "1O1"\. Did you mean "101"\?'):
        sources.load(path)
