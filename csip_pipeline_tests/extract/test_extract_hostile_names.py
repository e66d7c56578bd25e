"""Whatever a file or a folder is called, only it is read, and nothing outside the data folder."""

import os
import shutil
import socket
import threading
from dataclasses import replace
from pathlib import Path

import pytest
from extract_samples import CALLS, HEADER, OCTOBER, call

from csip_pipeline import cli_check, settings, warehouse
from csip_pipeline.extract import deliveries, sources
from csip_pipeline.refusals import RefusedError, shown
from csip_pipeline.settings import Settings

pytestmark = pytest.mark.slow  # every name that may be hostile
ALL = CALLS.replace("telephony/calls*", "telephony/*")
READ = [
    "-rf.csv",
    "--feed.csv",
    "'.csv",
    '".csv',
    "'; drop table extract.telephony; --.csv",
    "calls[x]*?.csv",
    "calls{a,b}.csv",
    "calls%2f..%2f..%2fetc%2fpasswd",
    "file:calls.csv",
    "s3:calls.csv",
    "calls\N{PILE OF POO}.csv",
    "caf\N{LATIN SMALL LETTER E WITH ACUTE}.csv",
    "cafe\N{COMBINING ACUTE ACCENT}.csv",
    "c" * 251 + ".csv",
    "CON",
    "NUL.csv",
    "COM1",
    "calls.csv...",
    "calls.csv  ",
    "  calls.csv",
    "~",
    "$HOME",
    "$(touch pwned)`touch pwned`.csv",
    "a|b;c&d>e.csv",
    "=cmd|'!A1.csv",
    "Calls.csv",
    "calls.csv",
    "%s%n{0}{file}.csv",
]
REFUSED = [
    "calls\n2026-10: all is well.csv",
    "calls\rx.csv",
    "calls\x1b[2J\x1b]0;pwned\x07.csv",
    "calls\x7f.csv",
    "calls\N{RIGHT-TO-LEFT OVERRIDE}vsc.exe",
    "calls\N{ZERO WIDTH SPACE}.csv",
    "calls\N{LINE SEPARATOR}.csv",
    os.fsdecode(b"calls\xff.csv"),
    "calls\\..\\..\\calls.csv",
    "C:\\calls.csv",  # a pack that prints a path is not published
]


@pytest.fixture
def nested(folder, tmp_path):
    """A data folder within another; what stands beside it must stay as it is."""
    data = tmp_path / "data"
    inside = replace(folder, settings=Settings(data=data))
    for made in (inside.settings.reference, inside.settings.extracts / "telephony"):
        made.mkdir(parents=True)
    inside.expect(ALL)
    (tmp_path / "beside.csv").write_text(f"{HEADER}\n{call('BESIDE')}\n", encoding="utf-8")

    def seen():
        found = (path for path in tmp_path.rglob("*") if not path.is_relative_to(data))
        return {path: path.stat().st_mtime_ns for path in found}

    before = seen()
    yield inside
    assert seen() == before


def deliver(folder, name, ref):
    path = folder.settings.extracts / "telephony" / name
    path.write_text(f"{HEADER}\n{call(ref)}\n", encoding="utf-8")
    return path


def test_a_name_is_only_a_name(nested):
    for number, name in enumerate(READ):
        deliver(nested, name, f"C{number}")

    nested.take("telephony")

    kept = nested.rows("select source_file, call_id from extract.telephony")
    assert dict(kept) == {name: f"C{number}" for number, name in enumerate(READ)}


@pytest.mark.parametrize("name", REFUSED, ids=range(len(REFUSED)))
def test_a_name_that_a_terminal_obeys_is_refused_and_spelt_out(nested, name):
    path = deliver(nested, name, "C1")

    (refused,) = nested.catalogue().refused
    with pytest.raises(RefusedError) as told:
        cli_check.check(nested.settings, path, "telephony", None)

    for said in (refused.reason, str(told.value)):
        assert said.startswith(shown(name))
        assert said.isprintable()
        assert "Rename" in said


def test_a_refusal_never_hands_a_terminal_what_it_obeys():
    assert str(RefusedError("a\x1b[2J\x9b\u202e\udcff b\ré\N{PILE OF POO}\nnext")) == (
        "a\\x1b[2J\\x9b\\u202e\\udcff b\\r\N{LATIN SMALL LETTER E WITH ACUTE}\N{PILE OF POO}\nnext"
    )


def link_outside(path):
    path.symlink_to(path.parents[3] / "beside.csv")


def link_to_nothing(path):
    path.symlink_to("nowhere.csv")


def link_to_itself(path):
    path.symlink_to(path.name)


def link_to_a_folder(path):
    path.symlink_to(path.parents[3], target_is_directory=True)


def link_to_its_own_folder(path):
    path.symlink_to(path.parent, target_is_directory=True)


def pipe(path):
    os.mkfifo(path)


def endpoint(path):
    with socket.socket(socket.AF_UNIX) as made:
        here = Path.cwd()
        os.chdir(path.parent)  # a socket's name has some hundred bytes
        made.bind(path.name)
        os.chdir(here)


def a_folder(path):
    path.mkdir()


