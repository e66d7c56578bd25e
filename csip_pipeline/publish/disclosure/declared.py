"""What every table of a pack gives away: a table that is not declared here cannot be published."""

from collections.abc import Iterable, Iterator
from itertools import groupby

from csip_pipeline.publish.disclosure.declared_calls import ANSWERING
from csip_pipeline.publish.disclosure.declared_channels import CHANNELS
from csip_pipeline.publish.disclosure.declared_promises import PROMISES
from csip_pipeline.publish.disclosure.declared_trends import CONTROL, CONTROL_PREFIX, TRENDS
from csip_pipeline.publish.disclosure.declaring import Declaration
from csip_pipeline.publish.disclosure.quantities import Published, Quantity, Statement, Sum
from csip_pipeline.publish.disclosure.sayings import Said, Sayings
from csip_pipeline.publish.pack_subjects import ALL, LINES
from csip_pipeline.publish.pack_tables import CHANNEL_TITLES
from csip_pipeline.publish.workbook import Table

DECLARED: dict[str, Declaration] = {**ANSWERING, **CHANNELS, **PROMISES, **TRENDS}
"""By the name of the table, in the order in which they are asked: later ones refer to earlier."""
TELEPHONE = CHANNEL_TITLES["telephone"]
EVERY_LINE = (*(f"{line} calls" for line in LINES), "Other calls")
EVERY_PROMISE = "All channels, All promises"
TOLD_OF_ALL = {"All standards": "standard ", "All promises": EVERY_PROMISE}
"""Subjects of the headlines, and how those begin whose months they sum up."""


def read(tables: Iterable[Table], cycle: str, before: Iterable[Published] = ()) -> Said:
    """What the tables of a cycle's pack give away together, and of what earlier editions hide.

    Raises LookupError for a table, or a column of numbers, of which nobody said what it tells.
    """
    given = {table.name: table for table in tables}
    for table in given.values():
        if undeclared := declaration(table.name).undeclared(table):
            raise LookupError(f"Table {table.name} does not declare what {undeclared} give away.")
    concealed = frozenset(quantity for edition in before for quantity in edition.hidden)
    sayings = Sayings(f"cycle {cycle}", concealed)
    controls = [name for name in given if name.startswith(CONTROL_PREFIX)]
    for name in [*controls, *DECLARED]:  # trends rest on the months of controls
        if name in given and name != "revisions":
            declaration(name).tell(sayings, given[name])
    _across(sayings)
    if "revisions" in given:
        declaration("revisions").tell(sayings, given["revisions"])
    return sayings.said()


def declaration(name: str) -> Declaration:
    """What a table of this name is declared to tell."""
    found = CONTROL if name.startswith(CONTROL_PREFIX) else DECLARED.get(name)
    if found is None:
        raise LookupError(
            f"Table {name} is not declared: publish/disclosure/declared_*.py must say what it "
            "gives away before it can be in a public edition."
        )
    return found


def unbalanced(statement: Statement) -> list[Sum]:
    """The sums that are none: their parts do not come to the total."""
    values = statement.values
    return [one for one in statement.sums if values[one.total] != sum(values[p] for p in one.parts)]


def _across(sayings: Sayings) -> None:
    """Bind what stands in several tables: subjects to the whole of them, months to the cycle."""
    for kind, group in groupby(sorted(sayings.known, key=_kind), key=_kind):
        subjects = {quantity[SUBJECT]: quantity for quantity in group}
        for total, parts in _wholes(subjects):
            sayings.bind(total, parts)
        if kind[0] == "offered":  # whoever calls is offered to a line, but for a few other ends
            lines = [subjects[line] for line in EVERY_LINE if line in subjects]
            sayings.bind(("contacts", kind[PERIOD], TELEPHONE), lines)
    for name, *about in [each for each in sayings.known if each[0] == "offered"]:
        sayings.bind(("contacts", *about), [(name, *about)])
    by_name: dict[str, list[Quantity]] = {}
    for quantity in sayings.known:
        if quantity[PERIOD] != sayings.cycle:
            by_name.setdefault(quantity[0], []).append(quantity)
    for total in [
        each for each in sayings.known if each[PERIOD] == sayings.cycle and len(each) == PLAIN
    ]:
        sayings.bind(total, _months(total, by_name.get(total[0], [])))


PERIOD, SUBJECT, PLAIN = 1, 2, 3
"""Where a quantity has its period and its subject, and how long one is that has no more to it."""


def _kind(quantity: Quantity) -> tuple[str, ...]:
    return (*quantity[:SUBJECT], *quantity[PLAIN:])


def _wholes(subjects: dict[str, Quantity]) -> Iterator[tuple[Quantity, list[Quantity]]]:
    """Each subject that is made of others, with those."""
    lines = [subjects[line] for line in EVERY_LINE if line in subjects]
    channels = [subjects[title] for title in CHANNEL_TITLES.values() if title in subjects]
    services = [quantity for subject, quantity in subjects.items() if subject[:8] == "service "]
    if TELEPHONE in subjects:
        yield subjects[TELEPHONE], lines
    else:
        channels += lines
    if ALL in subjects:
        yield subjects[ALL], channels
        yield subjects[ALL], services
    if EVERY_PROMISE in subjects:
        parts = [each for subject, each in subjects.items() if subject != EVERY_PROMISE]
        yield subjects[EVERY_PROMISE], parts


def _months(total: Quantity, months: list[Quantity]) -> list[Quantity]:
    """The months of a count of the cycle, by the subjects under which the tables have it."""
    begins = TOLD_OF_ALL.get(total[SUBJECT])
    if begins is not None:
        return [month for month in months if month[SUBJECT].startswith(begins)]
    return [month for month in months if month[SUBJECT:] == total[SUBJECT:]]
