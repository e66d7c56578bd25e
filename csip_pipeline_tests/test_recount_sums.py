"""No contact vanishes: sums and shares of every measured month and roll-up come out whole."""

import pandas as pd
import pytest
from recount_demo import MONTHS, measured
from recount_people import FATES

WHO = ["month", "clock", "channel"]
COUNTS = ["offered", "answered", "abandoned", "other_outcomes", "answered_within"]
COUNTS += ["abandoned_within", "abandoned_short"]
BANDS = "waits_"

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def tables(tmp_path_factory):
    """The measured tables, every month."""
    return measured(tmp_path_factory.getbasetemp())[1]


@pytest.fixture
def contacts(tables):
    """Every contact."""
    return tables["harmonise.contacts"]


def _by(rows, keys, *names):
    return rows.fillna(dict.fromkeys(keys, "")).groupby(keys)[list(names)].sum().sort_index()


def test_every_month_is_measured_in_every_table(tables):
    for name, rows in tables.items():
        if name.startswith("measure."):
            assert set(rows["month"]) == set(map(pd.Timestamp, MONTHS)), name


def test_everybody_offered_was_answered_or_gave_up(tables):
    rows = tables["measure.service_levels"]
    assert (rows["offered"] == rows["answered"] + rows["abandoned"]).all()
    bands = [name for name in rows if name.startswith(BANDS)]
    assert (rows[bands].sum(axis=1) == rows["answered"]).all()


def test_lines_queues_and_hours_sum_to_their_channel(tables):
    rows = tables["measure.service_levels"]
    counts = [*COUNTS, *(name for name in rows if name.startswith(BANDS))]
    whole = _by(rows[rows["level"] == "channel"], WHO, *counts)
    for level in ("line", "queue"):
        parts = _by(rows[rows["level"] == level], WHO, *counts)
        pd.testing.assert_frame_equal(parts, whole, check_dtype=False)
    end_to_end = whole[whole.index.get_level_values("clock") == "end_to_end"]
    for level in ("channel_hour", "line_hour"):
        parts = _by(rows[rows["level"] == level], WHO, *counts)
        pd.testing.assert_frame_equal(parts, end_to_end, check_dtype=False)


def test_contacts_that_stood_in_a_queue_are_offered_or_left_another_way(tables, contacts):
    rows = tables["measure.service_levels"]
    rows = rows[(rows["level"] == "channel") & (rows["clock"] == "end_to_end")]
    found = rows.set_index(["month", "channel"])[["offered", "other_outcomes"]].sum(axis=1)
    stood = contacts[contacts["legs"].notna()].groupby(["month", "channel"]).size()
    assert found.to_dict() == stood.to_dict()


def test_every_stay_in_a_queue_is_counted_once(tables, contacts):
    rows = tables["measure.service_levels"]
    rows = rows[(rows["level"] == "channel") & (rows["clock"] == "queue")].set_index("month")
    stays = tables["harmonise.call_legs"].groupby("month").size()
    assert rows[["offered", "other_outcomes"]].sum(axis=1).to_dict() == stays.to_dict()
    calls = contacts[contacts["channel"] == "telephone"]
    assert calls.groupby("month")["legs"].sum().to_dict() == stays.to_dict()


def test_whoever_gave_up_has_one_fate_and_nobody_else_has_any(tables, contacts):
    gave_up = contacts[contacts["outcome"].isin(["abandoned", "timed_out"])]
    found = tables["measure.abandoned_fates"]
    assert sorted(found["contact_id"]) == sorted(gave_up["contact_id"])
    assert found["fate"].isin(FATES).all()


def test_fates_sum_to_those_who_gave_up_at_every_level(tables):
    rows = tables["measure.abandonment"]
    assert (rows[FATES].sum(axis=1) == rows["abandoned"]).all()
    keys, names = ["month", "channel"], ["offered", "abandoned", *FATES]
    whole = _by(rows[rows["level"] == "channel"], keys, *names)
    for level in ("line", "queue"):
        parts = _by(rows[rows["level"] == level], keys, *names)
        pd.testing.assert_frame_equal(parts, whole, check_dtype=False)


def test_who_gave_up_is_the_same_in_both_tables(tables):
    keys, names = ["month", "level", "channel", "line", "queue"], ["offered", "abandoned"]
    rows = tables["measure.service_levels"]
    rows = rows[(rows["clock"] == "end_to_end") & rows["level"].isin(["channel", "line", "queue"])]
    other = tables["measure.abandonment"]
    pd.testing.assert_frame_equal(_by(rows, keys, *names), _by(other, keys, *names))


def test_channels_and_repeats_hold_every_contact(tables, contacts):
    every = contacts.groupby("month").size().to_dict()
    rows = tables["measure.channel_shift"]
    assert rows.groupby("month")["contacts"].sum().to_dict() == every
    assert rows.groupby("month")["share"].sum().to_numpy() == pytest.approx(1)
    rows = tables["measure.repeat_contacts"]
    for _, part in rows.groupby("within_days"):
        for level in ("all", "channel"):
            found = part[part["level"] == level].groupby("month")["contacts"].sum()
            assert found.to_dict() == every
    assert (
        rows["contacts"] == rows["without_person"] + rows["over_the_cap"] + rows["judged"]
    ).all()


def test_groups_of_reasons_hold_every_contact(tables, contacts):
    rows = tables["measure.avoidable_demand"]
    groups = rows.fillna({"channel": "", "line": ""}).groupby(["month", "level", "channel", "line"])
    assert groups["share"].sum().to_numpy() == pytest.approx(1)
    assert (groups["contacts"].sum() == groups["contacts_in_all"].first()).all()
    for level in ("all", "channel"):
        found = rows[rows["level"] == level].groupby("month")["contacts"].sum()
        assert found.to_dict() == contacts.groupby("month").size().to_dict()


def test_every_contact_online_is_in_gross_shift_and_in_savings(tables, contacts):
    is_online = contacts["channel"].isin(["web_form", "web_chat"])
    every = contacts[is_online].groupby("month").size().to_dict()
    rows = tables["measure.channel_leakage"]
    assert rows[rows["level"] == "all"].set_index("month")["gross_shift"].to_dict() == every
    found = tables["measure.channel_savings"].groupby("month")[["gross_shift", "leaked"]].sum()
    assert found["gross_shift"].to_dict() == every
    whole = rows[rows["level"] == "all"].set_index("month")["leaked"]
    assert found["leaked"].to_dict() == whole.to_dict()


def test_every_promise_that_was_missed_is_a_breach(tables):
    missed = tables["measure.response_times"]
    missed = missed[missed["status"] == "missed"][["contact_id", "clock"]]
    found = tables["measure.breaches"][["contact_id", "clock"]]
    assert sorted(map(tuple, found.to_numpy())) == sorted(map(tuple, missed.to_numpy()))
