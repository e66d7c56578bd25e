"""How the figures of the worksheets about the panel's own work are traced."""

from csip_pipeline.publish.tracing.declaring import Traced

HEARD = "It is of calls that the panel heard: csip sample list says which, for whoever may know."
HEARD_OF = ("telephony", "panel_scores")

PANEL: dict[str, Traced] = {
    "call_sample": Traced(
        "publish.call_sample",
        None,
        HEARD,
        "publish/pack_call_sample",
        queries=("publish/sampling/frame",),
        feeds=("telephony",),
        keys=1,
    ),
    "panel_scores": Traced(
        "measure.panel_results",
        "panel_results",
        HEARD,
        "publish/pack_panel_results",
        feeds=HEARD_OF,
    ),
    "panel_agreement": Traced(
        "measure.panel_agreement",
        "panel_agreement",
        HEARD,
        "publish/pack_panel_agreement",
        feeds=HEARD_OF,
    ),
    "unnecessary_calls": Traced(
        "measure.unnecessary_calls",
        "unnecessary_calls",
        HEARD,
        "publish/pack_unnecessary_calls",
        feeds=HEARD_OF,
    ),
}
"""By table: those of the draw, of the scores, of agreement and of the corrected share."""
