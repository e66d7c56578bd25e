"""A reference table is held to its promise; a mistake is told by file, column and cause."""

import pytest

from csip_pipeline import warehouse
from csip_pipeline.extract import sources
from csip_pipeline.reference import score_sheet, tables
from csip_pipeline.refusals import RefusedError
from csip_pipeline.settings import project_root

SHIPPED = project_root() / "data/reference"


@pytest.fixture
def con():
    with warehouse.connected(":memory:") as open_connection:
        yield open_connection


@pytest.mark.parametrize("table", tables.TABLES)
def test_every_table_that_is_shipped_keeps_its_promise(con, table):
    rows = tables.load(con, SHIPPED, table)

    assert rows > 0
    assert con.execute(f"select count(*) from reference.{table}").fetchall() == [(rows,)]


@pytest.mark.parametrize("table", tables.TABLES)
def test_loading_again_changes_nothing(con, table):
    tables.load(con, SHIPPED, table)
    once = con.execute(f"from reference.{table}").fetchall()

    tables.load(con, SHIPPED, table)

    assert con.execute(f"from reference.{table}").fetchall() == once


def test_a_file_from_excel_with_a_mark_is_read(con, tmp_path):
    text = (SHIPPED / "queues.csv").read_text(encoding="utf-8")
    (tmp_path / "queues.csv").write_text(text, encoding="utf-8-sig")

    assert tables.load(con, tmp_path, "queues") > 0


def test_an_empty_cell_is_null_and_na_is_a_word(con, tmp_path):
    (tmp_path / "queues.csv").write_text("queue,line,title\nNA,,Not applicable\n")

    tables.load(con, tmp_path, "queues")

    assert con.execute("select queue, line from reference.queues").fetchall() == [("NA", None)]


@pytest.mark.parametrize(
    ("content", "told"),
    [
        pytest.param("queue,line\nq,101\n", r"queues\.csv .*missing: title", id="missing column"),
        pytest.param(
            "queue,line,title,note\n", r"queues\.csv .*unknown: note", id="unknown column"
        ),
        pytest.param(
            "queue,line,title\nq,,a\nq,,b\n",
            "reference.queues breaks .* queue must not be there twice: 2",
            id="twice",
        ),
        pytest.param("queue,line,title\nq,,\n", "title must not be empty: 1 row", id="empty"),
        pytest.param("", r"queues\.csv is empty", id="an empty file"),
        pytest.param(
            "queue,line,title\nq,,a,b,c\n",
            r"queues\.csv, row 2: 5 fields where the header has 3",
            id="ragged",
        ),
        pytest.param(
            "queue,line,title\nq,,caf\xe9\n".encode("cp1252"),
            r"queues\.csv is not text in UTF-8.*save it as CSV UTF-8",
            id="cp1252",
        ),
        pytest.param(None, r"queues\.csv is missing\. It holds one row per queue", id="no file"),
    ],
)
def test_a_table_that_cannot_be_read_is_refused(con, tmp_path, content, told):
    if content is not None:
        raw = content.encode() if isinstance(content, str) else content
        (tmp_path / "queues.csv").write_bytes(raw)

    with pytest.raises(RefusedError, match=told):
        tables.load(con, tmp_path, "queues")


@pytest.mark.parametrize(
    ("content", "told"),
    [
        pytest.param(
            "A,T,2026-03-31,2026-01-01,2026-04-23", "a cycle must start before it ends", id="order"
        ),
        pytest.param(
            "A,T,01/04/2026,2026-06-30,2026-07-23",
            r"panel_cycles\.csv, row 2: starts_on is not a day written YYYY-MM-DD",
            id="another date format",
        ),
    ],
)
def test_a_cycle_that_makes_no_sense_is_refused(con, tmp_path, content, told):
    header = "cycle,title,starts_on,ends_on,meeting_on"
    (tmp_path / "panel_cycles.csv").write_text(f"{header}\n{content}\n")

    with pytest.raises(RefusedError, match=told):
        tables.load(con, tmp_path, "panel_cycles")


HEADER = (
    "standard_id,channel,line,queue,clock,within_seconds,boundary,target_share,"
    "short_abandon_seconds,explain_within_days,wording,citation,applies_from_on,applies_until_on"
)
STANDARD = "telephone,101,,answer,900,<=,0.85,5,40,Words,Charter"


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        pytest.param(
            [f"a,{STANDARD},2026-01-01,", f"b,{STANDARD},2026-04-01,"],
            "two standards for the same .* must not overlap in time",
            id="one still in force",
        ),
        pytest.param(
            [f"a,{STANDARD},2026-01-01,2026-04-02", f"b,{STANDARD},2026-04-01,"],
            "must not overlap in time",
            id="a day in common",
        ),
        pytest.param(
            [f"a,{STANDARD},2026-04-01,2026-04-01"], "must begin before it ends", id="no day"
        ),
        pytest.param(
            [f"a,{STANDARD.replace('900', 'soon')},2026-04-01,"],
            "within_seconds is not of the promised type: 1 row",
            id="no number",
        ),
    ],
)
def test_standards_that_contradict_each_other_are_refused(con, tmp_path, rows, told):
    (tmp_path / "service_standards.csv").write_text("\n".join([HEADER, *rows]))

    with pytest.raises(RefusedError, match=told):
        tables.load(con, tmp_path, "service_standards")


