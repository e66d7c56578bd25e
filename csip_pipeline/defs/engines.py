"""How Dagster's SQLite history is reached from a command that runs months one after another."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from dagster._core.storage.event_log.sqlite import sqlite_event_log


@contextmanager
def kept() -> Iterator[None]:
    """Let Dagster use one SQLAlchemy engine for each database while this lasts.

    It makes one for every statement, which is so compiled every time: a tenth of a run. What is
    written, and when it is on the disk, is the same: an engine keeps no connection open. A version
    of Dagster that makes its engines in another way is left alone.
    """
    make = getattr(sqlite_event_log, "create_engine", None)
    if make is None:
        yield
        return
    engines: dict[str, Any] = {}

    def create_engine(url: str, **options: object) -> Any:  # noqa: ANN401 - as SQLAlchemy gives it
        if url not in engines:
            engines[url] = make(url, **options)
        return engines[url]

    setattr(sqlite_event_log, "create_engine", create_engine)  # noqa: B010 - no name it exports
    try:
        yield
    finally:
        setattr(sqlite_event_log, "create_engine", make)  # noqa: B010 - as above
