"""The contacts that a trail finds are as many as the figure itself counts, in every table."""

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from csip_pipeline import calendars, warehouse
from csip_pipeline.measure.definitions import definitions
from csip_pipeline.publish import pack_control, pack_figures, panel_pack
from csip_pipeline.publish.disclosure import declared as disclosure
from csip_pipeline.publish.pack_trends import UNITS
from csip_pipeline.publish.tracing import figures_of, selections, sources
from csip_pipeline.publish.tracing.declared import TRACED
from csip_pipeline.publish.tracing.figures_of import Behind, Figure
from csip_pipeline.publish.tracing.selections import Selection
from csip_pipeline_tests.demo_force import CYCLES

FATES = ("called_back", "returned_101", "moved_to_999", "went_online", "lost", "unknown")
BANDS = ("under_10_seconds", "10_to_60_seconds", "1_to_5_minutes", "5_to_10_minutes")
BANDS = (*BANDS, "10_to_20_minutes", "20_minutes_or_more", "unknown")
COUNTING = {
    "service_levels": ("offered", "answered", "abandoned"),
    "waits": ("answered",),
    "median_waits": ("answered",),
    "wait_bands": (*(f"waits_{band}" for band in BANDS), "answered"),
    "hidden_waits": ("answered",),
    "queues": ("offered", "answered", "abandoned"),
    "abandonment": ("offered", "people"),
    "abandoned_fates": ("abandoned", *FATES),
    "response_times": ("contacts", "met", "missed", "pending", "excluded"),
    "channel_contacts": (
        "telephone",
        "web_form",
        "web_chat",
        "social",
        "contacts_on_all_channels",
    ),
    "digital_takeup": ("completed_online", "completed_by_telephone", "completed"),
    "channel_leakage": ("gross_shift",),
    "channel_savings": ("gross_shift",),
    "avoidable_demand": ("contacts",),
    "repeat_contacts": ("contacts",),
    "breaches": ("missed",),
    "trends_of_contacts": ("value",),
}
"""By table, the columns that count contacts (of Savings, one that only its frame has)."""
ROWS = 14
"""Enough rows of a table to have each kind."""
PARTS_OF = {"abandoned_after", "abandoned_net"}
"""Ways of counting who gave up that are told as a part of those who did."""


@pytest.fixture(scope="module")
def con(demo):
    with warehouse.connected(demo.settings.warehouse, read_only=True) as opened:
        yield opened


@pytest.fixture(scope="module")
def packs(demo, con):
    """The figures of each cycle, and its tables."""
    cycles = calendars.read_cycles(demo.settings.reference / "panel_cycles.csv")
    read = [pack_figures.read(con, one) for one in cycles if one.cycle in CYCLES]
    return [(figures, panel_pack.draft(figures).tables) for figures in read]


def figures_in(packs, *names):
    """The figures of these tables' first rows, or of all: the table's name, and row and column."""
    for figures, tables in packs:
        for name, table in tables.items():
            if names and name not in names:
                continue
            for row in table.rows.head(ROWS).to_dict("records"):
                for column in table.columns[TRACED[name].keys or table.keys :]:
                    yield name, Figure(row, column.name, figures)


def times(con, figure, name):
    found = TRACED[name].found(figure)
    return selections.contacts(con, found.selections)["times"].sum()


def test_every_table_that_a_pack_can_have_is_declared_to_be_traced(packs):
    controls = {one.table for one in pack_control.CHARTED}
    every = {*disclosure.DECLARED, *(f"trends_of_{unit}" for unit in UNITS)} | controls
    in_packs = {name for _, tables in packs for name in tables}

    assert TRACED.keys() == every
    assert in_packs <= TRACED.keys()


def test_every_table_says_who_is_behind_it_or_why_nobody_is(packs):
    for name, figure in figures_in(packs[-1:]):
        found = TRACED[name].found(figure)
        if isinstance(found, Behind):
            assert found.selections, name
            assert all(asked.months for asked in found.selections), name
        else:
            assert found.endswith("."), name


def test_every_figure_was_measured_in_a_column_that_is_there(packs, con):
    for name, column in {
        (name, TRACED[name].measured(figure)) for name, figure in figures_in(packs)
    }:
        for one in column.split(" + "):
            table, _, measured = f"{TRACED[name].measure}.{one}".rpartition(".")
            place = ".".join(table.split(".")[-2:])
            kept = [] if not column else con.execute(f"describe {place}").fetchall()
            assert not column or measured in {row[0] for row in kept}, (name, column)


def test_a_definition_is_of_the_table_that_a_figure_was_measured_in_or_of_one_before_it():
    known = {one.name: set(one.tables) for one in definitions()}
    for name, traced in TRACED.items():
        for definition in {traced.definition, *traced.definitions.values()} - {None}:
            if traced.measure not in known[definition]:
                assert known[definition] & sources.OF_A_TABLE[traced.measure].reads, name


