"""Every month's extracts, made side by side: the same arguments write the same bytes."""

import datetime as dt
import multiprocessing
import os
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from functools import partial
from pathlib import Path

from csip_pipeline.demo import blemishes, clock, force, spoiling
from csip_pipeline.demo.extracts import EXTRACTS, Extract
from csip_pipeline.demo.world import World
from csip_pipeline.refusals import RefusedError

SEED = 2016
MONTHS = 26


def make(  # noqa: PLR0913 - a demo has this many knobs, all but two have a default
    extracts: Path,
    *,
    last: dt.date,
    months: int = MONTHS,
    seed: int = SEED,
    scale: float = 1.0,
    on_month: Callable[[dt.date], None] | None = None,
    then: Callable[[list[Path]], object] | None = None,
    workers: int | None = None,
) -> list[Path]:
    """Write the extracts of some months, the last of them given, and return their paths in order.

    A month's files are the same whichever others are made with it and however many `workers`
    (processes beside this one) make them; with 0 this one does. `on_month` is told of each month
    as it is finished; `then` is given its paths before that, in the process that wrote them.
    Raises RefusedError for months before the synthetic force's first.
    """
    workers = os.cpu_count() or 1 if workers is None else workers
    wanted = _months_of_the_force(last, months, scale)
    work = partial(_make_then, then, extracts, seed, scale)
    paths: list[Path] = []
    for month, written in _side_by_side(work, wanted, workers):
        paths += written
        if on_month is not None:
            on_month(month)
    return sorted(paths)


def _make_then(
    then: Callable[[list[Path]], object] | None,
    extracts: Path,
    seed: int,
    scale: float,
    month: dt.date,
) -> list[Path]:
    paths = make_month(extracts, seed, scale, month)
    if then is not None:
        then(paths)
    return paths


def make_month(extracts: Path, seed: int, scale: float, month: dt.date) -> list[Path]:
    """Write one month's extracts, and return their paths."""
    world = World(seed, month, scale)
    written = []
    for extract in EXTRACTS:
        for path, content in _deliveries(world, extract):
            write(extracts / path, content)
            written.append(extracts / path)
    return written


def _months_of_the_force(last: dt.date, count: int, scale: float) -> list[dt.date]:
    wanted = clock.months_up_to(last, count)
    if scale <= 0 or not wanted or wanted[0] < force.FIRST_MONTH:
        raise RefusedError(
            f"The demo force begins in {force.FIRST_MONTH:%B %Y}: ask for at least one month, none "
            "of them earlier, and for a scale above 0."
        )
    return wanted


def _side_by_side(
    work: Callable[[dt.date], list[Path]], months: list[dt.date], workers: int
) -> Iterator[tuple[dt.date, list[Path]]]:
    """Each month with its paths, as it is finished. Without workers, this process makes them."""
    if workers == 0:
        yield from ((month, work(month)) for month in months)
        return
    spawning = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(min(workers, len(months)), mp_context=spawning) as pool:
        begun = {pool.submit(work, month): month for month in months}
        for done in as_completed(begun):
            yield begun[done], done.result()


def _deliveries(world: World, extract: Extract) -> Iterator[tuple[Path, bytes]]:
    """The files of one kind that a month brings: one, and in some months two or none."""
    month, made = world.month, extract.made(world.month)
    if (extract.name, month) in blemishes.NOT_SENT:
        return
    rows = extract.rows(world, clock.utc(made, clock.EXTRACT_HOUR))
    correction = blemishes.correction(extract.name, month)
    if correction is not None:
        rows = spoiling.with_answers_left_out(rows, correction.column)
        later = extract.rows(world, clock.utc(correction.made, clock.EXTRACT_HOUR))
        yield extract.path(month, correction.made), extract.content(later)
    content = extract.content(spoiling.spoilt(extract.name, month, rows, extract.delimiter))
    yield extract.path(month, made), content
    if (extract.name, month) in blemishes.DELIVERED_TWICE:
        yield extract.path(month, made, "_again"), content


def write(path: Path, content: bytes) -> None:
    """Write a file beside its place and move it there, so that half a file is never seen."""
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(f".{path.name}.part")
    unfinished.write_bytes(content)
    an_hour_ago = time.time() - 3600
    os.utime(unfinished, (an_hour_ago, an_hour_ago))  # whole, so that no run waits to see it settle
    unfinished.replace(path)
