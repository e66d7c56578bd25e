"""Posts that answer each other, in whatever file, are one conversation in the month it began."""

import pytest
from extract_samples import NOVEMBER, OCTOBER, POSTS, SOCIAL, post

PLACED = (
    "select message_id, conversation_id, strftime(month, '%m') from extract.social "
    "order by message_id"
)


def test_a_reply_in_november_stands_with_its_question_in_october(folder):
    folder.expect(SOCIAL)
    folder.drop("social/twcs_10.csv", POSTS, post(1, "2026-10-31T22:00"))
    folder.take("social", OCTOBER)

    late = post(2, "2026-11-01T09:00", reply_to="1.0", inbound="False", author="Force")
    folder.drop("social/twcs_11.csv", POSTS, late, post(3, "2026-11-02T09:00"))
    assert folder.touched() == {OCTOBER, NOVEMBER}
    folder.take("social", OCTOBER)
    folder.take("social", NOVEMBER)

    assert folder.rows(PLACED) == [("1", "1", "10"), ("2", "1", "10"), ("3", "3", "11")]
    assert folder.ends(OCTOBER) == {"twcs_10.csv": {"accepted": 1}}
    assert folder.ends(NOVEMBER) == {"twcs_11.csv": {"accepted": 2}}
    assert folder.touched() == set()


def test_a_conversation_is_followed_through_as_many_files_as_it_takes(folder):
    folder.expect(SOCIAL)
    months = [OCTOBER.replace(month=month) for month in (7, 8, 9, 10)]
    for number, month in enumerate(months, 1):
        reply = post(number, f"{month:%Y-%m}-10T09:00", reply_to=f"{number - 1}" * (number > 1))
        folder.drop(f"social/twcs_{month:%m}.csv", POSTS, reply)
    folder.drop("social/twcs_06.csv", POSTS, post(99, "2026-06-10T09:00"))

    assert folder.touched() == {OCTOBER.replace(month=6), *months}
    for month in months:
        folder.take("social", month)

    assert folder.rows(PLACED) == [(f"{number}", "1", "07") for number in (1, 2, 3, 4)]
    bearing = {d.path.name: sorted(m.month for m in d.bears_on) for d in folder.catalogue()}
    assert bearing["twcs_10.csv"] == [7, 8, 9, 10]
    assert bearing["twcs_06.csv"] == [6]


def test_a_post_is_in_a_conversation_also_where_only_the_other_post_says_so(folder):
    folder.expect(SOCIAL)
    folder.drop(
        "social/twcs.csv",
        POSTS,
        post(1, "2026-10-01T09:00", answered_by='"2,3"'),
        post(2, "2026-10-01T09:05"),
        post(3, "2026-10-01T09:06", reply_to="1.0"),
    )

    folder.take("social")

    assert folder.column(f"select distinct conversation_id from ({PLACED})") == ["1"]


def test_what_a_post_says_it_answers_wins_over_what_another_says_of_it(folder):
    folder.expect(SOCIAL)
    folder.drop(
        "social/twcs.csv",
        POSTS,
        post(1, "2026-10-01T09:00", answered_by="3"),
        post(2, "2026-10-01T09:05"),
        post(3, "2026-10-01T09:06", reply_to="2"),
    )

    folder.take("social")

    assert folder.rows(PLACED) == [("1", "1", "10"), ("2", "2", "10"), ("3", "2", "10")]


def test_posts_that_answer_each_other_in_a_circle_end_the_climb(folder):
    folder.expect(SOCIAL)
    posts = [post(1, "2026-10-01T09:00", reply_to="2"), post(2, "2026-10-01T09:01", reply_to="1")]
    folder.drop("social/twcs.csv", POSTS, *posts, post(3, "2026-10-01T09:02", reply_to="3"))

    folder.take("social")

    assert len(folder.rows(PLACED)) == 3


def test_answers_to_a_post_that_was_never_delivered_are_one_conversation(folder):
    folder.expect(SOCIAL)
    posts = [post(n, f"2026-10-01T09:0{n}", reply_to="77") for n in (1, 2)]
    folder.drop("social/twcs.csv", POSTS, *posts)

    folder.take("social")

    assert folder.column(f"select distinct conversation_id from ({PLACED})") == ["77"]


def test_an_unanswered_post_was_seen_until_the_end_of_the_next_months_file(folder):
    folder.expect(SOCIAL)
    folder.drop("social/twcs_20261101T0500Z.csv", POSTS, post(1, "2026-10-31T22:00"))
    folder.take("social", OCTOBER)
    folder.drop("social/twcs_20261201T0500Z.csv", POSTS, post(9, "2026-11-30T22:00"))

    assert OCTOBER in folder.touched()
    folder.take("social", OCTOBER)

    seen = "select strftime(extracted_at, '%Y-%m-%d') from extract.social"
    assert folder.column(seen) == ["2026-12-01"]


@pytest.mark.parametrize(
    ("row", "column"),
    [
        pytest.param(post(1, "2026-10-01T09:00").replace("1,", "x,", 1), "message_id", id="id"),
        pytest.param(post(1, "2026-10-01T09:00", inbound="yes"), "direction", id="direction"),
        pytest.param(post(1, "2026-10-01T09:00").replace("Oct", "Okt"), "sent_at", id="time"),
    ],
)
def test_a_broken_post_costs_that_post_alone(folder, row, column):
    folder.expect(SOCIAL)
    folder.drop("social/twcs.csv", POSTS, post(7, "2026-10-01T09:00"), row)

    assert [fault[:2] for fault in folder.faults()] == [(3, column)]


def test_the_forces_own_account_is_nobodys_pseudonym(folder):
    folder.expect(SOCIAL)
    ours = post(2, "2026-10-01T09:05", reply_to="1", inbound="False", author="Force")
    folder.drop("social/twcs.csv", POSTS, post(1, "2026-10-01T09:00", author="@Ann"), ours)

    folder.take("social")

    known = "select direction, person_key is null from extract.social order by 1"
    assert folder.rows(known) == [("in", False), ("out", True)]
    assert folder.restricted("select kind, contact_point from extract.contact_points") == [
        ("handle", "ann")
    ]


def test_an_export_of_something_else_is_refused(folder):
    folder.expect(SOCIAL)
    folder.drop("social/twcs.csv", POSTS.replace("author_id", "author"), "1,2,True,x,y,,")

    (refused,) = folder.catalogue().refused

    assert 'twcs.csv has no column "author_id"' in refused.reason
    assert 'The nearest is "author"' in refused.reason
