"""An alert says what failed, what to do and where to look, by mail and webhook, about nobody."""

from email import message_from_string
from email.policy import default

import pytest

from csip_pipeline import alerts
from csip_pipeline.alerts import Alert
from csip_pipeline.refusals import RefusedError
from csip_pipeline.settings import Settings
from csip_pipeline_tests import webhook_server
from csip_pipeline_tests.publish.callbacks import mail_server

ALERT = Alert(
    job="month",
    part="2026-10",
    run_id="0b0e1a52-0000-4000-8000-000000000000",
    is_stopped=True,
    failed=("harmonise/contacts: no contact is lost, except 3.",),
    to_do=("Act on any number above 0: a call without its contact.",),
)


@pytest.fixture
def here(tmp_path):
    """A data folder whose alerts are set up by the test."""
    (tmp_path / "reference").mkdir()
    return Settings(data=tmp_path)


def set_up(here, text):
    (here.reference / "alerts.toml").write_text(text, encoding="utf-8")


def mail(port):
    return (
        f'[mail]\nhost = "127.0.0.1"\nport = {port}\nstarttls = false\n'
        'sender = "csip@example.org"\nto = ["data@example.org"]\n'
    )


def test_without_a_file_nothing_is_sent(here):
    assert alerts.send(ALERT, here) == []


def test_mail_says_what_failed_what_to_do_and_where_to_look(here):
    with mail_server.running() as server:
        set_up(here, 'ui = "https://dagster.example.org/"\n' + mail(server.port))
        troubles = alerts.send(ALERT, here)

    (text,) = server.received
    message = message_from_string(text, policy=default)
    assert troubles == []
    assert message["Subject"] == "csip: month 2026-10 failed"
    assert message["Auto-Submitted"] == "auto-generated"
    told = message.get_content().replace("\r\n", "\n")
    assert "What failed:\n- harmonise/contacts: no contact is lost, except 3.\n" in told
    assert "What to do:\n- Act on any number above 0: a call without its contact.\n" in told
    assert f"https://dagster.example.org/runs/{ALERT.run_id}" in told


def test_a_webhook_is_given_the_same_as_json(here):
    with webhook_server.running() as hook:
        set_up(here, f'[webhook]\nurl = "{hook.url}"\n')
        troubles = alerts.send(ALERT, here)

    (given,) = hook.received
    assert troubles == []
    assert (given["job"], given["part"], given["failed"]) == ("month", "2026-10", [*ALERT.failed])
    assert given["text"].startswith("month 2026-10 failed.")


def test_a_webhooks_address_may_be_a_secret_of_the_environment(here, monkeypatch):
    with webhook_server.running() as hook:
        set_up(here, "[webhook]\n")
        monkeypatch.setenv("CSIP_ALERT_WEBHOOK", hook.url)
        assert alerts.send(ALERT, here) == []

    assert len(hook.received) == 1


@pytest.mark.parametrize(
    ("status", "headers"),
    [
        pytest.param(500, {}, id="it is broken"),
        pytest.param(302, {"Location": "http://127.0.0.1:9/"}, id="it leads elsewhere"),
    ],
)
def test_a_webhook_that_does_not_take_it_is_told_of_and_mail_still_goes(here, status, headers):
    with mail_server.running() as server, webhook_server.running(status, **headers) as hook:
        set_up(here, mail(server.port) + f'[webhook]\nurl = "{hook.url}"\n')
        (trouble,) = alerts.send(ALERT, here)

    assert trouble == (
        f"The alert was not posted (it answered {status}). "
        "Check [webhook] in reference/alerts.toml."
    )
    assert len(server.received) == 1


def test_a_mail_server_that_is_not_there_is_told_of_and_the_webhook_still_called(here):
    with webhook_server.running() as hook:
        set_up(here, mail(9) + f'[webhook]\nurl = "{hook.url}"\n')
        (trouble,) = alerts.send(ALERT, here)

    assert trouble.startswith("The alert may not have been mailed (nothing answers under that")
    assert len(hook.received) == 1


@pytest.mark.parametrize(
    ("text", "said"),
    [
        pytest.param("post = 1", "post is not known", id="an unknown key"),
        pytest.param("webhook = 1", "webhook must be a table", id="no table"),
        pytest.param('[webhook]\nurl = "http://example.org"', "begins with https", id="open"),
        pytest.param('ui = "ftp://example.org"', "begins with https", id="no web address"),
        pytest.param("[mail]", "[mail] host must name", id="mail without a server"),
        pytest.param("[mail", "not valid TOML", id="no TOML"),
    ],
)
def test_settings_that_are_wrong_are_refused_with_the_remedy(here, text, said):
    set_up(here, text)

    with pytest.raises(RefusedError) as refusal:
        alerts.send(ALERT, here)
    assert said in str(refusal.value)


def test_a_run_that_went_through_is_not_said_to_have_failed():
    went_through = Alert("month", None, ALERT.run_id, is_stopped=False, failed=(), to_do=())

    assert went_through.title == "month went through, but look at it"
    assert "csip ui, Runs, 0b0e1a52" in went_through.as_text()
