"""A service has one count a day: a supplier's parts of it are added up, and no row twice."""

import pytest
from extract_samples import NOVEMBER, OCTOBER, SESSION_HEADER, SESSIONS

from csip_pipeline.extract import sources
from csip_pipeline.refusals import RefusedError

SPLIT = """
[[source]]
name = "analytics"
feed = "web_sessions"
format = "delimited"
files = "web_sessions/*"
delimiter = ";"

[source.columns]
on_date = { column = "date", datetime = "%Y-%m-%d" }
service = { value = "website" }
visits = { column = "sessions" }
signposted_away = { column = "exits" }
part = { columns = ["country", "browser"], join = "/" }
"""
SPLIT_HEADER = "date;country;browser;sessions;exits"
KEPT = "select strftime(on_date, '%d %b'), service, visits from extract.web_sessions order by all"
COUNTS = "select visits, form_starts, form_completions, signposted_away from extract.web_sessions"


def told(folder):
    return folder.restricted(
        "select source_row, column_name, promise from extract.quarantine order by all"
    )


def test_a_day_of_a_service_is_kept_with_what_its_supplier_counts(folder):
    folder.expect(SESSIONS)
    folder.drop(
        "web_sessions/october.csv",
        SESSION_HEADER,
        "05/10/2026,lost_property,40,12,15,3",  # more sent than begun: some began before midnight
        "05/10/2026,report_asb,0,,,",
    )

    folder.take("web_sessions")

    assert folder.rows(COUNTS + " order by visits") == [(0, None, None, None), (40, 12, 15, 3)]
    assert folder.rows("select month, source_row from extract.web_sessions order by 2") == [
        (OCTOBER, 2),
        (OCTOBER, 3),
    ]
    columns = {name for name, *_ in folder.rows("describe extract.web_sessions")}
    assert columns.isdisjoint({"part", "person_key", "handler_key"})


def test_a_day_belongs_to_its_own_month_to_the_last(folder):
    folder.expect(SESSIONS)
    folder.drop(
        "web_sessions/sessions.csv",
        SESSION_HEADER,
        "31/10/2026,a,1,,,",
        "01/11/2026,a,2,,,",
    )

    for month in (OCTOBER, NOVEMBER):
        folder.take("web_sessions", month)

    assert folder.rows(KEPT) == [("01 Nov", "a", 2), ("31 Oct", "a", 1)]


def test_the_parts_of_a_day_are_added_up_and_every_line_is_accounted_for(folder):
    folder.expect(SPLIT)
    folder.drop(
        "web_sessions/october.csv",
        SPLIT_HEADER,
        "2026-10-05;UK;Chrome;30;2",
        "2026-10-05;UK;Safari;9;1",
        "2026-10-05;France;Chrome;1;0",
        "2026-10-06;UK;Chrome;7;",
        "2026-10-06;UK;Safari;3;1",
    )

    folder.take("web_sessions")

    assert folder.rows(KEPT) == [("05 Oct", "website", 40), ("06 Oct", "website", 10)]
    away = "select signposted_away, source_row from extract.web_sessions order by on_date"
    assert folder.rows(away) == [(3, 2), (None, 5)]
    assert folder.ends() == {"october.csv": {"accepted": 5}}


def test_a_line_that_is_there_twice_is_counted_once(folder):
    folder.expect(SPLIT)
    line = "2026-10-05;UK;Chrome;30;2"
    folder.drop("web_sessions/october.csv", SPLIT_HEADER, line, "2026-10-05;UK;Safari;9;1", line)

    folder.take("web_sessions")

    assert folder.rows(KEPT) == [("05 Oct", "website", 39)]
    assert folder.ends() == {"october.csv": {"accepted": 2, "duplicate": 1}}


