"""How contact divides, what it was about and what it takes is what plain pandas counts."""

import pandas as pd
import pytest
import recount
import recount_demand
from recount_demo import OCTOBER, SEPTEMBER, differences, measured, of_month

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    """The data folder and the measured tables."""
    return measured(tmp_path_factory.getbasetemp())


@pytest.fixture(params=[SEPTEMBER, OCTOBER], ids=str)
def month(request):
    """A month that the next follows, and the last."""
    return request.param


def _found(demo, table, month):
    return of_month(demo[1][f"measure.{table}"], month)


def test_every_share_of_a_channel_and_its_changes(demo, month):
    expected = recount_demand.shift(demo[1]["harmonise.contacts"], month)

    assert not differences(_found(demo, "channel_shift", month), expected, ["channel"])


def test_every_service_done_online(demo, month):
    (path,) = demo[0].extracts.glob(f"web_sessions/sessions_{month:%Y-%m}_*.csv")
    contacts, folder = demo[1]["harmonise.contacts"], demo[0].reference

    expected = recount_demand.takeup(contacts, pd.read_csv(path), folder, month)

    assert not differences(_found(demo, "digital_takeup", month), expected, ["service"])


def test_every_group_of_reasons(demo, month):
    contacts, folder = demo[1]["harmonise.contacts"], demo[0].reference

    expected = recount_demand.avoidable(contacts, folder, month)

    keys = ["level", "channel", "line", "reason_group"]
    assert not differences(_found(demo, "avoidable_demand", month), expected, keys)


def test_every_hour_s_load_patience_and_agents_under_both_models(demo):
    rules = recount.standards(demo[0].reference)

    expected = recount_demand.staffing(demo[1]["harmonise.contacts"], rules, OCTOBER)

    found = _found(demo, "staffing", OCTOBER)
    assert not differences(found, expected, ["line", "weekday", "hour"])
