"""Digital take-up is what was completed online out of all that was completed, of one service."""

import pytest
from given import contacts, intake, reasons, rebuilt, the_one, web_sessions

from csip_pipeline.measure import digital_takeup
from csip_pipeline.measure.intervals import wilson

EVERY_FEED = ("telephony", "web_forms", "web_sessions")
FORM = {"channel": "web_form", "queue": "report_a_crime"}
CALL = {"reason": "CRIME_REPORT"}


def takeup(con):
    return rebuilt(con, digital_takeup.TABLE)


def came(con, *which):
    intake(con, *({"feed": feed} for feed in which or EVERY_FEED))


@pytest.fixture
def reason(con):
    """Calls about crimes could have been made online."""
    reasons(con, {"reason": "CRIME_REPORT", "service": "report_a_crime"})


@pytest.mark.usefixtures("reason")
@pytest.mark.parametrize(
    ("forms", "calls", "share"),
    [
        pytest.param(1, 3, 0.25, id="some"),
        pytest.param(0, 2, 0, id="nobody online"),
        pytest.param(2, 0, 1, id="everybody online"),
        pytest.param(1, 0, 1, id="one"),
        pytest.param(0, 0, None, id="nobody at all"),
    ],
)
def test_takeup_is_online_out_of_all_completed(con, forms, calls, share):
    came(con)
    contacts(con, *([FORM] * forms), *([CALL] * calls))

    found = the_one(takeup(con))

    assert (found["completed_online"], found["completed_by_telephone"]) == (forms, calls)
    assert (found["completed"], found["digital_takeup"]) == (forms + calls, share)
    interval = [found["digital_takeup_lower"], found["digital_takeup_upper"]]
    assert interval == pytest.approx(list(wilson(forms, forms + calls) or (None, None)))


@pytest.mark.usefixtures("reason")
@pytest.mark.parametrize(
    "contact",
    [
        pytest.param(CALL | {"outcome": "abandoned"}, id="a call that gave up"),
        pytest.param(CALL | {"outcome": "voicemail"}, id="a message left"),
        pytest.param({"reason": "DOMESTIC_ABUSE"}, id="a call about something else"),
        pytest.param({"reason": None}, id="a call about nobody knows what"),
        pytest.param({"channel": "web_chat", "reason": "CRIME_REPORT"}, id="a chat"),
        pytest.param({"channel": "email", "queue": "report_a_crime"}, id="an e-mail"),
    ],
)
def test_nothing_else_completes_a_service(con, contact):
    came(con)
    contacts(con, FORM, contact)

    assert the_one(takeup(con))["completed"] == 1


def test_several_reasons_may_be_about_one_service(con):
    reasons(
        con,
        {"reason": "A", "service": "report_a_crime"},
        {"reason": "B", "service": "report_a_crime"},
        {"reason": "report_a_crime"},
    )
    came(con)
    contacts(con, FORM, {"reason": "A"}, {"reason": "B"})

    assert the_one(takeup(con))["completed_by_telephone"] == 2


@pytest.mark.usefixtures("reason")
@pytest.mark.parametrize(
    ("missing", "online", "by_telephone"),
    [
        pytest.param("telephony", 1, None, id="no calls came"),
        pytest.param("web_forms", None, 0, id="no forms came"),
    ],
)
def test_what_did_not_come_is_not_known(con, missing, online, by_telephone):
    came(con, *(feed for feed in EVERY_FEED if feed != missing))
    intake(con, {"feed": missing, "received": 2, "quarantined": 2})
    contacts(con, *([FORM] if online else [{"channel": "social"}]))

    found = the_one(takeup(con))

    assert (found["completed_online"], found["completed_by_telephone"]) == (online, by_telephone)
    assert found["completed"] is found["digital_takeup"] is found["digital_takeup_upper"] is None


def test_a_service_that_no_reason_for_a_call_speaks_of_has_no_takeup(con):
    came(con)
    contacts(con, FORM)

    found = the_one(takeup(con))

    assert (found["completed_online"], found["completed_by_telephone"]) == (1, None)
    assert found["digital_takeup"] is None


def test_completion_and_signposting_are_of_all_days(con):
    came(con)
    day = {"visits": 40, "form_starts": 10, "form_completions": 4, "signposted_away": 2}
    web_sessions(con, day, day | {"on_date": "2026-01-31", "form_completions": 6})

    found = the_one(takeup(con))

    assert [found[name] for name in day] == [80, 20, 10, 4]
    assert (found["completion_share"], found["signposted_share"]) == (0.5, 0.05)
    interval = [found["completion_share_lower"], found["completion_share_upper"]]
    assert interval == pytest.approx(wilson(10, 20))


@pytest.mark.parametrize(
    ("changed", "completion", "signposted"),
    [
        pytest.param({"form_completions": 10}, 1, 0.5, id="as many sent as begun"),
        pytest.param({"form_completions": 11}, None, 0.5, id="one more sent than begun"),
        pytest.param({"form_starts": 0, "form_completions": 0}, None, 0.5, id="none begun"),
        pytest.param({"form_starts": None}, None, 0.5, id="not counted"),
        pytest.param({"signposted_away": 40}, 0.4, 1, id="everybody sent away"),
        pytest.param({"signposted_away": 41}, 0.4, None, id="more sent away than came"),
        pytest.param({"visits": 0, "signposted_away": 0}, 0.4, None, id="nobody came"),
    ],
)
def test_no_share_of_visitors_is_more_than_all_of_them(con, changed, completion, signposted):
    came(con)
    day = {"visits": 40, "form_starts": 10, "form_completions": 4, "signposted_away": 20} | changed
    web_sessions(con, day)

    found = the_one(takeup(con))

    assert [found[name] for name in day] == list(day.values())
    assert (found["completion_share"], found["signposted_share"]) == (completion, signposted)


def test_a_count_that_one_day_lacks_is_not_known_of_the_month(con):
    came(con)
    web_sessions(con, {}, {"on_date": "2026-01-02", "form_completions": None})

    found = the_one(takeup(con))

    assert (found["visits"], found["form_starts"], found["form_completions"]) == (8, 8, None)
    assert found["completion_share"] is None


def test_a_service_is_known_from_the_website_its_forms_or_the_reasons(con):
    reasons(con, {"reason": "LOST_PROPERTY", "service": "lost_property"})
    came(con)
    web_sessions(con, {"service": "report_asb"})
    contacts(con, FORM)

    found = takeup(con).set_index("service")

    assert sorted(found.index) == ["lost_property", "report_a_crime", "report_asb"]
    assert found["visits"].notna().to_dict() == {
        "lost_property": False,
        "report_a_crime": False,
        "report_asb": True,
    }