def test_two_counts_of_the_same_thing_are_never_guessed_at(folder):
    folder.expect(SPLIT.replace('part = { columns = ["country", "browser"], join = "/" }', ""))
    folder.drop(
        "web_sessions/october.csv",
        SPLIT_HEADER,
        "2026-10-05;UK;Chrome;30;2",
        "2026-10-05;UK;Safari;9;1",
        "2026-10-06;UK;Chrome;7;0",
    )

    folder.take("web_sessions")

    assert folder.rows(KEPT) == [("06 Oct", "website", 7)]
    assert [(row, column) for row, column, _ in told(folder)] == [(2, "part"), (3, "part")]
    assert "map part to what the supplier splits a day by" in told(folder)[0][2]


def test_one_bad_part_costs_one_row(folder):
    folder.expect(SPLIT)
    folder.drop(
        "web_sessions/october.csv",
        SPLIT_HEADER,
        "2026-10-05;UK;Chrome;30;2",
        "2026-10-05;UK;Safari;-9;1",
        "2026-10-05;UK;Edge;;1",
        "2026-10-05;UK;Opera;few;1",
        ";UK;Chrome;30;2",
    )

    folder.take("web_sessions")

    assert folder.rows(KEPT) == [("05 Oct", "website", 30)]
    assert told(folder) == [
        (3, "visits", "must not be less than 0"),
        (4, "visits", "must not be empty"),
        (5, "visits", "is not a whole number"),
        (6, "on_date", "must not be empty"),
    ]


def test_a_corrected_day_replaces_the_whole_of_it(folder):
    folder.expect(SPLIT)
    folder.drop(
        "web_sessions/october_20261101T0500Z.csv",
        SPLIT_HEADER,
        "2026-10-05;UK;Chrome;30;2",
        "2026-10-05;Nowhere;Robot;900;0",
        "2026-10-06;UK;Chrome;7;0",
    )
    folder.drop(
        "web_sessions/corrected_20261102T0500Z.csv",
        SPLIT_HEADER,
        "2026-10-05;UK;Chrome;30;2",
        "2026-10-06;UK;Chrome;7;0",
    )

    folder.take("web_sessions")

    assert folder.rows(KEPT) == [("05 Oct", "website", 30), ("06 Oct", "website", 7)]
    assert folder.ends() == {
        "corrected_20261102T0500Z.csv": {"accepted": 2},
        "october_20261101T0500Z.csv": {"superseded": 2, "duplicate": 1},
    }


@pytest.mark.parametrize(
    ("day", "promise"),
    [
        pytest.param("31/10/2026", None, id="the last whole day"),
        pytest.param("01/11/2026", None, id="the day on which the file was made"),
        pytest.param("02/11/2026", "is after the file was extracted", id="the day after"),
        pytest.param("31/11/2026", "is not a day written %d/%m/%Y", id="no day at all"),
        pytest.param("2026-10-05", "is not a day written %d/%m/%Y", id="another layout"),
    ],
)
def test_a_day_that_cannot_be_is_told_by_row_and_column(folder, day, promise):
    folder.expect(SESSIONS)
    folder.drop(
        "web_sessions/october_20261101T0500Z.csv",
        SESSION_HEADER,
        "05/10/2026,a,1,,,",
        f"{day},a,1,,,",
    )

    assert folder.faults() == ([(3, "on_date", promise)] if promise else [])


def test_a_file_without_a_stamp_counts_as_made_when_its_last_day_was_over(folder):
    folder.expect(SESSIONS)
    folder.drop(
        "web_sessions/october.csv", SESSION_HEADER, "23/10/2026,a,1,,,", "24/10/2026,a,1,,,"
    )

    (delivery,) = folder.catalogue()

    assert delivery.extracted_at.isoformat() == "2026-10-24T23:00:00+00:00"  # midnight in London


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        pytest.param("", r'days are written, for example datetime = "%d/%m/%Y"', id="no layout"),
        pytest.param(', datetime = "%d/%m/%Y %z"', "a day has no offset", id="an offset"),
    ],
)
def test_a_mapping_must_say_how_its_days_are_written(tmp_path, wrong, told):
    path = tmp_path / "feeds.toml"
    path.write_text(SESSIONS.replace(', datetime = "%d/%m/%Y"', wrong), encoding="utf-8")

    with pytest.raises(RefusedError, match=told):
        sources.load(path)
