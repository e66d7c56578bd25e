"""Erase people: marks first, then store after store, then the proof, then the log.

Killed at any point and run again, it comes to the same. The warehouse's file is kept open
meanwhile, so that no run writes.
"""

import shutil
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

from csip_pipeline import durable, warehouse
from csip_pipeline.erasure import databases, delivered, files, log, notices, scanning
from csip_pipeline.erasure import wanted as wanting
from csip_pipeline.erasure.scanning import Finding
from csip_pipeline.erasure.wanted import Wanted
from csip_pipeline.extract import marks, redaction
from csip_pipeline.refusals import RefusedError
from csip_pipeline.settings import Settings
from csip_pipeline.written_forms import Point


@dataclass(frozen=True)
class Request:
    """What is asked: of whom, by whom, why, and how far it goes."""

    wanted: Wanted
    by: str
    reason: str
    removes_extracts: bool = False
    includes_flags: bool = False
    includes_beside: bool = False


@dataclass
class Erased:
    """What an erasure came to: counts, and names of files and stores."""

    rows: dict[str, int] = field(default_factory=dict)
    """Rows, files or parts that somebody was taken out of, by store."""
    extracts: list[str] = field(default_factory=list)
    """Delivered files that hold them, or did."""
    beside: int = 0
    """Other contact points that stood in the same rows."""
    has_beside: bool = False
    """Whether those were erased too."""
    stores: int = 0
    left: list[Finding] = field(default_factory=list)
    """Where the proof still found them."""
    kept: int = 0
    """How often they stand in flagged_people.csv, which is kept on purpose."""


def look(settings: Settings, request: Request) -> Counter[str]:
    """How often the people stand in each store. Raises RefusedError where nobody knows of them."""
    held = Counter[str]()
    for one in _held(settings, request):
        held[one.store] += one.count
    if not held:
        _must_be_marked(settings, request)
    return held


def look_briefly(settings: Settings, request: Request) -> None:
    """Raise RefusedError where nobody knows of the people."""
    if next(_held(settings, request), None) is None:
        _must_be_marked(settings, request)


def _held(settings: Settings, request: Request) -> Iterator[Finding]:
    with ExitStack() as stack:
        opened = keep_runs_out(settings, stack)
        yield from delivered.standing(settings, request.wanted)
        yield from scanning.scan(settings, request.wanted, opened)


def _must_be_marked(settings: Settings, request: Request) -> None:
    """An erasure that was cut short may have left nothing but its marks."""
    known = marks.load(settings)
    if not all(known.are_of(point) for point in request.wanted.points):
        raise RefusedError(
            "Nobody is known by that in any store. Nothing was changed. Check how it is written; "
            "somebody who withheld their number is known to nobody."
        )


def erase(settings: Settings, request: Request) -> Erased:
    """Erase people from every store, prove it, and log it."""
    _names_nobody(request)
    erased = Erased()
    with ExitStack() as stack:
        opened = keep_runs_out(settings, stack)
        _clear_away(settings)
        wanted, hit = _sought(settings, request, erased)
        marks.add(settings, set(wanted.points))
        _delivered(settings, request, wanted, hit, erased)
        _copies(settings, wanted, erased)
        _ours(settings, request, wanted, erased)
        erased.rows["people.duckdb"] = databases.rewrite(
            settings.people, lambda con: databases.take_out(con, wanted), settings.restricted
        )
        erased.rows["callbacks.duckdb"] = notices.take_out(settings, wanted, request.by)
        for path, con in opened.items():
            erased.rows[path.name] = databases.take_out(con, wanted)
            databases.copy(con, path)
    if settings.warehouse.exists():
        durable.take_place(durable.half_of(settings.warehouse), settings.warehouse)
    _prove(settings, request, wanted, erased)
    log.add(
        settings,
        what="erasure",
        by=request.by,
        reason=request.reason,
        contact_points=len(wanted.points),
        marks=len(marks.load(settings).held),
        rows={store: rows for store, rows in erased.rows.items() if rows},
        delivered_files=len(erased.extracts),
        removed_extracts=request.removes_extracts,
        stores=erased.stores,
        left=sum(one.count for one in erased.left),
        kept_flags=erased.kept,
    )
    return erased


