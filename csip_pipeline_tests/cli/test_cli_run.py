"""`csip run` runs the months it is asked for, or those whose extracts are new, changed or gone."""

import datetime as dt
import json
import shutil
import subprocess
import sys

import pytest

from csip_pipeline import cli_months, cli_outcomes, cli_runs, warehouse
from csip_pipeline.cli_outcomes import Outcome
from csip_pipeline.refusals import RefusedError

OCTOBER = "2026-10"
MONTHS = [dt.date(2026, month, 1) for month in (8, 9, 10)]


def forms(folder, month=OCTOBER):
    (path,) = folder.extracts.glob(f"web_forms/forms_{month}_*.csv")
    return path


def test_nothing_is_run_where_no_extract_is_new(csip):
    result = csip("run")

    assert result.exit_code == 0
    assert result.stdout == "Nothing to run: no extract is new, changed or withdrawn.\n"


def test_a_script_is_told_of_nothing_in_json(csip):
    result = csip("run", "--json")

    assert (result.exit_code, json.loads(result.stdout), result.stderr) == (0, [], "")


def changed(path):
    path.write_bytes(b"".join(path.read_bytes().splitlines(keepends=True)[:-1]))


def withdrawn(path):
    path.unlink()


def added(path):
    path.with_name(path.name.replace("forms_", "forms_again_")).write_bytes(path.read_bytes())


@pytest.mark.parametrize("what", [changed, withdrawn, added])
def test_only_months_with_other_extracts_are_wanted(folder, what):
    what(forms(folder))

    wanted = cli_months.wanted(folder, None, None)
    assert [f"{month:%Y-%m}" for month in wanted] == [OCTOBER]


def test_a_changed_month_is_run_and_told_by_counts_and_file_names(csip, folder):
    shutil.rmtree(folder.published)
    changed(forms(folder))
    first = csip("run", "--json", on=folder)
    second = csip("run", on=folder)

    assert (first.exit_code, first.stderr) == (0, "")
    (month,) = json.loads(first.stdout)
    assert month["month"] == OCTOBER
    assert month["contacts"] > 500
    assert (month["new_notices"], month["worklists"], month["refusals"]) == (0, "none", [])
    assert (month["refused_feeds"], month["published"]) == ([], [])
    assert all("is past its day" in each for each in month["warnings"])  # it is whatever day it is
    assert second.stdout.startswith("Nothing to run")


@pytest.mark.parametrize(
    ("given", "told"),
    [
        pytest.param(
            ["--from", OCTOBER, "--to", "2026-09"],
            "2026-10 comes after 2026-09: swap --from and --to.",
            id="the wrong way round",
        ),
        pytest.param(
            ["--month", "2019-01"],
            "No panel cycle covers 2019-01. Add its cycle to reference/panel_cycles.csv.",
            id="of no cycle",
        ),
        pytest.param(["--month", "2027-03"], "2027-03 has not begun yet.", id="to come"),
    ],
)
def test_a_month_that_cannot_be_run_is_refused_in_one_line(csip, given, told):
    result = csip("run", *given)

    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr == f"Error: {told}\n"


def contacts(here, channel):
    with warehouse.connected(here.warehouse, read_only=True) as con:
        query = (
            "select count(*) from harmonise.contacts "
            "where month = '2026-10-01' and channel = $channel"
        )
        return con.execute(query, {"channel": channel}).fetchall()[0][0]


def spoilt(path):
    header, *rows = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(
        header + b"".join(row.replace(b"F2610", b"") for row in rows[:9]) + b"".join(rows[9:])
    )
    path.write_bytes(path.read_bytes().replace(b"/10/2026 1", b"/19/2026 1", 9))


@pytest.mark.slow
def test_a_feed_of_which_too_much_is_spoilt_keeps_what_it_had_and_others_go_on(csip, folder):
    before = contacts(folder, "web_form")
    spoilt(forms(folder))
    (chats,) = folder.extracts.glob("web_chats/*2026-10*")
    changed(chats)
    result = csip("run", "--month", OCTOBER, on=folder)

    assert result.exit_code == 1
    assert result.stdout.startswith("2026-10 ")
    assert "web_forms was refused, and keeps what it had\n" in result.stdout
    assert "2026-10: web_forms, October 2026: " in result.stderr
    assert "the month keeps what it had" in result.stderr
    assert "csip check FILE --feed web_forms" in result.stderr
    assert contacts(folder, "web_form") == before > 0
    status = csip("status", on=folder).stdout
    assert "Refused in 2026-10: web_forms keeps what it had. web_forms, October 2026: " in status
    assert "Extracts wait to be run for 2026-10: csip run" in status


