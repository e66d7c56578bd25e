"""Nobody is sent a notice twice, nor is anybody missed, however Notify's answers go astray."""

import logging
import random
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import notify_server
import pandas as pd
import pytest
import requests
from notify_given import batch, by_answer, many, rows
from notify_server import EMAIL_TEMPLATE, KEY, SMS_TEMPLATE, Faults, running

from csip_pipeline.publish.callbacks import notify_api, notify_desk
from csip_pipeline.publish.callbacks.channels import Answer
from csip_pipeline.publish.callbacks.notify_api import NotifyApi
from csip_pipeline.publish.callbacks.notify_desk import Desk, NotifySettings
from csip_pipeline.refusals import RefusedError


@pytest.fixture
def notify(request):
    """A Notify with the faults of the case."""
    with running(getattr(request, "param", None)) as server:
        yield server


def channel(notify, waits=None, **given) -> NotifyApi:
    """The channel to a server; what it would wait is noted down instead."""
    usual = {"phone_template": SMS_TEMPLATE, "email_template": EMAIL_TEMPLATE, "settle_seconds": 5}
    settings = NotifySettings(base_url=notify.url, **(usual | given))
    return NotifyApi.connected(settings, KEY, ([] if waits is None else waits).append)


def faulty(**faults):
    """A case of the fixture."""
    return pytest.param(Faults(**faults), id=", ".join(faults))


def test_a_notice_is_sent_with_its_id_as_reference_and_neutral_words(notify):
    told = list(channel(notify).deliver(batch({}, {"kind": "email", "contact_point": "a@b.org"})))

    text, mail = notify.accepted
    assert by_answer(told)[Answer.SENT] == [text["reference"], mail["reference"]]
    assert (text["phone_number"], mail["email_address"]) == ("07700900123", "a@b.org")
    assert text["personalisation"] == {
        "what_happened": "Your telephone call waited more than 10 minutes.",
        "promise": "We aim to connect you with somebody within 10 minutes of your call.",
        "notice_id": text["reference"],
    }
    assert mail["sanitise_content_for"] == ["what_happened", "promise"]


def test_what_was_sent_is_told_soon_so_that_a_killed_run_has_little_to_ask(notify):
    receipts = channel(notify).deliver(many(60))

    first = next(receipts)

    assert len(first.notice_ids) == len(notify.accepted) == notify_api.TOGETHER


@pytest.mark.parametrize(
    "notify",
    [
        faulty(errors=0.3),
        faulty(lost=0.3),
        faulty(accepted_errors=0.3),
        faulty(garbled=0.3),
        faulty(hollow=0.3),
        faulty(errors=0.1, lost=0.1, accepted_errors=0.1, garbled=0.1, unasked=0.1),
    ],
    indirect=True,
)
def test_lost_answers_are_asked_about_before_anything_is_sent_again(notify):
    sending, waits = many(100), []

    told = by_answer(channel(notify, waits).deliver(sending))

    assert len(notify.references) == len(set(notify.references))
    told_at_the_end = set(told[Answer.SENT])
    assert told_at_the_end <= set(notify.references)
    assert set(sending.rows["notice_id"]) - told_at_the_end <= set(told[Answer.UNKNOWN])
    assert told[Answer.REFUSED] == []
    assert 5 in waits


@pytest.mark.parametrize("notify", [faulty(late=0.2, late_seconds=0.15)], indirect=True)
def test_a_request_that_arrives_late_is_waited_for(notify):
    settings = {"phone_template": SMS_TEMPLATE, "email_template": EMAIL_TEMPLATE}
    patient = NotifyApi.connected(
        NotifySettings(base_url=notify.url, settle_seconds=0.4, **settings), KEY
    )

    told = by_answer(patient.deliver(many(30)))

    assert sorted(notify.references) == sorted(told[Answer.SENT]) == sorted(many(30).rows.notice_id)


