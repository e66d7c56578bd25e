"""What is installed is what was tested: both files pin the same set, and name no address."""

import re
import runpy
import shutil
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LOCK = runpy.run_path(str(ROOT / "tools" / "lock.py"))
FILES = ("pyproject.toml", "constraints.txt", "requirements.lock")


@pytest.fixture
def folder(tmp_path):
    """A copy of the committed files, to be spoilt."""
    for name in FILES:
        shutil.copy(ROOT / name, tmp_path)
    return tmp_path


@pytest.mark.parametrize("page", ["operations.md", "security.md"])
def test_the_docs_build_the_package_with_what_is_locked(page):
    text = (ROOT / "docs" / page).read_text(encoding="utf-8")

    assert text.count("pip install --no-deps") == text.count("--no-deps --no-build-isolation -e .")
    assert text.count("pip-audit") == text.count("pip-audit --strict")


def spoil(path, pattern, replacement):
    """Change the first match, and fail if there was none to change."""
    text, count = re.subn(
        pattern, replacement, path.read_text("utf-8"), count=1, flags=re.MULTILINE
    )
    assert count == 1
    path.write_text(text, "utf-8")


def test_the_committed_files_hold(capsys):
    assert LOCK["main"](["--check"]) == 0
    assert "agree" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("name", "pattern", "replacement", "fault"),
    [
        pytest.param(
            "constraints.txt",
            r"^duckdb==2\.0\.\d+",
            "duckdb==1.9.9",
            "only constraints.txt has duckdb==1.9.9",
            id="a version that differs between the two",
        ),
        pytest.param(
            "constraints.txt",
            r"^duckdb==2\.0\.\d+",
            "duckdb==1.9.9",
            "duckdb<2.1,>=2.0 does not allow duckdb==1.9.9",
            id="a version outside pyproject.toml's range",
        ),
        pytest.param(
            "constraints.txt",
            r"^pandas==.*\n",
            "",
            "pandas is not pinned",
            id="a dependency that is not pinned",
        ),
        pytest.param(
            "constraints.txt",
            r"^hypothesis==.*\n",
            "",
            "hypothesis is not pinned",
            id="a dependency of an extra that is not pinned",
        ),
        pytest.param(
            "pyproject.toml",
            r'^requires = \["hatchling',
            'requires = ["left-out>=1", "hatchling',
            "left-out is not pinned",
            id="what builds the package",
        ),
        pytest.param(
            "constraints.txt",
            r"^tzdata==\S+$",
            r"\g<0> ; sys_platform == 'nowhere'",
            "tzdata is not pinned",
            id="a pin for other platforms only",
        ),
        pytest.param(
            "requirements.lock",
            r"^(pywin32==\S+) ; sys_platform == 'win32'",
            r"\1",
            "only constraints.txt has pywin32",
            id="a marker that differs between the two",
        ),
        pytest.param(
            "constraints.txt",
            r"^duckdb==\S+",
            "duckdb>=2.0",
            "not a package at one exact version: duckdb>=2.0",
            id="a range instead of a version",
        ),
        pytest.param(
            "constraints.txt",
            r"^pandera==",
            "pandera[pandas]==",
            "not a package at one exact version: pandera[pandas]",
            id="an extra, which pip refuses in a constraint",
        ),
        pytest.param(
            "requirements.lock",
            r"^(duckdb==\S+)( \\\n    --hash=\S+)+",
            r"\1",
            "has no hash",
            id="a missing hash",
        ),
        pytest.param(
            "pyproject.toml",
            r'^    "duckdb>=',
            '    "left-out>=1",\n\\g<0>',
            "left-out is not pinned",
            id="a dependency added without locking again",
        ),
    ],
)
def test_a_set_that_does_not_hold_is_refused(folder, name, pattern, replacement, fault):
    spoil(folder / name, pattern, replacement)

    assert fault in "\n".join(LOCK["faults"](folder))


@pytest.mark.parametrize(
    "line",
    [
        "--index-url https://packages.example/simple",
        "--extra-index-url file:///opt/packages/simple",
        "--find-links /opt/wheels",
        "duckdb @ https://packages.example/duckdb.whl",
        "    # from /home/somebody/project/pyproject.toml",
        r"    # from C:\project\pyproject.toml",
    ],
)
@pytest.mark.parametrize("name", ["constraints.txt", "requirements.lock"])
def test_no_file_says_where_to_download_or_where_it_was_made(folder, capsys, name, line):
    with (folder / name).open("a", encoding="utf-8") as file:
        file.write(line + "\n")

    assert LOCK["main"](["--check"], folder) == 1
    assert "an address or a path" in capsys.readouterr().err
