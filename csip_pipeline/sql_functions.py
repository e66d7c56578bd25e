"""Functions that queries may use besides DuckDB's own."""

Z_95 = 1.959963984540054
"""The normal deviate of a 95 % interval (measure.intervals.wilson computes the same)."""
WILSON = (
    f"(2 * successes + {Z_95}^2 {{sign}} {Z_95} * sqrt({Z_95}^2 + 4 * successes "
    f"* (1 - successes / n))) / (2 * (n + {Z_95}^2))"
)
KNOWN = "n > 0 and successes is not null"
FUNCTIONS = {
    "wilson_lower(successes, n)": f"if({KNOWN}, greatest({WILSON.format(sign='-')}, 0), null)",
    "wilson_upper(successes, n)": f"if({KNOWN}, least({WILSON.format(sign='+')}, 1), null)",
}
