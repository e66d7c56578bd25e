"""A pack says what is in, marks what is not, names nobody and can be read by everybody."""

import zipfile

import openpyxl
import pytest

from csip_pipeline import monthly_tables
from csip_pipeline.harmonise import call_legs, contacts, further_messages
from csip_pipeline.measure import callbacks, registry
from csip_pipeline.publish import pack_figures, workbook_lint
from csip_pipeline_tests.demo_force import CYCLES, canaries, words

OCTOBER = "month = '2026-10-01'"
REBUILT = (contacts.TABLE, call_legs.TABLE, further_messages.TABLE, *registry.TABLES)
FEEDS = ("telephony", "web_forms", "web_chats", "social")


def only(press, *feeds):
    """October as it is where no other feed sent anything."""
    for feed in set(FEEDS) - set(feeds):
        press.con.execute(f"delete from extract.{feed} where {OCTOBER}")
        press.con.execute(f"delete from extract.intake where {OCTOBER} and feed = '{feed}'")
    for table in REBUILT:
        if not table.is_history:
            monthly_tables.rebuild(press.con, table, press.cycles["2026-Q4"].months[0])
    press.con.execute(
        f"delete from publish.callback_list where {OCTOBER} and (channel, clock, person_key) "
        f"not in (select (channel, clock, person_key) from measure.breaches where {OCTOBER})"
    )
    press.history()


def cells(edition, sheet):
    """A worksheet's rows: heading, without its notes, to value."""
    rows = list(openpyxl.load_workbook(edition.restricted)[sheet].iter_rows(values_only=True))
    start = next(place for place, row in enumerate(rows) if str(row[0]).startswith("Month"))
    headings = [str(heading).partition("[")[0].strip() for heading in rows[start]]
    return [dict(zip(headings, row, strict=True)) for row in rows[start + 1 :]]


def october(edition, sheet):
    return [row for row in cells(edition, sheet) if "October 2026" in str(row_month(row))]


def row_month(row):
    month = next(iter(row.values()))
    return f"{month:%B %Y}" if hasattr(month, "year") else month


def text_of(edition, sheet):
    rows = openpyxl.load_workbook(edition.restricted)[sheet].iter_rows(values_only=True)
    return " ".join(str(cell) for row in rows for cell in row if cell is not None)


@pytest.mark.parametrize(
    "feeds",
    [
        pytest.param(FEEDS, id="the whole demo"),
        pytest.param(("telephony",), id="only telephony", marks=pytest.mark.slow),
        pytest.param(("web_forms",), id="only forms", marks=pytest.mark.soak),
        pytest.param(("social",), id="only social media", marks=pytest.mark.soak),
        pytest.param(
            ("telephony", "web_forms", "web_chats"), id="all but one", marks=pytest.mark.slow
        ),
    ],
)
def test_a_pack_keeps_every_rule_whatever_came_in(press, feeds):
    only(press, *feeds)
    edition = press.publish()

    assert workbook_lint.lint(edition.path) == []
    assert workbook_lint.lint(edition.restricted) == []


def test_a_cycle_with_one_month_in_says_so(press):
    edition = press.first()

    cover = text_of(edition, "Cover")
    assert "Not in yet: November 2026, December 2026." in cover
    assert workbook_lint.lint(edition.path) == []


def test_a_missing_feed_is_marked_in_the_tables_and_named_on_the_cover(press):
    only(press, "telephony", "web_forms", "web_chats")
    edition = press.publish()

    assert "Missing in October 2026: social." in text_of(edition, "Cover")
    (contacts_row,) = october(edition, "Channel contacts")
    assert contacts_row["Social media"] == "[x]"
    assert contacts_row["Telephone"] > 0
    (shares,) = october(edition, "Channel shares")
    assert {shares[name] for name in ("Telephone", "Web forms", "Social media")} == {"[x]"}
    assert shares["Missing"] == "Social media"
    (gap,) = [row for row in october(edition, "Data quality") if row["Feed"] == "Social media"]
    assert gap["File"] == "No file arrived"
    assert "digital." not in text_of(edition, "Cover")


@pytest.mark.slow
def test_the_months_of_a_whole_feed_keep_their_shares(press):
    only(press, "telephony", "web_forms", "web_chats")
    edition = press.publish()

    (september,) = [
        row for row in cells(edition, "Channel shares") if "September 2026" in str(row_month(row))
    ]
    assert september["Missing"] == "None"
    assert 0 < september["Digital share"] < 1


def test_a_person_missed_in_two_months_is_owed_one_explanation(press):
    query = "select * replace ('2026-11-01'::date as month) from {} where month = '2026-10-01'"
    for table in ("measure.breaches", "publish.callback_list"):
        press.con.execute(f"insert into {table} {query.format(table)}")
    monthly_tables.rebuild_history(press.con, callbacks.TABLE)
    owed = (
        "select count(distinct notice_id) from publish.callback_list "
        "where month >= '2026-10-01' and state != 'withdrawn'"
    )
    ((people,),) = press.con.sql(owed).fetchall()

    assert f"Of {people:,} explanations owed, " in text_of(press.publish(), "Cover")


