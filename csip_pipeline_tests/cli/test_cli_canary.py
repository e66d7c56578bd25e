"""A canary in every personal field of every feed is found nowhere that a run leaves a trace."""

import shutil

import canaries
import pytest

from csip_pipeline import warehouse
from csip_pipeline.extract.registry import FEEDS
from csip_pipeline.settings import Settings, project_root
from csip_pipeline_tests import demo_force

pytestmark = pytest.mark.slow


@pytest.fixture
def aviary(tmp_path):
    """A data folder in which every feed has rows with canaries, all of which can be used."""
    here = Settings(data=tmp_path / "data")
    shutil.copytree(project_root() / "data" / "reference", here.reference)
    (here.reference / "feeds.toml").write_text(canaries.feeds_toml(), encoding="utf-8")
    canaries.deliver(here, bad=False)
    return here


def csip(here, *given):
    result = demo_force.csip(here, *given)
    assert not canaries.names_somebody(result.output)
    return result


def test_a_month_run_and_published_names_nobody(aviary):
    ran = csip(aviary, "run", "--month", canaries.MONTH)
    packed = csip(aviary, "pack", "--cycle", canaries.CYCLE)
    csip(aviary, "status")

    assert (ran.exit_code, packed.exit_code) == (0, 0), ran.output + packed.output
    with warehouse.connected(aviary.warehouse, read_only=True) as con:
        for feed in FEEDS.values():
            assert con.execute(f"select count(*) from {feed.table}").fetchall() > [(0,)], feed.name
        keys = con.execute("select count(person_key) from harmonise.contacts").fetchall()
        assert keys > [(3,)]
    assert list(aviary.published.rglob("*.xlsx"))
    assert list(aviary.worklists.glob("*.xlsx"))
    assert canaries.leaks(aviary) == []


def test_a_month_refused_for_what_is_wrong_with_it_names_nobody(aviary):
    canaries.deliver(aviary, bad=True)

    ran = csip(aviary, "run", "--month", canaries.MONTH)

    assert ran.exit_code == 1
    for feed in FEEDS:
        assert f"{feed}, September 2026: " in ran.output, feed
    assert list(aviary.dagster.rglob("*.db"))
    assert canaries.leaks(aviary) == []
