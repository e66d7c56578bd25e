"""What became of explanations owed is what a walk through the notices one by one says."""

import pytest
import recount_callbacks
from recount_demo import differences, measured

KEYS = ["month", "level", "channel", "clock"]

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def tables(tmp_path_factory):
    """The measured tables, every month."""
    return measured(tmp_path_factory.getbasetemp())[1]


def test_every_explanation(tables):
    notices = tables["publish.callback_list"]
    expected = recount_callbacks.callbacks(notices)

    assert notices["notice_id"].duplicated().any()
    assert set(notices["state"]) == set(recount_callbacks.STATES)
    assert not differences(tables["measure.callbacks"], expected, KEYS)


def test_kinds_hold_every_notice_once_and_sum_to_all(tables):
    rows = tables["measure.callbacks"]
    counts = [*recount_callbacks.STATES[:9], "notices", "judged", "late", "ever_issued"]
    sums = rows.groupby(["level", "month"])[counts].sum()

    assert sums.loc["kind"].equals(sums.loc["all"])
    every = tables["publish.callback_list"]["notice_id"].nunique()
    assert sums.loc["all", ["notices", "withdrawn"]].to_numpy().sum() == every


def test_the_recount_meets_somebody_who_gave_up_and_was_told_why(tables):
    rows = tables["measure.abandonment"]

    assert rows["explained"].sum() > 0
    assert (rows["is_net_provisional"] & ~rows["is_provisional"]).any()
    assert tables["measure.callbacks"]["is_provisional"].nunique() == 2
