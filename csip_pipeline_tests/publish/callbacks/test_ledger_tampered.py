"""Nobody is contacted from a ledger that was changed outside: every edit and every cut shows."""

import random
import shutil

import pytest
from callback_office import TODAY, Office, flagged_reasons, flags, reasons_with

from csip_pipeline import warehouse
from csip_pipeline.publish.callbacks import opening, seal
from csip_pipeline.refusals import RefusedError
from csip_pipeline.settings import Settings

pytestmark = pytest.mark.slow  # every way of tampering
EDITS = 100
REFUSED = "restricted/callbacks.duckdb is not as csip left it"


@pytest.fixture(scope="module")
def long_kept(furnished, tmp_path_factory):
    """A ledger of several entries, with notices held, issued and explained."""
    flags(furnished)
    flagged_reasons(furnished, reasons_with())
    office = Office(Settings(data=tmp_path_factory.mktemp("long_kept")), furnished)
    office.missed({}, {"person_key": "bob"}, {"person_key": "cat", "reason": None})
    office.issue()
    office.reported({"notice_id": office.ids()["ann"]})
    office.issue()
    office.release("cat")
    return office.settings


@pytest.fixture
def kept(long_kept, office):
    """A copy of that ledger, to be changed at will; and of what was reported of it."""
    shutil.copytree(long_kept.restricted, office.settings.restricted)
    office.missed({}, {"person_key": "bob"}, {"person_key": "cat", "reason": None})
    office.reported({"notice_id": office.ids()["ann"]})
    return office


def refusal(office):
    with pytest.raises(RefusedError) as refused, opening.opened(office.settings):
        pass
    return str(refused.value)


def edited(office, *statements):
    """Change the ledger as somebody would who has DuckDB and no key."""
    with warehouse.connected(office.settings.callbacks) as con:
        for statement in statements:
            con.execute(statement)


def unsealed_bytes(office):
    """Let the seal vouch for the chain alone, as it does for a run that was killed."""
    path = office.settings.callbacks
    told = seal.read(path)
    seal.write(path, told.head, is_closed=False)


def test_a_ledger_left_alone_opens(kept):
    with opening.opened(kept.settings) as ledger:
        assert ledger.count_by_state() == {"due": 1, "explained": 1, "issued": 1}


def test_a_hundred_single_bytes_changed_or_deleted_all_show(kept):
    chance = random.Random(5)  # noqa: S311 - any byte will do
    path = kept.settings.callbacks
    whole = path.read_bytes()
    shown = 0
    for number in range(EDITS):
        spot = chance.randrange(len(whole))
        changed = bytes([whole[spot] ^ chance.randrange(1, 256)]) if number % 2 else b""
        path.write_bytes(whole[:spot] + changed + whole[spot + 1 :])
        shown += refusal(kept).startswith(REFUSED)
    path.write_bytes(whole)

    assert shown == EDITS
    test_a_ledger_left_alone_opens(kept)


@pytest.mark.parametrize(
    "statement",
    [
        "update publish.notices set person_key = 'eve' where person_key = 'ann'",
        "update publish.notices set state = 'due' where state = 'issued'",
        "update publish.notices set flags = [] where person_key = 'cat'",
        "update publish.notices set due_by = due_by + interval 1 day where person_key = 'bob'",
        "update publish.notices set explained_at = null",
        "delete from publish.notices where person_key = 'bob'",
        "delete from publish.notices",
        "update publish.transitions set \"by\" = 'somebody else' where step = 4",
        "update publish.transitions set why = 'x' where step = 1",
        "update publish.transitions set happened_at = happened_at + interval 1 second",
        "delete from publish.transitions where step = 2",
        "delete from publish.transitions where step = (select max(step) from publish.transitions)",
        "update publish.entries set made_at = made_at - interval 1 hour where entry = 2",
        "delete from publish.entries where entry = 1",
        "delete from publish.entries where entry = (select max(entry) from publish.entries)",
        "update publish.entries set link = reverse(link) where entry = 3",
    ],
)
def test_whatever_is_changed_with_another_program_shows(kept, statement):
    edited(kept, statement)
    assert "its bytes are not those that were sealed" in refusal(kept)

    unsealed_bytes(kept)
    said = refusal(kept)
    assert said.startswith(REFUSED)
    assert len(said.splitlines()) == 1


