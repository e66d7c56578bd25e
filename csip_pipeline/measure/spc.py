"""XmR charts as in NHS "Making Data Count": which changes of a series are more than chance.

The rules are those of the NHS-R Community's package NHSRplotthedots (its reading is the last word
on ties): docs/measures.md says them in plain words. Pure functions of numbers in order of time.
"""

import statistics
from collections.abc import Iterable

import numpy as np
import numpy.typing as npt
import pandas as pd

LIMIT = 2.66
"""3 / 1.128: three standard deviations, as a mean moving range tells them."""
NEAR = 2 * (LIMIT / 3)
SCREEN = 3.267
"""A moving range that is not below this many times their mean is itself a special cause."""
RUN, WINDOW, NEAR_IN_WINDOW = 7, 3, 2
HIGH_AND_LOW = {
    "increase": ("special_cause_improvement", "special_cause_concern"),
    "decrease": ("special_cause_concern", "special_cause_improvement"),
    "neutral": ("special_cause_neutral_high", "special_cause_neutral_low"),
}
"""What a high and a low special cause are, by the direction in which the measure improves."""
COLUMNS = ["value", "segment", "mean", "lower", "upper", "special_cause", "point_type"]

Reals = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]


def xmr(  # noqa: PLR0913 - each is a choice that a chart states
    values: Iterable[float | None],
    *,
    improvement: str,
    target: float | None = None,
    fix_after: int | None = None,
    rebase_at: Iterable[int] = (),
    screen: bool = True,
) -> pd.DataFrame:
    """Return one row per value, in order: its segment (from 1), limits and special cause.

    Columns: value, segment, mean, lower, upper, special_cause, point_type. improvement is
    "increase", "decrease" or "neutral". rebase_at holds 0-based positions at which a segment
    starts, fix_after how many of its first values a segment's mean and ranges use, screen whether
    ranges that are themselves out of control are left out, once. target moves no limit: it is kept
    in the frame's attrs, for a chart. A missing value belongs to no run, and its ranges are
    missing. lower and upper are NaN where no range is left: one value, or all alike and screened.
    Raises ValueError for another improvement, a position outside the series, or fix_after under 1.
    """
    series = pd.Series(list(values), dtype="Float64").to_numpy("float64", na_value=np.nan)
    starts = sorted({0, *rebase_at})
    if improvement not in HIGH_AND_LOW:
        raise ValueError(f"improvement must be one of {', '.join(HIGH_AND_LOW)}")
    if starts[0] < 0 or starts[-1] > max(len(series) - 1, 0):
        raise ValueError("rebase_at must hold positions within the series")
    if fix_after is not None and fix_after < 1:
        raise ValueError("fix_after must be at least 1")
    segments = np.split(series, starts[1:])
    frame = pd.concat(
        [_segment(part, n, fix_after, screen) for n, part in enumerate(segments, 1)],
        ignore_index=True,
    )
    frame["point_type"] = _point_types(frame["special_cause"], improvement)
    frame.attrs["target"] = target
    return frame[COLUMNS]


def assurance(frame: pd.DataFrame, target: float | None, improvement: str) -> str | None:
    """Return whether chance alone could carry the last segment across the target.

    consistent_pass or consistent_fail where the target lies beyond a limit, else inconsistent (on
    a limit, or where there are none); None without a target, a better direction or any value.
    """
    if improvement not in HIGH_AND_LOW:
        raise ValueError(f"improvement must be one of {', '.join(HIGH_AND_LOW)}")
    if frame.empty or pd.isna(target) or improvement == "neutral":
        return None
    last = frame.iloc[-1]
    is_above, is_below = target > last["upper"], target < last["lower"]
    if not is_above and not is_below:
        return "inconsistent"
    return "consistent_pass" if is_below == (improvement == "increase") else "consistent_fail"


