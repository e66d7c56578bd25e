"""Everything goes by worklist unless callbacks.toml says otherwise, and says it rightly."""

import dataclasses

import notify_server
import pytest

from csip_pipeline.publish.callbacks import routes
from csip_pipeline.publish.callbacks.list_ready import MailSettings
from csip_pipeline.publish.callbacks.notify_api import NotifyApi
from csip_pipeline.publish.callbacks.notify_desk import NotifySettings
from csip_pipeline.publish.callbacks.notify_file import NotifyFile
from csip_pipeline.publish.callbacks.routes import Routes
from csip_pipeline.refusals import RefusedError
from csip_pipeline.settings import Settings

TEMPLATE = notify_server.SMS_TEMPLATE
API = f"""
[routes]
phone = "notify_api"
[notify]
phone_template = "{TEMPLATE}"
"""
MAIL = """
[mail]
host = "smtp.force.example"
sender = "csip@office.example"
to = ["team@force.example"]
"""


@pytest.fixture
def read(tmp_path):
    """What is made of a text of callbacks.toml."""

    def reading(text: str) -> Routes:
        (tmp_path / routes.FILE).write_text(text, encoding="utf-8")
        return routes.load(tmp_path)

    return reading


@pytest.fixture
def key(monkeypatch):
    """A key of Notify in the environment."""
    monkeypatch.delenv("CSIP_NOTIFY_API_KEY_FILE", raising=False)
    monkeypatch.setenv("CSIP_NOTIFY_API_KEY", notify_server.KEY)


def test_without_the_file_everything_goes_by_worklist_and_nobody_is_told(tmp_path):
    ways = routes.load(tmp_path)

    assert {ways.way(kind) for kind in ("phone", "email", "handle")} == {"worklist"}
    assert ways.mail is None


def test_an_empty_file_says_the_same(read):
    assert read("") == Routes()


def test_each_kind_goes_its_way_and_a_social_media_account_by_worklist_always(read):
    ways = read(API + '[mail]\nhost="h"\nsender="a@b"\nto=["c@d"]')

    assert [ways.way(kind) for kind in ("phone", "email", "handle")] == [
        "notify_api",
        "worklist",
        "worklist",
    ]


def test_the_whole_file_is_read(read):
    ways = read(
        f"""
        [routes]
        phone = "notify_api"
        email = "notify_file"
        [notify]
        base_url = "https://notify.example/"
        phone_template = "{TEMPLATE}"
        email_template = "{notify_server.EMAIL_TEMPLATE}"
        memory_days = 14
        settle_seconds = 60
        [mail]
        host = "smtp.force.example"
        port = 2525
        sender = "csip@office.example"
        to = ["team@force.example", "desk@force.example"]
        starttls = true
        username = "csip"
        """
    )

    assert ways == Routes(
        "notify_api",
        "notify_file",
        NotifySettings("https://notify.example", TEMPLATE, notify_server.EMAIL_TEMPLATE, 14, 60),
        MailSettings(
            host="smtp.force.example",
            sender="csip@office.example",
            to=("team@force.example", "desk@force.example"),
            port=2525,
            username="csip",
        ),
    )
    with pytest.raises(dataclasses.FrozenInstanceError):
        ways.phone = "worklist"


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("[route]", "route is not known at its top"),
        ("routes = 1", "routes must be a table"),
        ('[routes]\nhandle = "worklist"', "handle is not known in [routes]"),
        ('[routes]\nphone = "sms"', "[routes] phone must be one of worklist, notify_file"),
        ("[routes]\nphone = []", "[routes] phone must be one of"),
        ('[routes]\nphone = "notify_api"', "[notify] phone_template is missing"),
        (API + "[routes2]\n", "routes2 is not known"),
        (
            API.replace("phone =", "email ="),
            "email_template",
        ),
        ('[notify]\napi_key = "x"', "api_key is not known in [notify]"),
        ('[notify]\nphone_template = "welcome"', "[notify] phone_template is no template's id"),
        ('[notify]\nbase_url = "http://api.example"', "[notify] base_url"),
        ('[notify]\nbase_url = "https://api.example/v2"', "[notify] base_url"),
        ('[notify]\nbase_url = "https://ann@api.example"', "[notify] base_url"),
        ('[notify]\nbase_url = "http://127.0.0.1"', "[notify] base_url"),
        ('[notify]\nbase_url = "https://[x"', "[notify] base_url"),
        ("[notify]\nbase_url = 1", "[notify] base_url"),
        ("[notify]\nmemory_days = 0", "[notify] memory_days"),
        ("[notify]\nmemory_days = true", "[notify] memory_days"),
        ("[notify]\nmemory_days = 91", "[notify] memory_days"),
        ("[notify]\nsettle_seconds = 34", "[notify] settle_seconds"),
        ("[notify]\nsettle_seconds = nan", "[notify] settle_seconds"),
        ("[notify]\nsettle_seconds = 601", "[notify] settle_seconds"),
        ("[mail]", "[mail] host"),
        (MAIL + "port = 0", "[mail] port"),
        (MAIL + 'port = "25"', "[mail] port"),
        (MAIL.replace('"csip@office.example"', '"csip"'), "[mail] sender"),
        (MAIL.replace("csip@", "csip\\nBcc: x@"), "[mail] sender"),
        (MAIL.replace('["team@force.example"]', "[]"), "[mail] to"),
        (MAIL.replace('["team@force.example"]', '"team@force.example"'), "[mail] to"),
        (MAIL + 'starttls = "no"', "[mail] starttls"),
        (MAIL + 'starttls = false\nusername = "csip"', "[mail] starttls"),
        (MAIL + 'password = "x"', "password is not known in [mail]"),
        (MAIL + "username = 1", "[mail] username"),
        ("[routes", "is not valid TOML"),
    ],
)
def test_what_is_wrong_is_refused_by_name(read, text, named):
    with pytest.raises(RefusedError) as refusal:
        read(text)

    assert "reference/callbacks.toml" in str(refusal.value)
    assert named in str(refusal.value)


