"""The quality site shows figures of tables; it names nobody and asks nobody else for anything."""

import datetime as dt
import re

import given
import pytest

from csip_pipeline.harmonise import contacts
from csip_pipeline.quality import figures, judging, site, usual
from csip_pipeline.refusals import RefusedError

OCTOBER = dt.date(2026, 10, 1)
REACHES_OUT = re.compile(r'(?:src|<link[^>]*href)="https?:')


def fill(con, *counts, last=OCTOBER):
    """Contacts of as many months as there are counts, the last of them `last`."""
    for back, count in enumerate(reversed(counts)):
        month = last.replace(year=last.year - back // 12)
        month = (month - dt.timedelta(days=31 * (back % 12))).replace(day=1) if back else last
        given.contacts(con, *[{"month": month, "contact_id": f"{month}-{n}"} for n in range(count)])


def test_figures_are_one_row_a_month_of_counts_and_shares(con):
    fill(con, 3, 5)
    found = figures.of_table(con, contacts.TABLE, OCTOBER)

    assert found["rows"].tolist() == [3, 5]
    assert found["telephone: contacts"].tolist() == [3, 5]
    assert found.select_dtypes("float64").shape == found.shape


def test_a_month_without_enough_before_it_is_not_judged(con, tmp_path):
    fill(con, 3, 5)

    with pytest.raises(RefusedError, match="fewer than 6 of the months before it"):
        judging.judge_month(con, tmp_path / "site", OCTOBER)


@pytest.mark.parametrize(
    ("counts", "last", "can_be"),
    [
        pytest.param([1] * 7, OCTOBER, True, id="six months before it"),
        pytest.param([1] * 6, OCTOBER, False, id="five"),
        pytest.param([1] * 7, dt.date(2026, 9, 1), False, id="not run itself"),
        pytest.param([], OCTOBER, False, id="nothing at all"),
    ],
)
def test_a_month_can_be_judged_once_six_months_before_it_are_in(con, counts, last, can_be):
    fill(con, *counts, last=last)

    assert judging.can_be_judged(con, OCTOBER) is can_be


def test_without_great_expectations_it_says_how_to_get_it(monkeypatch, tmp_path):
    monkeypatch.setattr(site, "LIBRARY", "not_installed_anywhere")

    with pytest.raises(RefusedError, match=r"pip install \"csip_pipeline\[quality\]\""):
        site.build(tmp_path, OCTOBER, {})


@pytest.mark.soak
def test_the_site_says_what_is_unusual_and_reaches_out_to_nobody(con, tmp_path):
    pytest.importorskip("great_expectations")
    fill(con, 10, 11, 10, 11, 10, 11, 40)
    folder = tmp_path / "site"
    found = judging.judge_month(con, folder, OCTOBER)

    assert "rows" in found["harmonise.contacts"]
    pages = [page.read_text(encoding="utf-8") for page in folder.rglob("*.html")]
    first = (folder / "index.html").read_text(encoding="utf-8")
    assert "higher than usual" in first
    for link in re.findall(r'href="([^"]+)"', first):
        assert (folder / link).exists(), link
    assert any("telephone: contacts" in page for page in pages)
    assert any("Learnt from the 6 months before" in page for page in pages)
    assert not any(REACHES_OUT.search(page) for page in pages)
    assert not any("2026-10-01-0" in page for page in pages), "a contact's id"


@pytest.mark.soak
def test_a_month_like_those_before_has_nothing_unusual(con, tmp_path):
    pytest.importorskip("great_expectations")
    fill(con, *[10] * 8)
    found = judging.judge_month(con, tmp_path / "site", OCTOBER)

    assert not any(found.values())


def test_a_share_is_held_to_be_one_by_its_name():
    assert usual.FEWEST == 6
    assert all("share" in name for name in ("abandoned share", figures.EMPTY))
