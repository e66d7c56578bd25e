"""Whoever was in touch in a month is one row for each way in which they can be reached."""

from given import contact_points, rebuilt, the_one

from csip_pipeline.harmonise import people


def test_somebody_seen_in_two_feeds_is_one_person(con):
    contact_points(con, {"feed": "telephony"}, {"feed": "web_forms"})

    assert the_one(rebuilt(con, people.TABLE))["person_key"] == "somebody"


def test_two_contact_points_are_two_people(con):
    contact_points(con, {}, {"person_key": "another", "kind": "email", "contact_point": "a@b.uk"})

    assert set(rebuilt(con, people.TABLE)["person_key"]) == {"somebody", "another"}


def test_somebody_in_touch_again_is_there_in_each_month(con):
    contact_points(con, {"month": "2026-01-01"}, {"month": "2026-02-01"})

    months = rebuilt(con, people.TABLE)["month"]
    assert sorted(f"{month:%Y-%m}" for month in months) == ["2026-01", "2026-02"]
