"""A last line that says how many rows came before it: proof that a file was not cut off."""

import re

from csip_pipeline.extract import declarations
from csip_pipeline.extract.formats.text import Chunk
from csip_pipeline.refusals import RefusedError


def without(chunk: Chunk, trailer: re.Pattern[str], declared: list[str]) -> Chunk:
    """The lines with a blank one in place of a trailer, whose number of rows is noted."""
    lines = chunk.text.split("\n")
    found = {
        place: match
        for place, line in enumerate(lines)
        if (match := trailer.fullmatch(line.strip()))
    }
    for place, match in found.items():
        declared.append(match["rows"])
        lines[place] = ""
    return Chunk("\n".join(lines), chunk.first) if found else chunk


def hold(declared: list[str], received: int, file_name: str) -> None:
    """Raise RefusedError unless just one trailer says just so many rows."""
    if len(declared) != 1:
        raise RefusedError(
            f"{file_name} has {len(declared)} trailer lines where feeds.toml promises one, so it "
            "was probably cut off, or put together wrongly. Ask the supplier to send it again."
        )
    rows = declarations.count(declared[0], "its trailer", file_name)
    declarations.hold_rows(rows, received, "its trailer", file_name)
