"""After an erasure nobody finds the person in any store, and no file brings them back."""

import json
import re
import shutil

import canaries
import click.testing
import pytest
from looking import BY, EVERYBODY, WHOLE, counts, found, keys, known, stores

from csip_pipeline import cli, warehouse
from csip_pipeline.erasure import databases, delivered, files, notices
from csip_pipeline.extract import marks
from csip_pipeline.publish.callbacks.opening import opened
from csip_pipeline.refusals import RefusedError
from csip_pipeline_tests import demo_force
from csip_pipeline_tests.erasure.conftest import OTHERS, take_in

SAID_ALONE = "extracts/web_chats/ticket_chat_event_canary.csv"
"""The file that has the canary in what somebody wrote, which no copy of ours keeps."""


def test_not_a_byte_of_them_is_left_and_every_row_still_counts(taken_in, erased_once):
    assert stores(taken_in) == {"extracts", "restricted", "warehouse.duckdb"}
    assert known(taken_in) > 3

    here, said = erased_once

    assert said.exit_code == 0, said.output
    assert re.search(r"^0 found in \d+ stores", said.output, re.MULTILINE)
    assert not canaries.names_somebody(said.output)
    assert found(here) == []
    assert counts(here) == counts(taken_in)
    with warehouse.connected(here.people, read_only=True) as store:
        assert store.execute("select count(*) from harmonise.people").fetchall() == [(OTHERS,)]


def test_the_log_says_what_was_done_and_not_of_whom(erased_once):
    here, _ = erased_once

    (line,) = here.erasures.read_text(encoding="utf-8").splitlines()
    told = json.loads(line)
    assert (told["by"], told["reason"], told["left"]) == (BY[1], BY[3], 0)
    assert told["rows"]["people.duckdb"] > 0
    for path in (here.erased, here.erasures, here.people, here.callbacks):
        assert path.stat().st_mode & 0o777 == 0o600, path.name


def test_who_was_not_told_never_is_and_who_was_still_counts(erased):
    with opened(erased) as ledger:
        assert ledger.count_by_state() == {"issued": 1, "withdrawn": 1}
        people = ledger.fetch("select person_key, flags from publish.notices order by notice_id")
        assert people["person_key"].tolist() == [f"erased {letter * 16}" for letter in "ab"]
        assert [list(flags) for flags in people["flags"]] == [[], []]
        why = ledger.fetch("select why from publish.transitions where why like 'Rang%'")
        assert set(why["why"]) == {"Rang erased"}


def test_our_copies_stand_in_for_the_files_that_went(taken_in, erased):
    before = counts(taken_in)

    take_in(erased)

    assert counts(erased) == before
    assert known(erased) == 0
    assert found(erased) == []


@pytest.mark.slow
def test_neither_the_old_files_nor_a_corrected_one_bring_them_back(taken_in, erased, csip):
    before = counts(taken_in)
    shutil.copytree(taken_in.extracts, erased.extracts, dirs_exist_ok=True)
    shutil.rmtree(erased.canonical)
    forms = erased.extracts / "web_forms/forms_canary.csv"
    corrected = forms.read_text(encoding="utf-8").replace("lost_property", "report_asb")
    forms.with_name("forms_corrected.csv").write_text(corrected, encoding="utf-8")

    take_in(erased)

    assert known(erased) == 0
    assert stores(erased) == {"extracts"}
    assert counts(erased)[1] == before[1]

    removed = csip(erased, "erase", "--redelivered", *BY)

    assert removed.exit_code == 0
    assert "forms_corrected.csv" in removed.output
    assert found(erased) == [SAID_ALONE]


@pytest.mark.parametrize(
    "left",
    [
        pytest.param(slice(1, None), id="the first is gone"),
        pytest.param(slice(0, 2), id="the last is gone"),
        pytest.param(slice(0), id="all are gone"),
    ],
)
def test_marks_that_were_tampered_with_stop_intake(erased, left):
    text = erased.erased.read_text(encoding="utf-8")
    assert not any(key in text for key in keys(erased))
    erased.erased.write_text("\n".join(text.splitlines()[left]), encoding="utf-8")

    with pytest.raises(RefusedError, match=r"erased\.jsonl is not as csip left it"):
        marks.load(erased)


@pytest.mark.parametrize(
    ("given", "told", "code"),
    [
        pytest.param([*BY], "Say whom", 2, id="nobody named"),
        pytest.param(["--phone", "999"], "--by and --reason", 2, id="nobody answers"),
        pytest.param(["--phone", "999", *BY], "is no phone that could be known", 1, id="no number"),
        pytest.param(
            ["--phone", "07700 900002", *BY], "Nobody is known by that", 1, id="a stranger"
        ),
        pytest.param(
            ["--phone", canaries.PHONE, "--by", "me", "--reason", "for 07700 900 987", "--yes"],
            "one of them holds what is to be erased",
            1,
            id="a reason that names them",
        ),
    ],
)
def test_what_cannot_be_done_changes_nothing(aviary, csip, given, told, code):
    refused = csip(aviary, "erase", *given)

    assert refused.exit_code == code
    assert told in refused.output
    assert not aviary.erased.exists()
    assert known(aviary) > 3


@pytest.mark.parametrize(
    ("piped", "told"),
    [
        pytest.param("999\n", "is no phone that could be known", id="a value"),
        pytest.param("", "No phone was given", id="nothing"),
    ],
)
def test_a_value_is_read_from_the_input_so_that_no_history_keeps_it(aviary, piped, told):
    runner = click.testing.CliRunner(env={"CSIP_DATA": str(aviary.data)})

    refused = runner.invoke(cli.csip, ["erase", "--phone", "-", *BY], input=piped)

    assert refused.exit_code == 1
    assert told in refused.output


@pytest.mark.slow
def test_suppliers_files_stay_until_somebody_says_otherwise(aviary, csip):
    before = {path: path.read_bytes() for path in aviary.extracts.rglob("*.*")}

    erased = csip(aviary, "erase", *EVERYBODY, *BY)

    assert erased.exit_code == 1
    assert "the same again with --remove-extracts" in erased.output
    assert stores(aviary) == {"extracts"}
    assert {path: path.read_bytes() for path in aviary.extracts.rglob("*.*")} == before


@pytest.mark.slow
@pytest.mark.parametrize(
    ("module", "step"),
    [
        pytest.param(delivered, "put_copies_in_place", id="before suppliers' files"),
        pytest.param(files, "take_out", id="before our files"),
        pytest.param(databases, "copy", id="before a database is copied"),
        pytest.param(notices, "take_out", id="before the ledger"),
    ],
)
def test_an_erasure_cut_short_is_finished_by_the_next(aviary, csip, monkeypatch, module, step):
    def killed(*_, **__):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(module, step, killed)
        assert csip(aviary, "erase", *WHOLE).exit_code == 1
    assert found(aviary) != []

    assert csip(aviary, "erase", *WHOLE).exit_code == 0
    assert found(aviary) == []


@pytest.mark.slow
def test_a_month_run_after_an_erasure_names_nobody_and_counts_everybody(whole, csip):
    before = counts(whole)

    erased = csip(whole, "erase", *WHOLE)

    assert erased.exit_code == 0, erased.output
    assert "Nothing to run" in csip(whole, "run").output

    again = csip(whole, "run", "--month", canaries.MONTH)

    assert again.exit_code == 0, again.output
    assert found(whole) == []
    assert counts(whole) == before
    assert demo_force.csip(whole, "callbacks", "status").exit_code == 0
