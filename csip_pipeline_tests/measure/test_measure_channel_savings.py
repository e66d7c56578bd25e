"""Contact online frees what it would have cost by telephone, less those who telephoned anyway."""

import pytest
from given import channel_costs, contacts, rebuilt, the_one

from csip_pipeline.measure import channel_savings

FORM = {"channel": "web_form", "person_kind": "phone", "received_at": "2026-01-05 09:00"}
CALL = {"channel": "telephone", "person_kind": "phone"}


def savings(con):
    found = rebuilt(con, channel_savings.TABLE)
    return found[found["month"].astype(str) == "2026-01-01"]


@pytest.fixture
def telephony(con):
    """January's and February's calls are in."""
    contacts(con, CALL, {**CALL, "received_at": "2026-02-28 09:00"})


@pytest.mark.usefixtures("telephony")
@pytest.mark.parametrize(
    ("called_at", "leaked"),
    [
        pytest.param("2026-01-05 09:00", 0, id="in the same second"),
        pytest.param("2026-01-05 08:59:59", 0, id="before"),
        pytest.param("2026-01-05 09:00:01", 1, id="one second later"),
        pytest.param("2026-01-08 09:00", 1, id="exactly 72 hours later"),
        pytest.param("2026-01-08 09:00:01", 0, id="one second over"),
    ],
)
def test_leakage_is_decided_to_the_second(con, called_at, leaked):
    contacts(
        con, {**FORM, "person_key": "a"}, {**CALL, "person_key": "a", "received_at": called_at}
    )

    found = the_one(savings(con))

    assert (found["leaked"], found["net_shift"]) == (leaked, 1 - leaked)


@pytest.mark.usefixtures("telephony")
@pytest.mark.parametrize(
    ("person", "not_followed"),
    [
        pytest.param({"person_key": "a", "person_kind": "phone"}, 0, id="a telephone number"),
        pytest.param({"person_key": "a", "person_kind": "email"}, 1, id="an e-mail address"),
        pytest.param({"person_key": None, "person_kind": None}, 1, id="nothing"),
    ],
)
def test_only_a_telephone_number_can_be_followed(con, person, not_followed):
    contacts(con, {**FORM, **person}, {**CALL, **person, "received_at": "2026-01-06 09:00"})

    found = the_one(savings(con))

    assert found["not_followed"] == not_followed
    assert found["leaked"] == 1 - not_followed


@pytest.mark.usefixtures("telephony")
@pytest.mark.parametrize(
    ("times", "not_followed"),
    [pytest.param(19, 0, id="20 contacts with the form"), pytest.param(20, 1, id="21 contacts")],
)
def test_a_contact_point_that_many_share_is_not_followed(con, times, not_followed):
    call = {**CALL, "person_key": "a", "received_at": "2026-01-06 09:00"}
    contacts(con, {**FORM, "person_key": "a"}, *([call] * times))

    assert the_one(savings(con))["not_followed"] == not_followed


@pytest.mark.usefixtures("telephony")
def test_a_call_of_somebody_else_leaks_nothing(con):
    contacts(
        con,
        {**FORM, "person_key": "a"},
        {**CALL, "person_key": "b", "received_at": "2026-01-05 10:00"},
    )

    assert the_one(savings(con))["leaked"] == 0


@pytest.mark.usefixtures("telephony")
def test_each_contact_of_a_person_leaks_if_they_telephone_after_it(con):
    contacts(
        con,
        {**FORM, "person_key": "a"},
        {**FORM, "person_key": "a", "received_at": "2026-01-06 09:00"},
        {**FORM, "person_key": "a", "received_at": "2026-01-07 09:00"},
        {**CALL, "person_key": "a", "received_at": "2026-01-06 12:00"},
    )

    found = the_one(savings(con))

    assert (found["gross_shift"], found["leaked"], found["net_shift"]) == (3, 2, 1)


@pytest.mark.usefixtures("telephony")
def test_channels_are_counted_apart_and_social_media_not_at_all(con):
    contacts(con, *({"channel": one} for one in ("web_form", "web_chat", "web_chat", "social")))

    found = savings(con).set_index("channel")

    assert found["gross_shift"].to_dict() == {"web_form": 1, "web_chat": 2}


@pytest.mark.usefixtures("telephony")
def test_nobody_online_is_no_row(con):
    contacts(con, CALL)

    assert savings(con).empty


@pytest.mark.usefixtures("telephony")
@pytest.mark.parametrize(
    ("unfollowed", "at_least"),
    [
        pytest.param(0, 9, id="everybody was followed"),
        pytest.param(1, 9, id="up to 40.4 % of 1 is 1"),
        pytest.param(5, 11, id="up to 40.4 % of 5 are 3"),
        pytest.param(10, 14, id="up to 40.4 % of 10 are 5"),
    ],
)
def test_who_cannot_be_followed_leaks_at_most_as_the_interval_says(con, unfollowed, at_least):
    contacts(
        con,
        *({**FORM, "person_key": f"person {n}"} for n in range(10)),
        *([{"channel": "web_form"}] * unfollowed),
        {**CALL, "person_key": "person 0", "received_at": "2026-01-05 10:00"},
    )

    found = the_one(savings(con))

    assert found["net_shift"] == 9 + unfollowed
    assert found["net_shift_at_least"] == at_least


