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


@pytest.fixture(scope="session", autouse=True)
def _nobody_waits():
    """A file counts as whole at once: no test waits to see whether it grows."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CSIP_SETTLE_SECONDS", "0")
        yield
