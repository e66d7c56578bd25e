"""The promise of score_sheet.csv: what the panel is asked of each call that it listens to."""

import re

import pandera.pandas as pa

from csip_pipeline.promises import Day, Promise, Text, Whole, rule
from csip_pipeline.rules import Column, Rows, before, is_first, is_null, is_one_of, matches

GRADES = {
    "outstanding": "Outstanding",
    "good": "Good",
    "adequate": "Adequate",
    "requires_improvement": "Requires improvement",
    "inadequate": "Inadequate",
}
"""The grades, best first, in the words of HMICFRS."""
YES_NO = {"yes": "Yes", "no": "No"}
NOT_APPLICABLE = {"not_applicable": "N/A"}
SCALES = {"grades": {**GRADES, **NOT_APPLICABLE}, "yes_no": {**YES_NO, **NOT_APPLICABLE}}
"""What may be answered on each scale, and how the score sheet shows it."""
NECESSARY = "necessary"
"""The item that asks whether a call was a matter for the police."""
PLAIN = re.compile(r"^[a-z]+(?:_[a-z]+)*$")


class ScoreSheet(Promise):
    """One row per item of the panel's score sheet and the days for which it is asked.

    position is its place on the sheet. scale says how it is answered: by a grade (outstanding,
    good, adequate, requires_improvement, inadequate) or by yes or no; either may not apply. The
    item necessary is the one by which the share of unnecessary calls is corrected. A null
    applies_until_on means that it is still asked. A cycle asks what applies on its last day.
    """

    item: Text
    wording: Text
    guidance: Text
    scale: Text = pa.Field(isin=list(SCALES))
    position: Whole = pa.Field(ge=1)
    applies_from_on: Day
    applies_until_on: Day = pa.Field(nullable=True)

    @rule("an item must be small letters and underscores", of="item")
    def item_is_a_plain_name(cls, items: Column) -> Column:  # noqa: N805 - Pandera's way
        """Tables and sheets go by it."""
        return matches(items, PLAIN)

    @rule("the item necessary must be answered by yes or no")
    def necessary_is_yes_or_no(cls, table: Rows) -> Column:  # noqa: N805 - Pandera's way
        """Nobody corrects a share by a grade."""
        return ~is_one_of(table["item"], [NECESSARY]) | is_one_of(table["scale"], ["yes_no"])

    @rule("an item must begin before it ends")
    def begins_before_it_ends(cls, table: Rows) -> Column:  # noqa: N805 - Pandera's way
        """The last day comes after the first."""
        return is_null(table["applies_until_on"]) | (
            table["applies_from_on"] < table["applies_until_on"]
        )

    @rule("an item must not be asked in two ways on the same day")
    def no_two_at_once(cls, table: Rows) -> Column:  # noqa: N805 - Pandera's way
        """Each day has at most one wording of an item."""
        ended_on = before(table, "applies_until_on", "applies_from_on", within=("item",))
        return is_first(table, "applies_from_on", within=("item",)) | (
            ended_on <= table["applies_from_on"]
        )


def title(item: str) -> str:
    """An item as the score sheet and the pack name it: tone is Tone, right_agency Right agency."""
    return item.replace("_", " ").capitalize()
