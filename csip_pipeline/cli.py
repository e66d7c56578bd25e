"""The `csip` command: every verb runs a Dagster job of the project, or reads what they left."""

import os
import sys
from typing import Any

import click

from csip_pipeline import cli_callbacks, cli_rights, cli_sample, cli_serve, cli_verbs
from csip_pipeline.refusals import RefusedError


class Refusing(click.Group):
    """A group that says a refusal in plain words and exits with 1."""

    def invoke(self, ctx: click.Context) -> Any:  # noqa: ANN401 - whatever a verb returns
        """Run the verb."""
        try:
            return super().invoke(ctx)
        except RefusedError as refusal:
            raise click.ClickException(str(refusal)) from None
        except Exception as error:
            denied = cli_rights.refusal(error)
            if denied is None:
                raise
            raise click.ClickException(str(denied)) from None


@click.group(cls=Refusing, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="csip_pipeline", message="%(version)s")
def csip() -> None:
    """From contact extracts to the panel's pack.

    Data lives in $CSIP_DATA, else in data/. Exit codes: 0 done, 1 refused, 2 bad usage.
    """


for verb in (
    cli_callbacks.callbacks,
    cli_sample.sample,
    cli_serve.serve,
    cli_verbs.check,
    cli_verbs.demo,
    cli_verbs.erase,
    cli_verbs.pack,
    cli_verbs.quality,
    cli_verbs.run,
    cli_verbs.status,
    cli_verbs.trace,
    cli_verbs.ui,
):
    csip.add_command(verb)


def main() -> None:
    """Run the command and end the process."""
    code: int | str | None = 0
    try:
        csip()
    except SystemExit as ended:
        code = ended.code
    sys.stdout.flush()
    sys.stderr.flush()
    # Ended at once: DuckDB's binding otherwise prints a page about its own types at exit.
    os._exit(code if isinstance(code, int) else int(code is not None))


if __name__ == "__main__":
    main()