@pytest.mark.parametrize("name", COUNTING)
def test_as_many_contacts_are_found_as_a_column_counts(packs, con, name):
    counted = 0
    for figures, tables in packs:
        for row in tables[name].rows.to_dict("records"):
            for column in COUNTING[name]:
                is_known = not pd.isna(row[column])
                if is_known and row.get("counted") not in PARTS_OF:
                    assert times(con, Figure(row, column, figures), name) == row[column], row
                    counted += 1

    assert counted > 0


def hours(packs):
    """Each hour of the week of the latest cycle that is in, by its table's name."""
    figures, tables = packs[-1]
    for place, row in enumerate(tables["hours_of_the_week"].rows.to_dict("records")):
        for weekday in range(1, 8):
            yield place, weekday, Figure(row, str(weekday), figures)


def test_as_many_contacts_are_found_as_one_day_of_each_hour_counts(packs, con):
    for place, weekday, figure in hours(packs):
        if place % 7 == weekday % 7:
            assert times(con, figure, "hours_of_the_week") == figure.row[figure.column]


@pytest.mark.soak
def test_as_many_contacts_are_found_as_every_hour_of_the_week_counts(packs, con):
    for _, _, figure in hours(packs):
        assert times(con, figure, "hours_of_the_week") == figure.row[figure.column]


def test_a_contact_is_found_once_for_a_figure(packs, con):
    for name in ("channel_change", "digital_takeup", "queues", "trends_of_share"):
        told = [TRACED[name].found(figure) for _, figure in figures_in(packs[-1:], name)]
        for behind in [each for each in told if isinstance(each, Behind)][:8]:
            assert selections.contacts(con, behind.selections)["contact_id"].is_unique, name


def test_what_a_figure_rests_on_is_never_less_than_what_it_counts(packs, con):
    """A share is traced to those it is of, not to those that it counts."""
    for name, column, part in (
        ("service_levels", "service_level", "answered_within"),
        ("abandonment", "share", "people"),
        ("response_times", "met_share", "met"),
        ("repeat_contacts", "repeat_share", "repeats"),
    ):
        for figures, tables in packs[-1:]:
            for row in tables[name].rows.to_dict("records"):
                assert times(con, Figure(row, column, figures), name) >= np.nan_to_num(row[part])


@pytest.mark.parametrize(
    ("column", "told"),
    [
        pytest.param("marks", "It marks a figure of its row", id="a mark"),
        pytest.param("target_share", "It is what the standard says", id="a target"),
        pytest.param("within_seconds", "It is what the standard says", id="a limit"),
    ],
)
def test_a_mark_and_a_rule_are_nobody(packs, column, told):
    figures, tables = packs[-1]
    row = tables["service_levels"].rows.iloc[0].to_dict()

    assert TRACED["service_levels"].found(Figure(row, column, figures)).startswith(told)


def test_a_condition_that_a_query_does_not_read_is_refused():
    asked = Selection(query=selections.FATES, fates=("lost",), hour=3)

    with pytest.raises(ValueError, match=r"fates.sql does not ask for \['hour'\]"):
        selections.query_of(asked)


@pytest.mark.parametrize(
    ("subject", "places"),
    [
        pytest.param("101 calls", ("telephone 101",), id="a line"),
        pytest.param(
            "Other calls", ("telephone custody", "telephone front desk"), id="lines without a name"
        ),
        pytest.param("Telephone", ("telephone",), id="calls of no line"),
        pytest.param("Web chat", ("web_chat",), id="a channel without lines"),
    ],
)
def test_the_words_of_a_row_lead_back_to_its_lines(subject, places):
    channels = ["telephone", "telephone", "telephone", "telephone", "web_chat"]
    lines = ["101", "front desk", "custody", None, None]
    levels = pd.DataFrame({"channel": channels, "line": lines})
    figure = Figure(
        {"month": pd.Timestamp("2026-10-01")}, "offered", SimpleNamespace(service_levels=levels)
    )

    assert figures_of.of_title(figure, subject).places == places


@pytest.mark.parametrize(
    ("column", "months"),
    [
        pytest.param("value_under_old", ["2026-05"], id="a value"),
        pytest.param("change_points", ["2026-05", "2026-03"], id="a change"),
    ],
)
def test_a_change_of_rule_is_traced_to_both_rules_and_both_months(column, months):
    row = {
        "month": pd.Timestamp("2026-05-01"),
        "changed_on": pd.Timestamp("2026-04-01"),
        "compared_with_month": pd.Timestamp("2026-03-01"),
        "channel": "telephone",
        "line": "101",
        "queue": None,
        "clock": "answer",
        "old_standard_id": "old",
        "new_standard_id": "new",
    }
    figure, traced = Figure(row, column, None), TRACED["definition_bridge"]
    (asked,) = traced.found(figure).selections
    rules = traced.judged(figure)

    assert [f"{month:%Y-%m}" for month in asked.months] == months
    assert asked.places == ("telephone 101",)
    assert rules.standards == ("old", "new")
    assert {f"{month:%Y-%m}" for month in rules.months} == {"2026-03", "2026-04", "2026-05"}