@pytest.mark.slow
def test_a_file_that_cannot_be_read_stops_neither_other_feeds_nor_other_months(csip, folder):
    bad = folder.extracts / "telephony" / "999_2026-11_20261102T0500Z.tsv"
    bad.write_bytes(b"\x00" * 9)
    nothing = csip("run", on=folder)
    withdrawn(forms(folder))
    result = csip("run", "--json", on=folder)

    assert (nothing.exit_code, result.exit_code) == (1, 1)
    assert nothing.stdout.startswith("Nothing to run")
    assert nothing.stderr.startswith(f"Error: {bad.name}, line 1: holds NUL")
    (month,) = json.loads(result.stdout)
    assert (month["month"], month["refused_feeds"]) == (OCTOBER, ["telephony"])
    assert month["refusals"][0].startswith(bad.name)
    assert result.stderr.startswith(f"Error: 2026-10: {bad.name}, line 1: holds NUL")
    assert len(result.stderr.splitlines()) == 1
    assert contacts(folder, "web_form") == 0
    assert contacts(folder, "telephone") > 0
    bad.unlink()
    assert csip("run", on=folder).exit_code == 0
    assert "Refused" not in csip("status", on=folder).stdout


@pytest.mark.slow
def test_a_restated_month_says_which_published_figures_changed(csip, folder):
    withdrawn(forms(folder))
    result = csip("run", on=folder)
    published = [line for line in result.stdout.splitlines() if line.startswith("2026-10 is in")]

    assert result.exit_code == 0
    (told,) = published
    assert "the published pack of 2026-Q4 (revision 1). Figures that changed: " in told
    assert "Channel contacts " in told
    assert told.endswith("Publish the revision: csip pack --cycle 2026-Q4")
    status = csip("status", on=folder).stdout.splitlines()
    assert status[-1].startswith("The published pack of 2026-Q4 (revision 1) no longer agrees")
    assert csip("pack", "--cycle", "2026-Q4", on=folder).exit_code == 0
    assert "no longer agrees" not in csip("status", on=folder).stdout


@pytest.mark.slow
def test_a_file_that_waits_is_told_and_its_month_keeps_what_it_had_of_it(csip, folder):
    feeds = folder.reference / "feeds.toml"
    feeds.write_text(feeds.read_text().replace("platform =", 'done_file = ".done"\nplatform ='))
    for path in folder.extracts.glob("social/*2026-09*"):
        path.with_name(f"{path.name}.done").touch()
    (waiting,) = folder.extracts.glob("social/*2026-10*")
    withdrawn(forms(folder))
    result = csip("run", on=folder)

    assert result.exit_code == 1, "October was taken from the file that waits"
    told = f"Left for the next run: {waiting.name} waits for {waiting.name}.done."
    assert told in result.stderr
    assert "social was refused, and keeps what it had" in result.stdout
    assert "October 2026 was taken from an earlier version of it" in result.stderr
    assert told in csip("status", on=folder).stdout
    assert contacts(folder, "social") > 0


@pytest.mark.slow
def test_a_month_that_was_refused_after_intake_waits_until_it_gets_through(csip, folder):
    queues = folder.reference / "queues.csv"
    table = queues.read_bytes()
    queues.unlink()
    changed(forms(folder))
    refused = [csip("run", on=folder), csip("run", on=folder)]
    status = csip("status", on=folder).stdout
    queues.write_bytes(table)
    mended, after = csip("run", on=folder), csip("run", on=folder)

    for each in refused:
        assert each.exit_code == 1
        assert "queues.csv" in each.stderr
    assert "The last run of 2026-10 was refused or cut short: csip run" in status
    assert (mended.exit_code, mended.stdout[:9]) == (0, "2026-10  ")
    assert after.stdout.startswith("Nothing to run")
    assert "csip run" not in csip("status", on=folder).stdout


REFUSED, FINE = Outcome(refusals=["Something is wrong."]), Outcome()


def test_a_refused_month_stops_no_other(folder, monkeypatch, capsys):
    outcomes = dict(zip(MONTHS, [FINE, REFUSED, FINE], strict=True))
    monkeypatch.setattr(cli_runs, "run_month", lambda _, month, **__: outcomes[month])
    monkeypatch.setattr(cli_runs, "run_history", lambda _: FINE)

    with pytest.raises(RefusedError, match=r"^2026-09: Something is wrong\.$"):
        cli_outcomes.say(cli_months.run(folder, MONTHS, total=3))
    assert [line.split()[:2] for line in capsys.readouterr().out.splitlines()] == [
        ["2026-08", "0"],
        ["2026-09", "refused"],
        ["2026-10", "0"],
    ]


