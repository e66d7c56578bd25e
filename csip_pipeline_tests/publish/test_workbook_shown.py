"""What a page says of a cell is what a spreadsheet shows for it: digit by digit."""

# ruff: noqa: DTZ001 - a cell of a workbook has no time zone
import datetime as dt

import pandas as pd
import pytest

from csip_pipeline.publish import (
    pack_channels,
    pack_rules,
    workbook,
    workbook_parts,
    workbook_values,
)
from csip_pipeline.publish.workbook import Column, Layout, Table
from csip_pipeline.publish.workbook_shown import labelled, shown

SIGNED, POUNDS, PENCE = pack_rules.SIGNED, pack_channels.POUNDS, pack_channels.PENCE


def shown_of(column, *values):
    """The texts of a column's cells."""
    table = Table("figures", "Figures", "Figures", (column,), pd.DataFrame({column.name: values}))
    (contents,) = Layout(table).grid
    return [shown(content, column, contents) for content in contents]


@pytest.mark.parametrize(
    ("kind", "value", "text"),
    [
        ("count", 0, "0"),
        ("count", 7, "7"),
        ("count", 999, "999"),
        ("count", 1_000, "1,000"),
        ("count", 1_234_567, "1,234,567"),
        ("count", -1_234, "-1,234"),
        ("count", 2.5, "3"),
        ("share", 0, "0.0%"),
        ("share", 1, "100.0%"),
        ("share", 0.8, "80.0%"),
        ("share", 0.7645, "76.5%"),
        ("share", 0.00049, "0.0%"),
        ("share", 0.9995, "100.0%"),
        ("share", 0.99949, "99.9%"),
        ("share", 12.5, "1250.0%"),
        ("share", -0.0004, "0.0%"),
        ("share", -0.05, "-5.0%"),
        ("seconds", 93, "93"),
        ("seconds", 3_600, "3,600"),
        ("seconds", 0.5, "1"),
        ("seconds", 1.4999, "1"),
        ("decimal", 3.74, "3.7"),
        ("decimal", 3.75, "3.8"),
        ("decimal", 0.05, "0.1"),
        ("decimal", 1.005, "1.0"),
        ("decimal", 2.675, "2.7"),
        ("decimal", -3.75, "-3.8"),
        ("decimal", -0.04, "0.0"),
        ("decimal", 12_345.67, "12,345.7"),
        ("duration", 0, "0:00"),
        ("duration", 59, "0:59"),
        ("duration", 60, "1:00"),
        ("duration", 93, "1:33"),
        ("duration", 93.5, "1:34"),
        ("duration", 3_599, "59:59"),
        ("duration", 3_600, "1:00:00"),
        ("duration", 90_061, "25:01:01"),
    ],
)
def test_a_number_is_shown_in_the_format_of_its_kind(kind, value, text):
    assert shown_of(Column("figure", "Figure", kind), value) == [text]


def test_every_kind_of_number_is_among_the_cases():
    cases = test_a_number_is_shown_in_the_format_of_its_kind.pytestmark[0].args[1]

    assert {kind for kind, *_ in cases} == set(workbook_parts.NUMBERS)


@pytest.mark.parametrize(
    ("number_format", "value", "text"),
    [
        (SIGNED, 1.25, "+1.3"),
        (SIGNED, -1.25, "-1.3"),
        (SIGNED, 0, "0.0"),
        (SIGNED, 12.0, "+12.0"),
        (POUNDS, 1_234.5, "£1,235"),
        (POUNDS, -1_234.4, "-£1,234"),
        (POUNDS, 0, "£0"),
        (PENCE, 1_234.565, "£1,234.57"),
        (PENCE, -0.5, "-£0.50"),
    ],
)
def test_a_number_is_shown_in_a_columns_own_format(number_format, value, text):
    column = Column("figure", "Figure", "decimal", number_format=number_format)

    assert shown_of(column, value) == [text]


@pytest.mark.parametrize(
    ("kind", "value", "text"),
    [
        ("month", dt.date(2026, 9, 1), "September 2026"),
        ("date", dt.date(2026, 9, 1), "1 September 2026"),
        ("date", pd.Timestamp("2026-12-31"), "31 December 2026"),
        ("datetime", dt.datetime(2026, 9, 1, 7, 5), "1 September 2026 07:05"),
        ("datetime", pd.Timestamp("2026-06-30 23:30Z"), "1 July 2026 00:30"),
    ],
)
def test_a_moment_is_shown_in_english_and_london_time(kind, value, text):
    assert shown_of(Column("at", "At", kind), value) == [text]


@pytest.mark.parametrize("kind", ["text", "month", "date", *workbook_parts.NUMBERS])
def test_what_is_missing_and_every_shorthand_is_shown_as_its_mark(kind):
    column = Column("figure", "Figure", kind, missing="[z]")
    values = pd.Series([None, *workbook.SHORTHAND], dtype="object")

    assert shown_of(column, *values) == ["[z]", *workbook.SHORTHAND]


@pytest.mark.parametrize(
    ("value", "text"), [(True, "Yes"), (False, "No"), ("=1+1", "=1+1"), ("0770", "0770")]
)
def test_text_is_shown_as_it_is_and_a_claim_as_a_word(value, text):
    assert shown_of(Column("said", "Said"), value) == [text]


def test_durations_show_hours_all_of_them_once_one_has_an_hour():
    assert shown_of(Column("wait", "Wait", "duration"), 59, "[c]", 4_000) == [
        "0:00:59",
        "[c]",
        "1:06:40",
    ]


@pytest.mark.parametrize(
    ("value", "form", "text"),
    [
        (0.2, "0%", "20%"),
        (0.6000000000000001, "0%", "60%"),
        (1_500, "#,##0", "1,500"),
        (0.1 + 0.2, "#,##0.0", "0.3"),
        (90 / workbook_values.SECONDS_PER_DAY, "[m]:ss", "1:30"),
        (5_400 / workbook_values.SECONDS_PER_DAY, "[h]:mm:ss", "1:30:00"),
    ],
)
def test_a_label_of_an_axis_is_shown_in_its_format(value, form, text):
    assert labelled(value, form) == text


def test_a_format_that_no_column_has_had_is_refused():
    column = Column("figure", "Figure", "decimal", number_format="0.00E+00")

    with pytest.raises(ValueError, match=r"0\.00E\+00 is not known"):
        shown_of(column, 1.0)
