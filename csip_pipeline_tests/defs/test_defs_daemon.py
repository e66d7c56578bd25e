"""A real daemon and a real web server: what runs by itself does, and whoever only looks can."""

# ruff: noqa: TID251 - the tests of the Dagster room
import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

import dagster as dg
import pytest
import yaml

from csip_pipeline import cli_runs
from csip_pipeline_tests import webhook_server

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="finds processes by /proc"),
]
PATIENCE = 240
ASSETS = """
{ assetNodes {
    assetKey { path } description kinds dependencyKeys { path } tags { key value }
    owners { ... on TeamAssetOwner { team } ... on UserAssetOwner { email } }
    assetChecksOrError { ... on AssetChecks { checks { name description } } }
    metadataEntries { __typename label ... on TableSchemaMetadataEntry {
        schema { columns { name } } } }
    assetMaterializations(limit: 1) { metadataEntries { __typename
        ... on TableColumnLineageMetadataEntry { lineage { columnName columnDeps {
            columnName assetKey { path } } } } } }
} }
"""
LAUNCH = """
mutation { launchRun(executionParams: {
    selector: {repositoryLocationName: "csip", repositoryName: "__repository__", jobName: "month"},
    executionMetadata: {tags: [{key: "dagster/partition", value: "2026-10"}]}}) {
    __typename ... on UnauthorizedError { message } ... on PythonError { message } } }
"""
START = """
mutation { startSensor(sensorSelector: {repositoryLocationName: "csip",
    repositoryName: "__repository__", sensorName: "new_extracts"}) {
    __typename ... on UnauthorizedError { message } } }
"""
WIPE = """
mutation { wipeAssets(assetPartitionRanges: [{assetKey: {path: ["measure", "breaches"]}}]) {
    __typename } }
"""


def until(true, what):
    """What `true` gives, once it gives anything."""
    ends = time.monotonic() + PATIENCE
    while time.monotonic() < ends:
        if found := true():
            return found
        time.sleep(0.5)
    raise AssertionError(f"Waited {PATIENCE} s for {what}.")


@contextmanager
def running(here, *command):
    """A process on the data folder, ended with whatever it started."""
    log = (here.data / f"{command[0]}.log").open("ab")
    environment = {
        **os.environ,
        "CSIP_DATA": str(here.data),
        "CSIP_SETTLE_SECONDS": "0",
        "DAGSTER_HOME": str(here.dagster),
    }
    process = subprocess.Popen(  # noqa: S603 - ours
        [sys.executable, "-m", *command],
        env=environment,
        stdout=log,
        stderr=log,
        start_new_session=True,
    )
    try:
        yield process
    finally:
        process.send_signal(signal.SIGINT)
        with suppress(subprocess.TimeoutExpired):
            process.wait(20)
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        log.close()


@pytest.fixture(scope="module")
def place(demo, tmp_path_factory):
    """A copy of the demo with its workspace, an instance that looks often, and a webhook."""
    here = demo.copy(tmp_path_factory.mktemp("daemon") / "data")
    home = cli_runs.instance_folder(here)
    config = yaml.safe_load((home / "dagster.yaml").read_text(encoding="utf-8"))
    config["run_monitoring"]["poll_interval_seconds"] = 5
    (home / "dagster.yaml").write_text(yaml.safe_dump(config), encoding="utf-8")
    workspace = here.data / "workspace.yaml"
    module = {"module_name": "csip_pipeline_tests.defs.every_minute", "location_name": "csip"}
    workspace.write_text(yaml.safe_dump({"load_from": [{"python_module": module}]}), "utf-8")
    with webhook_server.running() as hook, dg.DagsterInstance.from_config(str(home)) as instance:
        text = f'[webhook]\nurl = "{hook.url}"\n'
        (here.reference / "alerts.toml").write_text(text, encoding="utf-8")
        yield here, workspace, hook, instance


@pytest.fixture(scope="module")
def daemon(place):
    here, workspace, _, _ = place
    with running(here, "dagster._daemon", "run", "-w", str(workspace)) as process:
        yield process


def launched(instance, known, job="month", **tags):
    """The runs of a job that began since, with tags."""
    found = instance.get_runs(dg.RunsFilter(job_name=job, tags=tags))
    return [run for run in found if run.run_id not in known]


def began(instance, run):
    return (record := instance.get_run_by_id(run.run_id)).status.value == "STARTED" and record


def ended(instance, run_id, status):
    return instance.get_run_by_id(run_id).status.value == status


