"""Options that several verbs of the command share."""

import datetime as dt

import click

from csip_pipeline import calendars


class Month(click.ParamType[dt.date]):
    """A month, given as its first day."""

    name = "YYYY-MM"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> dt.date:
        """The month's first day. Click calls it usage (exit code 2) where it is not a month."""
        try:
            return calendars.parse_month(str(value))
        except ValueError:
            self.fail(f"{value!r} is not a month written YYYY-MM, such as 2026-10.", param, ctx)


MONTH = Month()
AS_JSON = click.option("--json", "as_json", is_flag=True, help="Print JSON for a script.")
