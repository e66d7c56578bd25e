"""Run the project's Dagster jobs from the command line, against the project's own instance."""

import datetime as dt
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import dagster as dg
import yaml

from csip_pipeline.refusals import RefusedError
from csip_pipeline.settings import Settings, project_root

QUIET = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}


@dataclass(frozen=True)
class Outcome:
    """What a run came to: what it counted, what it warns of, why it stopped."""

    counts: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    """The metadata of each asset, such as publish/panel_pack -> {"file": ...}."""
    warnings: list[str] = field(default_factory=list)
    refusals: list[str] = field(default_factory=list)


@contextmanager
def instance(settings: Settings) -> Iterator[dg.DagsterInstance]:
    """The Dagster instance under the data folder, so that every run shows in the UI."""
    with dg.DagsterInstance.from_config(str(instance_folder(settings))) as opened:
        yield opened


def instance_folder(settings: Settings) -> Path:
    """A folder with the project's dagster.yaml, its storage placed under the data folder."""
    template = project_root() / "dagster.yaml"
    if not template.exists():
        raise RefusedError(
            "dagster.yaml is not here. Run csip from the folder that holds it, or install the "
            "project with pip install -e from its own folder."
        )
    config = yaml.safe_load(template.read_text(encoding="utf-8"))
    storage = settings.dagster / "storage"
    storage.mkdir(parents=True, exist_ok=True)
    config["storage"]["sqlite"]["base_dir"] = str(storage)
    config["local_artifact_storage"]["config"]["base_dir"] = str(settings.dagster)
    config["compute_logs"]["config"]["base_dir"] = str(storage)
    text = yaml.safe_dump(config, sort_keys=False)
    placed = settings.dagster / "dagster.yaml"
    if not placed.exists() or placed.read_text(encoding="utf-8") != text:
        placed.write_text(text, encoding="utf-8")
    return settings.dagster


def run_month(
    instance: dg.DagsterInstance, month: dt.date, *, today: dt.date | None = None
) -> Outcome:
    """Run the month job for one month; `today` is the day on which callbacks are issued."""
    config: dict[str, Any] = {}
    if today is not None:
        config["ops"] = {"publish__callback_list": {"config": {"today": today.isoformat()}}}
    return _run(instance, "month", f"{month:%Y-%m}", config)


def run_cycle(instance: dg.DagsterInstance, cycle: str) -> Outcome:
    """Run the cycle job for one panel cycle."""
    return _run(instance, "cycle", cycle, {})


def _run(instance: dg.DagsterInstance, job: str, key: str, config: dict[str, Any]) -> Outcome:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        result = _job(job).execute_in_process(
            instance=instance,
            partition_key=key,
            raise_on_error=False,
            run_config={**QUIET, **config},
        )
    counts = {
        event.asset_key.to_user_string(): {
            name: value.value for name, value in event.materialization.metadata.items()
        }
        for event in result.get_asset_materialization_events()
        if event.asset_key is not None
    }
    return Outcome(
        counts=counts,
        warnings=[
            f"{evaluation.check_name.replace('_', ' ')}: not so"
            f" ({evaluation.metadata['found'].value} found)"
            for evaluation in result.get_asset_check_evaluations()
            if not evaluation.passed and "found" in evaluation.metadata
        ],
        refusals=[_why(event) for event in result.all_events if event.is_step_failure],
    )


@cache
def _job(name: str) -> dg.JobDefinition:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from csip_pipeline.definitions import defs  # noqa: PLC0415 - reads the data folder

        return defs().resolve_job_def(name)


def _why(event: dg.DagsterEvent) -> str:
    """The first cause of a failed step: a refusal's own words, else the kind of error."""
    error = event.step_failure_data.error
    while error is not None and error.cause is not None:
        error = error.cause
    step = str(event.step_key).replace("__", "/")
    if error is None:
        return f"{step} failed."
    if error.cls_name == RefusedError.__name__:
        return error.message.split(": ", 1)[-1].strip()
    return f"{step} failed with {error.cls_name}. The Dagster UI shows the run (csip ui)."