@pytest.mark.usefixtures("daemon")
def test_a_new_extract_is_run_and_a_run_that_is_killed_is_told_of_and_tried_again(place):
    here, _, hook, instance = place
    known = {run.run_id for run in instance.get_runs()}
    old = max((here.extracts / "web_forms").glob("*2026-10*"))
    lines = old.read_bytes().splitlines(keepends=True)
    newer = old.with_name(old.name.replace("20261104", "20261114"))
    newer.write_bytes(b"".join(lines[:-1]))
    sensor = {"dagster/sensor_name": "new_extracts"}

    (run,) = until(lambda: launched(instance, known, **sensor), "the sensor's run")
    until(lambda: began(instance, run), "the run's start")
    os.kill(until(lambda: _process_of(here), "the run's process"), signal.SIGKILL)
    until(lambda: ended(instance, run.run_id, "FAILURE"), "the killed run's end")
    again = {"dagster/parent_run_id": run.run_id}
    (retry,) = until(lambda: launched(instance, known, **again), "the second try")
    until(lambda: ended(instance, retry.run_id, "SUCCESS"), "the second try's end")
    (alert,) = until(
        lambda: [each for each in hook.received if each["run_id"] == run.run_id], "the alert"
    )

    assert run.tags["dagster/partition"] == "2026-10"
    assert alert["title"] == "month 2026-10 failed"
    assert "killed" in alert["failed"][0]


def _process_of(here):
    """The number of the process that holds the warehouse."""
    for opened in Path("/proc").glob("[0-9]*/fd/*"):
        with suppress(OSError):
            if opened.readlink() == here.warehouse:
                return int(opened.parts[2])
    return None


@pytest.mark.usefixtures("daemon")
def test_a_schedule_fires(place):
    _, _, _, instance = place
    tags = {"dagster/schedule_name": "every_minute"}

    (run, *_) = until(lambda: launched(instance, set(), "arrivals", **tags), "the schedule's run")
    until(lambda: ended(instance, run.run_id, "SUCCESS"), "its end")


def test_a_run_of_the_command_that_is_killed_does_not_stay_started(place, daemon):
    here, _, _, instance = place
    known = {run.run_id for run in instance.get_runs()}
    with running(here, "csip_pipeline.cli", "run", "--month", "2026-10") as command:
        mine = until(
            lambda: [
                run
                for run in launched(instance, known)
                if (here.running / f"{run.run_id}.lock").exists()
                and "dagster/sensor_name" not in run.tags
            ],
            "the command's run",
        )
        command.kill()

    until(lambda: ended(instance, mine[0].run_id, "FAILURE"), "the killed run to be marked")
    assert daemon.poll() is None


@pytest.fixture(scope="module")
def asked(place):
    """What a read-only web server answers."""
    here, workspace, _, _ = place
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    options = ("-h", "127.0.0.1", "-p", str(port), "-w", str(workspace), "--read-only")

    def ask(query):
        request = urllib.request.Request(
            f"http://127.0.0.1:{port}/graphql",
            data=json.dumps({"query": query}).encode(),
            headers={"Content-Type": "application/json"},
        )
        with urllib.request.urlopen(request, timeout=60) as answer:  # noqa: S310 - this computer
            return json.loads(answer.read())

    def is_up():
        try:
            return ask("{ version }")
        except (urllib.error.URLError, OSError):
            return None

    with ExitStack() as stack:
        stack.enter_context(running(here, "dagster_webserver", *options))
        until(is_up, "the web server")
        yield ask


def test_the_window_shows_each_assets_lineage_owners_descriptions_and_checks(asked, code):
    nodes = {"/".join(n["assetKey"]["path"]): n for n in asked(ASSETS)["data"]["assetNodes"]}
    graph = code.resolve_asset_graph()

    assert nodes.keys() == {key.to_user_string() for key in graph.get_all_asset_keys()}
    for name, node in nodes.items():
        key = dg.AssetKey.from_user_string(name)
        parents = {"/".join(each["path"]) for each in node["dependencyKeys"]}
        assert parents == {each.to_user_string() for each in graph.get(key).parent_keys}, name
        assert node["description"].startswith(("One row", "One workbook", "One site")), name
        assert [owner["team"] for owner in node["owners"]] == ["csip"], name
        assert node["kinds"], name
        checks = {each["name"] for each in node["assetChecksOrError"]["checks"]}
        assert checks == {each.name for each in graph.asset_check_keys if each.asset_key == key}


def test_a_column_is_followed_to_where_it_comes_from(asked):
    nodes = {"/".join(n["assetKey"]["path"]): n for n in asked(ASSETS)["data"]["assetNodes"]}
    (made,) = nodes["measure/breaches"]["assetMaterializations"]
    (lineage,) = [entry["lineage"] for entry in made["metadataEntries"] if "lineage" in entry]
    sources = {each["columnName"]: each["columnDeps"] for each in lineage}

    standard = {"columnName": "wording", "assetKey": {"path": ["reference", "service_standards"]}}
    assert sources["wording"] == [standard]


@pytest.mark.parametrize("mutation", [LAUNCH, START, WIPE], ids=["launch", "start", "wipe"])
def test_whoever_only_looks_changes_nothing(asked, place, mutation):
    before = len(place[3].get_runs(dg.RunsFilter(tags={"dagster/partition": "2026-10"})))
    answer = asked(mutation)

    refused = json.dumps(answer)
    assert "UnauthorizedError" in refused or "permission" in refused.lower(), refused
    runs = place[3].get_runs(dg.RunsFilter(tags={"dagster/partition": "2026-10"}))
    assert len([run for run in runs if run.job_name == "month"]) <= before
