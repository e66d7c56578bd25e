"""Opening hours are laid out as moments, and what could not be laid out is told in plain words."""

import datetime as dt

import pytest
from given import opening_hours, panel_cycles, standards

from csip_pipeline import warehouse
from csip_pipeline.reference import open_intervals
from csip_pipeline.refusals import RefusedError


def laid_out(con, *rows):
    opening_hours(con, *rows)
    return warehouse.fetch(con, "select * from reference.open_intervals order by all")


@pytest.mark.parametrize(
    ("day", "is_holiday"),
    [
        pytest.param("2022-09-19", True, id="a funeral, once"),
        pytest.param("2023-05-08", True, id="a coronation, once"),
        pytest.param("2021-12-27", True, id="a substitute day"),
        pytest.param("2027-12-28", True, id="the second substitute day"),
        pytest.param("2020-05-08", True, id="moved from the Monday"),
        pytest.param("2020-05-04", False, id="the Monday it was moved from"),
        pytest.param("2026-11-30", False, id="Scotland's"),
        pytest.param("2026-03-17", False, id="Northern Ireland's"),
        pytest.param("2026-08-31", True, id="the last Monday of August"),
        pytest.param("2026-08-03", False, id="the first, which is Scotland's"),
    ],
)
def test_bank_holidays_are_those_of_england_and_wales(day, is_holiday):
    found = open_intervals.bank_holidays(dt.date(2020, 1, 1), dt.date(2028, 12, 31))

    assert (day in {f"{holiday:%Y-%m-%d}" for holiday in found}) == is_holiday


def test_intervals_reach_well_beyond_the_cycles(con):
    panel_cycles(con, {"starts_on": "2026-03-01", "ends_on": "2026-05-31"})

    found = laid_out(con, *({"day": day} for day in ("friday", "thursday")))

    assert f"{found['opens_at'].min():%Y-%m-%d}" == "2024-03-01"
    assert f"{found['opens_at'].max():%Y-%m-%d}" == "2029-05-31"


def test_open_seconds_add_up_within_each_calendar(con):
    found = laid_out(con, {}, {"opens": "18:00", "closes": "24:00"}, {"calendar": "other"})

    for _, one in found.groupby("calendar"):
        assert (
            one["open_seconds"].cumsum().shift(fill_value=0) == one["open_seconds_before"]
        ).all()
        assert (one["opens_at"].shift(-1).dropna() == one["next_opens_at"].dropna()).all()
        assert one["next_opens_at"].isna().sum() == 1
        assert (one["closes_at"] <= one["next_opens_at"].fillna(one["closes_at"])).all()


def test_no_opening_hours_are_no_intervals(con):
    assert laid_out(con).empty


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        pytest.param(
            [{"zone": "Europe/Londn"}],
            r"opening_hours\.csv gives the calendar desk the zone Europe/Londn, which is not the "
            r"name of a time zone\. Leave it empty for Europe/London\.",
            id="no such zone",
        ),
        pytest.param(
            [{}, {"day": "friday", "zone": "Europe/Paris"}],
            r"the calendar desk more than one zone \(Europe/London, Europe/Paris\)\. Write the "
            "same in all of its rows",
            id="two zones",
        ),
    ],
)
def test_a_zone_that_makes_no_sense_is_refused(con, rows, told):
    with pytest.raises(RefusedError, match=told):
        opening_hours(con, *rows)


def test_a_calendar_that_only_a_standard_knows_is_refused(con):
    standards(con, {"calendar": "dsk"}, {"calendar": None}, {"calendar": "desk"})

    with pytest.raises(
        RefusedError,
        match=r"service_standards\.csv names a calendar that reference/opening_hours\.csv does not "
        r"have: dsk\. Give opening_hours\.csv a row for each day",
    ):
        opening_hours(con, {})
