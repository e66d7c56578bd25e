"""What stands under extracts/: which source claims which file, and which files must wait."""

import fnmatch
import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from csip_pipeline.extract.sources import Source
from csip_pipeline.refusals import RefusedError
from csip_pipeline.settings import Settings

UNFINISHED = (".part", ".partial", ".tmp", ".filepart", ".crdownload")
STILL_WRITTEN = "is still being written"


@dataclass(frozen=True)
class Unfinished:
    """A delivered file that is left for the next run, and why."""

    source: Source
    path: Path
    why: str

    def __str__(self) -> str:
        """The file and why it is left."""
        return f"{self.path.name} {self.why}"


@dataclass(frozen=True)
class Found:
    """What stands under extracts/: files that a source claims, that nobody does, that must wait."""

    claimed: list[tuple[Source, Path]]
    unclaimed: list[str]
    unfinished: list[Unfinished]


def find(settings: Settings, sources: list[Source]) -> Found:
    """Every delivered file with the source whose pattern claims it, in name order.

    A file whose source sends done files is claimed only once its own stands beside it. Raises
    RefusedError where two sources claim the same file.
    """
    standing = list(delivered_files(settings))
    known = set(standing)
    found = Found([], [], [])
    for path in standing:
        name = path.relative_to(settings.extracts).as_posix()
        finishing = next((source for source in sources if _is_done_file(name, source)), None)
        if finishing is not None:
            if _finished_by(path, finishing) not in known:
                found.unfinished.append(Unfinished(finishing, path, "stands without its file"))
            continue
        claims = [source for source in sources if fnmatch.fnmatchcase(name, source.files)]
        if len(claims) > 1:
            told = " and ".join(f'"{source.name}"' for source in claims)
            raise RefusedError(
                f"{name} is claimed by the sources {told}. Narrow their files patterns in "
                "feeds.toml."
            )
        if not claims:
            found.unclaimed.append(name)
        elif (done := done_file(claims[0], path)) is not None and done not in known:
            found.unfinished.append(Unfinished(claims[0], path, f"waits for {done.name}"))
        else:
            found.claimed.append((claims[0], path))
    return found


def unclaimed(settings: Settings, sources: list[Source]) -> list[str]:
    """Delivered files that no source claims: probably a misspelt name or pattern."""
    return find(settings, sources).unclaimed


def done_file(source: Source, path: Path) -> Path | None:
    """The file that says that a file is whole; None where the source sends none."""
    return None if source.done_file is None else path.with_name(path.name + source.done_file)


def delivered_files(settings: Settings) -> Iterator[Path]:
    """Finished files under extracts/, in name order.

    Links, hidden and partial files are none, nor is anything that is not a file (a pipe, a
    device). Raises RefusedError where a folder cannot be listed.
    """
    found = []
    for folder, folders, names in os.walk(settings.extracts, onerror=_not_listed):
        folders[:] = [name for name in folders if not name.startswith(".")]
        found += [Path(folder, name) for name in names if not name.startswith((".", "~$"))]
    for path in sorted(found):
        if path.suffix.casefold() not in UNFINISHED and _is_plain(path):
            yield path


def _is_done_file(name: str, source: Source) -> bool:
    ending = source.done_file
    if ending is None or not name.endswith(ending):
        return False
    return fnmatch.fnmatchcase(name.removesuffix(ending), source.files)


def _finished_by(path: Path, source: Source) -> Path:
    """The file that a done file is about."""
    return path.with_name(path.name.removesuffix(str(source.done_file)))


def _is_plain(path: Path) -> bool:
    """Whether it is a file itself; one that cannot even be looked at is refused when it is read."""
    try:
        return stat.S_ISREG(path.lstat().st_mode)
    except FileNotFoundError:
        return False
    except OSError:
        return True


def _not_listed(error: OSError) -> None:
    if isinstance(error, FileNotFoundError):
        return
    raise RefusedError(
        f"The folder {Path(str(error.filename)).name} under extracts/ cannot be listed "
        f"({error.strerror}). Let the account that runs csip read it."
    )
