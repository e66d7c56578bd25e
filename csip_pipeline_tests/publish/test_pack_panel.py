"""A pack tells what the panel heard before its own cycle, but not of calls chosen on purpose."""

import pandas as pd
import pytest
from given import call_sample
from pack_given import figures

from csip_pipeline import warehouse
from csip_pipeline.publish import pack_panel
from csip_pipeline.publish.disclosure.declared import DECLARED

FIRST = {"first_month": "2026-10-01", "last_month": "2026-12-01"}
SHA = "5" * 64


def column(table, heading):
    """The values under a heading."""
    (name,) = (each.name for each in table.columns if each.heading == heading)
    return table.rows[name].tolist()


def drawn(con, month, *, seed="3165", **row):
    """The draw of the cycle that ends in a month."""
    given = {"month": f"{month}-01", "cycle": month, "frame_calls": 900, "frame_sha256": SHA}
    given |= {"strata": 1, "seed": seed, "drawn": seed and 60, "reserves": seed and 30, **row}
    con.register("given_draw", pd.DataFrame([given]))
    con.execute("insert into publish.call_draws by name select * from given_draw")
    con.unregister("given_draw")


def told(con, name):
    return warehouse.fetch(con, warehouse.read_query(f"publish/pack_{name}"), FIRST)


def test_a_draw_is_told_with_what_anybody_needs_to_draw_again(con):
    drawn(con, "2026-09")
    own = {"month": "2026-09-01", "cycle": "2026-09"}
    because = "recording_missing"
    call_sample(
        con,
        own,
        {**own, "state": "withdrawn", "withdrawn_because": because},
        {**own, "state": "withdrawn", "withdrawn_because": because},
        {**own, "state": "withdrawn", "withdrawn_because": "not_a_call"},
        {**own, "state": "reserve"},
        {**own, "arm": "targeted", "stratum": "none"},
    )
    table = pack_panel.call_sample(figures(call_sample=told(con, "call_sample")))

    assert column(table, "Calls to draw from") == [900]
    assert column(table, "Withdrawn") == [3]
    assert column(table, "Why withdrawn") == ["1 not a call, 2 recording missing"]
    assert column(table, "To be heard") == [1]
    assert column(table, "Chosen on purpose") == [1]
    assert column(table, "The chair's dice") == ["3165"]
    assert column(table, "SHA-256 of the calls to draw from") == [SHA]


def test_only_the_four_latest_cycles_before_the_packs_own_are_told(con):
    for month in ("2025-09", "2025-12", "2026-03", "2026-06", "2026-09", "2026-12"):
        drawn(con, month)

    assert told(con, "call_sample")["cycle"].tolist() == [
        "2025-12",
        "2026-03",
        "2026-06",
        "2026-09",
    ]


def test_a_frame_that_is_frozen_and_not_drawn_is_not_told(con):
    drawn(con, "2026-09", seed=None)

    assert told(con, "call_sample").empty


def test_scores_of_calls_chosen_on_purpose_are_in_no_pack(con):
    row = {"cycle": "c", "item": "tone", "position": 7, "scale": "grades", "sampled": 2}
    for arm in ("random", "targeted"):
        con.execute(
            "insert into measure.panel_results by name select date '2026-09-01' as month, "
            f"'{arm}' as arm, $cycle as cycle, $item as item, $position as position, $scale as "
            "scale, $sampled as sampled, 0 as scored, 0 as not_applicable, 0 as off_scale, 0 as "
            "outstanding, 0 as good, 0 as adequate, 0 as requires_improvement, 0 as inadequate, "
            "0 as yes, 0 as no, 0 as favourable",
            row,
        )

    assert told(con, "panel_results")["arm"].tolist() == ["random"]


def test_a_question_of_yes_or_no_has_no_grades_and_the_other_way_round():
    rows = [
        {"item": "necessary", "scale": "yes_no", "yes": 3, "no": 1, "favourable_share": 0.75},
        {"item": "right_agency", "scale": "grades", "good": 2, "adequate": 2},
    ]
    table = pack_panel.results(figures(panel_results=rows))

    assert column(table, "Question") == ["Necessary", "Right agency"]
    assert column(table, "Yes") == [3, "[z]"]
    assert column(table, "Good") == ["[z]", 2]
    assert column(table, "Good or better, or yes")[0] == 0.75


def test_agreement_is_told_by_question():
    table = pack_panel.agreement(figures(panel_agreement=[{"calls": 20, "agreed": 17}]))

    assert column(table, "Question") == ["Tone"]
    assert column(table, "Same answer") == [17]


def test_a_corrected_share_stands_beside_the_coded_one_or_it_is_said_why_not():
    rows = [
        {"coded_share": 0.3, "corrected_share": 0.4},
        {"coded_share": 0.3, "because": "The panel judged no call coded as avoidable."},
    ]
    table = pack_panel.unnecessary_calls(figures(unnecessary_calls=rows))

    assert column(table, "Coded avoidable") == [0.3, 0.3]
    assert column(table, "Corrected")[0] == 0.4
    assert pd.isna(column(table, "Corrected")[1])
    assert column(table, "Why there is no share")[1].startswith("The panel judged no call")


def test_a_force_whose_panel_heard_nothing_yet_has_no_sheet_about_it():
    assert pack_panel.tables(figures()) == ()


@pytest.mark.parametrize(
    "name", ["call_sample", "panel_scores", "panel_agreement", "unnecessary_calls"]
)
def test_every_sheet_of_the_panel_is_declared_to_give_nobody_away(name):
    assert name in DECLARED