def _segment(values: Reals, number: int, fix_after: int | None, screen: bool) -> pd.DataFrame:
    mean, spread = _mean_and_range(values[:fix_after], screen)
    lower, upper = mean - LIMIT * spread, mean + LIMIT * spread
    is_outside = (values > upper) | (values < lower)
    is_beyond_near = (values < mean - NEAR * spread) | (values > mean + NEAR * spread)
    return pd.DataFrame(
        {
            "value": values,
            "segment": number,
            "mean": mean,
            "lower": lower,
            "upper": upper,
            "special_cause": _special_causes(
                values, np.sign(values - mean), is_outside, ~is_outside & is_beyond_near
            ),
        }
    )


def _mean_and_range(values: Reals, screen: bool) -> tuple[float, float]:
    """The mean of the values, and of the moving ranges between them."""
    ranges = np.abs(np.diff(values))
    if screen:
        ranges = ranges[ranges < SCREEN * _mean(ranges)]
    return _mean(values), _mean(ranges)


def _mean(values: Reals) -> float:
    """The mean of what is known, rounded once: a point on the mean must compare as equal to it."""
    known = values[~np.isnan(values)]
    return statistics.mean(known.tolist()) if len(known) else np.nan


def _special_causes(
    values: Reals, sides: Reals, is_outside: Flags, is_near: Flags
) -> npt.NDArray[np.object_]:
    """The label of each point, by the first rule that it meets."""
    steps = np.sign(np.diff(values))
    in_trend = _trends(steps)[: len(values)]
    is_two_in_three = is_near & _windows_near_a_limit(sides, is_near)
    is_above = sides > 0
    labels = {
        "Above UCL": is_outside & is_above,
        "Below LCL": is_outside,
        "7 Point Trend (Increasing)": in_trend & _is_rising(steps, in_trend),
        "7 Point Trend (Decreasing)": in_trend,
        "2 in 3 Above CL": is_two_in_three & is_above,
        "2 in 3 Below CL": is_two_in_three,
        "7 Points Above CL": _in_runs(sides, RUN) & is_above,
        "7 Points Below CL": _in_runs(sides, RUN),
    }
    found = np.select(list(labels.values()), list(labels), default="Common Cause")
    return found.astype(object)


def _in_runs(signs: Reals, length: int) -> Flags:
    """Which signs stand in a run of at least so many alike, other than 0."""
    if not len(signs):
        return np.zeros(0, dtype=bool)
    begins = np.append(True, signs[1:] != signs[:-1])
    run = np.cumsum(begins) - 1
    found: Flags = (np.bincount(run)[run] >= length) & (signs != 0)
    return found


def _trends(steps: Reals) -> Flags:
    """Which points belong to a trend: both ends of every step in a long enough run of steps."""
    in_run = _in_runs(steps, RUN - 1)
    found: Flags = np.append(in_run, False) | np.append(False, in_run)
    return found


def _is_rising(steps: Reals, in_trend: Flags) -> Flags:
    """Whether the step to the next point rises if that is in a trend too, else the step before.

    Where two trends meet over a level step, the level step counts as falling (as in the package).
    """
    next_in_trend = np.append(in_trend[1:], False)
    onward, led = np.append(steps, 0), np.append(0, steps)
    found: Flags = np.where(next_in_trend, onward, led)[: len(in_trend)] > 0
    return found


def _windows_near_a_limit(sides: Reals, is_near: Flags) -> Flags:
    """Which points are in some three on one side of the mean of which two are near its limit."""
    found = np.zeros(len(sides), dtype=bool)
    if len(sides) < WINDOW:
        return found
    three_sides, three_near = (
        np.lib.stride_tricks.sliding_window_view(one, WINDOW).sum(axis=1)
        for one in (sides, is_near)
    )
    (begins,) = np.nonzero((np.abs(three_sides) == WINDOW) & (three_near >= NEAR_IN_WINDOW))
    found[np.add.outer(begins, np.arange(WINDOW))] = True
    return found


def _point_types(causes: pd.Series, improvement: str) -> pd.Series:
    """What a special cause means: better or worse, or just high or low."""
    is_high = causes.str.contains("Above|Increasing")
    is_low = causes.str.contains("Below|Decreasing")
    high, low = HIGH_AND_LOW[improvement]
    types = np.select([is_high, is_low], [high, low], default="common_cause")
    return pd.Series(types.astype(object), index=causes.index)
