"""What compares months tells of each of them: limits of all months of a chart, changes of two."""

import pandas as pd
import pytest
from statements_given import table

from csip_pipeline.publish import edition_hiding
from csip_pipeline.publish.pack_channels import COMPARED
from csip_pipeline.publish.pack_drafts import Draft

SEPTEMBER = pd.Timestamp("2026-09-01")
MONTHS = tuple(pd.Timestamp(f"2026-{month}-01") for month in ("10", "11", "12"))
WORDS = "No clear change: 8 before, 9 after."
LIMITS = {"mean", "lower", "upper", "meaning", "against"}


def contacts(counts, months=MONTHS):
    """How many contacts a month brought by telephone and on social media."""
    rows = [
        {
            "month": month,
            "telephone": telephone,
            "social": social,
            "contacts_on_all_channels": telephone + social,
        }
        for month, (telephone, social) in zip(months, counts, strict=True)
    ]
    return table("channel_contacts", *rows)


def trend(value, mean, month=MONTHS[-1]):
    """The last month of a chart of contacts on social media."""
    row = {
        "measure": "contacts",
        "subject": "social",
        "month": month,
        "value": value,
        "mean": mean,
        "lower": 0.0,
        "upper": 3 * mean,
        "meaning": "Its usual ups and downs.",
        "against": None,
    }
    return table("trends_of_contacts", row, text=("measure", "subject", "meaning", "against"))


def marked(public, name="trends_of_contacts"):
    """The columns of a table of one row that hold a mark."""
    (row,) = public.draft.tables[name].rows.to_dict("records")
    return {name for name, value in row.items() if value == "[c]"}


def hide(*tables, cycle="2026-Q4", before=()):
    return edition_hiding.hide(Draft(tables), cycle, before, threshold=5)


@pytest.mark.parametrize(
    ("october", "hidden"),
    [pytest.param(3, LIMITS, id="one is small"), pytest.param(9, set(), id="none is")],
)
def test_limits_are_hidden_where_a_month_of_the_pack_is(october, hidden):
    """Of 3, 9 and 12 the mean is 8: whoever reads it, and the other two, knows the 3."""
    social = (october, 9, 12)
    told = contacts([(400, october), (500, 9), (600, 12)])

    assert marked(hide(told, trend(12, sum(social) / 3))) == hidden


@pytest.mark.parametrize(
    ("september", "hidden"),
    [pytest.param(3, LIMITS, id="it is small"), pytest.param(9, set(), id="it is not")],
)
def test_limits_are_hidden_where_a_month_of_an_earlier_pack_is(september, hidden):
    first = hide(contacts([(400, september)], [SEPTEMBER]), cycle="2026-Q3")
    told = contacts([(500, 9)], MONTHS[:1])
    public = hide(told, trend(9, (september + 9) / 2, MONTHS[0]), before=[first.published])

    assert marked(public) == hidden


@pytest.mark.parametrize(
    ("september", "hidden"),
    [
        pytest.param(3, {"change", "lower", "upper", "meaning"}, id="it is small"),
        pytest.param(9, set(), id="it is not"),
    ],
)
def test_a_change_is_hidden_where_the_month_before_is_in_its_own_pack(september, hidden):
    """The share now less the change is the share then, and the pack of then shows of how many."""
    first = hide(contacts([(400, september)], [SEPTEMBER]), cycle="2026-Q3")
    row = {
        "month": MONTHS[0],
        "channel": "Social media",
        "compared": COMPARED[0][1],
        "now": 9 / 509,
        "change": 9 / 509 - september / (400 + september),
        "lower": -0.02,
        "upper": 0.03,
        "meaning": "No more than chance.",
    }
    change = table("channel_change", row, text=("channel", "compared", "meaning"))
    public = hide(contacts([(500, 9)], MONTHS[:1]), change, before=[first.published])

    assert marked(public, "channel_change") == hidden


@pytest.mark.parametrize(
    ("october", "hidden"),
    [pytest.param(3, {"[c]"}, id="one is small"), pytest.param(9, {WORDS}, id="none is")],
)
@pytest.mark.parametrize(
    ("name", "column"), [("event_effects", "words"), ("recommendations", "effect")]
)
def test_levels_before_and_after_are_hidden_where_a_month_is(name, column, october, hidden):
    """A level is a mean of months: whoever reads it, and the others, knows the one that is [c]."""
    about = {"month": MONTHS[-1], "measure": "contacts", "subject": "social"}
    told = {column: WORDS, "now": WORDS}
    effects = table(name, about | told, text=("measure", "subject", *told))
    public = hide(contacts([(400, october), (500, 9), (600, 12)]), effects)

    assert set(public.draft.tables[name].rows[column]) == hidden
