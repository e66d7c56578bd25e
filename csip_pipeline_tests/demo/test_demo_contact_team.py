"""The synthetic contact team works a month's lists as people would, and always in the same way."""

import datetime as dt
import io
from collections import Counter
from zoneinfo import ZoneInfo

import openpyxl
import pandas as pd
import pytest

from csip_pipeline import warehouse
from csip_pipeline.demo import contact_team, force, series
from csip_pipeline.publish.callbacks import worklist
from csip_pipeline_tests.demo_force import demo  # noqa: F401 - a fixture

OCTOBER, DECEMBER = dt.date(2026, 10, 1), dt.date(2026, 12, 1)
ROWS = 3_000
SAFE_TIMES = {0: None, 1: "weekdays 10:00 to 12:00"}
LONDON = ZoneInfo("Europe/London")


def made(rows=ROWS, month=OCTOBER):
    """A worklist as the pipeline writes it; every second person named a safe time."""
    numbers = pd.Series(range(rows))
    notices = pd.DataFrame(
        {
            "notice_id": numbers.map("{:016x}".format),
            "priority": 2,
            "contact_kind": "Telephone",
            "contact_point": "+447700900123",
            "why": "Their telephone call waited more than 12 minutes.",
            "promised": "We answer within 10 minutes.",
            "safe_time": numbers.mod(2).map(SAFE_TIMES),
            "received_at": pd.Timestamp("2026-10-05 09:00Z"),
            "explain_by_on": pd.Timestamp("2026-11-14"),
            "breaches": 1,
            "code": "0123abcd",
        }
    )
    about = worklist.Worklist(list_id=f"{month:%Y-%m}-1", newest_on=month)
    return worklist.render(notices, about)


def rows_of(content):
    """Each row of a list by its headings."""
    sheet = openpyxl.load_workbook(io.BytesIO(content))["Callbacks"]
    heading, *rows = sheet.iter_rows(values_only=True)
    return [dict(zip(heading, row, strict=True)) for row in rows]


@pytest.fixture(scope="module")
def back():
    return rows_of(contact_team.worked(made(), OCTOBER, series.SEED))


@pytest.fixture(scope="module")
def attempts(back):
    return [row for row in back if row["Outcome"]]


def test_most_are_explained_to_and_some_are_not_worked(back):
    shares = {outcome: n / ROWS for outcome, n in Counter(row["Outcome"] for row in back).items()}

    wanted = {"explained": 0.8, "tried": 0.1, "not_contactable": 0.05, "unsafe": 0.02, None: 0.03}
    assert shares == pytest.approx(wanted, abs=0.02)


def test_a_row_is_filled_in_whole_or_not_at_all(back):
    filled = [
        {name: row[name] for name in ("Outcome", "Attempted at", "By") if row[name]} for row in back
    ]

    assert {len(cells) for cells in filled} == {0, 3}
    assert {row["By"] for row in filled if row} == {f"CC{n}" for n in range(101, 113)}


def test_whatever_else_the_list_says_comes_back_as_it_was(back):
    left = [
        {name: cell for name, cell in row.items() if name not in ("Outcome", "Attempted at", "By")}
        for row in back
    ]
    before = [{name: row[name] for name in left[0]} for row in rows_of(made())]

    assert left == before


def test_calls_are_made_in_working_hours_after_the_list_was_made(attempts):
    moments = [row["Attempted at"] for row in attempts]

    days = sorted({moment.date() for moment in moments})
    assert days == contact_team.working_days(OCTOBER)
    assert (days[0], days[-1]) == (dt.date(2026, 11, 6), dt.date(2026, 11, 25))
    assert all(dt.time(9) <= moment.time() < dt.time(17) for moment in moments)


def test_nobody_works_a_list_on_a_bank_holiday_or_at_a_weekend():
    days = contact_team.working_days(dt.date(2026, 4, 1))

    assert dt.date(2026, 5, 25) in force.BANK_HOLIDAYS
    assert days[0] == dt.date(2026, 5, 6)
    assert days[-1] == dt.date(2026, 5, 22)
    assert all(day.weekday() < 5 for day in days)


def test_whoever_named_a_safe_time_is_called_in_it(attempts):
    safe = [row for row in attempts if row["Safe time to call"] == SAFE_TIMES[1]]

    assert len(safe) > 1_000
    assert all(dt.time(10) <= row["Attempted at"].time() < dt.time(12) for row in safe)


def test_the_top_of_the_list_comes_first(attempts):
    days = [row["Attempted at"].date() for row in attempts if row["Outcome"] != "tried"]

    assert days == sorted(days)


