"""The promise of retention.csv: how long the force keeps what names or reaches somebody."""

import pandera.pandas as pa

from csip_pipeline.promises import Promise, Text, Whole

STORES = ["extracts", "contact_points", "quarantine", "worklists", "samples"]
SHORTEST_MONTHS = 6
"""A notice may be due, issued and answered in the half-year after its contact."""


class Retention(Promise):
    """One row per store: how many whole months it keeps what is in it, and by what rule.

    extracts are suppliers' files with our copies; contact_points, whom pseudonyms stand for, since
    they were last in touch; quarantine, rows that could not be used; worklists, with upload
    files for Notify; samples, which calls were drawn. A store without a row keeps all. The ledger
    of callbacks has none: it is what keeps people from being told twice.
    """

    store: Text = pa.Field(unique=True, isin=STORES)
    keep_months: Whole = pa.Field(ge=SHORTEST_MONTHS)
    citation: Text