class Mortal:
    """Notify's client in a run that is killed now and then, before or after a request went out."""

    def __init__(self, client, draws):
        """With Notify's own client."""
        self.client, self.draws = client, draws

    def __getattr__(self, name):
        asked = getattr(self.client, name)

        def act(*args, **given):
            draw = self.draws.random() if name.startswith("send") else 1
            if draw < 0.04:
                raise KeyboardInterrupt
            answer = asked(*args, **given)
            if draw < 0.08:
                raise KeyboardInterrupt
            return answer

        return act


@pytest.mark.parametrize("notify", [faulty(errors=0.05, lost=0.08, seed=7)], indirect=True)
def test_runs_that_are_killed_over_and_over_send_each_notice_once(notify):
    left, kills, draws = many(120), 0, random.Random(7)  # noqa: S311 - kills come again
    for _ in range(200):
        api = channel(notify)
        mortal = NotifyApi(replace(api.desk, client=Mortal(api.desk.client, draws)))
        try:
            left = without(left, mortal.known(left))
            for receipt in mortal.deliver(left):
                if receipt.answer is Answer.SENT:
                    left = without(left, set(receipt.notice_ids))
        except KeyboardInterrupt:
            kills += 1
        if left.rows.empty:
            break

    assert kills > 10
    assert left.rows.empty
    assert sorted(notify.references) == sorted(many(120).rows["notice_id"])


def without(sending, notice_ids):
    """A batch without the notices that are confirmed."""
    return replace(sending, rows=sending.rows[~sending.rows["notice_id"].isin(notice_ids)])


@pytest.mark.parametrize("notify", [faulty(errors=1.0)], indirect=True)
def test_a_notify_that_is_down_is_left_alone_after_ten_lost_answers(notify):
    waits = []

    told = by_answer(channel(notify, waits).deliver(many(100)))

    assert notify.sends == notify_api.MOST_LOST
    assert told[Answer.SENT] == told[Answer.REFUSED] == []
    assert waits == []


@pytest.mark.parametrize("notify", [faulty(errors=1.0)], indirect=True)
def test_a_notice_without_an_answer_is_tried_four_times_and_stays_claimed(notify):
    waits = []

    told = by_answer(channel(notify, waits).deliver(batch({})))

    assert notify.sends == 1 + notify_api.ROUNDS
    assert set(told[Answer.UNKNOWN]) == {"0000000000000001"}
    assert waits == [5, 5, 5]


@pytest.mark.parametrize("notify", [faulty(refused={"07700900002"})], indirect=True)
def test_a_bad_number_is_refused_without_quoting_it(notify, caplog):
    sending = batch({}, {"contact_point": "+447700900002"}, {"contact_point": "+447700900004"})
    with caplog.at_level(logging.DEBUG):
        told = list(channel(notify).deliver(sending))

    (refused,) = [one for one in told if one.answer is Answer.REFUSED]
    assert refused.notice_ids == ["0000000000000002"]
    assert refused.why == "Notify refused it (ValidationError)."
    assert "900002" not in caplog.text
    assert len(notify.accepted) == 2


@pytest.mark.parametrize("notify", [faulty(is_trial=True)], indirect=True)
def test_a_service_in_trial_mode_holds_nobody(notify):
    with pytest.raises(RefusedError, match="trial mode") as refusal:
        list(channel(notify).deliver(many(20)))

    assert "0770" not in str(refusal.value)
    assert notify.accepted == []


@pytest.mark.parametrize("notify", [faulty(is_trial=True)], indirect=True)
def test_one_refused_request_may_be_the_notices_own_fault(notify):
    told = by_answer(channel(notify).deliver(batch({})))

    assert told[Answer.REFUSED] == ["0000000000000001"]


@pytest.mark.parametrize("notify", [faulty(forbidden_from=30)], indirect=True)
def test_a_key_that_is_withdrawn_stops_the_run_after_what_was_sent_is_told(notify):
    told = []
    with pytest.raises(RefusedError, match=r"CSIP_NOTIFY_API_KEY") as refusal:
        told.extend(channel(notify).deliver(many(100)))

    assert by_answer(told)[Answer.SENT] == notify.references
    assert len(notify.references) == 30
    assert notify_server.SECRET not in str(refusal.value)


