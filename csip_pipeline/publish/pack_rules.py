"""The table of a pack that splits a change of a figure into rule and real change."""

from csip_pipeline.publish.pack_figures import Figures
from csip_pipeline.publish.pack_tables import MONTH
from csip_pipeline.publish.workbook import Column, Table

SIDES = {
    "before": "Old standard in force",
    "during": "Both, in one month",
    "after": "New standard in force",
}
SIGNED = "+0.0;-0.0;0.0"


def definition_bridge(figures: Figures) -> Table:
    """The months near a change of standard, under both."""
    rows = figures.definition_bridge
    points = {name: rows[name].astype("Float64") * 100 for name in ("change_points", *PARTS)}
    return Table(
        name="definition_bridge",
        sheet="When a rule changed",
        title="When a rule changed: each month under the old standard and under the new",
        intro=(
            "Change since the last month wholly under the old one = due to the rule + real change.",
        ),
        columns=(
            Column("wording", "New standard", width=44),
            Column("changed_on", "In force from", "date"),
            MONTH,
            Column("side", "In that month"),
            Column("value_under_old", "Under the old", "share"),
            Column("value_under_new", "Under the new", "share"),
            _points("change_points", "Change as published"),
            _points("rule_points", "Due to the rule"),
            _points("real_points", "Real change"),
        ),
        rows=rows.assign(side=rows["side"].map(SIDES), **points),
        notes=("bridge",),
    )


PARTS = ("rule_points", "real_points")


def _points(name: str, heading: str) -> Column:
    return Column(name, heading, "decimal", unit="points", missing="[z]", number_format=SIGNED)
