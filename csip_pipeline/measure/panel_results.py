"""measure.panel_results: what the panel found, item by item, in the calls that it heard."""

import datetime as dt

import pandas as pd
import pandera.pandas as pa

from csip_pipeline import promises, warehouse
from csip_pipeline.measure.double_sampling import Estimate, stratified
from csip_pipeline.measure.fields import fraction
from csip_pipeline.measure.panel_answers import ARMS
from csip_pipeline.monthly_tables import Table
from csip_pipeline.promises import Day, Promise, Real, Text, Whole, rule
from csip_pipeline.reference.score_sheet import GRADES, SCALES, YES_NO
from csip_pipeline.rules import Column, Rows, is_null

QUERY = "measure/panel_results"
KEYS = ["cycle", "arm", "item", "position", "scale"]
ANSWERS = [*GRADES, *YES_NO]
COUNTS = ["sampled", "scored", "not_applicable", "off_scale", *ANSWERS]
FAVOURABLE = ["outstanding", "good", "yes"]


class PanelResults(Promise):
    """One row per panel cycle, arm and item of the score sheet: how many calls got which answer.

    It stands in the last month of its cycle. The arms are never pooled: random calls speak for all
    calls of the frame, targeted ones for themselves, and have no share. A call that several
    panellists heard counts once. sampled is the calls of the arm, scored those with an answer on
    the item; off_scale had an answer of another scale only, which counts for nothing. favourable
    is Good or better, or yes; favourable_share is of the calls to which the item applies. Where
    the frame was divided, strata count by their calls; it is null where one of them has none
    scored. An item that nobody scored has no row.
    """

    month: Day
    cycle: Text
    arm: Text = pa.Field(isin=ARMS)
    item: Text
    position: Whole = pa.Field(ge=1)
    scale: Text = pa.Field(isin=list(SCALES))
    sampled: Whole = pa.Field(ge=0)
    scored: Whole = pa.Field(ge=0)
    not_applicable: Whole = pa.Field(ge=0)
    off_scale: Whole = pa.Field(ge=0)
    outstanding: Whole = pa.Field(ge=0)
    good: Whole = pa.Field(ge=0)
    adequate: Whole = pa.Field(ge=0)
    requires_improvement: Whole = pa.Field(ge=0)
    inadequate: Whole = pa.Field(ge=0)
    yes: Whole = pa.Field(ge=0)
    no: Whole = pa.Field(ge=0)
    favourable: Whole = pa.Field(ge=0)
    favourable_share: Real = fraction()
    favourable_share_lower: Real = fraction()
    favourable_share_upper: Real = fraction()

    @rule("every scored call must have exactly one answer")
    def answers_add_up(cls, rows: Rows) -> Column:  # noqa: N805 - Pandera's way
        """A call is scored once, however many heard it."""
        answered = rows["not_applicable"]
        for answer in ANSWERS:
            answered = answered + rows[answer]
        return answered == rows["scored"]

    @rule("no more calls may be scored than were sampled")
    def scored_were_sampled(cls, rows: Rows) -> Column:  # noqa: N805 - Pandera's way
        """Reserves and withdrawn calls are not heard."""
        return rows["scored"] + rows["off_scale"] <= rows["sampled"]

    @rule("targeted calls must have no share")
    def targeted_calls_give_no_share(cls, rows: Rows) -> Column:  # noqa: N805 - Pandera's way
        """Somebody chose them: they speak for no others."""
        return (rows["arm"] == "random") | is_null(rows["favourable_share"])


def made(con: warehouse.Connection, month: dt.date | None) -> pd.DataFrame:
    """Each item's counts over all strata, and the share that is favourable with its interval."""
    parts = warehouse.fetch(con, warehouse.read_query(QUERY), {"month": month})
    rows = [
        {
            **dict(zip(KEYS, key, strict=True)),
            **{name: int(own[name].sum()) for name in COUNTS},
            "favourable": int(own[FAVOURABLE].sum().sum()),
            **_share(key[1], own),
        }
        for key, own in parts.groupby(KEYS)
    ]
    names = [name for name in promises.duckdb_columns(PanelResults) if name != "month"]
    return pd.DataFrame(rows, columns=names)


def _share(arm: str, strata: pd.DataFrame) -> dict[str, float | None]:
    found: Estimate | None = None
    if arm == "random":
        scored, favourable = strata["scored"], strata[FAVOURABLE].sum(axis=1)
        counts = zip(
            strata["calls"], scored, scored - strata["not_applicable"], favourable, strict=True
        )
        found = stratified([(int(a), int(b), int(c), int(d)) for a, b, c, d in counts])
    return {
        "favourable_share": found.share if found else None,
        "favourable_share_lower": found.lower if found else None,
        "favourable_share_upper": found.upper if found else None,
    }


TABLE = Table("measure.panel_results", PanelResults, (QUERY,), made=made)
