"""A panel's sample and what became of it, as tests of the panel's measures are given them."""

from given import call_frame, call_sample, panel_scores, rebuilt, score_sheet

from csip_pipeline.measure import panel_answers

MONTH, CYCLE = "2026-01-01", "January 2026"
CODES = {"avoidable": True, "police_matter": False, "unknown": None}


def frame(con, coded="police_matter", calls=1, **row):
    """So many calls of the frame that nobody hears."""
    call_frame(con, *({"is_avoidable": CODES[coded], **row} for _ in range(calls)))


def heard(con, number, coded="police_matter", stratum="all", **row):
    """A call of the frame that was drawn, and is heard unless a row says otherwise."""
    given = {"reference": f"R{number}", "stratum": stratum}
    call_frame(con, {**given, "row_no": number, "is_avoidable": CODES[coded]})
    call_sample(con, {**given, "sample_no": number, **row})


def scored(con, number, score, *, by="A", item="tone"):
    """A panellist's answer on an item of a call."""
    panel_scores(con, {"sample_no": number, "score": score, "handler_key": by, "item": item})


def asked(con, *items, **row):
    """Put items on the score sheet."""
    scale = {"necessary": "yes_no"}
    rows = [{"item": item, "scale": scale.get(item, "grades"), **row} for item in items]
    score_sheet(con, *rows)


def measured(con, table):
    """The table, once the answers that it rests on are rebuilt."""
    rebuilt(con, panel_answers.TABLE)
    return rebuilt(con, table)
