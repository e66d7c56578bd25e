"""What a control chart says, in fixed words: no more than its rules allow."""

FIRM = 12
"""Months that a segment needs for its limits to be firm, as Making Data Count has it."""
MEASURE_TITLES = {
    "service_level": "Answered within the standard",
    "abandoned_share": "Gave up",
    "lost_share": "Gave up, and lost",
    "median_wait_seconds": "Median wait",
    "p90_wait_seconds": "9 in 10 waited less than",
    "offered": "Offered",
    "kept_share": "Standard kept",
    "contacts": "Contacts",
    "digital_share": "Digital share",
    "digital_takeup": "Digital take-up",
    "telephoned_72h_share": "Tried online, then telephoned",
    "avoidable_share": "Avoidable demand",
    "repeat_share_28": "Repeat contact within 28 days",
}
CLOCK_TITLES = {
    "first_response": "first response",
    "next_response": "next response",
    "resolution": "resolution",
    "callback": "callback",
}
CAUSES = {
    "Above UCL": "Above what chance explains",
    "Below LCL": "Below what chance explains",
    "7 Point Trend (Increasing)": "Rising for 7 months or more",
    "7 Point Trend (Decreasing)": "Falling for 7 months or more",
    "2 in 3 Above CL": "Near its upper limit in 2 of 3 months",
    "2 in 3 Below CL": "Near its lower limit in 2 of 3 months",
    "7 Points Above CL": "Above its mean for 7 months or more",
    "7 Points Below CL": "Below its mean for 7 months or more",
    "Common Cause": "Its usual ups and downs",
}
DIRECTIONS = {
    "special_cause_improvement": ": an improvement",
    "special_cause_concern": ": a concern",
}
ASSURANCES = {
    "consistent_pass": "Keeps to it unless something changes",
    "consistent_fail": "Misses it unless something changes",
    "inconsistent": "Chance decides whether it is met",
}


def meaning(special_cause: str, point_type: str, months: int) -> str:
    """What the last point of a segment of so many months shows."""
    said = shows(special_cause, point_type)
    if months >= FIRM:
        return said
    return f"{said} Its limits rest on {months} {'month' if months == 1 else 'months'} only."


def shows(special_cause: str, point_type: str) -> str:
    """What a point shows, whatever its limits rest on."""
    return f"{CAUSES[special_cause]}{DIRECTIONS.get(point_type, '')}."


def against(assurance: str | None) -> str | None:
    """How the limits stand to the target; nothing where there is none."""
    return None if assurance is None else f"{ASSURANCES[assurance]}."
