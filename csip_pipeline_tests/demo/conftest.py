"""A small synthetic force, made once: every month that has a blemish."""

import pytest

from csip_pipeline.demo import blemishes, series

SEED, SCALE = 7, 0.05


@pytest.fixture(scope="session")
def data(tmp_path_factory):
    """A data folder whose extracts hold the months with blemishes."""
    months = {row.month for row in blemishes.BROKEN_ROWS}
    months |= {correction.month for correction in blemishes.CORRECTIONS}
    months |= {month for _, month in blemishes.DELIVERED_TWICE | blemishes.NOT_SENT}
    folder = tmp_path_factory.mktemp("demo")
    for month in sorted(months):
        series.make_month(folder / "extracts", SEED, SCALE, month)
    return folder


@pytest.fixture(scope="session")
def extracts(data):
    return data / "extracts"
