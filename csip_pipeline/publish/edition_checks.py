"""What the files of an edition are held to, once they are written and before they are published."""

from collections.abc import Iterable
from pathlib import Path

from csip_pipeline.publish import page_lint, workbook_lint
from csip_pipeline.publish.edition_formats import PAGE, WORKBOOK
from csip_pipeline.refusals import RefusedError

LINTS = {WORKBOOK: workbook_lint.lint, PAGE: page_lint.lint}


def hold_to_the_rules(staging: Path, names: Iterable[str]) -> None:
    """Raise RefusedError where a workbook or a page breaks a rule of accessibility or safety."""
    for name in names:
        path = staging / name
        lint = LINTS.get(path.suffix)
        broken = lint(path) if lint else []
        if broken:
            raise RefusedError(
                f"{path.name} was not published: it breaks {len(broken)} rule(s) of accessibility "
                f"or safety. The first: {broken[0]}"
            )
