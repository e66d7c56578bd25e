"""How the pipeline says no: what happened, where, and what to do, quoting nobody."""

import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

PACKAGE = Path(__file__).parent


class RefusedError(Exception):
    """Work that was refused for a reason its user can act on.

    The message names the file, row or column and the remedy. It never holds a value from an
    extract, because run logs keep it for ever. The `csip` command prints it and exits with 1.
    """


class KeptError(RefusedError):
    """A month of one feed that was refused: it keeps what it had, and other feeds go on."""


class FaultError(Exception):
    """A fault of the pipeline itself: what kind, and at which line of it."""


@contextmanager
def quoting_nobody() -> Iterator[None]:
    """Let refusals through; withhold the text of any other error, which may quote a row."""
    try:
        yield
    except (RefusedError, FaultError):
        raise
    except Exception as error:  # noqa: BLE001 - any of them may quote somebody
        frames = traceback.extract_tb(error.__traceback__)
        ours = [one for one in frames if Path(one.filename).is_relative_to(PACKAGE)] or frames
        where = f"{Path(ours[-1].filename).name}, line {ours[-1].lineno}"
        raise FaultError(
            f"An unexpected {type(error).__name__} in {where}. Its text is withheld, because it "
            "may quote somebody. This step did not finish: report the line, and run it again once "
            "it is mended."
        ) from None
