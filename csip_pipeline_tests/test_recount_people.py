"""What became of people, and who came back, is what a walk through each person's contacts says."""

import pandas as pd
import pytest
import recount
import recount_people
from recount_demo import AUGUST, OCTOBER, SEPTEMBER, differences, measured, of_month

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    """The data folder and the measured tables."""
    return measured(tmp_path_factory.getbasetemp())


@pytest.fixture(params=[AUGUST, SEPTEMBER, OCTOBER], ids=str)
def month(request):
    """A month that the next follows, another, and the last."""
    return request.param


def _found(demo, table, month):
    return of_month(demo[1][f"measure.{table}"], month)


def test_every_fate_of_whoever_gave_up(demo, month):
    expected = recount_people.fates(demo[1]["harmonise.contacts"], month)

    assert not differences(_found(demo, "abandoned_fates", month), expected, ["contact_id"])


def test_every_way_of_counting_who_gave_up(demo, month):
    rules = recount.standards(demo[0].reference)
    names = ("measure.breaches", "publish.callback_list")
    theirs = (demo[1][name] for name in names)
    expected = recount_people.abandonment(demo[1]["harmonise.contacts"], month, rules, *theirs)

    keys = ["level", "channel", "line", "queue"]
    assert not differences(_found(demo, "abandonment", month), expected, keys)


def test_every_repeat(demo, month):
    parts = [
        recount_people.repeats(demo[1]["harmonise.contacts"], month, days).assign(within_days=days)
        for days in (7, 28)
    ]

    keys = ["within_days", "level", "channel", "line"]
    found = _found(demo, "repeat_contacts", month)
    assert not differences(found, pd.concat(parts), keys)


def test_everybody_who_telephoned_after_all(demo, month):
    expected = recount_people.leakage(demo[1]["harmonise.contacts"], month)

    found = _found(demo, "channel_leakage", month)
    assert not differences(found, expected, ["level", "service"])


def test_every_saving(demo, month):
    expected = recount_people.savings(demo[1]["harmonise.contacts"], month, demo[0].reference)

    found = _found(demo, "channel_savings", month)
    assert not differences(found, expected, ["channel"], besides=["citation"])
