"""Run the project's Dagster jobs from the command line, against the project's own instance."""

import datetime as dt
import warnings
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import dagster as dg
import yaml

from csip_pipeline.cli_outcomes import Outcome
from csip_pipeline.defs import engines
from csip_pipeline.measure.registry import TABLES
from csip_pipeline.refusals import FaultError, RefusedError
from csip_pipeline.settings import Settings, project_root

REFERENCE = "reference"
HISTORY = {table.name for table in TABLES if table.is_history}
CHECK_FAILED = "DagsterAssetCheckFailedError"
TOLD_WITH_THE_FEED = {"every_feed_was_taken_in"}
QUIET = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}


@contextmanager
def instance(settings: Settings) -> Iterator[dg.DagsterInstance]:
    """The Dagster instance under the data folder, so that every run shows in the UI."""
    with (
        engines.kept(),
        dg.DagsterInstance.from_config(str(instance_folder(settings))) as opened,
    ):
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
    if "sqlite" in config["storage"]:  # else it is in a database server
        config["storage"]["sqlite"]["base_dir"] = str(storage)
    config["local_artifact_storage"]["config"]["base_dir"] = str(settings.dagster)
    text = yaml.safe_dump(config, sort_keys=False)
    placed = settings.dagster / "dagster.yaml"
    if not placed.exists() or placed.read_text(encoding="utf-8") != text:
        placed.write_text(text, encoding="utf-8")
    return settings.dagster


def run_month(
    instance: dg.DagsterInstance,
    month: dt.date,
    *,
    today: dt.date | None = None,
    with_reference: bool = True,
) -> Outcome:
    """Run the month job for one month; `today` is the day on which callbacks are issued.

    Without the reference tables, it takes them as a run just before left them. The tables that
    every month makes together are left for run_history.
    """
    config: dict[str, Any] = {}
    if today is not None:
        config["ops"] = {"publish__callback_list": {"config": {"today": today.isoformat()}}}
    return _run(instance, "month", f"{month:%Y-%m}", config, with_reference=with_reference)


def run_history(instance: dg.DagsterInstance) -> Outcome:
    """Run the history job, once for all the months that were run before."""
    return _run(instance, "history", None, {})


def run_callbacks(instance: dg.DagsterInstance, month: dt.date) -> Outcome:
    """Run the callbacks job for one month: what came of callbacks in it, and whoever is due."""
    return _run(instance, "callbacks", f"{month:%Y-%m}", {}, left_for_later=frozenset())


def run_sample(instance: dg.DagsterInstance, month: dt.date) -> Outcome:
    """Run the sample job for the last month of a cycle: its frame and its draw, as tables."""
    return _run(instance, "sample", f"{month:%Y-%m}", {})


def run_scores(instance: dg.DagsterInstance, month: dt.date) -> Outcome:
    """Run the scores job for the last month of a cycle: what panellists gave back."""
    return _run(instance, "scores", f"{month:%Y-%m}", {})


def run_cycle(instance: dg.DagsterInstance, cycle: str) -> Outcome:
    """Run the cycle job for one panel cycle."""
    return _run(instance, "cycle", cycle, {})


def run_quality(instance: dg.DagsterInstance, month: dt.date) -> Outcome:
    """Run the quality job for one month: its site, from the months before it."""
    return _run(instance, "quality", f"{month:%Y-%m}", {})


def _run(  # noqa: PLR0913 - what is run, of which part, and what is left out
    instance: dg.DagsterInstance,
    name: str,
    key: str | None,
    config: dict[str, Any],
    *,
    with_reference: bool = True,
    left_for_later: Collection[str] = HISTORY,
) -> Outcome:
    job = _job(name)
    selection = [
        asset
        for asset in sorted(job.asset_layer.selected_asset_keys)
        if (with_reference or asset.path[0] != REFERENCE)
        and (key is None or ".".join(asset.path) not in left_for_later)
    ]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        result = job.execute_in_process(
            instance=instance,
            partition_key=key,
            raise_on_error=False,
            asset_selection=selection,
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
            *(
                said(evaluation)
                for evaluation in result.get_asset_check_evaluations()
                if _is_to_be_said(evaluation)
            ),
            *(
                line
                for counted in counts.values()
                for line in str(counted.get("troubles", "none")).splitlines()
                if line != "none"
            ),
        ],
        kept={
            asset.rpartition("/")[2]: str(counted["refused"])
            for asset, counted in counts.items()
            if "refused" in counted
        },
        refusals=_refusals(result),
    )


@cache
def _job(name: str) -> dg.JobDefinition:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from csip_pipeline.definitions import defs  # noqa: PLC0415 - reads the data folder

        return defs().resolve_job_def(name)


def _refusals(result: dg.ExecuteInProcessResult) -> list[str]:
    """Why steps failed; or why the run did before its first, such as a warehouse in use."""
    told = [
        f"{evaluation.asset_key.to_user_string()}: {said(evaluation)}. Nothing that rests on it "
        "was made. Find the cause (csip ui shows the run), then run the month again."
        for evaluation in result.get_asset_check_evaluations()
        if _stopped_the_run(evaluation)
    ]
    failed = [event for event in result.all_events if event.is_step_failure]
    for event in failed or [event for event in result.all_events if event.is_job_failure]:
        reason = why(event)
        if CHECK_FAILED not in reason:  # told above, by its own name
            told.append(reason)
    return told


def said(evaluation: dg.AssetCheckEvaluation) -> str:
    """A check that did not pass, in words: every expected feed came, except 1."""
    return f"{evaluation.check_name.replace('_', ' ')}, except {evaluation.metadata['found'].value}"


def _is_to_be_said(evaluation: dg.AssetCheckEvaluation) -> bool:
    """Whether a check warns of something that neither stopped the run nor is told with its feed."""
    return not (
        evaluation.passed or evaluation.blocking or evaluation.check_name in TOLD_WITH_THE_FEED
    )


def _stopped_the_run(evaluation: dg.AssetCheckEvaluation) -> bool:
    is_error = evaluation.severity == dg.AssetCheckSeverity.ERROR
    return bool(evaluation.blocking) and is_error and not evaluation.passed


def why(event: dg.DagsterEvent) -> str:
    """A refusal's own words, wherever it stands in the chain of causes; else the kind of error."""
    step = event.is_step_failure
    error = event.step_failure_data.error if step else event.job_failure_data.error
    kind = "an unknown error"
    while error is not None:
        if error.cls_name in (RefusedError.__name__, FaultError.__name__):
            return str(error.message).split(": ", 1)[-1].strip()
        kind, error = str(error.cls_name), error.cause
    what = str(event.step_key).replace("__", "/") if step else "The run"
    return f"{what} failed with {kind}. The Dagster UI shows the run (csip ui)."
