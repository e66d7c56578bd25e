"""A file with exactly as many rows as a spreadsheet can hold was probably cut off by one."""

from csip_pipeline.refusals import RefusedError

SPREADSHEET_LIMITS = (65_536, 1_048_576)
"""The rows of .xls and of .xlsx. In 2020 the first lost 15,841 cases of an illness."""


def refuse_row_limit(rows: int, file_name: str) -> None:
    """Refuse a file with so many rows, not counting its header, where a limit may have cut it."""
    for limit in SPREADSHEET_LIMITS:
        if rows in (limit, limit - 1):
            raise RefusedError(
                f"{file_name} has exactly {rows:,} rows{'' if rows == limit else ' and a header'}, "
                f"so it was probably cut off: a spreadsheet holds {limit:,}. Ask the supplier for "
                "the rest, or for the same rows in two files if it is whole."
            )
