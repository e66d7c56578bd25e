"""What does a verb's work, found when it is called: help and bad usage load no library of data."""

from collections.abc import Callable
from functools import wraps
from importlib import import_module
from typing import Any

Verb = Callable[..., Any]


def work(place: str) -> Verb:
    """A function of the package by its module and name, such as cli_status.say."""
    module, _, name = place.rpartition(".")
    found: Verb = getattr(import_module(f"csip_pipeline.{module}"), name)
    return found


def done_by(place: str) -> Callable[[Verb], Verb]:
    """Let a verb be done by the function at that place, with the same options.

    The verb's own function holds its help, and refuses options that do not go together.
    """

    def with_work(verb: Verb) -> Verb:
        @wraps(verb)
        def done(*given: object, **options: object) -> None:
            verb(*given, **options)
            work(place)(*given, **options)

        return done

    return with_work
