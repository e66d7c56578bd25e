"""The reasons that may be given for what is done to a sample."""

WITHDRAWALS = (
    "recording_missing",
    "recording_unusable",
    "not_a_call",
    "under_investigation",
    "conflict_of_interest",
)
"""Why a call that was drawn is not heard."""
TARGETS = ("complaint", "compliment", "vulnerability", "requested")
"""Why a call that was not drawn is."""
