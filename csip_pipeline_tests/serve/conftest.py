"""A door for every test that asks for one, to a folder that is made once and copied."""

import shutil

import door as given
import pytest

from csip_pipeline.serve.meetings import Meetings


@pytest.fixture(scope="session")
def _made(tmp_path_factory):
    place = given.data_folder(tmp_path_factory.mktemp("office") / "data")
    meetings = given.Door(place).site.meetings
    assert isinstance(meetings, Meetings)
    meetings.draw(given.DRAWN, "1" * 7 + "2" * 13, 8)
    shutil.rmtree(place / "serve")
    return place


@pytest.fixture
def data(_made, tmp_path):
    """A folder of the test's own."""
    return shutil.copytree(_made, tmp_path / "data")


@pytest.fixture
def door(data):
    """A door with every zone, and accounts of its own."""
    return given.Door(data)
