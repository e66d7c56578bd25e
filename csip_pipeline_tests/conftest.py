"""A warehouse in memory for every test that asks for one."""

import pytest
from emptied import Emptied


@pytest.fixture(scope="session")
def _warehouse():
    """What `con` empties."""
    kept = Emptied()
    yield kept
    kept.close()


@pytest.fixture
def con(_warehouse):
    """Every table there, and nothing in any."""
    return _warehouse.again()


@pytest.fixture(scope="session", autouse=True)
def _nobody_waits():
    """A file counts as whole at once: no test waits to see whether it grows."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CSIP_SETTLE_SECONDS", "0")
        yield