def test_what_became_of_explanations_is_a_sheet_that_keeps_every_rule(press):
    told = "state = 'explained', explained_at = '2026-11-20 10:00Z'"
    press.change("publish.callback_list", told, f"{OCTOBER} and state = 'issued'")
    monthly_tables.rebuild_history(press.con, callbacks.TABLE)
    edition = press.publish()

    whole, *kinds = october(edition, "Explanations")
    assert whole["Channel"] == "All channels"
    assert whole["Owed"] == sum(kind["Owed"] for kind in kinds)
    assert 0 < whole["Explained"] <= whole["Owed"]
    assert workbook_lint.lint(edition.path) == []


def test_people_are_counted_under_the_standard_that_owes_them_an_explanation(press):
    edition = press.first()

    rows = october(edition, "Breaches")
    counted = press.con.sql(
        "select sum(missed) from (select count(*) as missed from measure.breaches "
        f"where {OCTOBER} group by standard_id)"
    ).fetchall()
    assert sum(row["Times missed"] for row in rows) == counted[0][0]


def test_every_row_received_is_accounted_for_in_the_pack(press):
    edition = press.first()

    ends = ("Accepted", "Duplicate", "Superseded", "Unusable", "Out of scope")
    rows = [row for row in october(edition, "Data quality") if row["File"] != "No file arrived"]
    for row in rows:
        assert row["Received"] == sum(row[end] for end in ends)
    assert len(rows) == 7  # six feeds' files, and the list that came back


@pytest.mark.slow
def test_only_a_feed_that_comes_every_month_is_marked_where_no_file_arrived(press):
    press.con.execute(f"delete from extract.intake where {OCTOBER} and feed != 'telephony'")

    rows = october(press.publish(), "Data quality")

    absent = [row["Feed"] for row in rows if row["File"] == "No file arrived"]
    assert sorted(absent) == ["Social media", "Visits to the website", "Web chats", "Web forms"]


@pytest.mark.slow
def test_each_system_is_said_to_have_come_in_time_late_refused_or_not_at_all(press):
    for source, status in (("website chat", "late"), ("999 control room", "refused")):
        press.change("extract.arrivals", f"status = '{status}'", f"source = '{source}'")
    missing = "status = 'missing', files = 0, first_extracted_at = null"
    press.change("extract.arrivals", missing, "source = 'social media'")
    edition = press.publish()

    assert {row["System"]: row["Came"] for row in october(edition, "Arrivals")} == {
        "101 telephone exchange": "In time",
        "999 control room": "Refused",
        "social media": "Nothing came",
        "website analytics": "In time",
        "website chat": "Late",
        "website forms": "In time",
    }
    assert workbook_lint.lint(edition.path) == []


def test_missing_hours_are_told_on_london_clocks_and_on_the_cover(press):
    press.con.execute(
        "insert into extract.missing_hours values ('2026-10-01', 'telephony', '101', "
        "'2026-10-13 08:00+00', '2026-10-13 11:00+00', 3, 41.2), "
        "('2026-10-01', 'web_chats', null, '2026-10-14 08:00+00', '2026-10-14 10:00+00', 2, 12.5)"
    )
    edition = press.publish()
    calls, chats = october(edition, "Missing hours")

    assert (calls["Feed"], calls["Line"], chats["Line"]) == ("Telephony", "101", "[z]")
    assert [f"{calls[when]:%d %H:%M}" for when in ("From", "To")] == ["13 09:00", "13 12:00"]
    assert (calls["Hours"], round(calls["Contacts usual then"])) == (3, 41)
    assert "logged nothing for 5 hours: see the worksheet Missing hours." in text_of(
        edition, "Cover"
    )
    assert workbook_lint.lint(edition.path) == []


@pytest.mark.parametrize("cycle", CYCLES)
def test_nothing_in_an_edition_names_or_reaches_anybody(press, demo, cycle):
    """Workbooks with what they say of themselves and of charts, pages, CSV, manifests."""
    press.first(cycle)
    parts = {}
    for path in (press.published / cycle).rglob("*.*"):
        if path.suffix == ".xlsx":
            with zipfile.ZipFile(path) as package:
                told = {name: package.read(name).decode() for name in package.namelist()}
                parts |= {f"{path.name} {name}": part for name, part in told.items()}
        elif path.is_file():
            parts[path.name] = path.read_text(encoding="utf-8")
    named = canaries(demo.settings)
    assert len(named) > 1000
    assert {"manifest.json", f"panel_pack_{cycle}.html", "headlines.csv"} <= parts.keys()
    assert [name for name, part in parts.items() if words(part) & named] == []


def test_a_pack_rests_on_the_tables_that_its_queries_read():
    assert {name.partition(".")[0] for name in pack_figures.reads()} == {
        "extract",
        "measure",
        "publish",
        "reference",
    }
    assert "extract.intake" in pack_figures.reads()
    assert {"measure.callbacks", "publish.callback_list"} <= set(pack_figures.reads())
