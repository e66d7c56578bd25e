"""A command uses one engine for each of Dagster's databases, and writes what it always did."""

# ruff: noqa: TID251 - the tests of the Dagster room

import pytest
from dagster._core.storage.event_log.sqlite import sqlite_event_log

from csip_pipeline import cli_runs
from csip_pipeline.defs import engines
from csip_pipeline.settings import Settings


@pytest.fixture
def made(monkeypatch):
    """The databases that engines were made for, in order."""
    make, made = sqlite_event_log.create_engine, []

    def create_engine(url, **options):
        made.append(url)
        return make(url, **options)

    monkeypatch.setattr(sqlite_event_log, "create_engine", create_engine)
    return made


def test_an_engine_is_made_once_for_as_long_as_an_instance_is_open(tmp_path, made):
    for opened in (1, 2):
        with cli_runs.instance(Settings(data=tmp_path)) as instance:
            for _ in range(3):
                assert instance.all_asset_keys() == []
        assert len(made) == len(set(made)) * opened


def test_afterwards_dagster_makes_its_engines_as_before(made):
    before = sqlite_event_log.create_engine
    with pytest.raises(ValueError, match="ends early"), engines.kept():
        raise ValueError("ends early")

    assert sqlite_event_log.create_engine is before
    assert made == []


def test_a_dagster_that_makes_engines_in_another_way_is_left_alone(monkeypatch):
    monkeypatch.delattr(sqlite_event_log, "create_engine")
    with engines.kept():
        assert not hasattr(sqlite_event_log, "create_engine")
