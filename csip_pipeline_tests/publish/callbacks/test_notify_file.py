"""An upload file passes Notify's own checks, opens as text anywhere, and is written once."""

import csv
import io
import re
import stat

import notify_checker
import phonenumbers
import pytest
from hypothesis import example, given, settings, strategies
from notify_given import batch, by_answer, many, rows

from csip_pipeline import warehouse
from csip_pipeline.publish.callbacks import notify_words
from csip_pipeline.publish.callbacks.channels import Answer
from csip_pipeline.publish.callbacks.notify_file import NotifyFile, render
from csip_pipeline.publish.callbacks.notify_recipients import reachable

KINDS = {"phone": "sms", "email": "email"}
LONGEST_BODY = "Dear resident. ((what_happened)) ((promise)) Reference ((notice_id))." + "x" * 450
FORMULAS = [
    "=1+1",
    "=cmd|'/C calc'!A0",
    '=HYPERLINK("http://evil.example","x")',
    "+1+1",
    "+44 1",
    "-2+3",
    "-1",
    "@SUM(1)",
    "\t=1",
    "\r=1",
    "\n=1",
    "\x00=1",
    " =1",
    "\ufeff=1",
    "\u200b@x",
    "\xa0-1",
    '"=1',
    "'=1",
]
STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "\x00")


def checked(folder, sending, kind):
    """A kind's file of a batch that was delivered, as Notify reads it."""
    content = NotifyFile(folder).path(sending.list_id, kind).read_bytes()
    return notify_checker.check(content, KINDS[kind], notify_words.PLACEHOLDERS, LONGEST_BODY)


def cells(content: bytes) -> list[list[str]]:
    """The cells of a file as a spreadsheet reads them."""
    return list(csv.reader(io.StringIO(content.decode("utf-8"), newline="")))


def test_a_batch_makes_a_file_for_each_kind_that_notify_accepts(tmp_path):
    sending = many(40)

    told = list(NotifyFile(tmp_path / "notify").deliver(sending))

    assert [one.why for one in told] == [
        "In callbacks_2026-10-1_phone.csv.",
        "In callbacks_2026-10-1_email.csv.",
    ]
    assert sorted(by_answer(told)[Answer.SENT]) == sorted(sending.rows["notice_id"])
    for kind in KINDS:
        found = checked(tmp_path / "notify", sending, kind)
        of_kind = sending.rows[sending.rows["kind"] == kind]
        assert found.errors == []
        assert [row["noticeid"] for row in found.rows] == of_kind["notice_id"].tolist()


def test_the_file_is_as_it_is_documented():
    content = render(rows({}), "phone number")

    assert content.decode() == (
        "phone number,what_happened,promise,notice_id\r\n"
        "07700900123,Your telephone call waited more than 10 minutes.,"
        "We aim to connect you with somebody within 10 minutes of your call.,0000000000000001\r\n"
    )


def test_files_are_their_owners_alone_and_leave_no_half_behind(tmp_path):
    folder = tmp_path / "restricted" / "notify"
    list(NotifyFile(folder).deliver(many(8)))

    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert {stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()} == {0o600}
    assert sorted(path.name for path in folder.iterdir()) == [
        "callbacks_2026-10-1_email.csv",
        "callbacks_2026-10-1_phone.csv",
    ]


def test_a_run_killed_between_two_files_knows_the_one_that_is_there(tmp_path):
    sending, channel = many(8), NotifyFile(tmp_path)
    assert channel.known(sending) == set()

    next(iter(channel.deliver(sending)))

    is_phone = sending.rows["kind"] == "phone"
    assert channel.known(sending) == set(sending.rows.loc[is_phone, "notice_id"])


def test_a_file_that_is_there_is_never_written_again(tmp_path):
    channel = NotifyFile(tmp_path)
    list(channel.deliver(batch({})))
    before = channel.path("2026-10-1", "phone").read_bytes()

    told = by_answer(channel.deliver(batch({"contact_point": "+447700900999"})))

    assert told[Answer.UNKNOWN] == ["0000000000000001"]
    assert channel.path("2026-10-1", "phone").read_bytes() == before


def test_it_hears_nothing_and_remembers_for_ever(tmp_path):
    channel = NotifyFile(tmp_path)

    assert channel.news(["1"]).empty
    assert channel.remembers is None
    assert channel.at_most == notify_checker.MOST_ROWS


