"""A published pack is never overwritten: the same figures are the same file, others another."""

import hashlib
import itertools
import json
import os
import shutil

import pytest

from csip_pipeline.publish import edition_checks, edition_folders, edition_making, manifests
from csip_pipeline.refusals import RefusedError

PACK, SECOND = "panel_pack_2026-Q4.xlsx", "panel_pack_2026-Q4_revision_2.xlsx"
ONE_MORE = ("measure.staffing", "agents_erlang_c = agents_erlang_c + 1")


def manifest(press, cycle="2026-Q4"):
    return json.loads(press.files(cycle)["manifest.json"])


def listed(press, cycle="2026-Q4"):
    """Every file that the two manifests list, with its hash."""
    files = press.files(cycle)
    told = {}
    for name in ("manifest.json", "restricted/manifest.json"):
        for entry in json.loads(files[name])["editions"]:
            kept = [entry[key] for key in ("figures", "statement") if key in entry]
            told |= {each["file"]: each["sha256"] for each in (*entry["files"], *kept)}
    return told


def sha256(content):
    return hashlib.sha256(content).hexdigest()


def test_the_first_edition_is_listed_with_what_it_was_made_from(press, demo):
    edition = press.first()

    assert (edition.path.name, edition.revision, edition.is_new) == (PACK, 1, True)
    told = manifest(press)
    assert (told["cycle"], told["title"]) == ("2026-Q4", "October to December 2026")
    (entry,) = told["editions"]
    files = press.files()
    assert entry["sha256"] == edition.sha256 == sha256(files[PACK])
    assert listed(press) == {
        name: sha256(content) for name, content in files.items() if "manifest.json" not in name
    }
    assert entry["as_at"] == "2026-11-04T05:00:00+00:00"
    own = [*demo.settings.extracts.glob("*/*2026-10*")]
    given_back = [*demo.settings.extracts.glob("callback_outcomes/*")]  # September's list
    delivered = {path.name: sha256(path.read_bytes()) for path in (*own, *given_back)}
    assert {each["file"]: each["sha256"] for each in entry["inputs"]} == delivered


def test_the_same_figures_are_no_new_edition(press):
    press.first()
    before = press.files()
    again = press.publish()

    assert (again.revision, again.is_new) == (1, False)
    assert press.files() == before


def test_the_same_tables_give_the_same_bytes_in_another_folder(press, demo):
    press.first()

    published = demo.settings.published / "2026-Q4" / PACK
    assert press.files()[PACK] == published.read_bytes()


def test_a_changed_figure_makes_a_revision_beside_the_untouched_first(press):
    press.first()
    first = press.files()[PACK]
    press.change(*ONE_MORE)
    edition = press.publish()

    files = press.files()
    assert (edition.path.name, edition.revision, edition.is_new) == (SECOND, 2, True)
    assert files[PACK] == first
    assert [
        (entry["revision"], entry["file"], entry["sha256"]) for entry in manifest(press)["editions"]
    ] == [(1, PACK, sha256(first)), (2, SECOND, sha256(files[SECOND]))]
    assert all(entry["inputs"] for entry in manifest(press)["editions"])


@pytest.mark.slow
def test_figures_that_change_back_are_one_more_revision(press):
    press.first()
    press.change(*ONE_MORE)
    press.publish()
    press.change("measure.staffing", "agents_erlang_c = agents_erlang_c - 1")

    assert press.publish().revision == 3
    assert press.publish().is_new is False


MADE = {}


@pytest.fixture
def make_each_once(monkeypatch):
    """A revision of the same figures is the same: it need not be made for every step it dies at."""
    make = edition_making.make

    def once(whole, published):
        if whole.revision not in MADE:
            MADE[whole.revision] = make(whole, published)
        return MADE[whole.revision]

    monkeypatch.setattr(edition_making, "make", once)


@pytest.mark.slow
@pytest.mark.parametrize("step", ["first put", "last put", "place", "restricted", "public"])
@pytest.mark.parametrize("editions_before", [pytest.param(0, marks=pytest.mark.soak), 1])
@pytest.mark.usefixtures("make_each_once")
def test_a_run_killed_while_it_publishes_and_run_again_is_whole(
    press, monkeypatch, step, editions_before
):
    if editions_before:
        press.first()
        press.change(*ONE_MORE)
    before = press.files() if editions_before else {}
    with monkeypatch.context() as patched:
        kill_at(step, patched)
        with pytest.raises(KeyboardInterrupt):
            press.publish()
    left = press.files()
    assert {name: left[name] for name in before if "manifest.json" not in name} == {
        name: content for name, content in before.items() if "manifest.json" not in name
    }
    assert left.get("manifest.json") == before.get("manifest.json")
    edition = press.publish()

    assert (edition.revision, edition.is_new) == (editions_before + 1, True)
    files = press.files()
    assert listed(press) == {
        name: sha256(content) for name, content in files.items() if "manifest.json" not in name
    }
    assert not [name for name in files if ".part" in name or ".staging" in name]


def kill_at(step, patched):
    """End the run at a step of publishing, as a power cut would."""

    def dies(*_given, **_named):
        raise KeyboardInterrupt

    if step == "place":
        patched.setattr(edition_folders, "place", dies)
    elif step in ("restricted", "public"):
        update = manifests.update

        def dies_at(folder, cycle, change):
            if (folder.name == "restricted") == (step == "restricted"):
                raise KeyboardInterrupt
            return update(folder, cycle, change)

        patched.setattr(manifests, "update", dies_at)
    else:
        put, count = edition_folders.put, itertools.count()

        def dies_after(path, content):
            if next(count) == (0 if step == "first put" else 40):
                raise KeyboardInterrupt
            return put(path, content)

        patched.setattr(edition_folders, "put", dies_after)


def test_an_edition_that_was_moved_away_is_put_back(press):
    edition = press.first()
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
    broken = {".xlsx": lambda _: ["Waits: A1 is merged.", "Another."]}
    monkeypatch.setattr(edition_checks, "LINTS", broken)

    with pytest.raises(RefusedError, match=r"breaks 2 rule\(s\).*Waits: A1 is merged"):
        press.publish()
    assert press.files() == {}


@pytest.mark.slow
def test_an_extract_delivered_again_is_listed_with_the_edition_it_made(press):
    press.first()
    query = "select * replace ('again.csv' as file) from extract.intake where file like 'forms%'"
    press.con.execute(f"insert into extract.intake {query}")
    press.publish()

    inputs = [[each["file"] for each in entry["inputs"]] for entry in manifest(press)["editions"]]
    assert ["again.csv" in files for files in inputs] == [False, True]


@pytest.mark.slow
def test_a_cycle_is_published_in_a_folder_of_its_own(press):
    press.first()
    before = press.files()
    press.publish("2026-Q3")
    shutil.rmtree(press.published / "2026-Q3")

    assert press.files() == before


@pytest.mark.skipif(os.name == "nt", reason="modes")
def test_what_hides_nothing_is_its_owners_alone_whatever_the_umask(press):
    edition = press.publish()

    assert edition.restricted.parent.stat().st_mode & 0o077 == 0
