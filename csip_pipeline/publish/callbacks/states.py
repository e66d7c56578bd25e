"""What a notice can be, and what may become of it: the one place that says so."""

DUE, HELD, CLAIMED, ISSUED = "due", "held", "claimed", "issued"
EXPIRED, WITHDRAWN = "expired", "withdrawn"
OUTCOMES = ("unsafe", "explained", "not_contactable", "tried")
"""What came of a notice that was issued, the one that decides between several attempts first."""

ALLOWED: frozenset[tuple[str | None, str]] = frozenset(
    {
        (None, DUE),
        (None, HELD),
        (None, EXPIRED),
        (DUE, HELD),
        (DUE, CLAIMED),
        (DUE, WITHDRAWN),
        (HELD, DUE),
        (HELD, WITHDRAWN),
        (CLAIMED, DUE),
        (CLAIMED, HELD),
        (CLAIMED, ISSUED),
        (WITHDRAWN, DUE),
        (WITHDRAWN, HELD),
        *((ISSUED, outcome) for outcome in OUTCOMES),
        *((one, other) for one in OUTCOMES for other in OUTCOMES if one != other),
    }
)
"""From None when it is recorded. Nothing leads from issued back to due: nobody is told twice."""

IN_WORDS = {
    DUE: "due",
    HELD: "held for a reviewer",
    CLAIMED: "being issued",
    ISSUED: "issued, nothing back yet",
    "explained": "explained",
    "tried": "tried",
    "unsafe": "unsafe",
    "not_contactable": "not contactable",
    EXPIRED: "expired",
    WITHDRAWN: "withdrawn",
}
