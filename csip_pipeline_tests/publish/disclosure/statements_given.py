"""What tests of hiding start from: a sum or two in plain letters, or a small table of a pack."""

import pandas as pd

from csip_pipeline.publish.disclosure.quantities import Published, Statement, Sum
from csip_pipeline.publish.workbook import Column, Table


def statement(*sums, unshown="", **values):
    """A statement whose cells show every count but those that are `unshown`.

    "total = a + b" is a sum that any reader knows.
    """
    balances = (one.split(" = ") for one in sums)
    bound = [Sum((total,), names(parts.replace("+", " "))) for total, parts in balances]
    cells = values.keys() - set(unshown.split())
    return Statement(
        {(name,): value for name, value in values.items()},
        frozenset((name,) for name in cells),
        tuple(bound),
    )


def published(said, hidden=""):
    """A statement as it went out, with these of its counts hidden."""
    return Published(said, frozenset(names(hidden)))


def names(words):
    """The quantities that letters stand for."""
    return tuple((word,) for word in words.split())


def letters(quantities):
    """The letters of quantities, in order."""
    return " ".join(sorted(name for (name,) in quantities))


def leaks(bounds):
    """How close an audit came to what it found: the least and the greatest value, by letter."""
    return {each.quantity[0]: (round(each.lower), round(each.upper)) for each in bounds}


def table(name, *rows, text=()):
    """A table of a pack with these rows: counts, but for columns of text and the month."""
    frame = pd.DataFrame(rows)
    kinds = {column: "text" if column in text else "count" for column in frame}
    del kinds["month"]
    shown = tuple(Column(column, column, kind) for column, kind in kinds.items())
    return Table(name, name, name, shown, frame)
