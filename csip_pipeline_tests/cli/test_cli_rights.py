"""Where the account may not read or write a file, the command says which, and whose to use."""

import sqlite3

import click
import click.testing
import duckdb
import pytest

from csip_pipeline.cli import Refusing

TOLD = (
    "Error: {what} may not be read or written by this account. Use the account that owns the data "
    "folder, and look whether another one, such as root, left files in it.\n"
)


@pytest.fixture
def ended(tmp_path):
    """How the command ends and what it says where its work raises an error."""

    def run(error):
        @click.group(cls=Refusing)
        def group():
            """A group as the command's own."""

        @group.command()
        def verb():
            raise error

        runner = click.testing.CliRunner(env={"CSIP_DATA": str(tmp_path)})
        return runner.invoke(group, ["verb"])

    return run


def wrapped(error, by):
    by.__cause__ = error
    return by


@pytest.mark.parametrize(
    ("error", "what"),
    [
        pytest.param(
            lambda data: PermissionError(
                13, "Permission denied", str(data / "serve" / "access.log")
            ),
            "serve/access.log",
            id="a file of the folder",
        ),
        pytest.param(
            lambda _: PermissionError(13, "Permission denied", "/home/somebody/list.csv"),
            "list.csv",
            id="a file elsewhere, whose folder is not said",
        ),
        pytest.param(
            lambda _: PermissionError("no"), "A file of the data folder", id="a file without a name"
        ),
        pytest.param(
            lambda data: duckdb.IOException(
                f'IO Error: Cannot open file "{data / "warehouse.duckdb"}": Permission denied'
            ),
            "warehouse.duckdb",
            id="a database of DuckDB",
        ),
        pytest.param(
            lambda _: wrapped(
                sqlite3.OperationalError("attempt to write a readonly database"),
                RuntimeError("Dagster could not write"),
            ),
            "Dagster's history (dagster/)",
            id="Dagster's database, through an error of its own",
        ),
    ],
)
def test_missing_rights_are_a_refusal_that_names_the_file(ended, tmp_path, error, what):
    result = ended(error(tmp_path))

    assert (result.exit_code, result.output) == (1, TOLD.format(what=what))


@pytest.mark.parametrize(
    "error",
    [
        ValueError("permission denied"),
        FileNotFoundError(2, "No such file"),
        duckdb.IOException("IO Error: disk full"),
        sqlite3.OperationalError("database is locked"),
    ],
)
def test_another_error_stays_what_it_is(ended, error):
    assert ended(error).exception is error
