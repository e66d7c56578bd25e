"""The seal beside the ledger: how far its chain had got, and the file's own hash.

A chain cannot tell that its end was cut off, nor a row that the database no longer uses. The seal
can: it is written after every entry, and holds the whole file's SHA-256 once that is closed.
"""

import hashlib
import json
from dataclasses import asdict, dataclass
from pathlib import Path

from csip_pipeline.publish.callbacks.chain import Head
from csip_pipeline.publish.workbook_files import put
from csip_pipeline.refusals import RefusedError


@dataclass(frozen=True)
class Seal:
    """How far the chain had got; and the SHA-256 of the closed file, None while it is written."""

    entry: int
    link: str
    sha256: str | None

    @property
    def head(self) -> Head:
        """Where the chain had got."""
        return Head(self.entry, self.link)


def path_of(ledger: Path) -> Path:
    """Where the seal of a ledger is: callbacks.seal beside callbacks.duckdb."""
    return ledger.with_suffix(".seal")


def read(ledger: Path) -> Seal | None:
    """The seal of a ledger; None where it has none. Raises RefusedError where it cannot be read."""
    path = path_of(ledger)
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
        return Seal(int(told["entry"]), str(told["link"]), told["sha256"])
    except FileNotFoundError:
        return None
    except (ValueError, KeyError, TypeError):
        raise RefusedError(
            f"restricted/{path.name} cannot be read. Restore the whole restricted folder from a "
            "backup, or, if somebody answers for it: csip callbacks reseal --by NAME --reason TEXT"
        ) from None


def write(ledger: Path, head: Head, *, is_closed: bool) -> None:
    """Seal a ledger where its chain has got; and its bytes, once it is closed."""
    seal = Seal(head.entry, head.link, hash_of(ledger) if is_closed else None)
    path = path_of(ledger)
    put(path, json.dumps(asdict(seal)).encode())
    path.chmod(0o600)


def hash_of(path: Path) -> str:
    """The SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def log_of(ledger: Path) -> Path:
    """What DuckDB has not yet written into the ledger's file; it is there after a crash only."""
    return ledger.with_name(f"{ledger.name}.wal")
