"""What runs came to, and how the command says it."""

import datetime as dt
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import click

from csip_pipeline.publish.restatements import Restated
from csip_pipeline.refusals import RefusedError


@dataclass(frozen=True)
class Outcome:
    """What a run came to: what it counted, what it warns of, what it refused, why it stopped."""

    counts: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    """The metadata of each asset, such as publish/panel_pack -> {"file": ...}."""
    warnings: list[str] = field(default_factory=list)
    kept: Mapping[str, str] = field(default_factory=dict)
    """The feeds that were refused and keep what they had, and why."""
    refusals: list[str] = field(default_factory=list)

    def and_then(self, other: "Outcome") -> "Outcome":
        """What this run and the one after it came to."""
        return Outcome(
            counts={**self.counts, **other.counts},
            warnings=[*self.warnings, *other.warnings],
            kept={**self.kept, **other.kept},
            refusals=[*self.refusals, *other.refusals],
        )


Outcomes = dict[dt.date, Outcome]


def say(
    outcomes: Outcomes,
    *,
    as_json: bool = False,
    restated: Iterable[Restated] = (),
    refused: Iterable[str] = (),
) -> None:
    """Print what each month came to, and which published packs no longer agree with it.

    Raises RefusedError where a month, a feed of one or a file was refused, once the rest is said.
    """
    restated = list(restated)
    if as_json:
        told = [
            {
                **_as_dict(month, outcome),
                "published": [pack.as_dict() for pack in restated if month in pack.months],
            }
            for month, outcome in outcomes.items()
        ]
        click.echo(json.dumps(told))
    else:
        for month, outcome in outcomes.items():
            click.echo(_line(month, outcome))
            for feed in outcome.kept:
                click.echo(f"         {feed} was refused, and keeps what it had")
            for warning in outcome.warnings:
                click.echo(f"         {warning}")
        for pack in restated:
            click.echo(str(pack))
    reasons = _reasons(outcomes, refused)
    if reasons:
        raise RefusedError("\n".join(reasons))


def _reasons(outcomes: Outcomes, refused: Iterable[str]) -> list[str]:
    """Every reason once, after the months that it stands for."""
    months: dict[str, list[str]] = {}
    for month, outcome in outcomes.items():
        kept = [reason for told in outcome.kept.values() for reason in told.splitlines()]
        for reason in [*outcome.refusals, *kept]:
            months.setdefault(reason, []).append(f"{month:%Y-%m}")
    of_no_month = [reason for reason in refused if reason not in months]
    return [*(f"{', '.join(of)}: {reason}" for reason, of in months.items()), *of_no_month]


def _line(month: dt.date, outcome: Outcome) -> str:
    said = _as_dict(month, outcome)
    if outcome.refusals:
        return f"{said['month']}  refused"
    return (
        f"{said['month']}  {said['contacts']:>8,} contacts  {said['quarantined']:>5,} rows "
        f"unusable  {said['new_notices']:>6,} new callback notices"
    )


def _as_dict(month: dt.date, outcome: Outcome) -> dict[str, Any]:
    counts = outcome.counts
    notices = counts.get("publish/callback_list", {})
    return {
        "month": f"{month:%Y-%m}",
        "contacts": counts.get("harmonise/contacts", {}).get("dagster/row_count", 0),
        "quarantined": sum(asset.get("quarantined", 0) for asset in counts.values()),
        "new_notices": notices.get("new_notices", 0),
        "worklists": notices.get("worklists", "none"),
        "warnings": outcome.warnings,
        "refused_feeds": list(outcome.kept),
        "refusals": [*outcome.refusals, *outcome.kept.values()],
    }
