"""The public edition of a draft: small numbers hidden, and the proof that they stay hidden."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from csip_pipeline.publish.disclosure import auditing, declared, hiding, marking
from csip_pipeline.publish.disclosure.quantities import Published, Statement
from csip_pipeline.publish.pack_drafts import Draft
from csip_pipeline.publish.pack_subjects import subject_of
from csip_pipeline.refusals import RefusedError

FRAMED = subject_of("telephone", "101")
"""Whose answered calls are in the public frames of call samples."""


@dataclass(frozen=True)
class Hidden:
    """A draft of which nobody can work out a small number, and what it gives away."""

    draft: Draft
    published: Published
    cells: int


def hide(whole: Draft, cycle: str, before: Sequence[Published], threshold: int) -> Hidden:
    """Hide what is small, and whatever would tell it, today or beside any earlier edition.

    Raises RefusedError where an audit that shares nothing with the hiding finds a number that could
    be worked out.
    """
    said = declared.read(whole.tables.values(), cycle, before)
    before = [*before, _frames(said.statement)]
    taken = Counter(
        quantity for given in said.cells.values() for gives in given.values() for quantity in gives
    )
    hidden = hiding.hide(said.statement, before, threshold=threshold, cells=taken)
    published = Published(said.statement, hidden)
    open_ones = auditing.audit(published, before, threshold=threshold)
    if open_ones:
        raise RefusedError(
            f"The pack was not published: {len(open_ones)} small number(s) of its public edition "
            "could be worked out from others. Nothing else is wrong with the figures. Publish "
            "nothing by hand; report it to the data team, who can hide the tables concerned."
        )
    tables = {
        name: marking.hidden(table, said.cells.get(name, {}), hidden)
        for name, table in whole.tables.items()
    }
    cells = sum(
        any(quantity in hidden for quantity in gives)
        for given in said.cells.values()
        for gives in given.values()
    )
    return Hidden(whole.with_tables(tables), published, cells)


def _frames(statement: Statement) -> Published:
    """What the frames of call samples give away, which anybody can count: calls answered on 101."""
    answered = {
        quantity: value
        for quantity, value in statement.values.items()
        if quantity[0] == "answered" and quantity[2:] == (FRAMED,)
    }
    return Published(Statement(answered, frozenset(answered), ()), frozenset())