@pytest.mark.parametrize("notify", [faulty(busy=range(10, 12))], indirect=True)
def test_a_busy_notify_is_tried_again_after_a_while(notify):
    waits = []

    told = by_answer(channel(notify, waits).deliver(many(20)))

    assert told[Answer.SENT] == notify.references == many(20).rows["notice_id"].tolist()
    assert waits == list(notify_desk.BUSY_PAUSES[:2])


@pytest.mark.parametrize(
    ("notify", "tries"),
    [
        pytest.param(Faults(busy=range(10, 99)), 4, id="too many a minute, for minutes"),
        pytest.param(Faults(busy=range(10, 99), is_daily_limit=True), 1, id="limit of the day"),
    ],
    indirect=["notify"],
)
def test_what_a_busy_notify_does_not_take_stays_claimed(notify, tries):
    told = by_answer(channel(notify).deliver(many(20)))

    assert told[Answer.SENT] == notify.references
    assert len(notify.references) == 10
    assert told[Answer.REFUSED] == told[Answer.UNKNOWN] == []
    assert notify.sends == 10 + tries


def test_after_a_killed_run_it_waits_then_asks_what_notify_has(notify):
    sending, waits = many(20), []
    receipts = channel(notify).deliver(batch(*many(20).rows.iloc[:12].to_dict("records")))
    list(receipts)

    known = channel(notify, waits).known(sending)

    assert known == set(sending.rows["notice_id"][:12])
    assert waits == [5]


def test_nothing_is_waited_for_where_nothing_is_under_way(notify):
    waits = []

    assert channel(notify, waits).known(batch()) == set()
    assert waits == []


@pytest.mark.parametrize("notify", [faulty(unasked=1.0)], indirect=True)
def test_nothing_is_sent_where_notify_does_not_say_what_it_has(notify):
    waits = []
    with pytest.raises(RefusedError, match="does not answer"):
        channel(notify, waits).known(batch({}))

    assert waits == [5, *notify_desk.ASKING_PAUSES]


@pytest.mark.parametrize("given", [None, [], {}, {"notifications": 1}, {"notifications": ["a"]}])
def test_an_answer_that_is_none_is_not_taken_for_nothing_sent(given):
    client = SimpleNamespace(get_all_notifications=lambda **_: given)
    asked = NotifyApi(Desk(client, NotifySettings(), [].append))

    with pytest.raises(RefusedError, match="does not answer"):
        asked.known(batch({}))


def test_another_messages_answer_is_not_taken_for_this_ones():
    client = SimpleNamespace(get_all_notifications=lambda **_: {"notifications": [{"id": "1"}]})
    asked = NotifyApi(Desk(client, NotifySettings(), [].append))

    with pytest.raises(RefusedError, match="not asked for"):
        asked.known(batch({}))


@pytest.mark.parametrize(
    ("templates", "what"),
    [
        ({"phone_template": SMS_TEMPLATE[:-1] + "9"}, "is not there"),
        ({"phone_template": EMAIL_TEMPLATE}, "another kind"),
        ({"phone_template": None}, "has no phone_template"),
    ],
)
def test_a_wrong_template_is_found_before_anything_is_sent(notify, templates, what):
    with pytest.raises(RefusedError, match=what):
        list(channel(notify, **templates).deliver(batch({})))

    assert notify.sends == 0


@pytest.mark.parametrize("notify", [faulty(placeholders=("First name", "promise"))], indirect=True)
def test_a_template_that_asks_for_more_is_found_before_anything_is_sent(notify):
    with pytest.raises(RefusedError, match="never filled"):
        list(channel(notify).deliver(batch({})))

    assert notify.sends == 0


@pytest.mark.parametrize("notify", [faulty(placeholders=("What Happened",))], indirect=True)
def test_a_placeholder_may_be_spelt_as_notify_lets_it(notify):
    assert by_answer(channel(notify).deliver(batch({})))[Answer.SENT] == notify.references


