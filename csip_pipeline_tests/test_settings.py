"""The data folder and the pseudonym key come from the environment, or from safe defaults."""

import stat

import pytest

from csip_pipeline import settings
from csip_pipeline.refusals import RefusedError
from csip_pipeline.settings import Settings


def test_the_data_folder_is_the_environments(tmp_path, monkeypatch):
    monkeypatch.setenv("CSIP_DATA", str(tmp_path))

    assert settings.load().data == tmp_path.resolve()


@pytest.mark.parametrize("value", [None, ""], ids=["unset", "empty"])
def test_the_data_folder_is_the_projects_where_nothing_is_said(value, monkeypatch):
    monkeypatch.delenv("CSIP_DATA", raising=False)
    if value is not None:
        monkeypatch.setenv("CSIP_DATA", value)

    assert settings.load().data == settings.project_root() / "data"


def test_a_key_is_made_once_for_its_owner_alone(tmp_path, monkeypatch):
    monkeypatch.delenv("CSIP_PSEUDONYM_KEY", raising=False)
    ours = Settings(data=tmp_path)

    key = ours.pseudonym_key()

    assert ours.pseudonym_key() == key
    assert len(key) == 64
    path = ours.restricted / "pseudonym.key"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(ours.restricted.stat().st_mode) == 0o700


def test_the_environments_key_wins(tmp_path, monkeypatch):
    Settings(data=tmp_path).pseudonym_key()
    monkeypatch.setenv("CSIP_PSEUDONYM_KEY", f" {'s' * 32}\n")

    assert Settings(data=tmp_path).pseudonym_key() == b"s" * 32


@pytest.mark.parametrize("key", ["", "s" * 31], ids=["empty", "31 characters"])
def test_a_key_that_could_be_guessed_is_refused_wherever_it_is(tmp_path, monkeypatch, key):
    ours = Settings(data=tmp_path)
    monkeypatch.setenv("CSIP_PSEUDONYM_KEY", key)
    with pytest.raises(RefusedError, match=r"\$CSIP_PSEUDONYM_KEY has fewer than 32"):
        ours.pseudonym_key()

    monkeypatch.delenv("CSIP_PSEUDONYM_KEY")
    (ours.make_restricted() / "pseudonym.key").write_text(key)
    with pytest.raises(RefusedError, match=r"pseudonym\.key has fewer than 32"):
        ours.pseudonym_key()


def test_a_file_settles_in_two_seconds_unless_the_environment_says_otherwise(tmp_path, monkeypatch):
    ours = Settings(data=tmp_path)
    monkeypatch.delenv("CSIP_SETTLE_SECONDS")
    assert ours.settle_seconds == 2

    monkeypatch.setenv("CSIP_SETTLE_SECONDS", "0.5")
    assert ours.settle_seconds == 0.5


@pytest.mark.parametrize("given", ["", "soon", "-1", "nan", "inf", "3600"])
def test_a_time_to_settle_that_is_none_is_refused(tmp_path, monkeypatch, given):
    monkeypatch.setenv("CSIP_SETTLE_SECONDS", given)

    with pytest.raises(RefusedError, match=r"\$CSIP_SETTLE_SECONDS must be a number of seconds"):
        _ = Settings(data=tmp_path).settle_seconds