def test_a_standard_may_follow_another_on_the_day_it_ends(con, tmp_path):
    rows = [f"b,{STANDARD},2026-04-01,", f"a,{STANDARD},2026-01-01,2026-04-01"]
    (tmp_path / "service_standards.csv").write_text("\n".join([HEADER, *rows]))

    assert tables.load(con, tmp_path, "service_standards") == 2


def test_a_column_that_may_be_empty_may_be_left_out(con, tmp_path):
    (tmp_path / "queues.csv").write_text("queue,title\nq,A queue\n")

    tables.load(con, tmp_path, "queues")

    assert con.execute("from reference.queues").fetchall() == [("q", None, "A queue")]


@pytest.mark.parametrize("table", sorted(tables.OPTIONAL))
def test_a_table_that_a_force_may_do_without_is_empty_without_its_file(con, tmp_path, table):
    tables.load(con, project_root() / "data/reference", table)

    assert tables.load(con, tmp_path, table) == 0
    assert con.execute(f"from reference.{table}").fetchall() == []


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        pytest.param(["desk,monday,8:00,17:00"], "opens must be a time of day", id="Excel's 8:00"),
        pytest.param(["desk,monday,08:00,24:30"], "closes must be a time of day", id="no time"),
        pytest.param(["desk,monday,22:00,06:00"], "must open before it closes", id="over midnight"),
        pytest.param(["desk,monday,09:00,09:00"], "must open before it closes", id="never open"),
        pytest.param(
            ["desk,monday,08:00,12:00", "desk,monday,11:59,17:00"], "must not overlap", id="overlap"
        ),
        pytest.param(["desk,someday,08:00,12:00"], "day must be one of", id="no day"),
    ],
)
def test_hours_that_make_no_sense_are_refused(con, tmp_path, rows, told):
    (tmp_path / "opening_hours.csv").write_text("\n".join(["calendar,day,opens,closes", *rows]))

    with pytest.raises(RefusedError, match=told):
        tables.load(con, tmp_path, "opening_hours")


def test_a_day_may_be_open_twice_and_until_midnight(con, tmp_path):
    rows = ["calendar,day,opens,closes", "desk,monday,08:00,12:00", "desk,monday,12:00,24:00"]
    (tmp_path / "opening_hours.csv").write_text("\n".join(rows))

    assert tables.load(con, tmp_path, "opening_hours") == 2


def test_an_event_that_ends_before_it_begins_is_refused(con, tmp_path):
    (tmp_path / "events.csv").write_text(
        "event,title,kind,happened_on,ended_on,rebases\ne,E,campaign,2026-02-02,2026-02-01,no\n"
    )

    with pytest.raises(RefusedError, match="must not end before it happened"):
        tables.load(con, tmp_path, "events")


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        pytest.param(["telephone,3,2,A,2026-01-01,"], "must not be above the high", id="range"),
        pytest.param(
            ["telephone,1,2,A,2026-01-01,2026-01-01"], "begin before it ends", id="no day"
        ),
        pytest.param(
            ["telephone,1,2,A,2026-01-01,", "telephone,1,2,B,2026-06-01,"],
            "must not overlap in time",
            id="two at once",
        ),
    ],
)
def test_costs_that_make_no_sense_are_refused(con, tmp_path, rows, told):
    header = "channel,unit_cost_low,unit_cost_high,citation,applies_from_on,applies_until_on"
    (tmp_path / "channel_costs.csv").write_text("\n".join([header, *rows]))

    with pytest.raises(RefusedError, match=told):
        tables.load(con, tmp_path, "channel_costs")


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        pytest.param(
            ["Tone,W,G,grades,1,2026-01-01,"], "small letters and underscores", id="no plain name"
        ),
        pytest.param(["tone,W,G,stars,1,2026-01-01,"], "scale must be one of", id="no scale"),
        pytest.param(
            ["necessary,W,G,grades,1,2026-01-01,"], "must be answered by yes or no", id="graded"
        ),
        pytest.param(
            ["tone,W,G,grades,1,2026-01-01,2026-01-01"], "must begin before it ends", id="no day"
        ),
        pytest.param(
            ["tone,W,G,grades,1,2026-01-01,", "tone,V,G,grades,1,2026-06-01,"],
            "must not be asked in two ways",
            id="two wordings at once",
        ),
    ],
)
def test_a_score_sheet_that_makes_no_sense_is_refused(con, tmp_path, rows, told):
    header = "item,wording,guidance,scale,position,applies_from_on,applies_until_on"
    (tmp_path / "score_sheet.csv").write_text("\n".join([header, *rows]))

    with pytest.raises(RefusedError, match=told):
        tables.load(con, tmp_path, "score_sheet")


def test_every_item_and_answer_of_the_score_sheet_is_mapped_as_the_sheet_words_it(con):
    (source,) = (
        one for one in sources.load(SHIPPED / "feeds.toml") if one.feed.name == "panel_scores"
    )
    columns = source.options["columns"]
    tables.load(con, SHIPPED, "score_sheet")
    items = con.execute("select item from reference.score_sheet").fetchall()

    assert columns["item"]["values"] == {score_sheet.title(item): item for (item,) in items}
    assert columns["score"]["values"] == {
        shown: answer for scale in score_sheet.SCALES.values() for answer, shown in scale.items()
    }
