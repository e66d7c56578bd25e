"""A force whose every feed names one person, taken in once; tests erase them from a copy of it."""

import csv
import shutil

import canaries
import pytest
import xlsxwriter
from looking import WHOLE

from csip_pipeline import calendars, monthly_tables, warehouse
from csip_pipeline.contact_points import contact_point
from csip_pipeline.extract import accounts, intake, sources
from csip_pipeline.extract.registry import FEEDS
from csip_pipeline.harmonise import contacts, people
from csip_pipeline.pseudonyms import pseudonym
from csip_pipeline.publish.callbacks.opening import opened
from csip_pipeline.reference import tables
from csip_pipeline.settings import Settings, project_root
from csip_pipeline_tests import demo_force
from csip_pipeline_tests.made_once import made_once

MONTH = calendars.parse_month(canaries.MONTH)
ADDRESS = f"{canaries.CANARY}@example.org"
RENAMED = (canaries.CANARY, "Wheatear")
STAFF = {
    "telephony/queue_log_canary.log": f"|{canaries.CANARY}|",
    "telephony/999_canary.tsv": f"\t{canaries.CANARY}\t",
    "callback_outcomes/canary.csv": canaries.CANARY,
    "panel_scores/canary.csv": canaries.CANARY,
}
"""Where the canary is a member of staff, who are somebody else here."""
OTHERS = 60
"""People who are in touch by the form besides, each once."""
NOTICE = """
select
    $id as notice_id, $cycle as cycle, $person as person_key, 'telephone' as channel,
    'answer' as clock, map {$month::date: 1} as standing, [$month::date] as months,
    now() as received_at, 90.0 as longest_seconds, false as is_still_waiting, 'It waited.' as why,
    'We answer.' as promised, $month::date + 40 as due_by, 3 as priority,
    ['risk'] as flags, []::varchar[] as released_flags, null as held_because, 'due' as state,
    null as route, null as list_id, null as claimed_at, null as issued_at, 0 as attempts,
    null as attempted_at, null as explained_at, null as safe_time, null as released_by,
    null as withdrawn_by, $reason as reason
"""


def deliver(here):
    """Every feed's files with the canary, some rows that cannot be used, and other people."""
    shutil.copytree(project_root() / "data" / "reference", here.reference)
    (here.reference / "feeds.toml").write_text(canaries.feeds_toml(), encoding="utf-8")
    canaries.deliver(here, bad=False)
    for name, as_staff in STAFF.items():
        path = here.extracts / name
        told = path.read_text(encoding="utf-8").replace(as_staff, as_staff.replace(*RENAMED))
        path.write_text(told, encoding="utf-8")
    forms = here.extracts / "web_forms/forms_canary.csv"
    others = "".join(
        f"W{number},lost_property,07/09/2026 08:50,07/09/2026 09:00,,,v{number}@example.org,,\n"
        for number in range(OTHERS)
    )
    broken = f"F9,lost_property,07/09/2026 08:50,{canaries.CANARY},,,,{canaries.PHONE},\n"
    forms.write_text(forms.read_text(encoding="utf-8") + others + broken, encoding="utf-8")


def take_in(here):
    """The month from extracts to people, as a run takes it in."""
    declared = sources.load(here.reference / "feeds.toml")
    with warehouse.connected(here.warehouse) as con:
        for table in tables.TABLES:
            tables.load(con, here.reference, table)
        catalogued = intake.catalogue(here, declared)
        for feed in FEEDS.values():
            intake.take_month(con, here, feed, catalogued, MONTH, covered={MONTH})
        for table in (accounts.INTAKE, contacts.TABLE):
            monthly_tables.rebuild(con, table, MONTH)
    with warehouse.connected(here.people) as store:
        monthly_tables.rebuild(store, people.TABLE, MONTH)


def owe(here):
    """Two notices, of which one was told; a worklist, an upload file and a list of recordings."""
    key = pseudonym(here.pseudonym_key(), "phone", contact_point("phone", canaries.PHONE))
    given = {"cycle": canaries.CYCLE, "month": MONTH, "person": key}
    with opened(here) as ledger:
        for notice in ("a" * 16, "b" * 16):
            with ledger.entry():
                ledger.add(NOTICE, {**given, "id": notice, "reason": f"Rang {canaries.PHONE}"})
        for state in ("claimed", "issued"):
            moved = f"select '{'b' * 16}' as notice_id, '{state}' as to_state, null as reason"
            with ledger.entry():
                ledger.move(moved)
    for folder in (here.worklists, here.notify_files, here.samples):
        folder.mkdir(mode=0o700)
    with xlsxwriter.Workbook(str(here.worklists / f"callbacks_{canaries.MONTH}-1.xlsx")) as book:
        book.add_worksheet("Callbacks").write_row(0, 0, ["b" * 16, "07700 900987", ADDRESS])
    for path in (
        here.notify_files / f"callbacks_{canaries.MONTH}-1_phone.csv",
        here.samples / f"{canaries.CYCLE}_calls.csv",
    ):
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([["phone number"], ["07700 900987"], ["07700900001"]])


def _quickly(folder):
    here = Settings(data=folder / "aviary")
    deliver(here)
    take_in(here)
    owe(here)
    return here


def _wholly(folder):
    here = Settings(data=folder / "whole_aviary")
    deliver(here)
    ran = demo_force.csip(here, "run", "--month", canaries.MONTH)
    assert ran.exit_code == 0, ran.output
    return here


@pytest.fixture(scope="session")
def taken_in(tmp_path_factory):
    """The data folder after one month was taken in."""
    return made_once(tmp_path_factory.getbasetemp(), "erasure", _quickly)


@pytest.fixture
def aviary(taken_in, tmp_path):
    """A copy of it, to be changed at will."""
    shutil.copytree(taken_in.data, tmp_path / "data")
    return Settings(data=tmp_path / "data")


@pytest.fixture
def whole(tmp_path_factory, tmp_path):
    """A data folder after one month's run through Dagster, to be changed at will."""
    ran = made_once(tmp_path_factory.getbasetemp(), "erasure_whole", _wholly)
    shutil.copytree(ran.data, tmp_path / "whole")
    return Settings(data=tmp_path / "whole")


@pytest.fixture(scope="session")
def erased_once(taken_in, tmp_path_factory):
    """The data folder without the canary, and what the command said."""
    here = Settings(data=tmp_path_factory.mktemp("erased") / "data")
    shutil.copytree(taken_in.data, here.data)
    return here, demo_force.csip(here, "erase", *WHOLE)


@pytest.fixture
def erased(erased_once, tmp_path):
    """A copy of it, to be changed at will."""
    shutil.copytree(erased_once[0].data, tmp_path / "data")
    return Settings(data=tmp_path / "data")


@pytest.fixture
def csip():
    """What a command says on a data folder, and how it ends; it never quotes anybody."""

    def run(here, *given):
        result = demo_force.csip(here, *given)
        assert not canaries.names_somebody(result.output)
        assert "Traceback" not in result.output
        return result

    return run
