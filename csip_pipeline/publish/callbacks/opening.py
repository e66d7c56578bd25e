"""Open the ledger: one at a time, and only as it was left; or seal it anew, if somebody answers."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import duckdb
from filelock import FileLock, Timeout

from csip_pipeline import durable, warehouse
from csip_pipeline.pseudonyms import Purpose, purpose_key
from csip_pipeline.publish.callbacks import chain, seal, tables
from csip_pipeline.publish.callbacks.chain import Head
from csip_pipeline.publish.callbacks.ledger import Ledger
from csip_pipeline.refusals import RefusedError
from csip_pipeline.settings import Settings
from csip_pipeline.warehouse import Connection

WAIT_SECONDS = 30.0
"""How long to wait for another run that writes the ledger."""


@contextmanager
def opened(settings: Settings, *, wait_seconds: float = WAIT_SECONDS) -> Iterator[Ledger]:
    """The ledger of a data folder, made on first use, and proved to be as it was left.

    Raises RefusedError where another run keeps it longer than `wait_seconds`, or where it was
    changed by anybody but us.
    """
    settings.make_restricted()
    path, key = settings.callbacks, _key(settings)
    with _locked(path, wait_seconds):
        sealed = seal.read(path)
        _prove_file(path, sealed)
        with ExitStack() as after, _connected(path) as con:
            ledger = _proved(con, path, key, sealed)
            is_open = sealed is None or sealed.sha256 is None
            # first in, last out: when the file is closed
            after.callback(_close, ledger, is_open=is_open)
            yield ledger


def _close(ledger: Ledger, *, is_open: bool) -> None:
    """Seal the closed file, if anything was written to it since it was sealed last."""
    if ledger.is_written or is_open:
        ledger.path.chmod(0o600)
        seal.write(ledger.path, ledger.head, is_closed=True)


def rewritten(settings: Settings, change: Callable[[Ledger], None]) -> None:
    """Put the copy of the ledger that `change` makes beside it in its place, and seal that.

    A crash leaves either the one or the other, with a seal that says it was being written.
    """
    path, key = settings.callbacks, _key(settings)
    with _locked(path, WAIT_SECONDS):
        sealed = seal.read(path)
        _prove_file(path, sealed)
        with _connected(path) as con:
            ledger = _proved(con, path, key, sealed)
            seal.write(path, ledger.head, is_closed=False)
            ledger.is_written = True
            change(ledger)
            seal.write(path, ledger.head, is_closed=False)
        durable.take_place(durable.half_of(path), path)
        seal.write(path, ledger.head, is_closed=True)


def reseal(settings: Settings, *, by: str, why: str) -> None:
    """Take a ledger as it is, because somebody answers for it, and chain it anew from there.

    Raises RefusedError where it cannot be read at all.
    """
    path, key = settings.callbacks, _key(settings)
    if not path.exists():
        raise RefusedError(
            f"restricted/{path.name} is gone. Restore it from a backup. If there is none, nobody "
            f"knows who was told: take restricted/{seal.path_of(path).name} away to begin anew."
        )
    with _locked(path, WAIT_SECONDS), _connected(path) as con:
        ledger = Ledger(con, path, key, Head(0, chain.FIRST_LINK))
        with ledger.entry():
            tables.put_chain_aside(con)
            con.execute(tables.TABLES)
            amended = (
                "select notice_id, state as to_state, $why::varchar as reason from publish.notices"
            )
            ledger.move(amended, {"why": f"sealed anew: {why}"}, by=by)
        head = ledger.head
    seal.write(path, head, is_closed=True)


def _key(settings: Settings) -> bytes:
    return purpose_key(settings.pseudonym_key(), Purpose.LEDGER)


def _proved(con: Connection, path: Path, key: bytes, sealed: seal.Seal | None) -> Ledger:
    """The open ledger, once its chain is proved, or begun over one of an earlier version."""
    if tables.are_old(con):
        ledger = Ledger(con, path, key, Head(0, chain.FIRST_LINK))
        with ledger.entry():
            tables.put_old_aside(con)
            con.execute(tables.TABLES)
            ledger.add(tables.BROUGHT_OVER, are_new=False)
        return ledger
    con.execute(tables.TABLES)
    ledger = Ledger(con, path, key, chain.head(con))
    found = chain.faults(con, key, sealed.head if sealed else None)
    if sealed is None and ledger.head.entry:
        found = ["its seal is missing", *found]
    if found:
        raise chain.refusal(path.name, found)
    return ledger


def _prove_file(path: Path, sealed: seal.Seal | None) -> None:
    """Refuse a file that is gone, or of which a byte was changed since it was closed."""
    if sealed is None:
        return
    if not path.exists():
        raise chain.refusal(path.name, ["it is gone"])
    is_closed = sealed.sha256 is not None
    if is_closed and (seal.log_of(path).exists() or seal.hash_of(path) != sealed.sha256):
        raise chain.refusal(path.name, ["its bytes are not those that were sealed"])


@contextmanager
def _connected(path: Path) -> Iterator[Connection]:
    """A connection to the file; refused where DuckDB itself finds it damaged."""
    opening = warehouse.connected(path)
    try:
        con = opening.__enter__()
    except duckdb.Error as error:
        raise chain.refusal(path.name, [f"it cannot be read ({type(error).__name__})"]) from None
    try:
        yield con
    finally:
        opening.__exit__(None, None, None)


@contextmanager
def _locked(path: Path, wait_seconds: float) -> Iterator[None]:
    """Keep every other process and thread from the ledger."""
    lock = FileLock(path.with_suffix(".lock"), timeout=wait_seconds, mode=0o600)
    try:
        lock.acquire()
    except Timeout:
        raise warehouse.in_use(path.name) from None
    try:
        yield
    finally:
        lock.release()
