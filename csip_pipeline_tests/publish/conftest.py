"""What the tests of callbacks and of packs start from."""

from pathlib import Path

import pytest
from callback_office import Office, furnish

from csip_pipeline import warehouse
from csip_pipeline.settings import Settings


@pytest.fixture(scope="session")
def furnished():
    with warehouse.connected(Path(":memory:")) as con:
        furnish(con)
        yield con


@pytest.fixture
def office(furnished, tmp_path):
    """A force with two panel cycles and two reasons for contact, and no breach yet."""
    for table in ("measure.breaches", "publish.callback_list"):
        furnished.execute(f"drop table if exists {table}")
    return Office(Settings(data=tmp_path), furnished)