NO_FILES = [link_outside, link_to_nothing, link_to_itself, link_to_a_folder]
NO_FILES += [link_to_its_own_folder, pipe, endpoint, a_folder]


def within_seconds(work):
    """What the work came to; a failure, not a wait, where it hangs."""
    came = []

    def run():
        try:
            came.append(work())
        except RefusedError as refusal:
            came.append(refusal)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    thread.join(20)
    assert came, "still waiting"
    return came[0]


@pytest.mark.skipif(os.name == "nt", reason="links and pipes")
@pytest.mark.parametrize("make", NO_FILES, ids=lambda make: make.__name__)
def test_what_is_no_file_of_ours_is_passed_by(nested, make):
    deliver(nested, "calls.csv", "C1")
    make(nested.settings.extracts / "telephony" / "calls_2.csv")

    found = within_seconds(nested.catalogue)

    assert [delivery.path.name for delivery in found] == ["calls.csv"]
    assert found.refused == []


@pytest.mark.skipif(os.name == "nt", reason="links and pipes")
@pytest.mark.parametrize("make", [pipe, endpoint, a_folder, link_to_nothing, link_to_itself])
def test_csip_check_does_not_wait_for_what_is_no_file(nested, make):
    path = nested.settings.extracts / "telephony" / "calls.csv"
    make(path)

    said = within_seconds(lambda: cli_check.check(nested.settings, path, "telephony", None))

    assert isinstance(said, RefusedError)
    assert str(said).startswith("calls.csv")


@pytest.mark.parametrize("name", ["calls\0.csv", "c" * 5_000, "../" * 2_000 + "x", ""])
def test_csip_check_refuses_a_path_that_no_file_can_have(nested, name):
    with pytest.raises(RefusedError):
        cli_check.check(nested.settings, Path(name), "telephony", None)


@pytest.mark.skipif(os.name == "nt", reason="permissions")
def test_a_file_that_may_not_be_opened_is_refused_and_others_go_on(nested):
    path = deliver(nested, "calls.csv", "C1")
    path.chmod(0)
    (source,) = sources.load(nested.settings.reference / "feeds.toml")
    somebody_else = os.geteuid() == 0
    if somebody_else:
        os.seteuid(65_534)
    try:
        with pytest.raises(RefusedError, match=r"calls\.csv cannot be opened .* Let the account"):
            deliveries.take_in(nested.settings, source, path)
    finally:
        if somebody_else:
            os.seteuid(0)


@pytest.mark.parametrize(
    "pattern",
    [
        "../*.csv",
        "telephony/../../beside.csv",
        "/etc/*",
        "C:\\\\calls\\\\*",
        "\\\\\\\\evil\\\\share\\\\*",
        "telephony/\\u0000*",
        "telephony/\\u001b[2J*",
    ],
)
def test_a_pattern_leads_nowhere_else(nested, pattern):
    nested.expect(ALL.replace("telephony/*", pattern))

    with pytest.raises(RefusedError, match=r'source "control room": files') as refused:
        nested.catalogue()

    assert str(refused.value).isprintable()


@pytest.mark.parametrize("pattern", ["*" * 2_000, "telephony/[", "telephony/" + "c" * 400, "~/*"])
def test_a_pattern_that_matches_nothing_claims_nothing(nested, pattern):
    nested.expect(ALL.replace("telephony/*", pattern))
    deliver(nested, "calls.csv", "C1")

    found = within_seconds(nested.catalogue)

    assert len(found) <= 1
    assert found.refused == []


@pytest.mark.parametrize(
    "name",
    [
        "a[1]*b",
        'it\'s 100% "ours"',
        "env=prod",
        "a;b#c{d,e}",
        "ann\N{LATIN SMALL LETTER E WITH ACUTE}e \N{PILE OF POO}",
        "$HOME",
        "-v",
        "..data",
    ],
)
def test_the_data_folder_may_be_called_anything(folder, tmp_path, name):
    here = Settings(data=tmp_path / name)
    other = tmp_path / "a1-another-b"
    shutil.copytree(tmp_path / "reference", here.reference)
    here.extracts.mkdir()
    with warehouse.connected(tmp_path / name / "warehouse.duckdb") as con:
        inside = replace(folder, settings=here, con=con)
        inside.expect(CALLS)
        inside.drop("telephony/calls_1.csv", HEADER, call("1"), call("2", ring="x"))
        inside.drop("telephony/calls_2.csv", HEADER, call("3"))
        inside.catalogue()
        shutil.copytree(here.data, other)
        inside.take("telephony")

        assert inside.column("select call_id from extract.telephony order by 1") == ["1", "3"]
        assert inside.ends(OCTOBER)["calls_1.csv"] == {"accepted": 1, "quarantined": 1}
    assert here.warehouse.is_file()


@pytest.mark.parametrize("name", ["what?", "a\x1bb", "a\\b"])
def test_a_data_folder_that_duckdb_cannot_keep_files_in_is_refused(monkeypatch, tmp_path, name):
    monkeypatch.setenv("CSIP_DATA", str(tmp_path / name))

    with pytest.raises(RefusedError, match="Name another") as refused:
        settings.load()

    assert str(refused.value).isprintable()