def test_this_computer_may_be_asked_in_the_clear_and_sooner_so_that_it_can_be_tested(read):
    ways = read('[notify]\nbase_url = "http://127.0.0.1:8080"\nsettle_seconds = 0.5')

    assert ways.notify.settle_seconds == 0.5


@pytest.mark.usefixtures("key")
def test_each_way_has_a_channel_that_goes_by_its_name(read, tmp_path):
    ways = read(API.replace("[notify]", 'email = "notify_file"\n[notify]'))
    used = {ways.way(kind) for kind in ("phone", "email")}
    made = {name: ways.channel(name, Settings(tmp_path)) for name in used}

    assert {name: type(channel) for name, channel in made.items()} == {
        "notify_api": NotifyApi,
        "notify_file": NotifyFile,
    }
    assert {channel.name for channel in made.values()} == set(made)
    assert made["notify_file"].folder == tmp_path / "restricted" / "notify"


def test_a_channel_that_is_no_longer_used_can_still_be_asked(tmp_path):
    assert Routes().channel("notify_file", Settings(tmp_path)).known is not None
    with pytest.raises(ValueError, match="no channel"):
        Routes().channel("worklist", Settings(tmp_path))


@pytest.mark.parametrize("name", ["CSIP_NOTIFY_API_KEY", "CSIP_MAIL_PASSWORD"])
def test_a_secret_is_the_environments_or_a_files(name, tmp_path, monkeypatch):
    ours, secret = Settings(tmp_path), notify_server.KEY
    read = ours.notify_api_key if "NOTIFY" in name else ours.mail_password
    path = tmp_path / "secret"
    path.write_text(f"{secret}\n")
    monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv(f"{name}_FILE", str(path))

    assert read() == secret
    monkeypatch.setenv(name, f" {secret[:-1]}1 ")
    assert read() == f"{secret[:-1]}1"


@pytest.mark.parametrize(
    ("given", "content", "what"),
    [
        ({}, None, r"Set \$CSIP_NOTIFY_API_KEY to the secret"),
        ({"CSIP_NOTIFY_API_KEY": "sekrit"}, None, "is no API key"),
        ({"CSIP_NOTIFY_API_KEY": f"n-{notify_server.SERVICE}-sekrit"}, None, "is no API key"),
        ({}, "", "is empty"),
        ({}, "sekrit", "is no API key"),
        ({}, b"\xff\xfesekrit", "cannot be read"),
        ({"CSIP_NOTIFY_API_KEY_FILE": "/no/such/sekrit"}, None, "cannot be read"),
    ],
)
def test_a_secret_that_is_missing_or_no_key_is_refused_unquoted(
    given, content, what, tmp_path, monkeypatch
):
    for name in ("CSIP_NOTIFY_API_KEY", "CSIP_NOTIFY_API_KEY_FILE"):
        monkeypatch.delenv(name, raising=False)
    if content is not None:
        path = tmp_path / "key"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        monkeypatch.setenv("CSIP_NOTIFY_API_KEY_FILE", str(path))
    for name, value in given.items():
        monkeypatch.setenv(name, value)

    with pytest.raises(RefusedError, match=what) as refusal:
        Settings(tmp_path).notify_api_key()

    assert "sekrit" not in str(refusal.value)
