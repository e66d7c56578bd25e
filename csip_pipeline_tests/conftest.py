"""A warehouse in memory for every test that asks for one."""

from pathlib import Path

import given
import pytest

from csip_pipeline import warehouse


@pytest.fixture
def con():
    """Every table there, and nothing in any."""
    with warehouse.connected(Path(":memory:")) as connection:
        given.nothing(connection)
        yield connection
