"""The two row counts at which a spreadsheet cuts a table off without a word."""

from csip_pipeline.refusals import RefusedError

LIMITS = (65_536, 1_048_576)
"""The rows of a sheet in Excel 97-2003 and in Excel since 2007, the header's among them."""


def refuse_row_limit(rows: int, file_name: str) -> None:
    """Refuse a table of exactly as many rows as a sheet can hold, with or without its header."""
    for limit in LIMITS:
        if limit in (rows, rows + 1):
            raise RefusedError(
                f"{file_name} holds exactly {rows:,} rows, as many as a spreadsheet of "
                f"{limit:,} lines can, so it was probably cut off. Ask the supplier for the rest, "
                "or, if it is whole, for the same rows in two files."
            )
