"""How the pipeline says no: what happened, where, and what to do, quoting nobody."""

import traceback
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

PACKAGE = Path(__file__).parent
UNSEEN = ("C", "Zl", "Zp")
"""Kinds of character that a terminal obeys or does not show: controls, directions, line ends."""


def is_unseen(character: str) -> bool:
    """Whether a terminal would obey a character, or show nothing, or not know it."""
    return unicodedata.category(character).startswith(UNSEEN)


def shown(name: str) -> str:
    """A name from outside as it may be printed: what a terminal would obey is spelt out."""
    return "".join(
        one.encode("unicode_escape").decode("ascii") if is_unseen(one) else one for one in name
    )


class RefusedError(Exception):
    """Work that was refused for a reason its user can act on.

    The message names the file, row or column and the remedy. It never holds a value from an
    extract, because run logs keep it for ever. The `csip` command prints it and exits with 1.
    """

    def __init__(self, message: str) -> None:
        """Keep the message, with what a terminal would obey in it spelt out."""
        super().__init__("\n".join(map(shown, message.split("\n"))))


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
