"""Killed at any step while GOV.UK Notify errs and answers get lost: each is asked for once.

A real process issues through Notify's own client to a server on this machine, and is killed with
SIGKILL; one run afterwards puts everything right.
"""

import json
import multiprocessing
import random
import signal
import subprocess
import sys
import time
import urllib.request
from collections import Counter
from pathlib import Path

import callback_worker
import notify_server
import pytest
from callback_office import OCTOBER, Office, furnish

from csip_pipeline import warehouse
from csip_pipeline.publish.callbacks import opening, seal
from csip_pipeline.settings import Settings

pytestmark = pytest.mark.soak
DUE, KILLS = 400, 50
SETTLE = 0.4
TOML = """
[routes]
phone = "notify_api"
[notify]
base_url = "http://127.0.0.1:{port}"
phone_template = "{template}"
settle_seconds = {settle}
"""


@pytest.fixture(scope="session")
def processes():
    """Processes of their own, forked from one that has our modules and no database open."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(
        ["csip_pipeline.publish.callbacks.issuing", "csip_pipeline.measure.breaches"]
    )
    return context


@pytest.fixture
def notify(tmp_path):
    """A fake Notify in a process of its own: 5 % errors, 8 % of its answers lost; and its port."""
    path = Path(notify_server.__file__)
    given = ["0", str(tmp_path / "notify.jsonl"), "--errors", "0.05", "--lost", "0.08"]
    with subprocess.Popen(  # noqa: S603 - ours
        [sys.executable, str(path), *given], stdout=subprocess.PIPE, text=True
    ) as server:
        port = int(server.stdout.readline().split()[1])
        yield port
        server.kill()


def accepted(port):
    """What Notify has taken: the reference of each message."""
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/accepted") as answer:
        return [message["reference"] for message in json.load(answer)]


@pytest.fixture
def data(tmp_path, notify):
    """A data folder in which four hundred people are owed an explanation by text message."""
    settings = Settings(data=tmp_path / "data")
    settings.reference.mkdir(parents=True)
    text = TOML.format(port=notify, template=notify_server.SMS_TEMPLATE, settle=SETTLE)
    (settings.reference / "callbacks.toml").write_text(text, encoding="utf-8")
    people = {f"person {number}": f"+447700900{number:03}" for number in range(DUE)}
    with warehouse.connected(settings.warehouse) as con:
        furnish(con)
        office = Office(settings, con)
        held = {"person_key": "held", "reason": "DOMESTIC_ABUSE"}
        office.missed(*({"person_key": person} for person in people), held)
        office.reach_by_phone({**people, "held": "+447700900999"})
    return settings.data


def run(processes, *given):
    process = processes.Process(target=callback_worker.issue, args=given)
    process.start()
    process.join()
    return process.exitcode


def everybody_was_asked_for_once(data, port):
    settings = Settings(data=data)
    office = Office(settings, None)
    sent = Counter(accepted(port))
    states = {notice["notice_id"]: notice for notice in office.notices()}
    issued = {each for each, notice in states.items() if notice["issued_at"] is not None}
    twice = [each for each, count in sent.items() if count > 1]
    missed = [
        each
        for each, notice in states.items()
        if notice["person_key"] != "held" and each not in sent
    ]
    assert (len(twice), len(missed)) == (0, 0)
    assert set(sent) == issued
    assert len(issued) == DUE
    assert office.ids()["held"] not in sent
    assert seal.read(settings.callbacks).sha256 is not None
    with opening.opened(settings):  # proves the chain
        pass


def test_fifty_kills_at_any_moment(processes, data, notify):
    chance = random.Random(3)  # noqa: S311 - any moment will do
    killed, tries = 0, 0
    while killed < KILLS and tries < 3 * KILLS:
        tries += 1
        process = processes.Process(target=callback_worker.issue, args=(data,))
        process.start()
        process.join(chance.uniform(0.05, 1.6))
        process.kill()
        process.join()
        killed += process.exitcode == -signal.SIGKILL
    assert killed == KILLS
    time.sleep(SETTLE)
    assert run(processes, data) == 0

    everybody_was_asked_for_once(data, notify)


STEPS = {
    "asked, nothing recorded": "before anything is recorded",
    "recorded, not sealed": "recorded, not sealed",
    "claimed, not sealed": "claimed, not sealed",
    "claimed, not sent": "claimed, not sent",
    "some sent, not marked": "some sent, not marked",
    "some marked": "some marked",
    "all marked, table not kept": "confirmed, table not kept",
}


@pytest.mark.parametrize("step", STEPS)
def test_killed_at_each_step(processes, data, notify, step):
    assert run(processes, data, STEPS[step]) == -signal.SIGKILL
    assert run(processes, data) == 0

    everybody_was_asked_for_once(data, notify)


def test_two_runs_at_once_send_nothing_twice(processes, data, notify):
    runs = [
        processes.Process(target=callback_worker.issue_read_only, args=(data, OCTOBER))
        for _ in range(2)
    ]
    for one in runs:
        one.start()
    for one in runs:
        one.join()

    assert sorted(one.exitcode for one in runs) == [0, 0]
    everybody_was_asked_for_once(data, notify)
