"""The force's list of people who must not simply be called is one the pipeline can read."""

import datetime as dt
import stat

import pytest

from csip_pipeline.demo import flagged_people
from csip_pipeline.demo import people as residents
from csip_pipeline.pseudonyms import pseudonym
from csip_pipeline.publish.callbacks import flagged_people as reader
from csip_pipeline.settings import project_root

KEY = b"k" * 32
TODAY = dt.date(2026, 11, 5)


@pytest.fixture
def path(tmp_path):
    listed = tmp_path / "flagged_people.csv"
    flagged_people.write(listed)
    return listed


def test_the_pipeline_reads_every_row_but_the_one_that_is_over(path):
    found = reader.load(path, KEY, TODAY, is_needed=True)

    assert found.num_rows == len(flagged_people.FLAGGED) - 1
    assert reader.load(path, KEY, dt.date(2025, 12, 31), is_needed=True).num_rows == 12


def test_numbers_are_written_in_several_ways_and_are_those_of_residents(path):
    keys = set(reader.load(path, KEY, TODAY, is_needed=True)["person_key"].to_pylist())
    telephones = [one.resident for one in flagged_people.FLAGGED if one.kind == "phone"]
    dialled = {n: "+44" + residents.phone(n).removeprefix("0") for n in telephones}

    known = {n: pseudonym(KEY, "phone", number) in keys for n, number in dialled.items()}
    assert [n for n, is_known in known.items() if not is_known] == [3]
    assert len({line.split(",")[1][:5] for line in path.read_text().splitlines()[1:]}) >= 4


def test_every_flag_is_explained_and_most_are_used():
    lines = (project_root() / "data/reference/contact_flags.csv").read_text().splitlines()
    explained = {line.split(",")[0] for line in lines[1:]}
    used = {one.flag for one in flagged_people.FLAGGED}

    assert used <= explained
    assert explained - used == {"shared_phone"}


def test_a_safe_time_answers_that_none_is_known(path):
    rows = reader.load(path, KEY, TODAY, is_needed=True).to_pylist()
    flags = {row["safe_time"] is not None: set() for row in rows}
    for row in rows:
        flags[row["safe_time"] is not None].add(row["flag"])

    assert flags[True] == {"domestic_abuse", None}
    assert "no_safe_time" in flags[False]


def test_only_its_owner_can_read_it_and_it_is_never_written_over(path):
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    path.write_text("kind,contact_point,flag\n")
    flagged_people.write(path)

    assert path.read_text() == "kind,contact_point,flag\n"
