"""A published pack is never overwritten: the same figures are the same file, others another."""

import hashlib
import json
import shutil

import pytest

from csip_pipeline.publish import editions, workbook_lint
from csip_pipeline.refusals import RefusedError

PACK, SECOND = "panel_pack_2026-Q4.xlsx", "panel_pack_2026-Q4_revision_2.xlsx"
FIGURES, SECOND_FIGURES = (name.replace(".xlsx", "_figures.json") for name in (PACK, SECOND))
ONE_MORE = ("measure.channel_shift", "contacts = contacts + 1")


def manifest(press, cycle="2026-Q4"):
    return json.loads(press.files(cycle)["manifest.json"])


def sha256(content):
    return hashlib.sha256(content).hexdigest()


def test_the_first_edition_is_listed_with_what_it_was_made_from(press, demo):
    edition = press.publish()

    assert (edition.path.name, edition.revision, edition.is_new) == (PACK, 1, True)
    told = manifest(press)
    assert (told["cycle"], told["title"]) == ("2026-Q4", "October to December 2026")
    (entry,) = told["editions"]
    assert entry["sha256"] == edition.sha256 == sha256(press.files()[PACK])
    assert entry["as_at"] == "2026-11-04T05:00:00+00:00"
    own = [*demo.settings.extracts.glob("*/*2026-10*")]
    given_back = [*demo.settings.extracts.glob("callback_outcomes/*")]  # September's list
    delivered = {path.name: sha256(path.read_bytes()) for path in (*own, *given_back)}
    assert {each["file"]: each["sha256"] for each in entry["inputs"]} == delivered


def test_the_same_figures_are_no_new_edition(press):
    press.publish()
    before = press.files()
    again = press.publish()

    assert (again.revision, again.is_new) == (1, False)
    assert press.files() == before


def test_the_same_tables_give_the_same_bytes_in_another_folder(press, demo):
    press.publish()

    published = demo.settings.published / "2026-Q4" / PACK
    assert press.files()[PACK] == published.read_bytes()


def test_a_changed_figure_makes_a_revision_beside_the_untouched_first(press):
    press.publish()
    first = press.files()[PACK]
    press.change(*ONE_MORE)
    edition = press.publish()

    files = press.files()
    assert (edition.path.name, edition.revision, edition.is_new) == (SECOND, 2, True)
    assert sorted(files) == sorted(["manifest.json", PACK, SECOND, FIGURES, SECOND_FIGURES])
    assert files[PACK] == first
    assert [
        (entry["revision"], entry["file"], entry["sha256"]) for entry in manifest(press)["editions"]
    ] == [(1, PACK, sha256(first)), (2, SECOND, sha256(files[SECOND]))]
    assert all(entry["inputs"] for entry in manifest(press)["editions"])


def test_figures_that_change_back_are_one_more_revision(press):
    press.publish()
    press.change(*ONE_MORE)
    press.publish()
    press.change("measure.channel_shift", "contacts = contacts - 1")

    assert press.publish().revision == 3
    assert press.publish().is_new is False


@pytest.mark.parametrize("file", [PACK, FIGURES, "manifest.json"])
@pytest.mark.parametrize("editions_before", [0, 1])
def test_a_run_killed_while_it_publishes_and_run_again_is_whole(
    press, monkeypatch, file, editions_before
):
    if editions_before:
        press.publish()
        press.change(*ONE_MORE)
        file = file.replace("2026-Q4", "2026-Q4_revision_2")
    put = editions.put

    def dies(path, content):
        if path.name == file:
            raise KeyboardInterrupt
        return put(path, content)

    monkeypatch.setattr(editions, "put", dies)
    with pytest.raises(KeyboardInterrupt):
        press.publish()
    monkeypatch.setattr(editions, "put", put)
    edition = press.publish()

    assert (edition.revision, edition.is_new) == (editions_before + 1, True)
    files = press.files()
    listed = {
        each["file"]: each["sha256"]
        for entry in manifest(press)["editions"]
        for each in (entry, entry["figures"])
    }
    assert listed == {name: sha256(files[name]) for name in files if name != "manifest.json"}
    assert len(listed) == 2 * (editions_before + 1)


def test_an_edition_that_was_moved_away_is_put_back(press):
    edition = press.publish()
    edition.path.unlink()
    again = press.publish()

    assert (again.revision, again.is_new) == (1, False)
    assert sha256(edition.path.read_bytes()) == edition.sha256


def test_a_cycle_of_which_no_month_has_been_run_is_refused_with_what_to_do(press):
    with pytest.raises(RefusedError, match="csip run --from 2024-10 --to 2024-12") as refused:
        press.publish("2024-Q4")

    assert str(refused.value).startswith("There is nothing to publish for 2024-Q4")
    assert not (press.published / "2024-Q4").exists()


def test_a_warehouse_in_which_nothing_was_run_is_refused_alike(press):
    press.con.execute("drop table measure.service_levels")

    with pytest.raises(RefusedError, match="none of its months has been run"):
        press.publish()


def test_a_workbook_that_breaks_a_rule_is_not_published(press, monkeypatch):
    monkeypatch.setattr(workbook_lint, "lint", lambda _: ["Waits: A1 is merged.", "Another."])

    with pytest.raises(RefusedError, match=r"breaks 2 rule\(s\).*Waits: A1 is merged"):
        press.publish()
    assert press.files() == {}


def test_an_extract_delivered_again_is_listed_with_the_edition_it_made(press):
    press.publish()
    query = "select * replace ('again.csv' as file) from extract.intake where file like 'forms%'"
    press.con.execute(f"insert into extract.intake {query}")
    press.publish()

    inputs = [[each["file"] for each in entry["inputs"]] for entry in manifest(press)["editions"]]
    assert ["again.csv" in files for files in inputs] == [False, True]


def test_a_cycle_is_published_in_a_folder_of_its_own(press):
    press.publish()
    before = press.files()
    press.publish("2026-Q3")
    shutil.rmtree(press.published / "2026-Q3")

    assert press.files() == before
