"""Whom somebody wants erased: contact points as people write them, normalised and keyed."""

from collections.abc import Iterable
from dataclasses import dataclass

from csip_pipeline.contact_points import contact_point
from csip_pipeline.phones import BRITAIN, PhoneRule
from csip_pipeline.pseudonyms import pseudonym
from csip_pipeline.refusals import RefusedError
from csip_pipeline.settings import Settings
from csip_pipeline.written_forms import Point, together


@dataclass(frozen=True)
class Wanted:
    """The contact points to erase, and the pseudonyms that stand for them."""

    points: frozenset[Point]
    keys: frozenset[str]

    @property
    def pattern(self) -> str:
        """Finds any of the contact points, or of the pseudonyms, in a text."""
        return f"{together(set(self.points))}|{'|'.join(sorted(self.keys))}"


def wanted(settings: Settings, given: Iterable[tuple[str, str]], region: str = BRITAIN) -> Wanted:
    """The contact points of texts by kind.

    Raises RefusedError, which quotes none, where a text holds no contact point of its kind.
    """
    points = set()
    for kind, text in given:
        point = contact_point(kind, text, PhoneRule("possible", region))
        if point is None:
            raise RefusedError(
                f"What --{kind} gives is no {kind} that could be known here. Nothing was changed. "
                "Write it whole, as it stands in the request."
            )
        points.add(Point(kind, point))
    return of(settings, points)


def of(settings: Settings, points: set[Point]) -> Wanted:
    """Contact points with their pseudonyms."""
    key = settings.pseudonym_key()
    keys = {pseudonym(key, one.kind, one.point) for one in points}
    return Wanted(frozenset(points), frozenset(keys))
