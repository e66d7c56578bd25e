"""How the pipeline says no: what happened, where, and what to do, quoting nobody."""


class RefusedError(Exception):
    """Work that was refused for a reason its user can act on.

    The message names the file, row or column and the remedy. It never holds a value from an
    extract, because run logs keep it for ever. The `csip` command prints it and exits with 1.
    """
