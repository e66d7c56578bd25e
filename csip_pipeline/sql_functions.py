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
KNOWN_BOTH = "n1 > 0 and n2 > 0 and s1 is not null and s2 is not null"
"""Asked first, because least and greatest pass a null over."""
FUNCTIONS |= {
    "newcombe_lower(s1, n1, s2, n2)": (
        f"if({KNOWN_BOTH}, greatest(s1 / n1 - s2 / n2 - sqrt("
        "(s1 / n1 - wilson_lower(s1, n1))^2 + (wilson_upper(s2, n2) - s2 / n2)^2), -1), null)"
    ),
    "newcombe_upper(s1, n1, s2, n2)": (
        f"if({KNOWN_BOTH}, least(s1 / n1 - s2 / n2 + sqrt("
        "(wilson_upper(s1, n1) - s1 / n1)^2 + (s2 / n2 - wilson_lower(s2, n2))^2), 1), null)"
    ),
}
"""The 95 % interval of s1/n1 - s2/n2, two independent shares; null where either is not known.

Source: Newcombe (1998), Statistics in Medicine 17:873-890, method 10 (hybrid score).
"""
FUNCTIONS |= {
    "median_rank_deviation(n)": f"sqrt(n / 4 - 1 / 12) * ({Z_95} + (1 / 120 - n / 8) * "
    f"({Z_95}^3 - 3 * {Z_95}) / (24 * (n / 4 - 1 / 12)^2))",
    "median_rank(n)": "if(n > 5, floor(n / 2 + 0.5 - median_rank_deviation(n)), 0)::bigint",
}
"""The lower rank of the 95 % interval of a median, as measure.intervals.median_rank; 0 for none.

Cornish and Fisher's expansion of the binomial's quantile, with its cumulants n/4 and -n/8 corrected
for whole numbers (Sheppard, turned about). It was compared for every n to 5,000,000: no other rank.
Source: Cornish and Fisher (1938), Revue de l'Institut international de statistique 5:307.
"""
