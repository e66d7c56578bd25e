"""measure.unnecessary_calls: handlers' codes, corrected by what the panel heard."""

import datetime as dt

import pandas as pd
import pandera.pandas as pa

from csip_pipeline import promises, warehouse
from csip_pipeline.measure.double_sampling import post_stratified
from csip_pipeline.measure.fields import fraction
from csip_pipeline.measure.panel_answers import CODED
from csip_pipeline.monthly_tables import Table
from csip_pipeline.promises import Day, Promise, Real, Text, Whole, rule
from csip_pipeline.rules import Column, Rows, is_known, is_null

QUERY = "measure/unnecessary_calls"
WORDS = {
    "avoidable": "coded as avoidable",
    "police_matter": "coded as a matter for the police",
    "unknown": "without a recorded reason",
}


class UnnecessaryCalls(Promise):
    """One row per panel cycle: the share of calls that were no matter for the police, corrected.

    It stands in the last month of its cycle; a cycle of which the panel judged no call has no row.
    calls_* are the calls of the frame by how handlers coded them when it was frozen; heard_* those
    drawn by lot on which the panel answered yes or no to whether it was a matter for the police,
    and unnecessary_* those of them that were not. coded_share is of all calls,
    coded_share_of_known of those whose reason was recorded. corrected_share weights what the panel
    found in each class by the class's share of the frame. It is null where the panel judged no
    call of a class that has calls; because says so in words, and is null otherwise.
    """

    month: Day
    cycle: Text
    calls: Whole = pa.Field(ge=1)
    calls_avoidable: Whole = pa.Field(ge=0)
    calls_police_matter: Whole = pa.Field(ge=0)
    calls_unknown: Whole = pa.Field(ge=0)
    coded_share: Real = fraction()
    coded_share_of_known: Real = fraction()
    heard_avoidable: Whole = pa.Field(ge=0)
    heard_police_matter: Whole = pa.Field(ge=0)
    heard_unknown: Whole = pa.Field(ge=0)
    unnecessary_avoidable: Whole = pa.Field(ge=0)
    unnecessary_police_matter: Whole = pa.Field(ge=0)
    unnecessary_unknown: Whole = pa.Field(ge=0)
    corrected_share: Real = fraction()
    corrected_share_lower: Real = fraction()
    corrected_share_upper: Real = fraction()
    because: Text = pa.Field(nullable=True)

    @rule("the calls must be those coded as avoidable, as police matters and not at all")
    def classes_add_up(cls, rows: Rows) -> Column:  # noqa: N805 - Pandera's way
        """Every call of the frame is in one class."""
        coded = rows["calls_avoidable"] + rows["calls_police_matter"]
        return coded + rows["calls_unknown"] == rows["calls"]

    @rule("there must be a corrected share or a reason for there being none")
    def a_missing_share_is_explained(cls, rows: Rows) -> Column:  # noqa: N805 - Pandera's way
        """No figure is better than a false one, if it says why."""
        return is_known(rows["corrected_share"]) == is_null(rows["because"])


def made(con: warehouse.Connection, month: dt.date | None) -> pd.DataFrame:
    """Each cycle's classes side by side, and the share that they come to."""
    found = warehouse.fetch(con, warehouse.read_query(QUERY), {"month": month})
    rows = [_row(str(cycle), own.set_index("coded")) for cycle, own in found.groupby("cycle")]
    names = [name for name in promises.duckdb_columns(UnnecessaryCalls) if name != "month"]
    return pd.DataFrame(rows, columns=names)


def _row(cycle: str, classes: pd.DataFrame) -> dict[str, object]:
    calls, heard, unnecessary = (
        {coded: int(classes.loc[coded, name]) for coded in CODED}
        for name in ("calls", "heard", "unnecessary")
    )
    total, known = sum(calls.values()), calls["avoidable"] + calls["police_matter"]
    share = post_stratified([(calls[coded], heard[coded], unnecessary[coded]) for coded in CODED])
    unheard = [WORDS[coded] for coded in CODED if calls[coded] and not heard[coded]]
    return {
        "cycle": cycle,
        "calls": total,
        **{f"calls_{coded}": calls[coded] for coded in CODED},
        "coded_share": calls["avoidable"] / total,
        "coded_share_of_known": calls["avoidable"] / known if known else None,
        **{f"heard_{coded}": heard[coded] for coded in CODED},
        **{f"unnecessary_{coded}": unnecessary[coded] for coded in CODED},
        "corrected_share": share and share.share,
        "corrected_share_lower": share and share.lower,
        "corrected_share_upper": share and share.upper,
        "because": f"The panel judged no call {' and none '.join(unheard)}." if unheard else None,
    }


TABLE = Table("measure.unnecessary_calls", UnnecessaryCalls, (QUERY,), made=made)
