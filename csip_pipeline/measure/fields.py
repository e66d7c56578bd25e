"""Fields that measured tables share: fractions, differences of them, and durations."""

import pandera.pandas as pa

from csip_pipeline.promises import Real


def fraction() -> Real:
    """A fraction from 0 to 1; null where there is nothing to divide by."""
    field: Real = pa.Field(nullable=True, ge=0, le=1)
    return field


def difference() -> Real:
    """A difference of two shares, as a fraction from -1 to 1 (0.01 is one percentage point)."""
    field: Real = pa.Field(nullable=True, ge=-1, le=1)
    return field


def duration() -> Real:
    """Seconds; null where nothing was measured."""
    field: Real = pa.Field(nullable=True, ge=0)
    return field
