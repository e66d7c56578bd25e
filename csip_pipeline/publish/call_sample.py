"""The draw of the panel's call sample: anybody with the seed and the frame gets the same calls."""

import hashlib
from collections.abc import Iterator

ALGORITHM = (
    "For i = 1, 2, ...: the SHA-256 of '<seed>,<i>' (UTF-8) as a whole number, modulo the rows of "
    "the frame, plus 1, is the next row; a row that came before is skipped. In a divided frame, "
    "the seed of a stratum is '<seed>/<stratum>', and its rows are counted by themselves."
)


def selection(seed: str, total: int) -> Iterator[int]:
    """Yield row numbers from 1 to `total` in random order, each once, until all are out.

    The sampler that election audits publish (Rivest, sampler.py, 2011; the same as in Stark's tools
    and Colorado's audits), without replacement. Raises ValueError for an empty seed or no rows.
    """
    if not seed:
        raise ValueError("a draw needs a seed")
    if total < 1:
        raise ValueError("a draw needs at least one row")
    drawn: set[int] = set()
    i = 0
    while len(drawn) < total:
        i += 1
        digest = hashlib.sha256(f"{seed},{i}".encode()).digest()
        row = int.from_bytes(digest, "big") % total + 1
        if row not in drawn:
            drawn.add(row)
            yield row
