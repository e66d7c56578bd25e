"""After an erasure nobody finds the person in any store, and no file brings them back."""

import gzip
import json
import re
import shutil
import zipfile

import canaries
import duckdb
import pytest
from conftest import BY, EVERYBODY

from csip_pipeline import warehouse
from csip_pipeline.contact_points import contact_point
from csip_pipeline.erasure import databases, delivered, files, notices
from csip_pipeline.pseudonyms import pseudonym

SEPARATORS = re.compile(rb"[ ().\-]")
WHOLE = (*EVERYBODY, "--remove-extracts", *BY)


def keys(here):
    secret = here.pseudonym_key()
    given = (
        ("phone", canaries.PHONE),
        ("email", f"{canaries.CANARY}@example.org"),
        ("handle", canaries.CANARY),
    )
    return {pseudonym(secret, kind, contact_point(kind, text)) for kind, text in given}


def unpacked(path):
    """All that a file holds, by another way than the package's own."""
    yield path.read_bytes()
    if path.suffix == ".xlsx":
        with zipfile.ZipFile(path) as package:
            yield from (package.read(name) for name in package.namelist())
    elif path.suffix == ".gz":
        yield gzip.decompress(path.read_bytes())
    elif path.suffix == ".parquet":
        told = duckdb.connect().execute("from read_parquet(?)", [str(path)]).fetchall()
        yield repr(told).encode()
    elif path.suffix == ".duckdb":
        with duckdb.connect(str(path), read_only=True) as con:
            for (name,) in con.execute(
                "select table_schema || '.' || table_name from information_schema.tables"
            ).fetchall():
                yield repr(con.execute(f"from {name}").fetchall()).encode()


def found(here):
    """The files in which the person, or a pseudonym of theirs, stands."""
    signs = [canaries.CANARY.lower().encode(), canaries.PHONE[1:].encode()]
    signs += [key.encode() for key in keys(here)]
    return [
        path.relative_to(here.data).as_posix()
        for path in sorted(here.data.rglob("*"))
        if path.is_file()
        for held in [b"".join(unpacked(path)).lower().replace(b"\0", b"")]
        if any(sign in held or sign in SEPARATORS.sub(b"", held) for sign in signs)
    ]


def counts(here):
    with warehouse.connected(here.warehouse, read_only=True) as con:
        return con.execute(
            "select feed, sum(received), sum(accepted), sum(quarantined), sum(duplicate) "
            "from extract.intake group by feed order by feed"
        ).fetchall(), con.execute(
            "select channel, count(*) from harmonise.contacts group by channel order by channel"
        ).fetchall()


def known(here):
    """How many rows of the stores stand for the person."""
    given = {"keys": sorted(keys(here))}
    with warehouse.connected(here.people, read_only=True) as store:
        people = store.execute(
            "select count(*) from harmonise.people where list_contains($keys::varchar[], person_key)",
            given,
        ).fetchall()
    with warehouse.connected(here.warehouse, read_only=True) as con:
        contacts = con.execute(
            "select count(*) from harmonise.contacts "
            "where list_contains($keys::varchar[], person_key)",
            given,
        ).fetchall()
    return people[0][0] + contacts[0][0]


def test_not_a_byte_of_them_is_left_and_every_row_still_counts(aviary, csip):
    before = counts(aviary)
    assert {path.split("/")[0] for path in found(aviary)} > {"extracts", "restricted"}
    assert known(aviary) > 3

    erased = csip("erase", *WHOLE)

    assert erased.exit_code == 0, erased.output
    assert re.search(r"^0 found in \d+ stores", erased.output, re.MULTILINE)
    assert found(aviary) == []
    assert counts(aviary) == before
    with warehouse.connected(aviary.people, read_only=True) as store:
        others = store.execute("select count(*) from harmonise.people").fetchall()
        assert others == [(60,)]
    assert csip("callbacks", "status").exit_code == 0

    again = csip("run", "--month", canaries.MONTH)

    assert again.exit_code == 0, again.output
    assert found(aviary) == []
    assert counts(aviary) == before
    assert known(aviary) == 0


