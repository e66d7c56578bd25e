"""The tables of a pack that say what the panel heard in the cycles before, and what it found."""

from typing import Any

import pandas as pd

from csip_pipeline.publish.pack_figures import Figures
from csip_pipeline.publish.pack_tables import INTERVAL
from csip_pipeline.publish.workbook import Column, Table
from csip_pipeline.reference.score_sheet import GRADES, YES_NO, title

CODED = {
    "avoidable": "coded avoidable",
    "police_matter": "coded police matter",
    "unknown": "not coded",
}
CYCLE = Column("cycle", "Cycle", width=12)
QUESTION = Column("question", "Question", width=26)
EARLIER = "A cycle's calls are drawn after its pack is published, so they are in a later pack."


def call_sample(figures: Figures) -> Table:
    """How the calls of earlier cycles were drawn, so that anybody can draw them again."""
    return Table(
        name="call_sample",
        sheet="Call sample",
        title="Call sample: how the calls that the panel heard were drawn",
        intro=(
            EARLIER,
            "To draw them again: csip sample verify, from the cycle's published manifest.json.",
        ),
        columns=(
            CYCLE,
            Column("frame_calls", "Calls to draw from", "count"),
            Column("drawn", "Drawn", "count", notes=("lot",)),
            Column("withdrawn", "Withdrawn", "count", notes=("withdrawn",)),
            Column("reasons", "Why withdrawn", missing="[z]", width=28),
            Column("heard", "To be heard", "count"),
            Column("targeted", "Chosen on purpose", "count", notes=("targeted",)),
            Column("seed", "The chair's dice", width=30),
            Column("frame_sha256", "SHA-256 of the calls to draw from", width=72),
        ),
        rows=figures.call_sample,
    )


def results(figures: Figures) -> Table:
    """How the calls drawn by lot were handled, question by question.

    Those chosen on purpose are left out: they are few, and whoever complained knows of theirs.
    """
    rows = _named(figures.panel_results)
    if len(rows):
        for names, scale in ((GRADES, "grades"), (YES_NO, "yes_no")):
            for name in names:
                rows[name] = rows[name].astype("object").where(rows["scale"] == scale, "[z]")
    ends = (("lower", "At least"), ("upper", "At most"))
    return Table(
        name="panel_scores",
        sheet="Panel scores",
        title="Panel scores: how calls were handled, as the panel heard them",
        intro=("Only calls drawn by lot: those chosen on purpose speak for no others.", EARLIER),
        columns=(
            CYCLE,
            QUESTION,
            Column("scored", "Scored", "count"),
            Column("not_applicable", "N/A", "count"),
            *(Column(name, shown, "count") for name, shown in {**GRADES, **YES_NO}.items()),
            Column("favourable_share", "Good or better, or yes", "share", None, ("panel",), "[z]"),
            *(
                Column(f"favourable_share_{end}", heading, "share", None, INTERVAL, "[z]")
                for end, heading in ends
            ),
        ),
        rows=rows,
    )


def agreement(figures: Figures) -> Table:
    """How far two panellists who heard the same call agree."""
    return Table(
        name="panel_agreement",
        sheet="Panel agreement",
        title="Panel agreement: how far two panellists who heard the same call agree",
        columns=(
            CYCLE,
            QUESTION,
            Column("calls", "Scored twice", "count"),
            Column("agreed", "Same answer", "count"),
            Column("agreed_share", "Same answer, share", "share"),
            Column("agreed_share_lower", "At least", "share", notes=INTERVAL),
            Column("agreed_share_upper", "At most", "share", notes=INTERVAL),
            Column("ac1", "Beyond chance", "decimal", None, ("agreement",), "[z]"),
        ),
        rows=_named(figures.panel_agreement),
    )


def unnecessary_calls(figures: Figures) -> Table:
    """What share of calls was no matter for the police: as coded, and corrected by the panel."""
    rows = figures.unnecessary_calls
    counts: list[Column] = []
    for coded, words in CODED.items():
        counts += [
            Column(f"heard_{coded}", f"Judged, {words}", "count", width=12),
            Column(f"unnecessary_{coded}", f"Not for police, {words}", "count", width=13),
        ]
    share: dict[str, Any] = {"kind": "share", "missing": "[z]"}
    return Table(
        name="unnecessary_calls",
        sheet="Unnecessary calls",
        title="Unnecessary calls: what share of answered 101 calls was no matter for the police",
        intro=(
            "Staff code every call; the panel hears a few, and its verdict corrects the codes.",
        ),
        columns=(
            CYCLE,
            Column("calls", "Calls", "count"),
            Column("coded_share", "Coded avoidable", notes=("avoidable",), **share),
            Column("corrected_share", "Corrected", notes=("corrected",), **share),
            Column("corrected_share_lower", "At least", notes=INTERVAL, **share),
            Column("corrected_share_upper", "At most", notes=INTERVAL, **share),
            *counts,
            Column("because", "Why there is no share", missing="[z]", width=24),
        ),
        rows=rows,
    )


def tables(figures: Figures) -> tuple[Table, ...]:
    """All that is said of the panel's own work; nothing where no earlier cycle was drawn."""
    drawn = (
        (figures.call_sample, call_sample),
        (figures.panel_results, results),
        (figures.panel_agreement, agreement),
        (figures.unnecessary_calls, unnecessary_calls),
    )
    return tuple(table(figures) for rows, table in drawn if len(rows))


def _named(rows: pd.DataFrame) -> pd.DataFrame:
    return rows.assign(question=rows["item"].map(title))
