"""measure.panel_answers: what panellists answered of each call that the panel hears."""

import pandera.pandas as pa

from csip_pipeline.monthly_tables import Table
from csip_pipeline.promises import Claim, Day, Promise, Text, Whole
from csip_pipeline.reference.score_sheet import SCALES

ARMS = ["random", "targeted"]
CODED = ["avoidable", "police_matter", "unknown"]


class PanelAnswers(Promise):
    """One row per answer of a panellist on an item and a call of the panel's sample.

    It stands in the last month of its cycle. Only calls that are heard: no reserve, and none that
    was withdrawn. Only items of the score sheet in force on the cycle's last day. coded is how the
    handler had coded the call when the frame was frozen; null for a targeted call. place is 1 for
    the answer that counts where several panellists heard the call: their order is a lot, drawn for
    each call from their pseudonyms, and answers that are on the item's scale come first.
    """

    month: Day
    cycle: Text
    arm: Text = pa.Field(isin=ARMS)
    sample_no: Whole = pa.Field(ge=1)
    stratum: Text
    coded: Text = pa.Field(isin=CODED, nullable=True)
    item: Text
    position: Whole = pa.Field(ge=1)
    scale: Text = pa.Field(isin=list(SCALES))
    score: Text
    is_on_scale: Claim
    place: Whole = pa.Field(ge=1)


TABLE = Table("measure.panel_answers", PanelAnswers, ("measure/panel_answers",))