def test_a_few_are_tried_again_on_the_next_day(attempts):
    days, late = contact_team.working_days(OCTOBER), 0
    for place, row in enumerate(attempts):
        if row["Outcome"] == "tried" and place < len(attempts) * 0.9:
            same_place = days[int(place / len(attempts) * len(days))]
            late += days.index(row["Attempted at"].date()) > days.index(same_place)

    tried = sum(row["Outcome"] == "tried" for row in attempts)
    assert 0.15 < late / tried < 0.45


def test_a_list_of_one_is_worked():
    chance = next(seed for seed in range(9) if _outcome_of_one(seed))

    assert _outcome_of_one(chance)["Attempted at"].date() in contact_team.working_days(OCTOBER)


def _outcome_of_one(seed):
    (row,) = rows_of(contact_team.worked(made(1), OCTOBER, seed))
    return row if row["Outcome"] else None


def test_the_same_list_and_seed_come_to_the_same_bytes(monkeypatch):
    first = contact_team.worked(made(50), OCTOBER, 7)
    monkeypatch.setattr("time.localtime", lambda *_: dt.datetime(2031, 1, 1).timetuple())  # noqa: DTZ001

    assert contact_team.worked(made(50), OCTOBER, 7) == first
    assert contact_team.worked(made(50), OCTOBER, 8) != first


def test_only_a_months_own_lists_are_given_back_and_each_once(tmp_path):
    worklists, extracts = tmp_path / "worklists", tmp_path / "extracts"
    worklists.mkdir()
    for month, name in ((OCTOBER, "2026-10-1"), (OCTOBER, "2026-10-2"), (DECEMBER, "2026-12-1")):
        (worklists / f"callbacks_{name}.xlsx").write_bytes(made(3, month))

    given = contact_team.give_back(worklists, extracts, OCTOBER)
    kept = given[0].stat().st_mtime_ns
    again = contact_team.give_back(worklists, extracts, OCTOBER)

    folder = extracts / "callback_outcomes"
    assert given == [folder / f"callbacks_2026-10-{number}.xlsx" for number in (1, 2)]
    assert (again, given[0].stat().st_mtime_ns) == ([], kept)
    assert list(folder.iterdir()) == given


def test_where_there_is_no_list_nothing_is_given_back(tmp_path):
    assert contact_team.give_back(tmp_path / "none", tmp_path, OCTOBER) == []
    assert list(tmp_path.iterdir()) == []


def test_callbacks_are_issued_on_the_fifth_of_the_next_month():
    assert contact_team.issued_on(OCTOBER) == dt.date(2026, 11, 5)
    assert contact_team.issued_on(DECEMBER) == dt.date(2027, 1, 5)


def test_the_demo_gives_every_list_back_but_the_last(demo):  # noqa: F811 - the fixture
    issued = {path.name for path in demo.settings.worklists.iterdir()}
    given = {path.name for path in demo.settings.extracts.glob("callback_outcomes/*")}

    assert issued == {"callbacks_2026-09-1.xlsx", "callbacks_2026-10-1.xlsx"}
    assert given == {"callbacks_2026-09-1.xlsx"}


def test_intake_takes_every_attempt_of_the_demo(demo):  # noqa: F811 - the fixture
    (path,) = demo.settings.extracts.glob("callback_outcomes/*")
    filled = sum(bool(row["Outcome"]) for row in rows_of(path.read_bytes()))
    with warehouse.connected(demo.settings.warehouse, read_only=True) as con:
        ends = con.execute(
            "select disposition, sum(rows)::bigint from extract.dispositions "
            "where feed = 'callback_outcomes' group by all having sum(rows) > 0"
        ).fetchall()
        taken = con.execute("select distinct month from extract.callback_outcomes").fetchall()

    assert {end: rows for end, rows in ends if end != "out_of_scope"} == {
        "received": sum(rows for end, rows in ends if end != "received"),
        "accepted": filled,
    }
    assert filled > 5
    assert taken == [(OCTOBER,)]


def test_the_ledger_knows_what_came_of_the_demos_first_list_and_not_of_its_last(demo):  # noqa: F811
    with warehouse.connected(demo.settings.callbacks, read_only=True) as ledger:
        found = ledger.execute(
            "select list_id, state, attempted_at from publish.notices where list_id is not null"
        ).fetchall()
    outcomes = Counter(state for list_id, state, _ in found if list_id == "2026-09-1")
    moments = [attempted_at for _, _, attempted_at in found if attempted_at is not None]

    assert outcomes["explained"] > outcomes["issued"]
    assert {state for list_id, state, _ in found if list_id == "2026-10-1"} == {"issued"}
    made_at = dt.datetime.combine(contact_team.issued_on(dt.date(2026, 9, 1)), dt.time(), LONDON)
    assert min(moments) > made_at
