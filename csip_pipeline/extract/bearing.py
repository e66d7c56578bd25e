"""Which months a file has a say in: its own, and those where others hold rows about its things.

A call that runs over midnight has lines in two months' logs; a form sent again in November may be
October's; a reply in November belongs to October's conversation. Each month is taken from the
files that bear on it and from no others, and is taken again when one of them comes or goes.
"""

import datetime as dt
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

import numpy as np
import pandas as pd

from csip_pipeline import warehouse
from csip_pipeline.extract.deliveries import Delivery
from csip_pipeline.extract.sources import Source

SPANNING = """
    with spanning as (
        select thing from things group by thing having min(month) != max(month)
    )
    select distinct things.folder, others.month
    from things
    semi join spanning on things.thing = spanning.thing
    inner join things as others on things.thing = others.thing
"""
"""The months that each file shares a thing with."""


def widened(catalogued: list[Delivery]) -> list[Delivery]:
    """The deliveries, each knowing every month it bears on among the others of its source."""
    by_source: dict[str, list[Delivery]] = {}
    for delivery in catalogued:
        by_source.setdefault(delivery.source.name, []).append(delivery)
    return [
        replace(delivery, bears_on=delivery.bears_on | further.get(delivery.folder.name, set()))
        for own in by_source.values()
        for further in [_further(own[0].source, own)]
        for delivery in own
    ]


def _further(source: Source, own: list[Delivery]) -> dict[str, set[dt.date]]:
    """The further months of each canonical copy, by its folder's name."""
    further: dict[str, set[dt.date]] = {}
    if len(own) == 1:
        return further
    is_linked = source.format.linked_to is not None
    folders = tuple(sorted(str(delivery.folder) for delivery in own))
    for folder, month in _spanning(folders, is_linked=is_linked):
        further.setdefault(folder, set()).add(month)
    if is_linked:
        _until_the_month_after(own, further)
    return further


@lru_cache(maxsize=32)
def _spanning(folders: tuple[str, ...], *, is_linked: bool) -> list[tuple[str, dt.date]]:
    """Each canonical copy, and a month in which it shares a thing with another."""
    file = "entities" if is_linked else "records"
    with warehouse.connected(Path(":memory:"), spill=Path(folders[0]).parent) as con:
        copies = [warehouse.exactly(Path(folder) / f"{file}.parquet") for folder in folders]
        paths = {"paths": copies}
        held = "read_parquet($paths, filename = true, hive_partitioning = false)"
        if is_linked:
            con.execute(
                "create table held as select parse_path(filename)[-2] as folder, entity, "
                f"linked_to, month from {held}",
                paths,
            )
            con.register("groups", _connected(con.execute("from held").df()))
            con.execute(
                "create table things as select distinct folder, thing, month "
                "from held inner join groups using (entity)"
            )
        else:
            con.execute(
                "create table things as select distinct parse_path(filename)[-2] as folder, "
                f"thing, month from {held} "
                "where entity is not null and month is not null and disposition = 'read' "
                "and len(faults) = 0",
                paths,
            )
        return con.execute(SPANNING).fetchall()


def _until_the_month_after(own: list[Delivery], further: dict[str, set[dt.date]]) -> None:
    """A file also bears on the month before its own: that nobody replied is something it says."""
    known = {month for delivery in own for month in delivery.months}
    for delivery in own:
        before = {(month - dt.timedelta(days=1)).replace(day=1) for month in delivery.months}
        further.setdefault(delivery.folder.name, set()).update(before & known)


def _connected(held: pd.DataFrame) -> pd.DataFrame:
    """Each entity and its thing: the same for all that links lead to, directly or not."""
    codes, entities = pd.factorize(np.concatenate([held["entity"], held["linked_to"]]))
    one, other = np.split(codes, 2)
    thing = np.arange(len(entities))
    while True:
        lower = thing.copy()
        lowest = np.minimum(thing[one], thing[other])
        np.minimum.at(lower, thing[one], lowest)
        np.minimum.at(lower, thing[other], lowest)
        lower = lower[lower]
        if (lower == thing).all():
            return pd.DataFrame({"entity": entities, "thing": thing})
        thing = lower