def test_an_end_that_was_cut_off_whole_shows(kept):
    last = "(select max(entry) from publish.entries)"
    edited(
        kept,
        "update publish.notices set state = 'held', released_flags = [], released_by = null, "
        "held_because = 'Nobody recorded why they were in touch' where person_key = 'cat'",
        f"delete from publish.transitions where entry = {last}",
        f"delete from publish.entries where entry = {last}",
    )
    unsealed_bytes(kept)

    assert "it ends before entry" in refusal(kept)


def test_an_older_copy_put_back_by_itself_shows(kept, tmp_path):
    old = shutil.copy(kept.settings.callbacks, tmp_path / "old.duckdb")
    kept.withdraw("cat")
    shutil.copy(old, kept.settings.callbacks)

    assert refusal(kept).startswith(REFUSED)


def test_a_ledger_or_a_seal_that_is_gone_shows(kept):
    path = kept.settings.callbacks
    moved = path.rename(path.with_name("elsewhere"))
    assert "it is gone" in refusal(kept)
    moved.rename(path)
    seal.path_of(path).unlink()
    assert "its seal is missing" in refusal(kept)


def test_another_key_shows(kept):
    (kept.settings.restricted / "pseudonym.key").write_text("0" * 64)

    assert "the pseudonym key is another" in refusal(kept)


def test_nobody_is_contacted_from_a_changed_ledger(kept):
    edited(kept, "update publish.notices set state = 'due', list_id = null")
    before = kept.listed()

    with pytest.raises(RefusedError, match="is not as csip left it"):
        kept.issue()
    assert kept.listed() == before


def test_somebody_who_answers_for_a_change_seals_it_anew_and_the_old_chain_is_kept(kept):
    edited(kept, "update publish.notices set why = 'Put right by hand.' where person_key = 'cat'")
    opening.reseal(kept.settings, by="A. Lead", why="Restored from the backup of 3 November.")

    assert kept.issue(today=TODAY).new == 0
    (first,) = kept.ledger('select distinct "by", why from publish.transitions where entry = 1')
    assert first == ("A. Lead", "sealed anew: Restored from the backup of 3 November.")
    ((older,),) = kept.ledger("select count(*) from publish.transitions_1")
    assert older > 5
    assert kept.states() == {"ann": "explained", "bob": "issued", "cat": "issued"}


EARLIER = """
create table publish.notices (
    notice_id varchar primary key, cycle varchar not null, month date not null,
    person_key varchar not null, channel varchar not null, clock varchar not null,
    breaches bigint not null, received_at timestamptz not null, why varchar not null,
    promised varchar not null, due_by date not null, priority bigint not null,
    held_because varchar, state varchar not null, list_id varchar
);
create table publish.transitions (
    notice_id varchar not null, from_state varchar, to_state varchar not null,
    happened_at timestamptz not null, "by" varchar not null, why varchar
)
"""
"""What the first version of the ledger looked like."""


def test_a_ledger_of_an_earlier_version_is_taken_over_and_nobody_is_told_again(office):
    office.missed({}, {"person_key": "bob"})
    office.issue()
    ids = office.ids()
    office.forget()
    for path in office.settings.worklists.iterdir():
        path.unlink()
    with warehouse.connected(office.settings.callbacks) as con:
        con.execute(EARLIER)
        con.execute(
            "insert into publish.notices values (?, '2026-Q4', '2026-10-01', 'ann', 'telephone', "
            "'answer', 1, '2026-10-05 09:00Z', 'Why', 'Promised', '2026-11-14', 3, null, "
            "'issued', '2026-10-1')",
            [ids["ann"]],
        )
    office.issue()

    assert office.states() == {"ann": "issued", "bob": "issued"}
    assert office.listed() == {"callbacks_2026-10-2.xlsx": [ids["bob"]]}
    assert office.ledger("select count(*) from publish.notices_before") == [(1,)]
