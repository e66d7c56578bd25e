"""A restated month says which figures of which published packs it changed, and by how much."""

import datetime as dt
import json

import pytest

from csip_pipeline.publish import edition_figures, pack_figures, panel_pack, restatements
from csip_pipeline.publish.edition_figures import Change
from csip_pipeline.publish.restatements import Restated
from csip_pipeline_tests.demo_force import canaries, words

SEPTEMBER, OCTOBER, NOVEMBER = (dt.date(2026, month, 1) for month in (9, 10, 11))
IN_OCTOBER = "month = '2026-10-01'"
LEVEL = f"{IN_OCTOBER} and clock = 'end_to_end' and level = 'line' and line = '101'"


@pytest.fixture
def published(press):
    """The pack of October's cycle, published."""
    press.first()
    return press


def restated(press, *months):
    asked = set(months) if months else None
    return restatements.restated(press.con, press.published, press.cycles.values(), asked)


def test_a_pack_that_still_agrees_is_not_restated(published):
    assert restated(published) == restated(published, OCTOBER) == []


def test_each_changed_figure_is_counted_under_its_worksheet_and_one_is_shown(published):
    published.change("measure.service_levels", "service_level = 0.5, abandoned = 321", LEVEL)
    (pack,) = restated(published, OCTOBER)

    assert (pack.cycle, pack.revision, pack.months) == ("2026-Q4", 1, [OCTOBER])
    assert pack.by_sheet == {"Answer performance": 1, "Service levels": 2, "Other formulas": 1}
    told = str(pack)
    assert told.startswith(
        "2026-10 is in the published pack of 2026-Q4 (revision 1). Figures that changed: "
        "Answer performance 1, Service levels 2, Other formulas 1 (for example Answer performance, "
        "October 2026: 101 calls "
    )
    assert told.endswith(" is now 50.0%). Publish the revision: csip pack --cycle 2026-Q4")
    assert pack.as_dict()["changed"] == pack.by_sheet


@pytest.mark.slow
def test_a_revision_that_was_published_agrees_again(published):
    published.change("measure.service_levels", "service_level = 0.5", LEVEL)
    assert published.publish().revision == 2

    assert restated(published) == []


def test_a_row_that_is_gone_or_new_changes_each_of_its_figures(published):
    published.con.execute(f"delete from measure.channel_shift where {IN_OCTOBER}")
    (pack,) = restated(published)

    gone = [change for change in pack.changes if change.sheet == "Channel contacts"]
    assert {(change.row, change.after) for change in gone} == {("October 2026", "nothing")}
    assert len(gone) == 5


def test_only_packs_that_draw_on_the_month_are_asked(published):
    published.change("measure.channel_shift", "contacts = contacts + 1", IN_OCTOBER)

    assert restated(published, NOVEMBER, OCTOBER)[0].months == [OCTOBER, NOVEMBER]
    assert restated(published, dt.date(2027, 1, 1)) == []
    assert restated(published, SEPTEMBER)[0].months == [SEPTEMBER], "its charts look back"


@pytest.mark.slow
def test_an_earlier_cycles_pack_is_left_alone(published):
    published.publish("2026-Q3")
    published.change("measure.channel_shift", "contacts = contacts + 1", IN_OCTOBER)

    assert [pack.cycle for pack in restated(published)] == ["2026-Q4"]


def test_what_came_in_is_no_figure_of_contact(published):
    published.con.execute("update extract.intake set file = 'renamed.csv'")
    published.con.execute("delete from extract.arrivals")

    assert restated(published) == []


def edition(press):
    return json.loads((press.published / "2026-Q4" / "restricted" / "manifest.json").read_text())


@pytest.mark.parametrize("damage", ["missing", "another", "older"])
def test_a_pack_that_does_not_hold_its_figures_says_how_to_find_out(published, damage):
    folder = published.published / "2026-Q4" / "restricted"
    (figures,) = folder.glob("*_figures.json")
    if damage == "missing":
        figures.unlink()
    elif damage == "another":
        figures.write_text('{"tables": {}}')
    else:
        manifest = edition(published)
        del manifest["editions"][0]["figures"]
        (folder / "manifest.json").write_text(json.dumps(manifest))
    (pack,) = restated(published, OCTOBER)

    assert pack.changes is None
    assert "does not hold its figures as data" in str(pack)
    assert str(pack).endswith("csip pack --cycle 2026-Q4")
    assert pack.as_dict()["changed"] is None


def test_a_warehouse_that_is_being_rebuilt_restates_nothing(published):
    published.con.execute("drop table measure.channel_shift")

    assert restated(published) == []


def change(heading, old, new, kind="text"):
    return Change("headlines", "Headlines", "101", "said", heading, kind, old, new)


def test_a_figure_in_words_has_no_full_stop_before_a_bracket():
    told = str(change("Answered", "90 of 100 calls, not met.", "95 of 100 calls, met."))

    assert told == "Headlines, 101: Answered 90 of 100 calls, not met is now 95 of 100 calls, met"


def test_a_number_is_shown_for_example_rather_than_words():
    changes = [change("Answered", "9 calls.", "8 calls."), change("Calls", 9, 8, "count")]
    told = str(Restated("2026-Q4", 1, [], changes))

    assert " (for example Headlines, 101: Calls 9 is now 8). Publish" in told


def test_many_months_are_told_by_the_first_and_the_last():
    months = [dt.date(2026, month, 1) for month in range(1, 7)]
    told = str(Restated("2026-Q2", 3, months, None))

    assert told.startswith("2026-01 to 2026-06 are in the published pack of 2026-Q2 (revision 3).")


def test_the_figures_are_the_packs_own_and_name_nobody(published, demo):
    (path,) = (published.published / "2026-Q4" / "restricted").glob("*_figures.json")
    content = path.read_bytes()
    pack = panel_pack.draft(pack_figures.read(published.con, published.cycles["2026-Q4"]))
    tables = json.loads(content)["tables"]

    assert edition_figures.as_json(pack.tables) == content
    for name, table in tables.items():
        assert len(table["rows"]) == len(pack.tables[name].rows)
    assert set(tables) == set(pack.tables) - {
        "data_quality",
        "arrivals",
        "missing_hours",
        "definitions",
    }
    assert words(content.decode()) & canaries(demo.settings) == set()
