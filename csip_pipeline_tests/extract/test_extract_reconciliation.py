"""Every row of every file meets exactly one end, and the counts say which."""

import pytest
from extract_samples import CALLS, FORM_HEADER, FORMS, HEADER, NOVEMBER, OCTOBER, call

from csip_pipeline.extract.registry import FEEDS
from csip_pipeline.refusals import RefusedError


def test_each_row_is_counted_once_under_what_became_of_it(folder):
    folder.expect(CALLS)
    folder.drop(
        "telephony/calls.csv",
        HEADER,
        call("1"),
        call("2", result="Test"),
        call("3", ring="soon"),
        call("4", talk="-1"),
        call("5") + ",stray",
        call("6", start="05/10/2026 10:00:00"),
    )

    taken = folder.take("telephony")

    assert (taken.received, taken.kept, taken.quarantined) == (6, 2, 3)
    assert folder.ends() == {"calls.csv": {"accepted": 2, "out_of_scope": 1, "quarantined": 3}}
    assert folder.column("select source_row from extract.telephony order by 1") == [2, 7]


@pytest.mark.parametrize("feed", FEEDS)
def test_a_month_in_which_a_feed_did_not_come_is_empty_and_no_error(folder, feed):
    folder.expect(CALLS)

    taken = folder.take(feed)

    assert (taken.files, taken.kept, taken.received) == ([], 0, 0)
    assert folder.rows(f"from extract.{feed}") == folder.rows("from extract.dispositions") == []
    assert folder.restricted("from extract.contact_points") == []


def test_what_is_withdrawn_leaves_nothing_behind(folder):
    folder.expect(CALLS)
    path = folder.drop("telephony/calls.csv", HEADER, call("1"))
    folder.take("telephony")

    path.unlink()
    taken = folder.take("telephony")

    assert (taken.files, taken.kept) == ([], 0)
    assert folder.rows("from extract.telephony") == folder.rows("from extract.dispositions") == []
    assert folder.restricted("from extract.contact_points") == []


def test_a_kept_row_says_which_line_of_which_file_it_was(folder):
    folder.expect(CALLS)
    folder.drop("telephony/calls.csv", HEADER, "", call("1"), ",,,,,,,", call("2"))

    folder.take("telephony")

    kept = "select call_id, source_file, source_row from extract.telephony order by 1"
    assert folder.rows(kept) == [("1", "calls.csv", 3), ("2", "calls.csv", 5)]
    assert folder.ends() == {"calls.csv": {"accepted": 2}}


def test_a_row_without_a_readable_date_counts_with_the_files_most_frequent_month(folder):
    folder.expect(CALLS)
    folder.drop(
        "telephony/calls.csv",
        HEADER,
        call("1"),
        call("2"),
        call("3", start="01/11/2026 09:00:00"),
        call("4", start="yesterday"),
    )

    folder.take("telephony", OCTOBER)
    folder.take("telephony", NOVEMBER)

    assert folder.ends(OCTOBER) == {"calls.csv": {"accepted": 2, "quarantined": 1}}
    assert folder.ends(NOVEMBER) == {"calls.csv": {"accepted": 1}}


def test_rows_of_a_month_in_no_cycle_are_out_of_scope_once(folder):
    folder.expect(CALLS)
    days = ("05/10/2026", "01/11/2026", "01/08/2026")
    rows = [call(day, start=f"{day} 09:00:00") for day in days]
    folder.drop("telephony/calls.csv", HEADER, *rows)

    folder.take("telephony", OCTOBER)
    folder.take("telephony", NOVEMBER)

    assert folder.ends(OCTOBER) == {"calls.csv": {"accepted": 1, "out_of_scope": 1}}
    assert folder.ends(NOVEMBER) == {"calls.csv": {"accepted": 1}}


def test_a_file_twice_under_other_names_changes_nothing_but_the_count_of_duplicates(folder):
    folder.expect(CALLS)
    folder.drop("telephony/calls.csv", HEADER, call("1"), call("2", result="Test"))
    folder.take("telephony")
    once = folder.rows("from extract.telephony")

    folder.drop("telephony/calls_again.csv", HEADER, call("1"), call("2", result="Test"))
    folder.take("telephony")

    assert folder.rows("from extract.telephony") == once
    assert folder.ends() == {
        "calls.csv": {"accepted": 1, "out_of_scope": 1},
        "calls_again.csv": {"duplicate": 2},
    }


def test_the_same_row_in_two_files_is_a_duplicate_in_one(folder):
    folder.expect(CALLS)
    folder.drop("telephony/calls_1.csv", HEADER, call("1"), call("2"))
    folder.drop("telephony/calls_2.csv", HEADER, call("2"), call("3"))

    folder.take("telephony")

    assert folder.column("select call_id from extract.telephony order by 1") == ["1", "2", "3"]
    assert folder.ends() == {
        "calls_1.csv": {"accepted": 1, "duplicate": 1},
        "calls_2.csv": {"accepted": 2},
    }


def test_a_month_is_the_london_month_of_arrival(folder):
    folder.expect(FORMS.replace("Europe/London", "UTC"))
    folder.drop(
        "web_forms/forms.csv",
        FORM_HEADER,
        "1,lost_property,2026-09-30 22:59,,,,",
        "2,lost_property,2026-09-30 23:01,,,,",
        "3,lost_property,2026-10-31 23:59,,,,",
    )

    folder.take("web_forms")

    assert folder.column("select form_id from extract.web_forms order by 1") == ["2", "3"]


@pytest.mark.parametrize(
    "rows",
    [
        pytest.param([call("1", ring="x")], id="none usable"),
        pytest.param([call("1", ring="x"), *[call(f"{n}") for n in range(2, 49)]], id="1 in 49"),
    ],
)
def test_more_than_the_tolerance_quarantined_refuses_the_month_which_keeps_what_it_had(
    folder, rows
):
    folder.expect(CALLS)
    folder.drop("telephony/calls_1.csv", HEADER, call("old"))
    folder.take("telephony")
    before = folder.rows("from extract.telephony"), folder.rows("from extract.dispositions")

    folder.drop("telephony/calls_2.csv", HEADER, *rows)
    with pytest.raises(RefusedError, match=r"October 2026: 1 of \d+ rows cannot be used, .* 2%"):
        folder.take("telephony", tolerance=0.02)

    after = folder.rows("from extract.telephony"), folder.rows("from extract.dispositions")
    assert after == before
    assert folder.touched() == {OCTOBER}