def _names_nobody(request: Request) -> None:
    """Who asks and why are kept: they must not hold what is to be erased."""
    if not request.by.strip() or not request.reason.strip():
        raise RefusedError("Give the name of whoever answers for it (--by) and why (--reason).")
    said = f"{request.by} {request.reason}".encode()
    if files.without(said, request.wanted) != said:
        raise RefusedError(
            "--by and --reason are kept in the log of erasures, and one of them holds what is to "
            "be erased. Refer to the request by its number."
        )


def keep_runs_out(settings: Settings, stack: ExitStack) -> dict[Path, warehouse.Connection]:
    """The warehouse, kept from every run until this is done; nothing where there is none yet."""
    if not settings.warehouse.exists():
        return {}
    connected = warehouse.connected(settings.warehouse, spill=settings.restricted)
    return {settings.warehouse: stack.enter_context(connected)}


def _clear_away(settings: Settings) -> None:
    """Delete what a run or an erasure that was cut short left half made: it may hold anybody."""
    for folder in (settings.restricted / "spilt", *settings.canonical.glob("*/.making-*")):
        shutil.rmtree(folder, ignore_errors=True)
    for half in settings.data.rglob(f".*{durable.HALF}*"):
        half.unlink(missing_ok=True)


def _sought(settings: Settings, request: Request, erased: Erased) -> tuple[Wanted, set[str]]:
    """Whom to erase, and the beginnings of the hashes of delivered files that hold them."""
    hit, beside = _hit(settings, request.wanted)
    erased.beside, erased.has_beside = len(beside), request.includes_beside
    if not request.includes_beside or not beside:
        return request.wanted, hit
    wanted = wanting.of(settings, set(request.wanted.points) | beside)
    return wanted, _hit(settings, wanted)[0]


def _hit(settings: Settings, wanted: Wanted) -> tuple[set[str], set[Point]]:
    hit, beside = set(), set()
    for folder, trial in delivered.take_out(settings, wanted, is_trial=True):
        beside |= trial.beside
        if trial.rows:
            hit.add(folder.name.partition("-")[0])
    return hit, beside


def _delivered(
    settings: Settings, request: Request, wanted: Wanted, hit: set[str], erased: Erased
) -> None:
    naming = delivered.naming(settings, wanted, hit)
    erased.extracts = [path.relative_to(settings.extracts).as_posix() for path in naming]
    if request.removes_extracts:
        delivered.put_copies_in_place(settings, naming)
        erased.rows["extracts"] = len(naming)


def _copies(settings: Settings, wanted: Wanted, erased: Erased) -> None:
    erased.rows["canonical"] = 0
    for folder, taken in delivered.take_out(settings, wanted):
        if taken.rows:
            redaction.count_in(folder, taken.rows)
            erased.rows["canonical"] += taken.rows


def _ours(settings: Settings, request: Request, wanted: Wanted, erased: Erased) -> None:
    """Worklists, files for Notify, samples; the list of flagged people where that is wanted."""
    for folder in (settings.worklists, settings.notify_files, settings.samples):
        found = [path for path in sorted(folder.rglob("*")) if path.is_file()]
        erased.rows[folder.name] = sum(files.take_out(path, wanted) for path in found)
    if request.includes_flags and settings.flagged_people.exists():
        erased.rows[settings.flagged_people.name] = files.take_out(settings.flagged_people, wanted)


def _prove(settings: Settings, request: Request, wanted: Wanted, erased: Erased) -> None:
    """Look through every store again."""
    found = [*delivered.standing(settings, wanted), *scanning.scan(settings, wanted)]
    flagged = [one for one in found if one.path == settings.flagged_people]
    erased.kept = 0 if request.includes_flags else sum(one.count for one in flagged)
    erased.left = [one for one in found if one not in flagged or request.includes_flags]
    erased.stores = len(scanning.stores(settings))
