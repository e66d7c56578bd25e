"""The command, run on the small demo force or on a copy of it; whatever it says names nobody."""

import pytest

from csip_pipeline_tests import demo_force
from csip_pipeline_tests.demo_force import demo, words  # noqa: F401 - one is a fixture


@pytest.fixture(scope="session")
def names(demo):  # noqa: F811 - the fixture
    """Everybody in the demo's extracts."""
    return demo_force.canaries(demo.settings)


@pytest.fixture
def csip(demo, names):  # noqa: F811 - the fixture
    """What a command says and how it ends: on the demo, or on a copy that it may change."""

    def run(*given, on=None):
        result = demo_force.csip(on or demo.settings, *given)
        assert words(result.output) & names == set()
        assert "Traceback" not in result.output
        return result

    return run


@pytest.fixture
def folder(tmp_path, demo):  # noqa: F811 - the fixture
    """A copy of the demo's data folder, to be changed at will."""
    return demo.copy(tmp_path / "data")
