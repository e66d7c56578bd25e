"""A refusal is told as it is; the text of any other error stays behind, for it may quote a row."""

import traceback
from pathlib import Path

import duckdb
import pytest

from csip_pipeline import warehouse
from csip_pipeline.refusals import FaultError, RefusedError, quoting_nobody

SOMEBODY = "07700 900123"


def told(error):
    """Everything that a run log would keep of an error, its causes included."""
    return "".join(traceback.format_exception(error))


@pytest.mark.parametrize(
    "said",
    [
        pytest.param(RefusedError("calls.csv has no column Id. Add it."), id="a refusal"),
        pytest.param(FaultError("An unexpected KeyError in rows.py, line 7."), id="a told fault"),
    ],
)
def test_what_was_written_for_its_reader_passes_unchanged(said):
    with pytest.raises(type(said)) as caught, quoting_nobody():
        raise said

    assert caught.value is said


def test_work_that_goes_well_is_left_alone():
    with quoting_nobody():
        done = 1

    assert done == 1


def test_somebody_who_stops_the_run_is_not_a_fault():
    with pytest.raises(KeyboardInterrupt), quoting_nobody():
        raise KeyboardInterrupt


@pytest.mark.parametrize("kind", [ValueError, KeyError, duckdb.ConversionException, OSError])
def test_the_text_of_any_other_error_is_withheld(kind):
    with pytest.raises(FaultError) as caught, quoting_nobody():
        raise kind(SOMEBODY)

    assert SOMEBODY not in told(caught.value)
    assert kind.__name__ in str(caught.value)


def quote_somebody():
    raise KeyError(SOMEBODY)


def raise_with_a_history():
    try:
        quote_somebody()
    except KeyError as cause:
        error = ValueError("row 7")
        error.add_note(SOMEBODY)
        raise error from cause


def raise_while_handling():
    try:
        quote_somebody()
    except KeyError:
        raise TypeError("row 7")  # noqa: B904 - an accident names no cause


@pytest.mark.parametrize("fail", [raise_with_a_history, raise_while_handling])
def test_what_led_to_an_error_is_withheld_too(fail):
    with pytest.raises((ValueError, TypeError)) as bare:
        fail()
    assert SOMEBODY in told(bare.value)

    with pytest.raises(FaultError) as caught, quoting_nobody():
        fail()

    assert SOMEBODY not in told(caught.value)
    assert caught.value.__cause__ is None
    assert not hasattr(caught.value, "__notes__")


def test_several_errors_at_once_quote_nobody():
    with pytest.raises(FaultError, match="ExceptionGroup") as caught, quoting_nobody():
        raise ExceptionGroup(SOMEBODY, [ValueError(SOMEBODY)])

    assert SOMEBODY not in told(caught.value)


def test_a_row_that_duckdb_quotes_does_not_reach_the_log():
    query = f"select '{SOMEBODY}'::date"
    with warehouse.connected(Path(":memory:")) as con:
        with pytest.raises(duckdb.ConversionException, match=SOMEBODY):
            warehouse.fetch(con, query)
        with pytest.raises(FaultError) as caught, quoting_nobody():
            warehouse.fetch(con, query)

    assert SOMEBODY not in told(caught.value)


def test_a_fault_names_its_kind_and_the_innermost_line_of_ours():
    with warehouse.connected(Path(":memory:")) as con:
        with pytest.raises(duckdb.CatalogException) as bare:
            warehouse.fetch(con, "from nowhere")
        line = traceback.extract_tb(bare.tb)[-1].lineno
        with pytest.raises(FaultError) as caught, quoting_nobody():
            warehouse.fetch(con, "from nowhere")

    assert f"An unexpected CatalogException in warehouse.py, line {line}." in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_fault_within_a_library_names_the_line_of_ours_that_called_it(tmp_path, monkeypatch):
    (tmp_path / "broken.sql").write_bytes(b"\xff")
    monkeypatch.setattr(warehouse, "files", lambda _: tmp_path)

    with pytest.raises(FaultError) as caught, quoting_nobody():
        warehouse.read_query("extract/broken")

    assert "UnicodeDecodeError in warehouse.py, line" in str(caught.value)
