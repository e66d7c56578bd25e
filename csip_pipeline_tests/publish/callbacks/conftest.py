"""What the tests of callbacks start from."""

from pathlib import Path

import pytest
from callback_office import Office, flagged_reasons, flags, furnish, reasons_with

from csip_pipeline import warehouse
from csip_pipeline.settings import Settings

KEPT = ("measure.breaches", "publish.callback_list", "harmonise.contacts")


@pytest.fixture(scope="session")
def furnished():
    with warehouse.connected(Path(":memory:")) as con:
        furnish(con)
        yield con


@pytest.fixture
def office(furnished, tmp_path):
    """A force with two panel cycles, two reasons for contact and no flags, and no breach yet."""
    for table in KEPT:
        if warehouse.exists(furnished, table):
            furnished.execute(f"delete from {table}")
    furnished.execute("delete from extract.callback_outcomes")
    flags(furnished)
    flagged_reasons(furnished, reasons_with())
    return Office(Settings(data=tmp_path), furnished)
