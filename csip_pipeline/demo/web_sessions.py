"""The website's analytics: visits to each online service a day, and how far the visitors got."""

import datetime as dt
from collections import Counter

from csip_pipeline.demo import clock, force, reasons
from csip_pipeline.demo.world import World

HEADER = "Date,Service,Visits,Form started,Form sent,Left for another agency"
STARTED_FOR_EACH_SENT = {
    "report_a_crime": 1.55,
    "report_asb": 1.62,
    "lost_property": 1.30,
    "road_traffic_incident": 1.74,
    "request_an_update": 1.22,
    "firearms_licensing": 2.10,
    "compliments_and_complaints": 1.45,
}
VISITS_FOR_EACH_SENT = {
    "report_a_crime": 5.2,
    "report_asb": 7.5,
    "lost_property": 4.0,
    "road_traffic_incident": 6.1,
    "request_an_update": 2.6,
    "firearms_licensing": 14.0,
    "compliments_and_complaints": 5.0,
}
LEFT = {"report_asb": 0.21, "lost_property": 0.12, "road_traffic_incident": 0.16}
OTHERS_LEFT = 0.03  # of visits, to another agency's own pages


def rows(world: World) -> list[str]:
    """A row for each day of the month and service. As many forms are sent as the forms file has."""
    sent = Counter((clock.london_day(wish.at), wish.reason) for wish in world.forms)
    keys = [(day, service) for day in world.days for service in reasons.SERVICES]
    usual = [_usually_sent(world.scale, day, service) for day, service in keys]
    chances = [_chances(service) for _, service in keys]
    means = [[x * a_form for a_form in each] for x, each in zip(usual, chances, strict=True)]
    counts = world.rng("web sessions").poisson(means).tolist()
    return [
        ",".join((f"{key[0]:%d/%m/%Y}", key[1], *map(str, _counted(sent[key], *others))))
        for key, others in zip(keys, counts, strict=True)
    ]


def _chances(service: str) -> tuple[float, float, float]:
    """For each form usually sent: how many give up on one, only look, and leave for elsewhere."""
    started, visits = STARTED_FOR_EACH_SENT[service], VISITS_FOR_EACH_SENT[service]
    return started - 1, visits - started, visits * LEFT.get(service, OTHERS_LEFT)


def _counted(sent: int, given_up: int, looked: int, left: int) -> tuple[int, int, int, int]:
    """Visits, forms started, forms sent, and visits that ended at another agency's page."""
    started = sent + given_up
    visits = started + looked
    return visits, started, sent, min(left, visits)


def _usually_sent(scale: float, day: dt.date, service: str) -> float:
    """Forms of a service that people usually send on such a day."""
    by_hour = force.online_by_hour(force.forms_a_month(day), day)
    return scale * sum(by_hour) * reasons.SERVICES[service]
