"""What the command says where the system lets this account read or write a file too little.

Libraries' errors are told by their names and words, because importing them takes time.
"""

import re
from collections.abc import Iterator
from pathlib import Path

from csip_pipeline import settings
from csip_pipeline.refusals import RefusedError

QUOTED = re.compile(r'"([^"]+)"')
DENIED = "permission denied"
READ_ONLY = ("readonly database", "unable to open database file")
"""What SQLite says, without saying of which file."""


def refusal(error: Exception) -> RefusedError | None:
    """The refusal that stands for an error of missing rights; None where it is another error."""
    for one in _chain(error):
        if isinstance(one, PermissionError):
            return _of(_within(str(one.filename or "")) or "A file of the data folder")
        if type(one).__name__ == "IOException" and DENIED in str(one).casefold():
            named = QUOTED.search(str(one))
            return _of(_within(named[1] if named else "") or "A database of the data folder")
        if type(one).__name__ == "OperationalError" and any(each in str(one) for each in READ_ONLY):
            return _of("Dagster's history (dagster/)")
    return None


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    """The error and its causes."""
    while error is not None:
        yield error
        error = error.__cause__


def _within(path: str) -> str:
    """The file by its place in the data folder, else by its name alone."""
    data = settings.load().data
    whole = Path(path)
    return str(whole.relative_to(data)) if whole.is_relative_to(data) else whole.name


def _of(what: str) -> RefusedError:
    return RefusedError(
        f"{what} may not be read or written by this account. Use the account that owns the data "
        "folder, and look whether another one, such as root, left files in it."
    )
