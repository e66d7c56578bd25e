"""What a pack rests on less than it seems to: months, feeds and hours that are not in."""

from csip_pipeline.publish.pack_figures import Figures


def incomplete(figures: Figures) -> list[str]:
    """Which months or feeds are not in, a sentence each."""
    said = []
    if figures.months_out:
        months = ", ".join(f"{month:%B %Y}" for month in figures.months_out)
        said.append(f"Not in yet: {months}. Figures of the whole cycle are provisional.")
    absent = figures.intake[figures.intake["file"].isna()]
    absent = absent[absent["month"].dt.date.isin(figures.months_in)]
    for month, rows in absent.groupby("month"):
        feeds = ", ".join(rows["feed"].str.replace("_", " "))
        said.append(f"Missing in {month:%B %Y}: {feeds}. Its channel is marked [x] in that month.")
    return said


def gaps(figures: Figures) -> list[str]:
    """What the figures rest on less than they seem to: refused deliveries, and missing hours."""
    said = []
    refused = figures.arrivals[figures.arrivals["status"] == "refused"]
    for month, rows in refused.groupby("month"):
        feeds = ", ".join(rows["feed"].drop_duplicates().str.replace("_", " "))
        said.append(f"Refused in {month:%B %Y}: {feeds}. Figures rest on what came before, if any.")
    for month, rows in figures.missing_hours.groupby("month"):
        hours = int(rows["hours"].sum())
        said.append(
            f"In {month:%B %Y} a system logged nothing for {hours:,} "
            f"{'hour' if hours == 1 else 'hours'}: see the worksheet Missing hours."
        )
    return said
