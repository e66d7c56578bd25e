"""The synthetic force's reviewer, who looks at each held notice and decides: call, or never call.

A call is let go only where nothing speaks of abuse, or at a time that is known to be safe.
"""

import hashlib
from dataclasses import dataclass

NAME = "Demo reviewer"


@dataclass(frozen=True)
class Decision:
    """What is done with a notice, and why; no decision is to look at it again next month."""

    is_released: bool
    reason: str
    safe_time: str | None = None


HEARD = Decision(True, "The recording was heard: nothing in it speaks against a call.")
NO_RISK = Decision(True, "The officer who looked into it knows of no risk.")
SAFE = Decision(True, "The specialist officer asked when it is safe.", "weekdays 10:00 to 12:00")
IN_PERSON = Decision(False, "The officer in the case explains it in person.")
UNWANTED = Decision(False, "They asked us not to contact them.")

BY_FLAG: dict[str, tuple[tuple[Decision, float], ...]] = {
    "do_not_contact": ((UNWANTED, 1.0),),
    "unsafe_before": ((IN_PERSON, 0.8),),
    "domestic_abuse": ((IN_PERSON, 0.6), (SAFE, 0.3)),
    "reason_holds": ((IN_PERSON, 0.6), (SAFE, 0.3)),
    "safeguarding": ((NO_RISK, 0.6), (IN_PERSON, 0.3)),
    "under_18": ((IN_PERSON, 0.9),),
    "no_safe_time": ((SAFE, 0.7),),
    "shared_phone": ((IN_PERSON, 0.5), (NO_RISK, 0.3)),
    "no_reason": ((HEARD, 0.9),),
    "unknown_reason": ((HEARD, 0.9),),
}
"""What becomes of notices with a flag, and of which share; the gravest flag comes first."""


def decided(notices: dict[str, list[str]], seed: int) -> dict[Decision, list[str]]:
    """The held notices that each decision is about, from the flags of each by its id."""
    found: dict[Decision, list[str]] = {}
    for notice_id, flags in sorted(notices.items()):
        decision = _decision(flags, _chance(seed, notice_id))
        if decision is not None:
            found.setdefault(decision, []).append(notice_id)
    return found


def _decision(flags: list[str], number: float) -> Decision | None:
    gravest = next((flag for flag in BY_FLAG if flag in flags), None)
    for decision, share in BY_FLAG.get(gravest or "", ()):
        if number < share:
            return decision
        number -= share
    return None


def _chance(seed: int, notice_id: str) -> float:
    digest = hashlib.sha256(f"{seed}|reviewer|{notice_id}".encode()).digest()
    return int.from_bytes(digest[:4]) / 2**32
