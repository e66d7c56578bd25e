"""The tables of a pack that say how many agents each hour of the week needs: a planning aid."""

from csip_pipeline.publish import pack_hours
from csip_pipeline.publish.pack_figures import Figures
from csip_pipeline.publish.pack_hours import HOUR, weekdays
from csip_pipeline.publish.pack_subjects import SUBJECT, with_subjects
from csip_pipeline.publish.workbook import Column, Table

MODELS = {
    "agents_erlang_a": ("Staffing", "if callers are as patient as they were (Erlang A)"),
    "agents_erlang_c": ("Staffing, nobody hangs up", "if nobody hung up (Erlang C)"),
}


def staffing(figures: Figures) -> list[Table]:
    """The agents that each model asks for, a row an hour and a column a weekday."""
    return [_model(figures, model, *words) for model, words in MODELS.items()]


def _model(figures: Figures, model: str, sheet: str, title: str) -> Table:
    rows = with_subjects(figures.staffing)
    month = f"{rows['month'].max():%B %Y}" if len(rows) else "no month"
    columns: tuple[Column, ...] = (SUBJECT, HOUR, *weekdays("count"))
    return Table(
        name=model.replace("agents", "staffing"),
        sheet=sheet,
        title=f"Staffing, a planning aid: agents needed at once, {title}",
        intro=(
            f"From the calls of {month}, for each line's own standard and target.",
            "It is no rota: breaks, training and leave come on top.",
        ),
        columns=columns,
        rows=pack_hours.week(rows, model, nothing="[z]"),
        notes=("staffing",),
    )
