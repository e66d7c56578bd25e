"""Every clock says what the same contact's moments say, hour by hour through the calendar."""

import pytest
import recount
import recount_clocks
from recount_demo import AUGUST, OCTOBER, SEPTEMBER, differences, measured, of_month

FIGURES = ["contact_id", "clock", "standard_id", "status", "clock_seconds", "due_at"]
FIGURES += ["within_seconds", "boundary"]

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    """The data folder and the measured tables."""
    return measured(tmp_path_factory.getbasetemp())


@pytest.mark.parametrize("month", [AUGUST, SEPTEMBER, OCTOBER], ids=str)
def test_every_clock_of_every_contact(demo, month):
    folder = demo[0].reference
    found = of_month(demo[1]["measure.response_times"], month)

    expected = recount_clocks.response_times(
        demo[1]["harmonise.contacts"],
        demo[1]["harmonise.further_messages"],
        recount.standards(folder),
        folder,
        month,
    )

    besides = set(found) - set(FIGURES)
    assert not differences(found, expected, ["contact_id", "clock"], besides)
