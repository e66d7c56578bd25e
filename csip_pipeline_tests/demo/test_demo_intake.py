"""Intake reads every extract of the demo, and counts exactly the blemishes that were made."""

from collections import Counter

import pytest

from csip_pipeline import settings, warehouse
from csip_pipeline.demo import blemishes
from csip_pipeline.demo.extracts import EXTRACTS
from csip_pipeline.extract import catalogues, deliveries, intake, sources
from csip_pipeline.extract.registry import FEEDS

FEEDS_TOML = settings.project_root() / "data" / "reference" / "feeds.toml"
BY_NAME = {extract.name: extract for extract in EXTRACTS}
BLEMISHED = {
    (BY_NAME[name].folder, month)
    for name, month in (
        *((row.extract, row.month) for row in blemishes.BROKEN_ROWS),
        *((correction.extract, correction.month) for correction in blemishes.CORRECTIONS),
        *blemishes.DELIVERED_TWICE,
    )
}


@pytest.fixture(scope="module")
def delivered(data):
    """Every file, read by its reader."""
    return catalogues.catalogue(settings.Settings(data=data), sources.load(FEEDS_TOML))


@pytest.fixture(scope="module")
def taken(data, delivered):
    """Rows by file and disposition, as intake counts them in the months with blemishes."""
    own = settings.Settings(data=data)
    months = {month for delivery in delivered for month in delivery.months}
    with warehouse.connected(own.warehouse) as con:
        for feed, month in sorted(BLEMISHED):
            intake.take_month(con, own, FEEDS[feed], delivered, month, covered=months)
        counted = con.execute(
            "select file, disposition, sum(rows)::bigint from extract.dispositions group by all"
        ).fetchall()
    return Counter({(file, disposition): rows for file, disposition, rows in counted})


def made(extract, month):
    return extract.path(month, extract.made(month)).name


def test_every_file_is_claimed_by_a_source_and_read(data, delivered):
    own = settings.Settings(data=data)

    assert deliveries.unclaimed(own, sources.load(FEEDS_TOML)) == []
    assert delivered.refused == []
    assert len(delivered) == len(list(deliveries.delivered_files(own)))
    assert all(delivery.received for delivery in delivered)


def test_every_file_declares_when_it_was_made(delivered):
    assert all(delivery.source.declared_at(delivery.path.name) for delivery in delivered)


@pytest.mark.parametrize("extract", EXTRACTS, ids=lambda extract: extract.name)
def test_the_broken_rows_and_no_others_are_quarantined(extract, taken, delivered):
    planned = Counter(row.month for row in blemishes.BROKEN_ROWS if row.extract == extract.name)
    quarantined = {
        delivery.path.name: taken[delivery.path.name, "quarantined"]
        for delivery in delivered
        if delivery.path.name.startswith(f"{extract.name}_")
    }

    assert {file: rows for file, rows in quarantined.items() if rows} == {
        made(extract, month): rows for month, rows in planned.items()
    }


def test_a_file_delivered_twice_is_counted_as_duplicate(taken):
    ((_, month),) = blemishes.DELIVERED_TWICE
    log = BY_NAME["queue_log"]
    again = log.path(month, log.made(month), "_again").name

    assert taken[again, "received"] == taken[again, "duplicate"] > 0


def test_a_corrected_file_supersedes_rows_of_the_first(taken):
    (correction,) = blemishes.CORRECTIONS
    forms = BY_NAME[correction.extract]
    first = made(forms, correction.month)
    second = forms.path(correction.month, correction.made).name

    assert taken[first, "superseded"] >= taken[first, "received"] // blemishes.EVERY - 2
    assert taken[first, "superseded"] + taken[first, "duplicate"] == taken[first, "received"]
    assert taken[second, "accepted"] == taken[second, "received"] == taken[first, "received"]


def test_one_supplier_sends_nothing_for_a_month(extracts):
    ((name, month),) = blemishes.NOT_SENT

    assert not list(extracts.rglob(f"{name}_{month:%Y-%m}_*"))