@pytest.mark.parametrize("notify", [faulty(page=7)], indirect=True)
def test_news_comes_in_pages_and_says_what_each_outcome_means(notify):
    points = ["+447700900123", "+447700900003", "+447700900002", "+447700900124"]
    api = channel(notify)
    list(api.deliver(many(30)))
    list(
        api.deliver(
            batch(*({"notice_id": f"n{n}", "contact_point": p} for n, p in enumerate(points)))
        )
    )
    notify.accepted[-1]["status"] = "sending"
    list(
        api.deliver(
            batch(*many(20).rows.assign(notice_id=lambda f: "x" + f.notice_id).to_dict("records"))
        )
    )
    notify.asked.clear()

    told = api.news(["n0", "n1", "n2", "n3", "never sent"])

    assert dict(zip(told["notice_id"], told["outcome"], strict=True)) == {
        "n0": "explained",
        "n1": "tried",
        "n2": "not_contactable",
    }
    assert str(told["attempted_at"].dtype) == "datetime64[us, UTC]"
    assert (pd.Timestamp.now("UTC") - told["attempted_at"]).max() < pd.Timedelta(minutes=5)
    assert len(notify.asked) == 9


def test_news_of_nothing_is_nothing_and_asks_nothing(notify):
    told = channel(notify).news([])

    assert list(told.columns) == ["notice_id", "outcome", "attempted_at"]
    assert len(told) == len(notify.asked) == 0


def test_a_wrong_key_is_refused_without_showing_it(notify):
    wrong = KEY[:-1] + "1"
    settings = NotifySettings(base_url=notify.url, phone_template=SMS_TEMPLATE)
    api = NotifyApi.connected(settings, wrong, [].append)

    for act in (lambda: api.known(batch({})), lambda: list(api.deliver(batch({})))):
        with pytest.raises(RefusedError, match="does not accept the API key") as refusal:
            act()
        assert wrong[-36:] not in str(refusal.value)


def test_a_redirect_is_not_followed_with_somebodys_number():
    with running() as elsewhere, running() as notify:
        old = notify_server.Handler.answer

        def moved(handler, status, body):
            if handler.command == "POST" and handler.notify is notify:
                handler.send_response(307)
                handler.send_header("Location", elsewhere.url + handler.path)
                handler.send_header("Content-Length", "0")
                handler.end_headers()
            else:
                old(handler, status, body)

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(notify_server.Handler, "answer", moved)
            list(channel(notify).deliver(batch({})))

        assert elsewhere.accepted == []


def test_the_client_is_asked_for_only_where_it_is_used(monkeypatch):
    monkeypatch.setitem(sys.modules, "notifications_python_client.notifications", None)

    with pytest.raises(RefusedError, match=r'pip install "csip_pipeline\[notify\]"'):
        NotifyApi.connected(NotifySettings(), KEY)


def test_it_takes_whom_it_has_a_template_for(notify):
    both = rows({}, {"kind": "email", "contact_point": "a@example.org"}, {"kind": "handle"})

    assert channel(notify).takes(both).tolist() == [True, True, False]
    assert channel(notify, email_template=None).takes(both).tolist() == [True, False, False]
    assert channel(notify, memory_days=3).remembers == pd.Timedelta(days=3)


def test_the_server_outlives_whoever_asked_and_says_what_it_accepted(tmp_path):
    kept_in = tmp_path / "accepted.jsonl"
    command = [sys.executable, notify_server.__file__, "0", str(kept_in), "--lost", "0.5"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603 - our own
        try:
            port = process.stdout.readline().split()[1]
            server = SimpleNamespace(url=f"http://127.0.0.1:{port}")
            told = by_answer(channel(server).deliver(many(12)))
            accepted = requests.get(f"{server.url}/accepted", timeout=5).json()
        finally:
            process.kill()

    references = [one["reference"] for one in accepted]
    assert sorted(references) == sorted(told[Answer.SENT])
    assert len(Path(kept_in).read_text().splitlines()) == 12