@pytest.mark.parametrize(
    ("number", "is_taken"),
    [
        pytest.param("+447700900123", True, id="for drama"),
        pytest.param("+447400123456", True, id="mobile"),
        pytest.param("+447911123456", False, id="a range shared with Guernsey"),
        pytest.param("+447797123456", False, id="Jersey"),
        pytest.param("+447624123456", False, id="Isle of Man"),
        pytest.param("+441632960123", False, id="landline"),
        pytest.param("+443001234567", False, id="03"),
        pytest.param("+447012345678", False, id="personal number"),
        pytest.param("+447612345678", False, id="pager"),
        pytest.param("+4474001234567", False, id="a digit too many"),
        pytest.param("+44740012345", False, id="a digit too few"),
        pytest.param("+353851234567", False, id="abroad"),
        pytest.param("07700900123", False, id="not normalised"),
        pytest.param(None, False, id="none"),
    ],
)
def test_uk_mobiles_are_taken_and_no_other_number(number, is_taken):
    assert reachable(rows({"contact_point": number})).tolist() == [is_taken]


def test_every_range_of_mobiles_is_judged_as_notify_judges_it():
    numbers = [f"+447{prefix:04}{rest}" for prefix in range(10_000) for rest in ("12345", "00000")]
    taken = reachable(rows(*({"contact_point": number} for number in numbers)))

    judged = [notify_checker.phone_error("0" + number[3:]) is None for number in numbers]
    assert taken.tolist() == judged
    assert taken.sum() > 10_000


@pytest.mark.parametrize(
    ("address", "is_taken"),
    [
        ("ann@example.org", True),
        ("o'neil+police@mail.example.co.uk", True),
        ("a@xn--r8jz45g.xn--zckzah", True),
        ("a@b-c.org", True),
        ("a@b--c.org", True),
        ("a@b---c.org", False),
        ("a@-b.org", False),
        ("a@b-.org", False),
        ("a@b_c.org", False),
        ("a..b@example.org", False),
        ("a@example..org", False),
        ("a@.example.org", False),
        ("a@example.org.", False),
        ("a@example.1", False),
        ("a@example.o", False),
        ("a@localhost", False),
        ('"a"@example.org', False),
        ("a;b@example.org", False),
        ("a b@example.org", False),
        ("a@b@example.org", False),
        ("josé@example.org", False),
        ("a@例え.org", False),
        ("=a@example.org", False),
        ("+a@example.org", False),
        ("-a@example.org", False),
        ("=cmd|'/c_calc'!a0@example.org", False),
        (f"{'a' * 308}@example.org", True),
        (f"{'a' * 309}@example.org", False),
        (f"a@{'b' * 63}.org", True),
        (f"a@{'b' * 64}.org", False),
        (f"a@{'b.' * 124}bb.uk", True),
        (f"a@{'b.' * 125}bb.uk", False),
    ],
)
def test_addresses_that_notify_accepts_are_taken(address, is_taken):
    assert reachable(rows({"kind": "email", "contact_point": address})).tolist() == [is_taken]


@settings(max_examples=300, deadline=None)
@given(
    strategies.lists(
        strategies.one_of(
            strategies.text("ab1=+-.'@_|xn\u00e9 ,;\"", min_size=1, max_size=12),
            strategies.from_regex(r"[a+=.-]{1,3}@[ax-]{1,5}\.[ax.-]{1,5}", fullmatch=True),
            strategies.emails(),
        ),
        min_size=1,
        max_size=8,
    )
)
def test_no_address_is_taken_that_notify_would_refuse_or_a_spreadsheet_obey(addresses):
    made = rows(*({"kind": "email", "contact_point": one} for one in addresses))
    taken = made[reachable(made)]

    assert [one for one in taken["contact_point"] if notify_checker.email_error(one)] == []
    assert [one for one in taken["contact_point"] if one.startswith(STARTS)] == []


@pytest.mark.parametrize(
    "row",
    [{"safe_time": "after 18:00"}, {"kind": "handle", "contact_point": "ann"}],
    ids=["a safe time", "a social media account"],
)
def test_whom_a_message_could_reach_at_a_wrong_time_or_place_is_left_to_a_person(row):
    assert reachable(rows(row)).tolist() == [False]


def test_nobody_is_reached_where_there_is_nobody():
    assert reachable(rows()).empty


@pytest.mark.parametrize("text", FORMULAS)
def test_no_cell_is_a_formula_whatever_came_from_outside(text):
    for row in ({"why": text}, {"promised": text}, {"promised": f"{text} we aim"}):
        content = render(rows(row), "phone number")
        found = notify_checker.check(content, "sms", notify_words.PLACEHOLDERS)

        assert [one for line in cells(content) for one in line if one.startswith(STARTS)] == []
        assert found.errors == []


