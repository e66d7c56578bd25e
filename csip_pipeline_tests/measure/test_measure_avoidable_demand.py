"""Avoidable demand is a reason group's share of all contact, a channel's or a line's."""

import pandas as pd
import pytest
from given import contacts, rebuilt

from csip_pipeline.measure import avoidable_demand
from csip_pipeline.measure.intervals import wilson
from csip_pipeline.reference.tables import REASON_GROUPS

AVOIDABLE = {"other_agency", "information_online", "progress_chasing", "misdial"}


def demand(con, level="all"):
    found = rebuilt(con, avoidable_demand.TABLE)
    return found[found["level"] == level].set_index("reason_group")


def received(con, **groups):
    contacts(con, *({"reason_group": group} for group, n in groups.items() for _ in range(n)))


def test_a_group_is_a_share_of_all_and_of_those_whose_reason_is_known(con):
    received(con, misdial=1, police_matter=3, unknown=4)

    found = demand(con)

    assert found["contacts"].to_dict() == dict.fromkeys(REASON_GROUPS, 0) | {
        "misdial": 1,
        "police_matter": 3,
        "unknown": 4,
    }
    assert found.loc["misdial", ["contacts_in_all", "share", "share_of_known"]].tolist() == [
        8,
        1 / 8,
        1 / 4,
    ]
    assert found.loc["misdial", ["share_lower", "share_upper"]].tolist() == pytest.approx(
        wilson(1, 8)
    )
    assert found.loc[
        "misdial", ["share_of_known_lower", "share_of_known_upper"]
    ].tolist() == pytest.approx(wilson(1, 4))
    assert pd.isna(found.loc["unknown", "share_of_known"])


def test_the_groups_that_need_not_have_been_are_named(con):
    received(con, misdial=1)

    found = demand(con)

    assert set(found.index[found["is_avoidable"]]) == AVOIDABLE


def test_shares_sum_to_one_at_every_level(con):
    contacts(
        con,
        {"reason_group": "misdial"},
        {"reason_group": "police_matter", "line": "999"},
        {"reason_group": "misdial", "line": "999"},
        {"reason_group": "other_agency", "channel": "web_form"},
        {"channel": "social"},
    )

    found = rebuilt(con, avoidable_demand.TABLE)
    by_level = found.groupby(["level", "channel", "line"], dropna=False)

    assert by_level["share"].sum().tolist() == pytest.approx([1] * 6)
    assert set(by_level.size()) == {6}
    assert found.loc[found["level"] == "line", "line"].unique().tolist() == ["101", "999"]
    assert set(found.loc[found["level"] == "line", "channel"]) == {"telephone"}


def test_channels_and_lines_sum_to_their_whole(con):
    contacts(con, {}, {"line": "999"}, {"channel": "web_form"}, {"line": None})

    found = rebuilt(con, avoidable_demand.TABLE)

    assert found.groupby("level")["contacts"].sum().to_dict() == {"all": 4, "channel": 4, "line": 2}


@pytest.mark.parametrize(
    ("groups", "share", "share_of_known"),
    [
        pytest.param({"misdial": 1}, 1, 1, id="one contact"),
        pytest.param({"unknown": 2}, 0, None, id="no reason is known"),
    ],
)
def test_a_share_of_nothing_is_null(con, groups, share, share_of_known):
    received(con, **groups)

    found = demand(con).loc["misdial"]

    assert found["share"] == share
    names = ["share_of_known", "share_of_known_lower"]
    assert [pd.isna(found[name]) for name in names] == [share_of_known is None] * 2


def test_a_month_without_contact_has_no_rows(con):
    contacts(con, {"received_at": "2026-02-05 09:00"})

    assert set(demand(con)["month"].astype(str)) == {"2026-02-01"}


def given_rows(**changed):
    rows = pd.DataFrame(
        {
            "month": ["2026-01-01"] * 4,
            "level": ["all", "all", "channel", "channel"],
            "channel": [None, None, "telephone", "telephone"],
            "line": [None] * 4,
            "reason_group": ["misdial", "unknown"] * 2,
            "is_avoidable": [True, False] * 2,
            "share": [0.25, 0.75, 0.5, 0.5],
        }
    )
    return rows.assign(**changed)


def test_shares_that_do_not_sum_to_one_break_the_promise():
    promise = avoidable_demand.AvoidableDemand

    assert promise.shares_are_whole(given_rows()).all()
    broken = promise.shares_are_whole(given_rows(share=[0.25, 0.75, 0.5, 0.6]))
    assert broken.tolist() == [True, True, False, False]


def test_an_avoidable_group_that_is_said_not_to_be_breaks_the_promise():
    promise = avoidable_demand.AvoidableDemand

    assert promise.avoidable_is_decided_by_the_group(given_rows()).all()
    assert not promise.avoidable_is_decided_by_the_group(given_rows(is_avoidable=False))[0]
