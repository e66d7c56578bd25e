"""The one object Dagster loads: everything in defs/, with the force's own data folder."""

from pathlib import Path

import dagster as dg

from csip_pipeline.defs import window


@dg.definitions
def defs() -> dg.Definitions:
    """Every asset, check, job, schedule and sensor, found by walking the defs folder."""
    found = dg.load_from_defs_folder(path_within_project=Path(__file__).parent)
    return found.map_resolved_asset_specs(func=window.shown)
