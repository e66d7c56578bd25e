"""The synthetic panel within `csip demo`: it draws, hears and scores the calls of a cycle."""

from csip_pipeline import calendars
from csip_pipeline.calendars import Cycle
from csip_pipeline.demo import chair, panellists
from csip_pipeline.publish.sampling import score_sheets
from csip_pipeline.refusals import RefusedError
from csip_pipeline.settings import Settings

OVERLAP = 20


def meet(here: Settings, cycle: Cycle) -> None:
    """Freeze and draw a whole cycle's calls, have them scored, and take the scores in.

    A force with so few calls that none could be spared has no panel.
    """
    calls = chair.freeze(here, cycle)
    size = min(chair.SIZE, calls // 3)
    if size < chair.FEWEST:
        return
    chair.draw(here, cycle, size)
    overlap = min(OVERLAP, size)
    sheets = score_sheets.write(here, cycle, panellists.LETTERS, overlap)
    panellists.give_back(sheets, here.extracts, chair.coded(here, cycle), cycle.meeting_on)
    _take_in(here, cycle, has_scores=True)


def freeze(here: Settings, cycle: Cycle) -> None:
    """Freeze a whole cycle's frame: the chair throws the dice another day."""
    chair.freeze(here, cycle)
    _take_in(here, cycle, has_scores=False)


def _take_in(here: Settings, cycle: Cycle, *, has_scores: bool) -> None:
    from csip_pipeline import cli_runs  # noqa: PLC0415 - loads Dagster, which takes half a second

    run = cli_runs.run_scores if has_scores else cli_runs.run_sample
    with cli_runs.instance(here) as instance:
        outcome = run(instance, calendars.month_of(cycle.ends_on))
    if outcome.refusals:
        raise RefusedError("\n".join(outcome.refusals))
