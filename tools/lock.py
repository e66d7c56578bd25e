"""Pin every dependency: make constraints.txt and requirements.lock, or `--check` that they hold.

Both files come from one resolution of pyproject.toml with all its extras, for every platform and
every Python it allows: constraints.txt gives the versions, requirements.lock adds the hashes. A
package has one version on every Python, since another numpy would draw another synthetic force.
`UV_OFFLINE=1` makes them from uv's cache alone; `--check` never needs the network.
"""

import argparse
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import Any

from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parent.parent
CONSTRAINTS = "constraints.txt"
LOCK = "requirements.lock"
HASH = re.compile(r" --hash=sha256:[0-9a-f]{64}\b")
HASH_LINE = re.compile(r" \\\n +--hash=\S+")
# pip wants extras named beside a hash (gql[requests]) and refuses them in a constraint.
EXTRAS = re.compile(r"^([\w.-]+)\[[^\]]*\]", re.MULTILINE)
# Web and file addresses, and paths on the machine that made the file (/opt/..., C:\...).
ADDRESS = re.compile(r"://|\bfile:|(?:^|[\s='\"(])/\w|\b[A-Za-z]:\\\w")


def make(*, upgrade: bool) -> None:
    """Resolve pyproject.toml into both files, keeping the versions they have unless upgrading."""
    oldest_python = _project(ROOT)["requires-python"].removeprefix(">=")
    command = [
        *(sys.executable, "-m", "uv", "pip", "compile", "pyproject.toml"),
        *("--all-extras", "--no-strip-extras", "--universal", "--generate-hashes"),
        *("--python-version", oldest_python, "--fork-strategy", "fewest"),
        *("--no-config", "--no-emit-index-url", "--no-emit-find-links", "--quiet"),
        *("--custom-compile-command", "python tools/lock.py"),
        *("--output-file", LOCK),
        *(["--upgrade"] if upgrade else []),
    ]
    subprocess.run(command, cwd=ROOT, check=True)
    locked = (ROOT / LOCK).read_text(encoding="utf-8")
    constraints = EXTRAS.sub(r"\1", HASH_LINE.sub("", locked))
    (ROOT / CONSTRAINTS).write_text(constraints, encoding="utf-8", newline="\n")


def faults(folder: Path) -> list[str]:
    """Everything wrong with the folder's two files, in words; empty if they hold."""
    constrained = _lines(folder / CONSTRAINTS)
    locked = {EXTRAS.sub(r"\1", line): n for line, n in _lines(folder / LOCK).items()}
    return [
        *_addresses(folder),
        *_unpinned(CONSTRAINTS, constrained),
        *_unpinned(LOCK, locked),
        *(f"{LOCK}: {line} has no hash" for line, hashes in locked.items() if not hashes),
        *(f"{CONSTRAINTS}: {line} has a hash" for line, hashes in constrained.items() if hashes),
        *(f"only {CONSTRAINTS} has {line}" for line in sorted(constrained.keys() - locked)),
        *(f"only {LOCK} has {line}" for line in sorted(locked.keys() - constrained)),
        *_unmet(folder, list(filter(None, map(_pin, constrained)))),
    ]


def _lines(path: Path) -> dict[str, int]:
    """Each requirement as written, and how many hashes it has."""
    text = re.sub(r"^\s*#.*$", "", path.read_text(encoding="utf-8"), flags=re.MULTILINE)
    joined = re.sub(r"\s*\\\n\s*", " ", text).splitlines()
    return {HASH.sub("", line).strip(): len(HASH.findall(line)) for line in joined if line.strip()}


def _pin(line: str) -> Requirement | None:
    """The line as one exact version, with neither extras nor an address; None if it is not."""
    try:
        pin = Requirement(line)
    except InvalidRequirement:
        return None
    exact = re.fullmatch(r"==[^*=,]+", str(pin.specifier))
    return pin if exact and not pin.extras and not pin.url else None


def _addresses(folder: Path) -> Iterator[str]:
    for name in (CONSTRAINTS, LOCK):
        for number, line in enumerate((folder / name).read_text(encoding="utf-8").splitlines(), 1):
            if ADDRESS.search(line):
                yield f"{name}, line {number}: an address or a path"


def _unpinned(name: str, lines: dict[str, int]) -> Iterator[str]:
    for line in lines:
        if _pin(line) is None:
            yield f"{name}: not a package at one exact version: {line.split()[0]}"


def _unmet(folder: Path, pins: list[Requirement]) -> Iterator[str]:
    """Dependencies, of every extra, that no pin meets where this runs, or that a pin breaks."""
    for wanted in _dependencies(folder):
        named = [pin for pin in pins if _same(pin.name, wanted.name)]
        if not any(pin.marker is None or pin.marker.evaluate() for pin in named):
            yield f"pyproject.toml: {wanted.name} is not pinned"
        for pin in named:
            if not wanted.specifier.contains(str(pin.specifier)[2:], prereleases=True):
                yield f"pyproject.toml: {wanted} does not allow {pin}"


def _dependencies(folder: Path) -> Iterator[Requirement]:
    """Of the package, of every extra, and of what builds it."""
    project = _project(folder)
    extras = project.get("optional-dependencies", {}).values()
    builders = _declared(folder)["build-system"]["requires"]
    for wanted in map(Requirement, chain(project["dependencies"], *extras, builders)):
        applies = wanted.marker is None or wanted.marker.evaluate()
        if applies and not _same(wanted.name, project["name"]):
            yield wanted


def _same(one: str, other: str) -> bool:
    return canonicalize_name(one) == canonicalize_name(other)


def _project(folder: Path) -> dict[str, Any]:
    project: dict[str, Any] = _declared(folder)["project"]
    return project


def _declared(folder: Path) -> dict[str, Any]:
    return tomllib.loads((folder / "pyproject.toml").read_text(encoding="utf-8"))


def main(arguments: list[str] | None = None, folder: Path = ROOT) -> int:
    """Make the files, or with --check only check them. Returns 1 if they do not hold."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true", help="check the files, change nothing")
    parser.add_argument("--upgrade", action="store_true", help="take the newest versions allowed")
    wanted = parser.parse_args(arguments)
    if not wanted.check:
        make(upgrade=wanted.upgrade)
    found = faults(folder)
    for fault in found:
        print(fault, file=sys.stderr)
    if not found:
        print(f"{len(_lines(folder / LOCK))} packages pinned; {CONSTRAINTS} and {LOCK} agree.")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
