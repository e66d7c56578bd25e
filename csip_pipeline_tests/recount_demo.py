"""A demo of a few months, taken in and measured once for all the tests that count it again."""

import datetime as dt
import shutil
from dataclasses import replace
from functools import cache
from pathlib import Path

import pandas as pd
import recount_callbacks
from made_once import made_once

from csip_pipeline import demo, monthly_tables, settings, warehouse
from csip_pipeline.extract import accounts, intake, sources
from csip_pipeline.extract.registry import FEEDS
from csip_pipeline.harmonise import call_legs, further_messages
from csip_pipeline.harmonise import contacts as harmonised
from csip_pipeline.measure import breaches, callbacks, registry
from csip_pipeline.publish import callback_list
from csip_pipeline.reference import open_intervals, tables

AUGUST, SEPTEMBER, OCTOBER = (dt.date(2026, month, 1) for month in (8, 9, 10))
A_YEAR_BEFORE = dt.date(2025, 10, 1)
MONTHS = (A_YEAR_BEFORE, AUGUST, SEPTEMBER, OCTOBER)
SCALE = 0.08
HARMONISED = (accounts.INTAKE, call_legs.TABLE, further_messages.TABLE, harmonised.TABLE)
HEARD = {"panel_answers", "panel_results", "panel_agreement", "unnecessary_calls"}
"""What the panel heard: of this demo nobody drew a call."""
MEASURED = tuple(
    table
    for table in registry.TABLES
    if not table.is_history and table.name.partition(".")[2] not in HEARD
)


@cache
def measured(base):
    """What _measured makes, made once a session."""
    return made_once(base, "recount", _measured)


def _measured(base):
    """The data folder, and the tables of a warehouse that measured one month after the other.

    September is as final as it will be: all that its windows look at is in. October's last days
    are not. What became of the explanations owed is made up, and calls to 999 owe them too: else
    nobody who gave up would be owed any.
    """
    folder = base / "recount"
    shutil.copytree(settings.project_root() / "data" / "reference", folder / "reference")
    _explain_999(folder / "reference" / "service_standards.csv")
    for last, months in ((A_YEAR_BEFORE, 1), (OCTOBER, 3)):
        demo.make(folder / "extracts", last=last, months=months, scale=SCALE, workers=0)
    data = settings.Settings(data=folder)
    # else people would have other pseudonyms each time, and other things would become of them
    (data.make_restricted() / "pseudonym.key").write_text("5" * 64, encoding="ascii")
    with warehouse.connected(Path(":memory:")) as con:
        for table in tables.TABLES:
            tables.load(con, data.reference, table)
        declared = sources.load(data.reference / "feeds.toml")
        tables.replace(con, "feeds", tables.Feeds, sources.as_table(declared))
        catalogued = intake.catalogue(data, declared)
        monthly_tables.rebuild_history(con, open_intervals.TABLE)
        for month in MONTHS:
            for feed in FEEDS.values():
                intake.take_month(con, data, feed, catalogued, month, covered=set(MONTHS))
            for table in (*HARMONISED, *MEASURED):
                monthly_tables.rebuild_touched(con, table, month)
                if table is breaches.TABLE:
                    monthly_tables.rebuild_touched(con, NOTICES, month)
        monthly_tables.rebuild_history(con, callbacks.TABLE)
        kept = (*HARMONISED, *MEASURED, callbacks.TABLE, callback_list.TABLE)
        return data, {table.name: _rows(con, table) for table in kept}


def _explain_999(path):
    rules = pd.read_csv(path, dtype=str, keep_default_na=False)
    rules.loc[rules["standard_id"] == "999-answer", "explain_within_days"] = "40"
    rules.to_csv(path, index=False)


def _made_up(con, month):
    return recount_callbacks.made_up(of_month(_rows(con, breaches.TABLE), month), month)


NOTICES = replace(callback_list.TABLE, made=_made_up)


def _rows(con, table):
    """Rows of a table, with plain NumPy types and null as NaN, NaT or None."""
    found = warehouse.fetch(con, f"from {table.name}")
    for name in found:
        if str(found[name].dtype) in ("Int64", "Float64"):
            found[name] = found[name].astype(float)
        elif str(found[name].dtype) in ("str", "string"):
            found[name] = found[name].astype(object).where(found[name].notna(), None)
    return found


def of_month(rows, month):
    """A month's rows of a table, without their month."""
    return rows[rows["month"] == pd.Timestamp(month)].drop(columns="month")


def differences(found, expected, keys, besides=()):
    """Every row and figure in which what was measured is not what was counted again, in words.

    Every column that was measured is compared, but for those named `besides`.
    """
    columns = [name for name in found if name not in keys and name not in besides]
    ours = {_key(row, keys): row for row in found.to_dict("records")}
    theirs = {_key(row, keys): row for row in expected.to_dict("records")}
    assert len(ours) == len(found), f"{keys} is no key of what was measured"
    assert len(theirs) == len(expected), f"{keys} is no key of what was counted again"
    said = [f"measured, not counted: {key}" for key in ours.keys() - theirs.keys()]
    said += [f"counted, not measured: {key}" for key in theirs.keys() - ours.keys()]
    for key in ours.keys() & theirs.keys():
        said += [
            f"{key} {name}: measured {ours[key][name]}, counted {theirs[key][name]}"
            for name in columns
            if not _same(ours[key][name], theirs[key][name])
        ]
    return sorted(said)


def _key(row, keys):
    return tuple("" if pd.isna(row[key]) else str(row[key]) for key in keys)


def _same(one, other):
    if pd.isna(one) or pd.isna(other):
        return pd.isna(one) and pd.isna(other)
    if isinstance(one, str | bool | pd.Timestamp):
        return one == other
    return abs(one - other) <= 1e-9 * max(1, abs(one))
