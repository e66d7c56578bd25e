"""The one object Dagster loads: everything in defs/, with the force's own data folder."""

from pathlib import Path

import dagster as dg


@dg.definitions
def defs() -> dg.Definitions:
    """Every asset, check, job and schedule, found by walking the defs folder."""
    return dg.load_from_defs_folder(path_within_project=Path(__file__).parent)
