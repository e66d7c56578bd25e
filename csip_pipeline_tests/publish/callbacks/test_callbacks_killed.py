"""However often a run is killed, every due person ends up in exactly one worklist file."""

import multiprocessing
import random
import signal
import stat
import time
from pathlib import Path

import callback_worker
import pytest
from callback_office import Office, furnish, worklists
from callback_worker import STEPS

from csip_pipeline import warehouse
from csip_pipeline.publish.callbacks import opening
from csip_pipeline.refusals import RefusedError
from csip_pipeline.settings import Settings

KILLS, DUE = 20, 200
OTHERS = [
    {"person_key": "held", "reason": "DOMESTIC_ABUSE"},
    {"person_key": None},
]


@pytest.fixture(scope="session")
def processes():
    """Processes of their own, forked from one that has our modules and no database open."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(
        ["csip_pipeline.publish.callbacks.issuing", "csip_pipeline.measure.breaches", "openpyxl"]
    )
    return context


@pytest.fixture
def data(tmp_path):
    """A data folder whose warehouse can be told how many people are owed an explanation."""
    settings = Settings(data=tmp_path)
    with warehouse.connected(settings.warehouse) as con:
        furnish(con)

    def with_due(count: int) -> Path:
        with warehouse.connected(settings.warehouse) as con:
            people = [{"person_key": f"person {number}"} for number in range(count)]
            Office(settings, con).missed(*people, *OTHERS)
        return tmp_path

    return with_due


def run(processes, *given):
    process = processes.Process(target=callback_worker.issue, args=given)
    process.start()
    process.join()
    return process.exitcode


def everybody_is_in_one_list(data, due):
    settings = Settings(data=data)
    office = Office(settings, None)
    listed = [notice for rows in office.listed().values() for notice in rows]
    states = {notice["notice_id"]: notice["state"] for notice in office.notices()}
    assert len(listed) == len(set(listed)) == due
    assert {notice for notice, state in states.items() if state == "issued"} == set(listed)
    assert sorted(states.values()) == ["held"] + ["issued"] * due
    assert {stat.S_IMODE(path.stat().st_mode) for path in worklists(settings)} == {0o600}
    assert [path for path in settings.worklists.iterdir() if path not in worklists(settings)] == []


BY_NOTIFY = {"claimed, not sent", "some sent, not marked", "some marked"}


@pytest.mark.slow
@pytest.mark.parametrize("step", [step for step in STEPS if step not in BY_NOTIFY])
def test_a_run_killed_at_any_step_and_run_again_reaches_everybody_once(processes, data, step):
    folder = data(3)
    assert run(processes, folder, step) == -signal.SIGKILL
    assert run(processes, folder) == 0

    everybody_is_in_one_list(folder, 3)


def test_a_run_that_has_waited_long_enough_says_in_one_line_who_is_writing(processes, tmp_path):
    here = Settings(data=tmp_path)
    holding, let_go = processes.Event(), processes.Event()
    other = processes.Process(target=callback_worker.hold, args=(tmp_path, holding, let_go))
    other.start()
    assert holding.wait(20)

    with pytest.raises(RefusedError) as refused, opening.opened(here, wait_seconds=0.1):
        pass
    let_go.set()
    other.join()

    assert str(refused.value).startswith("callbacks.duckdb is in use by another run. Wait")
    assert len(str(refused.value).splitlines()) == 1
    with opening.opened(here) as ledger:
        assert ledger.count_by_state() == {}


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(3))
def test_twenty_kills_at_any_moment_leave_nobody_out_and_nobody_twice(processes, data, seed):
    chance = random.Random(seed)  # noqa: S311 - any moment will do
    run(processes, data(0))  # warms up what forks
    began = time.monotonic()
    run(processes, data(DUE // KILLS))
    longest = time.monotonic() - began
    killed = 0
    for number in range(KILLS):
        folder = data(DUE * (number + 1) // KILLS)
        process = processes.Process(target=callback_worker.issue, args=(folder,))
        process.start()
        process.join(chance.uniform(0, longest))
        process.kill()
        process.join()
        killed += process.exitcode == -signal.SIGKILL
    assert run(processes, folder) == 0

    assert killed > KILLS // 2
    everybody_is_in_one_list(folder, DUE)
