"""measure.panel_agreement: how far two panellists who heard the same calls agree."""

import datetime as dt

import pandas as pd
import pandera.pandas as pa

from csip_pipeline import promises, warehouse
from csip_pipeline.measure.agreement import agreement
from csip_pipeline.measure.fields import difference, fraction
from csip_pipeline.measure.intervals import wilson
from csip_pipeline.monthly_tables import Table
from csip_pipeline.promises import Day, Promise, Real, Text, Whole, rule
from csip_pipeline.reference.score_sheet import SCALES
from csip_pipeline.rules import Column, Rows

QUERY = "measure/panel_agreement"
KEYS = ["cycle", "item", "position", "scale"]


class PanelAgreement(Promise):
    """One row per panel cycle and item of the score sheet: how far two panellists agree on it.

    It stands in the last month of its cycle. Only calls drawn by lot that two panellists scored;
    where more did, the first two by lot. N/A is an answer like any other. ac1 is Gwet's
    coefficient: agreement beyond chance, 1 at best; null under two calls. An item of which no call
    was scored twice has no row.
    """

    month: Day
    cycle: Text
    item: Text
    position: Whole = pa.Field(ge=1)
    scale: Text = pa.Field(isin=list(SCALES))
    calls: Whole = pa.Field(ge=1)
    agreed: Whole = pa.Field(ge=0)
    agreed_share: Real = fraction()
    agreed_share_lower: Real = fraction()
    agreed_share_upper: Real = fraction()
    ac1: Real = difference()

    @rule("no more calls may be agreed on than were scored twice")
    def agreed_are_among_the_calls(cls, rows: Rows) -> Column:  # noqa: N805 - Pandera's way
        """A part is no more than the whole."""
        return rows["agreed"] <= rows["calls"]


def made(con: warehouse.Connection, month: dt.date | None) -> pd.DataFrame:
    """Each item's agreement, from the pairs of answers that the query gives."""
    pairs = warehouse.fetch(con, warehouse.read_query(QUERY), {"month": month})
    rows = []
    for key, own in pairs.groupby(KEYS):
        answers = list(zip(own["first_score"], own["second_score"], strict=True))
        found = agreement(answers, len(SCALES[key[-1]]))
        lower, upper = wilson(found.agreed, found.calls) or (None, None)
        rows.append(
            {
                **dict(zip(KEYS, key, strict=True)),
                "calls": found.calls,
                "agreed": found.agreed,
                "agreed_share": found.agreed / found.calls,
                "agreed_share_lower": lower,
                "agreed_share_upper": upper,
                "ac1": found.ac1,
            }
        )
    names = [name for name in promises.duckdb_columns(PanelAgreement) if name != "month"]
    return pd.DataFrame(rows, columns=names)


TABLE = Table("measure.panel_agreement", PanelAgreement, (QUERY,), made=made)
