"""`csip trace`: from a cell of a pack to its measure, rules, files and contacts."""

import json
from collections.abc import Iterator
from pathlib import Path

import click

from csip_pipeline import cli_months, warehouse
from csip_pipeline.publish.tracing import exporting, followed
from csip_pipeline.publish.tracing.sources import Input, Source, Standard
from csip_pipeline.publish.tracing.trails import Trail
from csip_pipeline.refusals import RefusedError
from csip_pipeline.settings import Settings, load


def trace(  # noqa: PLR0913 - the arguments and options of a verb
    *, cycle: str, sheet: str, cell: str, edition: str, file: Path | None, as_json: bool
) -> None:
    """Say where the figure in a cell comes from, and write the ids of its contacts if asked to."""
    here = load()
    trail = _trail(here, cycle, sheet, cell, edition)
    written = None if file is None else exporting.export(trail, file, here.published)
    if as_json:
        exported = None if file is None else str(file)
        click.echo(json.dumps({**trail.as_dict(), "exported": exported}, indent=2))
        return
    click.echo("\n".join(_lines(trail)))
    if written is not None:
        click.echo(f"Exported: {written:,} ids to {file}")


def _trail(here: Settings, cycle: str, sheet: str, cell: str, edition: str) -> Trail:
    known = {one.cycle: one for one in cli_months.cycles(here)}
    if cycle not in known:
        raise cli_months.unknown_cycle(here, cycle)
    if not here.warehouse.exists():
        raise RefusedError("No month has been run, so there is nothing to trace: csip run")
    with warehouse.connected(here.warehouse, read_only=True) as con:
        return followed.trace(con, here.published, known[cycle], sheet, cell, edition)


def _lines(trail: Trail) -> Iterator[str]:
    about = ", ".join(trail.row.values())
    yield f"{trail.sheet}, {trail.cell}: {trail.heading}; {about}"
    yield f"Shown: {trail.shown}"
    yield f"Now: {_compared(trail)}"
    yield f"Pack: {trail.file}, revision {trail.revision}, made by version {trail.code_version}"
    yield f"Measure: {trail.measure or 'none: it is said by the pack alone'}"
    if trail.definition:
        yield f"Definition: {trail.definition}. {trail.formula}"
    for query in trail.queries:
        yield f"Query: {_source(query)}"
    if trail.pack_query:
        yield f"Query of the pack: {_source(trail.pack_query)}"
    for standard in trail.standards:
        yield f"Standard: {_standard(standard)}"
    for rule in trail.references:
        yield f"Rules: {_source(rule)}"
    yield f"Months: {', '.join(trail.months)}"
    for one in trail.inputs:
        yield f"File: {_input(one)}"
    yield f"Contacts: {_contacts(trail)}"


def _compared(trail: Trail) -> str:
    if trail.is_same_now is None:
        return "the public edition hides it."
    if trail.is_same_now:
        return "the warehouse says the same."
    if trail.now is None:
        return "the warehouse has no such figure."
    return f"the warehouse says {trail.now}"


def _source(source: Source) -> str:
    if source.sha256 is None:
        return f"{source.file}, not listed in the manifest"
    changed = "" if source.is_same_now else "; it has changed since"
    return f"{source.file}, SHA-256 {source.sha256}{changed}"


def _standard(standard: Standard) -> str:
    until = f" until {standard.applies_until_on}" if standard.applies_until_on else ""
    return (
        f"{standard.standard_id}, in force from {standard.applies_from_on}{until}: "
        f"{standard.wording} ({standard.citation})"
    )


def _input(one: Input) -> str:
    rows = ", ".join(f"{count:,} rows of {month}" for month, count in one.accepted.items())
    listed = "" if one.is_in_manifest else "; not of the cycle, so told as it is now"
    return f"{one.file} ({one.feed}), {rows}, SHA-256 {one.sha256}{listed}"


def _contacts(trail: Trail) -> str:
    if trail.contacts is None:
        return f"none. {trail.why_no_contacts}"
    times = "" if trail.times == trail.contacts else f", counted {trail.times:,} times"
    return f"{trail.contacts:,}{times} ({trail.whom})"