def test_a_log_hears_of_each_of_several_months_and_json_stays_whole(folder, monkeypatch, capsys):
    outcomes = dict(zip(MONTHS, [FINE, REFUSED, FINE], strict=True))
    monkeypatch.setattr(cli_runs, "run_month", lambda _, month, **__: outcomes[month])
    monkeypatch.setattr(cli_runs, "run_history", lambda _: FINE)
    cli_months.run(folder, MONTHS, total=3)
    cli_months.run(folder, MONTHS[:1], total=1)

    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.splitlines() == [
        "2026-08 done, 1 of 3",
        "2026-09 refused, 2 of 3",
        "2026-10 done, 3 of 3",
    ]


def test_on_a_terminal_a_bar_shows_how_many_extracts_were_read(folder, monkeypatch, capsys):
    monkeypatch.setenv("FORCE_COLOR", "1")  # rich takes what it writes to for a terminal
    changed(forms(folder))
    files = len(cli_months.look(folder).catalogue)

    said = capsys.readouterr()
    assert said.out == ""
    assert "Reading extracts" in said.err
    assert f"{files}/{files}" in said.err


def test_a_reason_is_told_once_with_every_month_that_it_stands_for(folder, monkeypatch, capsys):
    kept = Outcome(kept={"telephony": "calls.csv is empty.\nmore.csv is cut off."})
    outcomes = dict(zip(MONTHS, [kept, FINE, kept], strict=True))
    monkeypatch.setattr(cli_runs, "run_month", lambda _, month, **__: outcomes[month])
    monkeypatch.setattr(cli_runs, "run_history", lambda _: FINE)

    with pytest.raises(RefusedError) as refusal:
        cli_outcomes.say(cli_months.run(folder, MONTHS, total=3), refused=["calls.csv is empty."])
    assert str(refusal.value).splitlines() == [
        "2026-08, 2026-10: calls.csv is empty.",
        "2026-08, 2026-10: more.csv is cut off.",
    ]
    assert "telephony was refused, and keeps what it had" in capsys.readouterr().out


def test_reference_tables_are_read_until_a_month_got_through_with_them(folder, monkeypatch):
    outcomes, read = dict(zip(MONTHS, [REFUSED, FINE, FINE], strict=True)), []

    def run_month(_, month, *, with_reference, **__):
        read.append(with_reference)
        return outcomes[month]

    monkeypatch.setattr(cli_runs, "run_month", run_month)
    monkeypatch.setattr(cli_runs, "run_history", lambda _: FINE)
    cli_months.run(folder, MONTHS, total=3)

    assert read == [True, True, False]


@pytest.mark.parametrize(
    ("outcomes", "times"),
    [
        pytest.param([FINE, FINE, FINE], 1, id="once for all months"),
        pytest.param([REFUSED, FINE, REFUSED], 1, id="once for the one that got through"),
        pytest.param([REFUSED, REFUSED, REFUSED], 0, id="not where none did"),
    ],
)
def test_what_all_months_say_together_is_made_once(folder, monkeypatch, outcomes, times):
    by_month, made = dict(zip(MONTHS, outcomes, strict=True)), []
    monkeypatch.setattr(cli_runs, "run_month", lambda _, month, **__: by_month[month])
    monkeypatch.setattr(cli_runs, "run_history", lambda _: made.append(1) or FINE)

    cli_months.run(folder, MONTHS, total=3)

    assert len(made) == times


def test_a_warehouse_in_use_refuses_the_month_in_one_line(csip, folder, monkeypatch):
    def at_once(fn, retry_on, kwargs, **_):  # noqa: ARG001 - Dagster's own names
        return fn(**kwargs)

    monkeypatch.setattr("dagster_duckdb.resource.backoff", at_once)
    program = "import duckdb, sys; c = duckdb.connect(sys.argv[1]); print(flush=True); input()"
    command = [sys.executable, "-W", "ignore", "-c", program, str(folder.warehouse)]
    with subprocess.Popen(  # noqa: S603 - ours
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    ) as other:
        other.stdout.readline()
        run = csip("run", "--month", OCTOBER, on=folder)
        status = csip("status", on=folder)
        other.stdin.close()

    assert run.exit_code == status.exit_code == 1
    assert run.stdout == "2026-10  refused\n"
    assert "warehouse.duckdb is in use by another run. Wait for it" in run.stderr
    assert "warehouse.duckdb is in use by another run. Wait for it" in status.stderr
    assert len(run.stderr.splitlines()) == len(status.stderr.splitlines()) == 1