@settings(max_examples=300, deadline=None)
@given(strategies.text(max_size=40), strategies.text(max_size=300))
@example("", "@0#")
def test_no_text_breaks_a_file_or_a_template(why, promised):
    made = rows({"why": why, "promised": promised}, {})
    content = render(made, "phone number")
    found = notify_checker.check(content, "sms", notify_words.PLACEHOLDERS, LONGEST_BODY)

    assert found.errors == []
    assert [len(line) for line in cells(content)] == [4, 4, 4]
    assert not any(one.startswith(STARTS) for line in cells(content) for one in line)
    assert not any(mark in one for line in cells(content) for one in line for mark in "[]()#*\n\r")


@pytest.mark.parametrize(
    ("why", "said"),
    [
        (
            "Their telephone call waited more than 10 minutes.",
            "Your telephone call waited more than 10 minutes.",
        ),
        (
            "The reply to their social media message took 3 days.",
            "The reply to your social media message took 3 days.",
        ),
        (
            "Dealing with their online form took more than 2 hours.",
            "Dealing with your online form took more than 2 hours.",
        ),
        ("Their e-mail has not been dealt with.", "Your e-mail has not been dealt with."),
        ("They have waited. They were not called.", "You have waited. You were not called."),
        ("Their call to the domestic abuse team waited.", notify_words.SOMETHING_HAPPENED),
        ("Their call to 101, see www.x.uk", notify_words.SOMETHING_HAPPENED),
        ("Ann Smith waited.", notify_words.SOMETHING_HAPPENED),
        ("", notify_words.SOMETHING_HAPPENED),
        (None, notify_words.SOMETHING_HAPPENED),
        ("Their call waited. " * 12, notify_words.SOMETHING_HAPPENED),
    ],
)
def test_the_person_is_spoken_to_and_nothing_unknown_is_said(why, said):
    assert notify_words.placeholders(rows({"why": why}))["what_happened"].tolist() == [said]


def test_every_reason_that_staff_are_given_can_be_said_to_the_person():
    query = warehouse.read_query("publish/callback_list")
    reasons = re.findall(r"'((?:The|Dealing)[^']*)'", query)

    assert len(reasons) >= 3
    for reason in reasons:
        assert notify_words.what_happened(reason) != notify_words.SOMETHING_HAPPENED, reason


@pytest.mark.parametrize(
    ("wording", "said"),
    [
        (
            "We aim to answer your call to 101 in 10 minutes.",
            "We aim to answer your call in 10 minutes.",
        ),
        ("We reply within 24 hours.\nWeekends too.", "We reply within 24 hours. Weekends too."),
        ("We **aim** to [reply](soon).", "We aim to replysoon."),
        ("We reply: https://evil.example/x", notify_words.SOMETHING_PROMISED),
        ("We reply at force.police.uk", notify_words.SOMETHING_PROMISED),
        ("We aim to answer emergency calls.", notify_words.SOMETHING_PROMISED),
        ("We help victims within a day.", notify_words.SOMETHING_PROMISED),
        (None, notify_words.SOMETHING_PROMISED),
    ],
)
def test_the_standards_own_wording_is_used_where_it_tells_nobody_anything(wording, said):
    assert notify_words.placeholders(rows({"promised": wording}))["promise"].tolist() == [said]


def test_a_number_is_written_without_a_plus_and_read_back_as_the_same():
    content = render(rows({"contact_point": "+447400123456"}), "phone number")

    number = cells(content)[1][0]
    assert number == "07400123456"
    parsed = phonenumbers.parse(number, "GB")
    style = phonenumbers.PhoneNumberFormat.E164
    assert phonenumbers.format_number(parsed, style) == "+447400123456"


def test_the_longest_file_is_made_in_seconds_and_notify_takes_it():
    most = rows({}).loc[[0] * notify_checker.MOST_ROWS].reset_index(drop=True)

    assert reachable(most).all()
    content = render(most, "phone number")

    assert content.count(b"\r\n") == notify_checker.MOST_ROWS + 1


@pytest.mark.parametrize(
    ("content", "error"),
    [
        (b"phone,what_happened\r\n07700900123,x", "no column phonenumber"),
        (b"Phone_Number,what_happened\r\n01632960123,x", "row 1: Not a UK mobile number"),
        (b"phone number,phone number,what_happened\r\n07700900123,,x", "two columns of recipients"),
        (b"phone number,what_happened\r\n07700900123,", "row 1: missing whathappened"),
    ],
)
def test_the_checker_finds_what_notify_finds(content, error):
    assert error in notify_checker.check(content, "sms", ("what_happened",)).errors
