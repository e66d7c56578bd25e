"""The page of a whole pack in a real browser: axe, widths, and nothing from anywhere else."""

import pytest
from browsers import SIDEWAYS, WIDTHS, at, axe, launched

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def chromium():
    with launched() as browser:
        yield browser


@pytest.mark.parametrize("width", WIDTHS)
def test_the_page_of_a_pack_can_be_read_by_everybody(press, chromium, width):
    edition = press.first()
    page = at(chromium, width)
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(edition.path.with_suffix(".html").as_uri())

    assert axe(page) == ""
    assert page.evaluate(SIDEWAYS) <= 0
    assert len(asked) == 1, "it asks for nothing but itself"
    page.context.close()
