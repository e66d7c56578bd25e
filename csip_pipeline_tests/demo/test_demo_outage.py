"""The hours in which the demo's exchange was down are found, and no other hour is suspected."""

import datetime as dt

import given
import pytest

from csip_pipeline import monthly_tables, settings
from csip_pipeline.demo import force, series
from csip_pipeline.extract import accounts, catalogues, completeness, intake, sources
from csip_pipeline.extract.registry import FEEDS

FEEDS_TOML = settings.project_root() / "data" / "reference" / "feeds.toml"
SEED, SCALE = 7, 0.1
WATCHED = ("telephony", "web_forms", "web_chats", "social")


@pytest.fixture
def con(con, tmp_path):
    """A warehouse with the month of the outage taken in."""
    month = force.EVENTS["outage"].starts_on.replace(day=1)
    own = settings.Settings(data=tmp_path)
    series.make_month(own.extracts, SEED, SCALE, month)
    delivered = catalogues.catalogue(own, sources.load(FEEDS_TOML))
    months = {each for delivery in delivered for each in delivery.months}
    for feed in WATCHED:
        intake.take_month(con, own, FEEDS[feed], delivered, month, covered=months)
    for table in (accounts.INTAKE, completeness.MISSING_HOURS):
        monthly_tables.rebuild(con, table, month)
    return con


def test_exactly_the_outage_is_found(con):
    down, up = (dt.datetime.fromtimestamp(moment, tz=dt.UTC) for moment in force.OUTAGE)
    found = con.execute("select line, began_at, ended_at from extract.missing_hours").fetchall()

    assert [(line, *map(str, when)) for line, *when in found] == [("101", str(down), str(up))]
    assert given.broken(con, "extract/silent_stretches", f"{down:%Y-%m}-01") == 1
