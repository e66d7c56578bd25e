"""Who may read a database's files: their owner alone, whatever the umask."""

from pathlib import Path

OWN_ONLY = 0o600


def keep_to_owner(path: Path) -> None:
    """Let nobody else read a database of DuckDB, or the log of what was last written to it."""
    for file in (path, path.with_name(f"{path.name}.wal")):
        if file.exists():  # else it is in memory
            file.chmod(OWN_ONLY)
