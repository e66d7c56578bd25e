"""After an erasure nobody finds the person in any store, and no file brings them back."""

import json
import re
import shutil

import canaries
import pytest
from looking import BY, EVERYBODY, WHOLE, counts, found, keys, known, stores

from csip_pipeline import warehouse
from csip_pipeline.erasure import notices
from csip_pipeline.publish.callbacks.opening import opened
from csip_pipeline_tests.erasure.conftest import OTHERS, take_in


def test_not_a_byte_of_them_is_left_and_every_row_still_counts(aviary, csip):
    before = counts(aviary)
    assert stores(aviary) == {"extracts", "restricted", "warehouse.duckdb"}
    assert known(aviary) > 3

    erased = csip("erase", *WHOLE)

    assert erased.exit_code == 0, erased.output
    assert re.search(r"^0 found in \d+ stores", erased.output, re.MULTILINE)
    assert found(aviary) == []
    assert counts(aviary) == before
    with warehouse.connected(aviary.people, read_only=True) as store:
        assert store.execute("select count(*) from harmonise.people").fetchall() == [(OTHERS,)]
    (line,) = aviary.erasures.read_text(encoding="utf-8").splitlines()
    told = json.loads(line)
    assert (told["by"], told["reason"], told["left"]) == (BY[1], BY[3], 0)
    assert told["rows"]["people.duckdb"] > 0

    take_in(aviary)

    assert found(aviary) == []
    assert counts(aviary) == before
    assert known(aviary) == 0
    assert aviary.people.stat().st_mode & 0o777 == 0o600


def test_who_was_not_told_never_is_and_who_was_still_counts(aviary, csip):
    csip("erase", *EVERYBODY, *BY)

    with opened(aviary) as ledger:
        assert ledger.count_by_state() == {"issued": 1, "withdrawn": 1}
        people = ledger.fetch("select person_key, flags from publish.notices order by notice_id")
        assert people["person_key"].tolist() == [f"erased {letter * 16}" for letter in "ab"]
        assert [list(flags) for flags in people["flags"]] == [[], []]
        why = ledger.fetch("select why from publish.transitions where why like 'Rang%'")
        assert set(why["why"]) == {"Rang erased"}


def test_neither_the_old_file_nor_a_corrected_one_brings_them_back(aviary, csip, tmp_path):
    shutil.copytree(aviary.extracts, tmp_path / "old")
    before = counts(aviary)

    erased = csip("erase", *EVERYBODY, *BY)

    assert erased.exit_code == 1
    assert "the same again with --remove-extracts" in erased.output
    assert stores(aviary) == {"extracts"}
    old = {path.relative_to(tmp_path / "old"): path for path in (tmp_path / "old").rglob("*.*")}
    assert all((aviary.extracts / each).read_bytes() == old[each].read_bytes() for each in old)

    shutil.rmtree(aviary.canonical)
    forms = aviary.extracts / "web_forms/forms_canary.csv"
    corrected = forms.read_text(encoding="utf-8").replace("lost_property", "report_asb")
    forms.with_name("forms_corrected.csv").write_text(corrected, encoding="utf-8")
    take_in(aviary)

    assert known(aviary) == 0
    assert stores(aviary) == {"extracts"}
    assert counts(aviary)[1] == before[1]

    removed = csip("erase", "--redelivered", *BY)

    assert removed.exit_code == 0
    assert "forms_corrected.csv" in removed.output
    in_what_was_said_alone = "extracts/web_chats/ticket_chat_event_canary.csv"
    assert found(aviary) == [in_what_was_said_alone]


def test_an_erasure_cut_short_is_finished_by_the_next(aviary, csip, monkeypatch):
    def killed(*_, **__):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(notices, "take_out", killed)
        assert csip("erase", *WHOLE).exit_code == 1
    assert found(aviary) != []

    assert csip("erase", *WHOLE).exit_code == 0
    assert found(aviary) == []


@pytest.mark.parametrize(
    ("given", "told", "code"),
    [
        pytest.param([*BY], "Say whom", 2, id="nobody named"),
        pytest.param(["--phone", "999"], "--by and --reason", 2, id="nobody answers"),
        pytest.param(["--phone", "999", *BY], "is no phone that could be known", 1, id="no number"),
        pytest.param(
            ["--phone", "07700 900001", *BY[:-1]], "Nobody is known by that", 1, id="a stranger"
        ),
        pytest.param(
            ["--phone", canaries.PHONE, "--by", "me", "--reason", "for 07700 900 987", "--yes"],
            "one of them holds what is to be erased",
            1,
            id="a reason that names them",
        ),
        pytest.param(["--phone", canaries.PHONE, *BY[:-1]], "Aborted", 1, id="not confirmed"),
    ],
)
def test_what_cannot_be_done_changes_nothing(aviary, csip, given, told, code):
    (aviary.notify_files / f"callbacks_{canaries.MONTH}-1_phone.csv").unlink()
    (aviary.samples / f"{canaries.CYCLE}_calls.csv").unlink()

    refused = csip("erase", *given)

    assert refused.exit_code == code
    assert told in refused.output
    assert not aviary.erased.exists()
    assert known(aviary) > 3


def test_marks_that_were_tampered_with_stop_intake(aviary, csip):
    csip("erase", *EVERYBODY, *BY)
    lines = aviary.erased.read_text(encoding="utf-8").splitlines()
    assert not any(key in line for key in keys(aviary) for line in lines)
    aviary.erased.write_text("\n".join(lines[1:]), encoding="utf-8")

    refused = csip("erase", *EVERYBODY, *BY)

    assert refused.exit_code == 1
    assert "erased.jsonl is not as csip left it" in refused.output
