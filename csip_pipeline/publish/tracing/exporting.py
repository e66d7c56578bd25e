"""The ids of the contacts behind a figure as a file, for the data team alone."""

import csv
import io
import os
from pathlib import Path

from csip_pipeline.publish.tracing.trails import Trail
from csip_pipeline.refusals import RefusedError

HEADINGS = ("contact_id", "month")
OWN_ONLY = 0o600


def export(trail: Trail, path: Path, published: Path) -> int:
    """Write contact_id and month of each contact, readable by its owner alone; how many.

    Raises RefusedError where the figure counts no contacts, the file is there already, or it would
    stand among what is published.
    """
    if trail.contacts is None:
        raise RefusedError(f"There are no contacts to export. {trail.why_no_contacts}")
    whole = path.parent.resolve() / path.name
    if whole.is_relative_to(published.resolve()):
        raise RefusedError(
            "Ids of contacts do not belong in the folder published. Give a file elsewhere."
        )
    try:
        opened = os.open(whole, os.O_WRONLY | os.O_CREAT | os.O_EXCL, OWN_ONLY)
    except FileExistsError:
        raise RefusedError(f"{path.name} is there already. Give another name.") from None
    except OSError:
        raise RefusedError(f"{path.name} cannot be written there. Give another folder.") from None
    with os.fdopen(opened, "wb") as file:
        file.write(_csv(trail))
    return trail.contacts


def _csv(trail: Trail) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(HEADINGS)
    rows = trail.contact_ids.itertuples(index=False)
    writer.writerows((row.contact_id, f"{row.month:%Y-%m}") for row in rows)
    return text.getvalue().encode()
