"""Several connections of one database that is open: they share its functions, which are made once.

Making them takes longer than most queries of a run, and each of its steps has a connection.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from csip_pipeline.sql_functions import FUNCTIONS
from csip_pipeline.warehouse import SCHEMAS, SETTINGS, Connection


def share(con: Connection) -> None:
    """Make the schemas, and our functions where every cursor finds them and no file keeps them.

    A database that is kept open for the next run has them already.
    """
    for schema in SCHEMAS:
        con.execute(f"create schema if not exists {schema}")
    con.execute("attach if not exists ':memory:' as functions")
    for signature, body in FUNCTIONS.items():
        con.execute(f"create or replace macro functions.{signature} as {body}")


@contextmanager
def cursor(con: Connection) -> Iterator[Connection]:
    """A connection with temporary tables of its own to a database whose functions are shared."""
    with con.cursor() as own:
        for setting in SETTINGS:
            own.execute(setting)
        own.execute("set search_path = 'main,functions.main'")
        yield own
