"""A file with exactly as many rows as a spreadsheet can hold is not taken for a whole one."""

import pytest
from extract_samples import CALLS, HEADER, call

from csip_pipeline.extract.row_limits import refuse_row_limit
from csip_pipeline.refusals import RefusedError

LIMITS = [65_536, 1_048_576]


@pytest.mark.parametrize("limit", LIMITS)
@pytest.mark.parametrize(
    ("off", "told"),
    [(-1, "exactly {0:,} rows and a header, so"), (0, "exactly {0:,} rows, so")],
    ids=["with its header", "without"],
)
def test_a_file_that_ends_where_a_spreadsheet_does_is_refused(limit, off, told):
    with pytest.raises(RefusedError) as refused:
        refuse_row_limit(limit + off, "calls.csv")

    said = str(refused.value)
    assert said.startswith(f"calls.csv has {told.format(limit + off)}")
    assert f"a spreadsheet holds {limit:,}" in said
    assert "Ask the supplier for the rest, or for the same rows in two files" in said


@pytest.mark.parametrize("limit", LIMITS)
@pytest.mark.parametrize("off", [-2, 1])
def test_a_row_less_or_more_is_taken(limit, off):
    refuse_row_limit(limit + off, "calls.csv")


@pytest.mark.soak
def test_a_file_of_as_many_lines_as_a_spreadsheet_is_not_taken_in(folder):
    folder.expect(CALLS)
    folder.drop("telephony/calls.csv", HEADER, *(call(f"{n}") for n in range(65_535)))

    (refused,) = folder.catalogue().refused

    assert "calls.csv has exactly 65,535 rows and a header" in refused.reason
