"""Of several versions of the same thing the one declared newest counts, however they arrived."""

import pytest
from extract_samples import CALLS, FORM_HEADER, FORMS, HEADER, NOVEMBER, OCTOBER, call

from csip_pipeline.refusals import RefusedError

SECOND, THIRD = "20261102T0500Z", "20261103T0500Z"


@pytest.mark.parametrize("first", [SECOND, THIRD], ids=["in order", "the correction first"])
def test_a_corrected_file_wins_whichever_arrives_first(folder, first):
    folder.expect(CALLS)
    files = {
        SECOND: [call("1", ring="0:00:50"), call("2")],
        THIRD: [call("1", ring="0:00:05"), call("2")],
    }
    for stamp in (first, {SECOND: THIRD, THIRD: SECOND}[first]):
        folder.drop(f"telephony/calls_{stamp}.csv", HEADER, *files[stamp])
        folder.take("telephony")

    waits = "select call_id, wait_seconds, source_file from extract.telephony order by 1"
    newest = f"calls_{THIRD}.csv"
    assert folder.rows(waits) == [("1", 5.0, newest), ("2", 5.0, newest)]
    assert folder.ends() == {
        f"calls_{SECOND}.csv": {"superseded": 1, "duplicate": 1},
        newest: {"accepted": 2},
    }


def test_a_version_that_breaks_its_promise_never_displaces_one_that_keeps_it(folder):
    folder.expect(CALLS)
    folder.drop(f"telephony/calls_{SECOND}.csv", HEADER, call("1"), call("2"))
    folder.drop(f"telephony/calls_{THIRD}.csv", HEADER, call("1", talk="-5"), call("2", ring="?"))

    folder.take("telephony")

    assert folder.column("select distinct source_file from extract.telephony") == [
        f"calls_{SECOND}.csv"
    ]
    assert folder.ends() == {
        f"calls_{SECOND}.csv": {"accepted": 2},
        f"calls_{THIRD}.csv": {"quarantined": 2},
    }


def test_a_form_that_a_later_extract_moves_to_another_month_leaves_the_first(folder):
    folder.expect(FORMS)
    older = f"web_forms/forms_{SECOND}.csv"
    newer = f"web_forms/forms_{THIRD}.csv"
    folder.drop(older, FORM_HEADER, "1,a,2026-10-31 23:00,,,,", "2,a,2026-10-05 09:00,,,,")
    folder.take("web_forms", OCTOBER)
    folder.drop(newer, FORM_HEADER, "1,a,2026-11-01 09:00,,,,", "3,a,2026-11-02 09:00,,,,")

    assert folder.touched() == {OCTOBER, NOVEMBER}
    folder.take("web_forms", OCTOBER)
    folder.take("web_forms", NOVEMBER)

    kept = "select month::varchar, form_id from extract.web_forms order by 2"
    assert folder.rows(kept) == [("2026-11-01", "1"), ("2026-10-01", "2"), ("2026-11-01", "3")]
    assert folder.ends(OCTOBER) == {f"forms_{SECOND}.csv": {"accepted": 1, "superseded": 1}}
    assert folder.ends(NOVEMBER) == {f"forms_{THIRD}.csv": {"accepted": 2}}
    assert folder.touched() == set()


def test_taking_the_correction_away_brings_the_first_version_back(folder):
    folder.expect(FORMS)
    folder.drop(f"web_forms/forms_{SECOND}.csv", FORM_HEADER, "1,a,2026-10-31 23:00,,,,")
    correction = folder.drop(
        f"web_forms/forms_{THIRD}.csv", FORM_HEADER, "1,a,2026-11-01 09:00,,,,"
    )
    for month in (OCTOBER, NOVEMBER):
        folder.take("web_forms", month)

    correction.unlink()
    assert folder.touched() == {OCTOBER, NOVEMBER}
    for month in (OCTOBER, NOVEMBER):
        folder.take("web_forms", month)

    assert folder.rows("select month::varchar, form_id from extract.web_forms") == [
        ("2026-10-01", "1")
    ]
    assert folder.touched() == set()


def test_a_form_answered_since_is_known_from_the_later_extract(folder):
    folder.expect(FORMS)
    folder.drop(f"web_forms/forms_{SECOND}.csv", FORM_HEADER, "1,a,2026-10-05 09:00,,,,")
    folder.drop(
        f"web_forms/forms_{THIRD}.csv", FORM_HEADER, "1,a,2026-10-05 09:00,2026-11-02 10:00,,,"
    )

    folder.take("web_forms")

    answered = "select first_response_at::varchar, extracted_at::varchar from extract.web_forms"
    assert folder.rows(answered) == [("2026-11-02 10:00:00+00", "2026-11-03 05:00:00+00")]


def test_a_file_without_a_stamp_had_seen_as_far_as_the_last_thing_it_says_happened(folder):
    folder.expect(FORMS)
    folder.drop(
        "web_forms/forms.csv",
        FORM_HEADER,
        "1,a,2026-10-05 09:00,2026-10-07 10:00,2026-12-24 17:00,,",
        "2,a,2026-10-06 09:00,,,,",
        "broken,a,2026-10-30 09:00,never,,,",
    )

    folder.take("web_forms")

    assert folder.column("select distinct extracted_at::varchar from extract.web_forms") == [
        "2026-10-07 09:00:00+00"
    ]


def test_a_row_later_than_its_file_was_made_is_quarantined(folder):
    folder.expect(CALLS)
    american = call("2", start="11/12/2026 09:00:00")
    folder.drop("telephony/calls_20261112T0500Z.csv", HEADER, call("1"), call("3"), american)

    folder.take("telephony")

    assert folder.ends()["calls_20261112T0500Z.csv"] == {"accepted": 2, "quarantined": 1}
    told = folder.restricted("select source_row, column_name, promise from extract.quarantine")
    assert told == [(4, "arrived_at", "is after the file was extracted")]


def test_two_systems_that_use_the_same_ids_are_refused_and_a_prefix_keeps_them_apart(folder):
    other = CALLS.replace("control room", "other room").replace("calls*", "others*")
    folder.expect(CALLS, other)
    folder.drop("telephony/calls.csv", HEADER, call("1"))
    folder.drop("telephony/others.csv", HEADER, call("1", ring="0:00:09"))

    with pytest.raises(RefusedError, match=r"1 ids .* control room, other room.* prefix"):
        folder.take("telephony")

    folder.expect(CALLS, other.replace('column = "Ref"', 'column = "Ref", prefix = "B-"'))
    folder.take("telephony")
    assert folder.column("select call_id from extract.telephony order by 1") == ["1", "B-1"]


def test_a_file_renamed_to_a_later_stamp_is_judged_by_it(folder):
    folder.expect(CALLS)
    rows = [call("1", "30/09/2026 09:00:00"), call("2")]
    early = folder.drop("telephony/calls_20261001T0500Z.csv", HEADER, *rows)
    assert [row for row, *_ in folder.faults()] == [3]

    early.rename(early.with_name("calls_20261101T0500Z.csv"))

    assert folder.faults() == []
