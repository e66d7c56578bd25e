"""`csip run` runs the months it is asked for, or those whose extracts are new, changed or gone."""

import datetime as dt
import json
import subprocess
import sys

import pytest

from csip_pipeline import cli_months, cli_runs
from csip_pipeline.cli_runs import Outcome
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
    changed(forms(folder))
    first = csip("run", "--json", on=folder)
    second = csip("run", on=folder)

    assert (first.exit_code, first.stderr) == (0, "")
    (month,) = json.loads(first.stdout)
    assert month["month"] == OCTOBER
    assert month["contacts"] > 500
    assert (month["new_notices"], month["worklists"], month["refusals"]) == (0, "none", [])
    (warning,) = month["warnings"]
    assert warning.startswith("every breach has somebody to tell, except ")
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


def test_a_month_of_which_too_much_is_spoilt_is_refused(csip, folder):
    path = forms(folder)
    header, *rows = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(
        header + b"".join(row.replace(b"F2610", b"") for row in rows[:9]) + b"".join(rows[9:])
    )
    path.write_bytes(path.read_bytes().replace(b"/10/2026 1", b"/19/2026 1", 9))
    result = csip("run", "--month", OCTOBER, on=folder)

    assert (result.exit_code, result.stdout) == (1, "2026-10  refused\n")
    assert "the month keeps what it had" in result.stderr
    assert "csip check FILE --feed web_forms" in result.stderr


REFUSED, FINE = Outcome(refusals=["Something is wrong."]), Outcome()


def test_a_refused_month_stops_no_other(folder, monkeypatch, capsys):
    outcomes = dict(zip(MONTHS, [FINE, REFUSED, FINE], strict=True))
    monkeypatch.setattr(cli_runs, "run_month", lambda _, month, **__: outcomes[month])

    with pytest.raises(RefusedError, match=r"^2026-09: Something is wrong\.$"):
        cli_months.say(cli_months.run(folder, MONTHS, total=3))
    assert [line.split()[:2] for line in capsys.readouterr().out.splitlines()] == [
        ["2026-08", "0"],
        ["2026-09", "refused"],
        ["2026-10", "0"],
    ]


def test_reference_tables_are_read_until_a_month_got_through_with_them(folder, monkeypatch):
    outcomes, read = dict(zip(MONTHS, [REFUSED, FINE, FINE], strict=True)), []

    def run_month(_, month, *, with_reference, **__):
        read.append(with_reference)
        return outcomes[month]

    monkeypatch.setattr(cli_runs, "run_month", run_month)
    cli_months.run(folder, MONTHS, total=3)

    assert read == [True, True, False]


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