@pytest.mark.usefixtures("telephony")
def test_where_nobody_can_be_followed_no_shift_is_certain(con):
    contacts(con, *([{"channel": "web_form"}] * 3))

    found = the_one(savings(con))

    assert (found["net_shift"], found["net_shift_at_least"]) == (3, 0)


def test_without_telephony_nobody_can_be_followed_and_the_month_is_provisional(con):
    contacts(con, {**FORM, "person_key": "a"})

    found = the_one(savings(con))

    assert (found["not_followed"], found["net_shift_at_least"]) == (1, 0)
    assert found["is_provisional"]


@pytest.mark.parametrize(
    ("received_at", "is_provisional"),
    [
        pytest.param("2026-01-28 23:59:59", False, id="72 hours end before the month does"),
        pytest.param("2026-01-29 00:00", True, id="they end with the month"),
    ],
)
def test_a_window_that_reaches_the_next_month_waits_for_it(con, received_at, is_provisional):
    contacts(con, CALL, {**FORM, "person_key": "a", "received_at": received_at})

    assert the_one(savings(con))["is_provisional"] is is_provisional

    contacts(con, {**CALL, "person_key": "a", "received_at": "2026-02-01 00:00"})
    contacts(con, {**CALL, "received_at": "2026-02-28 00:00"})
    found = the_one(savings(con))

    assert not found["is_provisional"]
    assert found["leaked"] == is_provisional


def test_the_month_ends_at_midnight_in_london_and_hours_pass_through_a_clock_change(con):
    contacts(
        con,
        {**CALL, "received_at": "2026-03-01 09:00"},
        {**FORM, "received_at": "2026-03-28 22:59:59"},
        {**FORM, "channel": "web_chat", "received_at": "2026-03-28 23:00"},
        {**FORM, "received_at": "2026-10-23 09:00", "person_key": "a"},
        {**CALL, "received_at": "2026-10-26 09:00", "person_key": "a"},
    )

    found = rebuilt(con, channel_savings.TABLE).set_index("channel")

    march = found[found["month"].astype(str) == "2026-03-01"]
    october = found[found["month"].astype(str) == "2026-10-01"]
    assert march["is_provisional"].to_dict() == {"web_form": False, "web_chat": True}
    assert october["leaked"].to_dict() == {"web_form": 1}


@pytest.mark.usefixtures("telephony")
def test_a_saving_is_a_range_of_both_counts_and_both_costs(con):
    contacts(
        con,
        *({**FORM, "person_key": f"person {n}"} for n in range(10)),
        *([{"channel": "web_form"}] * 5),
        {**CALL, "person_key": "person 0", "received_at": "2026-01-05 10:00"},
    )
    channel_costs(
        con,
        {"unit_cost_low": 3, "unit_cost_high": 4, "citation": "A"},
        {"channel": "web_form", "unit_cost_low": 0.5, "unit_cost_high": 1, "citation": "B"},
    )

    found = the_one(savings(con))

    assert found["saving_per_contact_low"] == 2
    assert found["saving_per_contact_high"] == 3.5
    assert (found["saving_low"], found["saving_high"]) == (11 * 2, 14 * 3.5)
    assert (found["kind"], found["citation"]) == ("capacity, not cash", "A; B")


@pytest.mark.usefixtures("telephony")
@pytest.mark.parametrize(
    ("online", "low", "high"),
    [
        pytest.param((1, 5), 3 * (1 - 5), 3 * (2 - 1), id="perhaps"),
        pytest.param((5, 6), 3 * (1 - 6), 0, id="surely"),
    ],
)
def test_a_channel_that_costs_more_saves_less_than_nothing(con, online, low, high):
    contacts(con, *([{"channel": "web_form"}] * 3))
    costs = {"unit_cost_low": online[0], "unit_cost_high": online[1]}
    channel_costs(con, {}, {"channel": "web_form", **costs})

    found = the_one(savings(con))

    assert (found["saving_low"], found["saving_high"]) == (low, high)
    assert found["citation"] == "A study"


@pytest.mark.usefixtures("telephony")
@pytest.mark.parametrize("known", [[], ["telephone"], ["web_form"]])
def test_a_cost_that_is_not_known_leaves_no_saving(con, known):
    contacts(con, {"channel": "web_form"})
    channel_costs(con, *({"channel": one} for one in known))

    found = the_one(savings(con))

    names = ("saving_per_contact_low", "saving_per_contact_high", "saving_low", "saving_high")
    assert [found[name] for name in names] == [None] * 4
    assert (found["net_shift"], found["citation"]) == (1, None)


@pytest.mark.usefixtures("telephony")
@pytest.mark.parametrize(
    ("changed_on", "saving"),
    [
        pytest.param("2026-01-01", 7, id="on the first of the month"),
        pytest.param("2026-01-02", 1, id="a day later"),
    ],
)
def test_costs_are_those_in_force_on_the_first_of_the_month(con, changed_on, saving):
    contacts(con, {"channel": "web_form"})
    channel_costs(
        con,
        {"applies_until_on": changed_on},
        {"unit_cost_low": 7, "unit_cost_high": 8, "applies_from_on": changed_on},
        {"channel": "web_form", "unit_cost_low": 0, "unit_cost_high": 0},
    )

    assert the_one(savings(con))["saving_per_contact_low"] == saving
