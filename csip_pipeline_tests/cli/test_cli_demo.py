"""`csip demo` needs no other step, says where everything is, and never touches real extracts."""

import pytest

from csip_pipeline.settings import Settings
from csip_pipeline_tests.demo_force import MONTHS, words


def test_the_demo_says_what_it_did_and_where_everything_is(demo):
    months = [line[:7] for line in demo.said.splitlines() if " contacts " in line]

    assert months == list(MONTHS)
    *_, worklists, ui, restricted, pack = demo.said.splitlines()
    assert worklists == f"Callback worklists: {demo.settings.worklists}"
    assert ui.endswith("csip ui")
    path = demo.settings.published / "2026-Q4" / "panel_pack_2026-Q4.xlsx"
    own = path.parent / "restricted" / "panel_pack_2026-Q4_restricted.xlsx"
    assert pack == f"The panel pack of 2026-Q4 for the public: {path}"
    assert restricted == f"The panel pack of 2026-Q4 for the Force and the office: {own}"
    assert own.exists()
    assert path.exists()


def test_somebody_elses_extracts_are_never_mixed_with_synthetic_ones(csip, tmp_path):
    here = Settings(data=tmp_path / "data")
    real = here.extracts / "telephony" / "calls.log"
    real.parent.mkdir(parents=True)
    real.write_text("real\n")
    for options in ([], ["--extracts-only"]):
        result = csip("demo", "--months", "1", *options, on=here)

        assert (result.exit_code, result.stdout) == (1, "")
        assert "synthetic ones must never mix with real" in result.stderr
        assert "Set CSIP_DATA to a new folder" in result.stderr
    assert [path for path in here.extracts.rglob("*") if path.is_file()] == [real]


@pytest.mark.parametrize(
    "given",
    [
        pytest.param(["--months", "100"], id="before the force began"),
        pytest.param(["--scale", "0"], id="a force without callers"),
    ],
)
def test_months_that_cannot_be_made_are_refused(csip, tmp_path, given):
    result = csip("demo", *given, on=Settings(data=tmp_path / "data"))

    assert result.exit_code == 1
    assert "The demo force begins in September 2024" in result.stderr


def test_extracts_can_be_made_alone(csip, tmp_path, demo):
    here = Settings(data=tmp_path / "data")
    given = ("--months", "1", "--last", MONTHS[1], "--scale", "0.03", "--extracts-only")
    result = csip("demo", *given, on=here)

    assert (result.exit_code, result.stdout) == (0, f"The extracts are in {here.extracts}\n")
    made = {path.name: path.read_bytes() for path in here.extracts.glob("*/*")}
    also = {
        path.name: path.read_bytes() for path in demo.settings.extracts.glob(f"*/*{MONTHS[1]}*")
    }
    assert made == also
    assert not here.warehouse.exists()


def test_nothing_that_the_demo_says_names_anybody(demo, names):
    assert len(names) > 1000
    assert words(demo.said) & names == set()
