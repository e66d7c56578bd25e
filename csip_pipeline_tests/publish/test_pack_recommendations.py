"""The register tells each recommendation as it stood at the cycle's end, and what it moved."""

import datetime as dt
from dataclasses import replace

import pandas as pd
import pytest
from pack_given import CYCLE, figures
from test_pack_trends import EVENT, STEADY, series

from csip_pipeline import warehouse
from csip_pipeline.publish import pack_recommendations, pack_trends
from csip_pipeline.reference import tables
from csip_pipeline.refusals import RefusedError

HEADER = ",".join(pd.Index(tables.TABLES["recommendations"].to_schema().columns))
MADE = {"recommendation": "R1", "made_on": "2026-07-01", "wording": "Answer sooner"}
AGREED = MADE | {
    "board_reference": "LB 1",
    "action": "More people",
    "owner": "Head of Contact",
    "agreed_on": "2026-08-01",
    "due_on": "2026-11-30",
}
DONE = AGREED | {"closed_on": "2026-11-30", "outcome": "done"}
NONE = {
    "event_effects": pd.DataFrame(columns=["measure", "subject", "event"]),
    "dated_events": pd.DataFrame(columns=list(EVENT)),
}
ON_101 = {"measure": "service_level", "subject": "101"}


@pytest.fixture
def register(tmp_path):
    """The rows of the pack of the last quarter of 2026, of what recommendations.csv says."""

    def told(*rows, events=(), cycle=CYCLE):
        columns = HEADER.split(",")
        lines = [",".join(row.get(column, "") for column in columns) for row in rows]
        (tmp_path / "recommendations.csv").write_text("\n".join([HEADER, *lines]))
        (tmp_path / "events.csv").write_text(
            "\n".join(
                [
                    "event,title,kind,happened_on,ended_on,measure,subject,rebases",
                    *(f"{name},A title,other,2026-06-01,,,,no" for name in events),
                ]
            )
        )
        query = warehouse.read_query("publish/pack_recommendations")
        with warehouse.connected(":memory:") as con:
            tables.load(con, tmp_path, "recommendations")
            tables.load(con, tmp_path, "events")
            return warehouse.fetch(con, query, {"last_month": cycle.months[-1]})

    return told


def pack(rows, **given):
    """The table of the pack, and its only row."""
    made = replace(figures(**NONE | given), recommendations=rows)
    return pack_recommendations.recommendations(made, pack_trends.latest(made))


def the_one(rows, **given):
    (row,) = pack(rows, **given).rows.to_dict("records")
    return row


@pytest.mark.parametrize(
    ("row", "status", "days"),
    [
        pytest.param(MADE, "Not agreed yet", 183, id="only made"),
        pytest.param(
            AGREED | {"due_on": "2026-12-31"}, "Agreed, under way", 183, id="due on the last day"
        ),
        pytest.param(AGREED, "Overdue by 31 days", 183, id="overdue"),
        pytest.param(DONE, "Done", 152, id="done on the day it was due"),
        pytest.param(
            DONE | {"closed_on": "2026-12-01"}, "Done after it was due", 153, id="done late"
        ),
        pytest.param(
            MADE | {"closed_on": "2026-07-02", "outcome": "declined"}, "Declined", 1, id="declined"
        ),
    ],
)
def test_a_status_and_an_age_follow_from_the_days(register, row, status, days):
    told = the_one(register(row))

    assert (told["status"], told["age_days"]) == (status, days)


def test_what_happened_after_the_cycle_is_not_known_yet(register):
    closed = DONE | {"closed_on": "2027-01-05", "due_on": "2027-01-31"}
    told = the_one(register(closed))

    assert told["status"] == "Agreed, under way"
    assert register(MADE | {"made_on": "2027-01-01"}).empty
    agreed = the_one(register(AGREED | {"agreed_on": "2027-01-10", "due_on": "2027-02-01"}))
    assert agreed["status"] == "Not agreed yet"


def test_the_level_before_and_after_is_that_of_the_event_that_did_it(register):
    rows = series([0.7, 0.72] * 4 + [0.9, 0.92] * 3 + [0.9], improvement="increase")
    event = pd.DataFrame([EVENT])
    bears = pd.DataFrame([ON_101 | {"event": "rota"}])
    given = register(DONE | ON_101 | {"event": "rota"}, events=["rota"])
    told = the_one(given, trends=rows, dated_events=event, event_effects=bears)

    assert told["moves"] == "Answered within the standard, 101 calls"
    assert told["effect"].startswith("Rose: 71.0 % before, 90.")
    assert told["now"].startswith("Above")


def test_what_has_no_date_or_too_few_months_says_so(register):
    steady = {"trends": series(STEADY)}
    open_one = register(AGREED | ON_101)
    too_new = register(DONE | ON_101 | {"event": "rota"}, events=["rota"])

    assert the_one(open_one, **steady)["effect"] == pack_recommendations.NOT_DATED
    assert the_one(too_new, **steady)["effect"] == pack_recommendations.TOO_FEW


def test_an_event_that_nobody_dated_is_refused_by_name(register):
    rows = register(DONE | ON_101 | {"event": "nothing"}, events=["rota"])

    with pytest.raises(RefusedError, match=r"recommendations.csv names an event .*: nothing\. Add"):
        pack(rows)


@pytest.mark.parametrize(
    ("row", "told"),
    [
        pytest.param(MADE | {"agreed_on": "2026-08-01"}, "an action, an owner", id="nobody's"),
        pytest.param(AGREED | {"agreed_on": "2026-06-01"}, "made before it is", id="agreed first"),
        pytest.param(MADE | {"closed_on": "2026-08-01"}, "must have an outcome", id="no outcome"),
        pytest.param(MADE | {"outcome": "done"}, "must have an outcome", id="no day"),
        pytest.param(MADE | {"subject": "101"}, "given together", id="a subject of nothing"),
        pytest.param(MADE | {"event": "rota"}, "only with them", id="an event of nothing"),
    ],
)
def test_a_row_that_contradicts_itself_is_refused(register, row, told):
    with pytest.raises(RefusedError, match=told):
        register(row)


def test_days_are_days(register):
    (row,) = register(DONE).to_dict("records")

    assert row["made_on"] == pd.Timestamp(dt.date(2026, 7, 1))
