"""Service levels, waits and hours of the week say what the same contacts say in plain pandas."""

import pytest
import recount
from recount_demo import OCTOBER, SEPTEMBER, differences, measured, of_month

KEYS = ["level", "channel", "line", "queue", "weekday", "hour"]
WHOLE = ["channel", "line", "queue"]

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    """The data folder and the measured tables."""
    return measured(tmp_path_factory.getbasetemp())


@pytest.fixture(scope="module")
def rules(demo):
    """The force's standards."""
    return recount.standards(demo[0].reference)


@pytest.mark.parametrize(
    ("month", "levels"), [(SEPTEMBER, WHOLE), (OCTOBER, [*WHOLE, "channel_hour", "line_hour"])]
)
def test_every_figure_of_calls_and_chats_end_to_end(demo, rules, month, levels):
    contacts = of_month(demo[1]["harmonise.contacts"], month)
    found = of_month(demo[1]["measure.service_levels"], month)

    expected = recount.service_levels(contacts[contacts["legs"].notna()], rules, levels)

    found = found[(found["clock"] == "end_to_end") & found["level"].isin(levels)]
    assert not differences(found, expected, KEYS, besides=["clock"])


@pytest.mark.parametrize("month", [SEPTEMBER, OCTOBER], ids=str)
def test_every_figure_of_stays_in_a_queue(demo, rules, month):
    stays = of_month(demo[1]["harmonise.call_legs"], month)
    found = of_month(demo[1]["measure.service_levels"], month)

    expected = recount.service_levels(stays, rules, WHOLE)

    found = found[found["clock"] == "queue"]
    assert not differences(found, expected, KEYS, besides=["clock"])