def test_neither_the_old_file_nor_a_corrected_one_brings_them_back(aviary, csip, tmp_path):
    shutil.copytree(aviary.extracts, tmp_path / "old")
    before = counts(aviary)
    csip("erase", *WHOLE)
    shutil.copytree(tmp_path / "old", aviary.extracts, dirs_exist_ok=True)
    forms = aviary.extracts / "web_forms/forms_canary.csv"
    corrected = forms.read_text(encoding="utf-8").replace("lost_property", "report_asb")
    forms.with_name("forms_corrected.csv").write_text(corrected, encoding="utf-8")

    ran = csip("run", "--month", canaries.MONTH)

    assert ran.exit_code == 0, ran.output
    assert known(aviary) == 0
    assert {path.split("/")[0] for path in found(aviary)} == {"extracts"}
    assert counts(aviary)[1] == before[1]
    assert "csip erase --redelivered" in csip("run").output

    removed = csip("erase", "--redelivered", *BY)

    assert removed.exit_code == 0
    assert "forms_corrected.csv" in removed.output
    assert found(aviary) == []


def test_suppliers_files_stay_until_somebody_says_otherwise(aviary, csip):
    delivered_before = {path: path.read_bytes() for path in aviary.extracts.rglob("*.*")}

    erased = csip("erase", *EVERYBODY, *BY)

    assert erased.exit_code == 1
    assert "the same again with --remove-extracts" in erased.output
    assert {path.split("/")[0] for path in found(aviary)} == {"extracts"}
    assert {path: path.read_bytes() for path in delivered_before} == delivered_before


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
        assert csip("erase", *WHOLE).exit_code == 1

    assert csip("erase", *WHOLE).exit_code == 0
    assert found(aviary) == []
    assert csip("callbacks", "status").exit_code == 0


def test_the_log_says_what_was_done_and_not_of_whom(aviary, csip):
    csip("erase", *WHOLE)

    (line,) = aviary.erasures.read_text(encoding="utf-8").splitlines()
    told = json.loads(line)
    assert (told["by"], told["reason"], told["left"]) == (BY[1], BY[3], 0)
    assert told["rows"]["people.duckdb"] > 0
    assert not any(key in line for key in keys(aviary))
    assert aviary.erased.stat().st_mode & 0o777 == 0o600
    assert aviary.people.stat().st_mode & 0o777 == 0o600


def test_whoever_nobody_knows_is_not_erased(aviary, csip):
    before = found(aviary)

    refused = csip("erase", "--phone", "07700 900001", *BY)

    assert refused.exit_code == 1
    assert "Nobody is known by that" in refused.output
    assert found(aviary) == before
    assert not aviary.erased.exists()


@pytest.mark.parametrize(
    ("given", "told", "code"),
    [
        pytest.param([*BY], "Say whom", 2, id="nobody named"),
        pytest.param(["--phone", "999"], "--by and --reason", 2, id="nobody answers"),
        pytest.param(["--phone", "999", *BY], "is no phone that could be known", 1, id="no number"),
        pytest.param(
            ["--phone", canaries.PHONE, "--by", "me", "--reason", "for 07700 900 987", "--yes"],
            "one of them holds what is to be erased",
            1,
            id="a reason that names them",
        ),
    ],
)
def test_what_cannot_be_done_changes_nothing(aviary, csip, given, told, code):
    refused = csip("erase", *given)

    assert refused.exit_code == code
    assert told in refused.output
    assert not aviary.erased.exists()


def test_no_run_writes_meanwhile(aviary, csip):
    with warehouse.connected(aviary.warehouse, spill=aviary.restricted) as con:
        con.execute("select 1")
        refused = csip("erase", *WHOLE)

    assert refused.exit_code == 1
    assert not aviary.erased.exists()
