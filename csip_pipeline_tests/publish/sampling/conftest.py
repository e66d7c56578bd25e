"""What the tests of the call sample start from."""

from pathlib import Path

import given
import pytest
from sample_given import panel_with, three_queues

from csip_pipeline import warehouse

FILLED = ("harmonise.contacts", "extract.intake", "extract.dispositions", "extract.telephony")
LOADED = ("publish.call_frame", "publish.call_sample")


@pytest.fixture(autouse=True)
def _one_key(monkeypatch):
    """The same references in every run."""
    monkeypatch.setenv("CSIP_PSEUDONYM_KEY", "k" * 40)


@pytest.fixture(scope="module")
def tables():
    """Every table there, and nothing in any: made once for a file of tests."""
    with warehouse.connected(Path(":memory:")) as connection:
        given.nothing(connection)
        yield connection


@pytest.fixture
def con(tables):
    """The same, emptied again after each test."""
    yield tables
    for table in FILLED:
        tables.execute(f"delete from {table}")
    for table in LOADED:
        tables.execute(f"drop table if exists {table}")


@pytest.fixture
def panel(con, tmp_path):
    """Forty calls to draw from."""
    return panel_with(con, tmp_path / "data", *({} for _ in range(40)))


@pytest.fixture
def divided(con, tmp_path):
    """The same, but they came to three queues."""
    return panel_with(con, tmp_path / "data", *three_queues())
