"""What the tests of the call sample start from."""

import pytest
from sample_given import panel_with, three_queues


@pytest.fixture(autouse=True)
def _one_key(monkeypatch):
    """The same references in every run."""
    monkeypatch.setenv("CSIP_PSEUDONYM_KEY", "k" * 40)


@pytest.fixture
def panel(con, tmp_path):
    """Forty calls to draw from."""
    return panel_with(con, tmp_path / "data", *({} for _ in range(40)))


@pytest.fixture
def divided(con, tmp_path):
    """The same, but they came to three queues."""
    return panel_with(con, tmp_path / "data", *three_queues())
