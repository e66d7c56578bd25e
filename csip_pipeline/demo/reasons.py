"""Why people call: the wrap codes, how common each is, and who can deal with it."""

from bisect import bisect
from itertools import accumulate

# code: (share of 101 calls, share sent on to crime recording, share sent on to enquiries)
REASONS_101 = {
    "CRIME_REPORT": (0.23, 0.88, 0.02),
    "CRIME_UPDATE": (0.15, 0.02, 0.62),
    "ASB": (0.09, 0.35, 0.12),
    "LOST_PROPERTY": (0.04, 0.0, 0.45),
    "CONCERN_WELFARE": (0.07, 0.20, 0.30),
    "DOMESTIC_ABUSE": (0.03, 0.95, 0.0),
    "ROAD_TRAFFIC": (0.08, 0.15, 0.35),
    "COUNCIL_MATTER": (0.10, 0.01, 0.04),
    "DVLA_OR_COURT": (0.04, 0.0, 0.06),
    "NHS_OR_SOCIAL_CARE": (0.04, 0.0, 0.06),
    "INFO_ON_WEBSITE": (0.07, 0.0, 0.06),
    "FIREARMS_LICENSING": (0.015, 0.0, 0.80),
    "WRONG_NUMBER": (0.02, 0.0, 0.0),
    "OTHER": (0.025, 0.05, 0.30),
}
REASONS_999 = {
    "CRIME_REPORT": 0.22,
    "ASB": 0.14,
    "CONCERN_WELFARE": 0.19,
    "DOMESTIC_ABUSE": 0.12,
    "ROAD_TRAFFIC": 0.14,
    "NHS_OR_SOCIAL_CARE": 0.04,
    "COUNCIL_MATTER": 0.02,
    "WRONG_NUMBER": 0.06,
    "OTHER": 0.07,
}
SERVICE_OF_REASON = {
    "CRIME_REPORT": "report_a_crime",
    "CRIME_UPDATE": "request_an_update",
    "ASB": "report_asb",
    "LOST_PROPERTY": "lost_property",
    "ROAD_TRAFFIC": "road_traffic_incident",
    "FIREARMS_LICENSING": "firearms_licensing",
}
SERVICES = {
    "report_a_crime": 0.40,
    "report_asb": 0.16,
    "lost_property": 0.10,
    "road_traffic_incident": 0.13,
    "request_an_update": 0.13,
    "firearms_licensing": 0.04,
    "compliments_and_complaints": 0.04,
}


class Choice:
    """Pick one of several things, each with its weight, by a number between 0 and 1."""

    def __init__(self, weights: dict[str, float]) -> None:
        """Remember the running totals of the weights."""
        self._names = list(weights)
        self._edges = [edge / sum(weights.values()) for edge in accumulate(weights.values())]

    def __call__(self, number: float) -> str:
        """Return the thing at a point between 0 and 1."""
        return self._names[min(bisect(self._edges, number), len(self._names) - 1)]


reason_101 = Choice({code: shares[0] for code, shares in REASONS_101.items()})
reason_999 = Choice(REASONS_999)
service = Choice(SERVICES)


def second_queue(reason: str, number: float) -> str | None:
    """The queue the switchboard sends a call on to, or None where it deals with it itself."""
    _, crime, enquiries = REASONS_101[reason]
    if number < crime:
        return "crime_recording"
    return "enquiries" if number < crime + enquiries else None
