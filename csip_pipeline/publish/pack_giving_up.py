"""The tables of a pack that say how many gave up waiting, and what became of them."""

import pandas as pd

from csip_pipeline.publish.pack_figures import Figures
from csip_pipeline.publish.pack_subjects import PROVISIONAL, SUBJECT, lines_and_channels
from csip_pipeline.publish.pack_tables import INTERVAL, MONTH
from csip_pipeline.publish.workbook import Column, Table

FATES = (
    ("called_back", "Called back"),
    ("returned_101", "Rang 101 again"),
    ("moved_to_999", "Rang 999"),
    ("went_online", "Went online"),
    ("lost", "Lost"),
    ("unknown", "Cannot be followed"),
)
NET = "Gave up, and not called back or told why"


def abandonment(figures: Figures) -> Table:
    """The share who gave up, in each way that it is counted."""
    return Table(
        name="abandonment",
        sheet="Gave up",
        title="Gave up waiting, counted four ways, out of everybody offered",
        intro=(
            "Forces count differently, so the ways stand side by side; the first counts everybody.",
            "Lost at most also counts everybody who cannot be followed.",
        ),
        columns=(
            MONTH,
            SUBJECT,
            Column("way", "Who is counted", notes=("lost", "net")),
            Column("people", "Callers", "count"),
            Column("offered", "Offered", "count", notes=("offered",)),
            Column("share", "Share", "share"),
            Column("lower", "At least", "share", notes=INTERVAL),
            Column("upper", "At most", "share", notes=INTERVAL),
            PROVISIONAL,
        ),
        rows=_each_way(lines_and_channels(figures.abandonment)),
    )


def fates(figures: Figures) -> Table:
    """What those who gave up did next."""
    return Table(
        name="abandoned_fates",
        sheet="After giving up",
        title="After giving up: what became of each caller within 24 hours",
        intro=(
            "A callback that reached them decides, else what they did first: each counts once.",
        ),
        columns=(
            MONTH,
            SUBJECT,
            Column("abandoned", "Gave up", "count", notes=("abandoned",)),
            *(
                Column(name, heading, "count", notes=("lost",) if name == "lost" else ())
                for name, heading in FATES
            ),
            PROVISIONAL,
        ),
        rows=lines_and_channels(figures.abandonment),
    )


def _each_way(rows: pd.DataFrame) -> pd.DataFrame:
    """One row for each line and way of counting, the ways in their order."""
    gave_up, lost = rows["abandoned"], rows["lost"]
    net = gave_up - rows["called_back"] - rows["explained"]
    is_open, is_net_open = rows["is_provisional"], rows["is_net_provisional"]
    ways = (
        ("abandoned", "abandoned_share", gave_up, "Everybody who gave up", False),
        (
            "abandoned_after",
            "abandoned_after_share",
            rows["abandoned_after"],
            _after(rows),
            False,
        ),
        ("abandoned_net", "abandoned_net_of_callback_share", net, NET, is_net_open),
        ("lost", "lost_share", lost, "Lost: not heard of again", is_open),
        ("lost_at_most", "lost_share_at_most", lost + rows["unknown"], "Lost at most", is_open),
    )
    parts = [
        rows[["month", "subject", "offered"]].assign(
            counted=counted,
            way=way,
            people=people,
            share=rows[share],
            lower=rows.get(f"{share}_lower", "[z]"),
            upper=rows.get(f"{share}_upper", "[z]"),
            is_provisional=is_provisional,
        )
        for counted, share, people, way, is_provisional in ways
    ]
    each = pd.concat(parts).sort_index(kind="stable")
    return each[each["way"].notna()].reset_index(drop=True)


def _after(rows: pd.DataFrame) -> pd.Series:
    """Who counts in the second way; nobody where the line's standard names no such time."""
    said = "Gave up after " + rows["after_seconds"].astype("string") + " seconds or more"
    of_several = rows["abandoned_after"].notna() & rows["after_seconds"].isna()
    return said.mask(of_several, "Gave up after the time of their standard")
