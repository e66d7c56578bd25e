"""Delivered files that were not read before, two at once where that cannot take much memory."""

import itertools
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from csip_pipeline.extract import deliveries
from csip_pipeline.extract.deliveries import Delivery
from csip_pipeline.extract.sources import Source
from csip_pipeline.refusals import RefusedError
from csip_pipeline.settings import Settings

AT_ONCE = 2
SMALL = 32 << 20
"""Bytes of text of which two files at once stay far from the memory that one may have."""
PACKED = (".gz", ".xlsx", ".xlsm")
"""Endings of files whose size says nothing of how much they hold."""

Told = Callable[[int, int], None]
"""Told how many files have been read so far, and how many there are."""


def taken_in(
    settings: Settings, claimed: list[tuple[Source, Path]], told: Told | None = None
) -> list[Delivery | RefusedError]:
    """The delivery of each file, or why there is none, in the order given.

    Every file that may be large is read alone, once the small ones are done.
    """
    done = itertools.count(1)

    def take_in(one: tuple[Source, Path]) -> Delivery | RefusedError:
        try:
            return deliveries.take_in(settings, *one)
        except RefusedError as refusal:
            return refusal
        finally:
            if told:
                told(next(done), len(claimed))

    small = [one for one in claimed if _is_small(one[1]) and not deliveries.is_read(settings, *one)]
    outcomes: dict[Path, Delivery | RefusedError] = {}
    if len(small) > 1:
        with ThreadPoolExecutor(AT_ONCE) as readers:
            paths = (path for _, path in small)
            outcomes = dict(zip(paths, readers.map(take_in, small), strict=True))
    return [outcomes[one[1]] if one[1] in outcomes else take_in(one) for one in claimed]


def _is_small(path: Path) -> bool:
    try:
        return path.suffix.casefold() not in PACKED and path.stat().st_size <= SMALL
    except OSError:  # whoever opens it says why it cannot be read
        return False
