"""The table of a pack that says what every measure means, from the text of docs/measures.md."""

import pandas as pd

from csip_pipeline.measure.definitions import Definition, definitions, plain
from csip_pipeline.publish.workbook import Column, Table

NAME = "definitions"
"""What it says is about the measures, and no figure of contact."""
QUESTIONS = (
    ("says", "In plain words"),
    ("formula", "How it is worked out"),
    ("hides", "What it hides"),
    ("source", "Source"),
    ("edges", "At the edges"),
)


def table() -> Table:
    """Five rows a measure: a cell of a wide column is read more easily than one of six narrow."""
    rows = [_row(one, *question) for one in definitions() for question in QUESTIONS]
    return Table(
        name=NAME,
        sheet="Definitions",
        title="Definitions: what each measure says, how it is worked out, and what it hides",
        intro=("Analysts find the definition of every column in the project's docs/measures.md.",),
        columns=(
            Column("measure", "Measure", width=24),
            Column("question", "What is said of it", width=20),
            Column("answer", "Definition", width=88),
        ),
        rows=pd.DataFrame(rows),
    )


def _row(definition: Definition, field: str, question: str) -> dict[str, str]:
    return {
        "measure": definition.title,
        "question": question,
        "answer": plain(str(getattr(definition, field))),
    }
