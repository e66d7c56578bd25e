"""The first page says what is unusual; every page says so in words, and fetches nothing."""

import datetime as dt

import pytest

from csip_pipeline.quality import pages
from csip_pipeline.quality.pages import Judged
from csip_pipeline.quality.usual import Usual

OCTOBER = dt.date(2026, 10, 1)
PLACES = {"measure.breaches": "validations/breaches.html"}
LOST = Usual("lost share", 0.61, 0.89, 0.75, 12)
ROWS = Usual("rows", 90.0, 110.0, 100.0, 12)
DELIVERED = """<html><head><title>Data documentation compiled by Great Expectations</title>
<link rel="stylesheet" href="https://cdn.example/x.css"/><script src="https://cdn.example/x.js"></script>
</head><body><h4>Expectation Validation Result</h4><script>$("x").fadeIn()</script>
<i class="fas fa-times text-danger" aria-hidden="true"></i> Failed
<i class="fas fa-check-circle text-success" ></i>
<footer><p>our newsletter</p></footer></body></html>"""


def front(*judged):
    return pages.front(OCTOBER, list(judged), PLACES)


def test_the_first_page_shows_what_is_unusual_beside_what_is_usual():
    page = front(Judged("measure.breaches", LOST, 0.472, is_unusual=True))

    assert "1 of 1 figures of 1 tables is unusual." in page
    for told in ("lost share", "47.2%", "75.0%", "61.0%", "89.0%", "lower than usual"):
        assert told in page
    assert 'href="validations/breaches.html"' in page


def test_the_first_page_of_an_ordinary_month_says_so_and_lists_every_table():
    page = front(Judged("measure.breaches", ROWS, 101.0, is_unusual=False))

    assert "None of 1 figures of 1 tables is unusual." in page
    assert "What is unusual" not in page
    assert "measure.breaches" in page


@pytest.mark.parametrize(
    "gone", ["<script", "<link", "https://", "newsletter", "<i class", "Great"]
)
def test_a_page_as_delivered_loses_what_it_cannot_use(gone):
    assert gone in DELIVERED
    assert gone not in pages.mended(DELIVERED, "October 2026, measure.breaches")


def test_a_page_says_in_words_what_icons_said():
    page = pages.mended(DELIVERED, "October 2026, measure.breaches")

    assert "<strong>Unusual</strong>" in page
    assert "As usual" in page
    assert "<h1>October 2026, measure.breaches</h1>" in page
    assert "<title>October 2026, measure.breaches</title>" in page
    assert '<html lang="en-GB">' in page
