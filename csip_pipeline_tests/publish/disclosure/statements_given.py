"""Statements as a sum or two in plain letters: "total = a + b" is one that any reader knows."""

from csip_pipeline.publish.disclosure.quantities import Published, Statement, Sum


def statement(*sums, unshown="", **values):
    """A statement whose cells show every count but those that are `unshown`."""
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
