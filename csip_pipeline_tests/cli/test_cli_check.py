"""`csip check` tells a supplier which rows and columns are wrong and why, and quotes nobody."""

import json

import pytest

PERSON = "somebody@example.com"


def extract(demo, pattern):
    (path,) = demo.settings.extracts.glob(pattern)
    return path


def test_a_good_file_passes(csip, demo):
    path = extract(demo, "web_forms/*2026-10*")
    result = csip("check", path, "--feed", "web_forms")

    assert result.exit_code == 0
    assert result.stdout.splitlines()[0] == f"{path.name}, read as website forms"
    assert "By month: 2026-10 (" in result.stdout
    assert result.stdout.endswith("Every row can be used.\n")


def test_a_bad_file_fails_with_rows_columns_and_reasons(csip, demo):
    result = csip("check", extract(demo, "telephony/999_2026-09*"), "--feed", "telephony")

    assert result.exit_code == 1
    assert "read as 999 control room" in result.stdout
    assert "Rows that cannot be used: 2." in result.stdout
    told = [line for line in result.stdout.splitlines() if line.startswith("  row ")]
    assert [line.split(": ")[1].split(" ")[0] for line in told] == ["arrived_at", "caller_number"]


def test_a_report_is_told_to_a_script_too(csip, demo):
    path = extract(demo, "telephony/999_2026-09*")
    result = csip("check", path, "--feed", "telephony", "--json")

    report = json.loads(result.stdout)
    assert result.exit_code == 1
    assert (report["file"], report["source"]) == (path.name, "999 control room")
    assert report["received"] == sum(report["months"].values())
    assert [set(fault) for fault in report["faults"]] == [{"row", "column", "reason"}] * 2


def test_no_value_is_ever_quoted(csip, demo, tmp_path):
    header, row, *_ = extract(demo, "web_forms/*2026-10*").read_text("cp1252").splitlines()
    columns = header.split(",")
    broken = dict(zip(columns, row.split(","), strict=True))
    broken |= {"Submitted": PERSON, "Email": PERSON, "Form ID": f"F{PERSON}"}
    path = tmp_path / "forms.csv"
    path.write_text("\n".join([header, row, ",".join(broken.values())]), "cp1252")
    for options in ([], ["--json"]):
        result = csip("check", path, "--feed", "web_forms", *options)

        assert result.exit_code == 1
        assert "submitted_at" in result.stdout
        assert "somebody" not in result.output


def test_a_long_report_is_cut_short_but_not_for_a_script(csip, demo, tmp_path):
    header, row, *_ = extract(demo, "web_forms/*2026-10*").read_text("cp1252").splitlines()
    columns = header.split(",")
    cells = dict(zip(columns, row.split(","), strict=True))
    rows = [
        ",".join((cells | {"Form ID": f"F{number}", "Resolved": "never"}).values())
        for number in range(60)
    ]
    path = tmp_path / "forms.csv"
    path.write_text("\n".join([header, row, *rows]), "cp1252")

    assert (
        "  and 10 more (--json lists them all)" in csip("check", path, "--feed", "web_forms").stdout
    )
    report = json.loads(csip("check", path, "--feed", "web_forms", "--json").stdout)
    assert len(report["faults"]) == 60


@pytest.mark.parametrize(
    ("name", "options", "told"),
    [
        pytest.param(
            "calls.csv",
            ["--feed", "telephony"],
            '"101 telephone exchange", "999 control room"). Name it with --source.',
            id="one of several sources",
        ),
        pytest.param(
            "calls.csv",
            ["--feed", "telephony", "--source", "the switch"],
            'telephony has no source "the switch". feeds.toml declares: "101 telephone exchange"',
            id="an unknown source",
        ),
        pytest.param("forms.csv", ["--feed", "web_forms"], "forms.csv", id="not a table at all"),
    ],
)
def test_a_file_that_cannot_be_judged_is_refused_in_one_line(csip, tmp_path, name, options, told):
    path = tmp_path / name
    path.write_bytes(b"%PDF-1.7 somebody\x00\x01\xff")
    result = csip("check", path, *options)

    assert (result.exit_code, result.stdout) == (1, "")
    assert told in result.stderr
    assert len(result.stderr.splitlines()) == 1
    assert "somebody" not in result.stderr


def test_a_check_changes_nothing(csip, folder):
    def seen():
        return {path: path.stat().st_mtime_ns for path in folder.data.rglob("*")}

    (path,) = folder.extracts.glob("telephony/999_2026-09*")
    before = seen()
    csip("check", path, "--feed", "telephony", on=folder)

    assert seen() == before
