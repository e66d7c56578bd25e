"""What a cycle came to: a sentence each, whether it is good, and whether it is more than chance."""

from collections.abc import Iterable
from dataclasses import dataclass

import pandas as pd

from csip_pipeline.measure.intervals import wilson
from csip_pipeline.publish import pack_explanations, pack_gaps
from csip_pipeline.publish.pack_figures import Figures
from csip_pipeline.publish.pack_subjects import lines_and_channels
from csip_pipeline.publish.workbook import Column, Table

NAME = "headlines"
MET, MISSED, CLOSE = "Target met", "Target missed", "Too close to tell"
IMPROVED, WORSENED = "Improved", "Worse"
CHANGED = {
    ("special_cause_improvement",): "improved",
    ("special_cause_concern",): "worsened",
    ("special_cause_neutral_high", "special_cause_neutral_low"): "changed neither for good nor ill",
}
Counted = tuple[str, str, int]
"""A count of the whole cycle that a sentence gives away: of what, of whom, how many."""


@dataclass(frozen=True)
class Headline:
    """One sentence, what its target or its trend says of it, and the counts it gives away."""

    about: str
    sentence: str
    judged: str | None = None
    chance: str | None = None
    counts: tuple[Counted, ...] = ()


def headlines(figures: Figures, latest: pd.DataFrame) -> list[Headline]:
    """Everything that the cover says in short. `latest` is the last month of each control chart."""
    trends = {(row.measure, row.subject): row for row in latest.itertuples(index=False)}
    told = (
        *_answered(figures, trends),
        *_gave_up(figures, trends),
        _digital(figures, trends.get(("digital_share", "all"))),
        _avoidable(figures, trends.get(("avoidable_share", "all"))),
        _missed(figures),
        _explained(figures),
        _changed(latest),
    )
    return [headline for headline in told if headline]


def table(said: list[Headline]) -> Table:
    """The headlines as the first worksheet after the notes."""
    return Table(
        name=NAME,
        sheet="Headlines",
        title="Headlines: what the cycle came to, whether it is good, and whether it is chance",
        intro=(
            "Good or not: against its target, as far as chance allows to say; else by its trend.",
            "Chance or not: what the control chart of the cycle's last month shows.",
        ),
        columns=(
            Column("about", "About", width=22),
            Column("sentence", "What happened", width=62),
            Column("judged", "Good or not", missing="[z]", width=20),
            Column("chance", "Chance or not", missing="[z]", width=40, notes=("limits",)),
        ),
        rows=pd.DataFrame(
            [(one.about, one.sentence, one.judged, one.chance, one.counts) for one in said],
            columns=["about", "sentence", "judged", "chance", "counts"],
        ),
        key_columns=1,
    )


def _changed(latest: pd.DataFrame) -> Headline | None:
    """How many figures have changed more than chance does; nothing where there is none to judge."""
    if latest.empty:
        return None
    counts = [
        (int(latest["point_type"].isin(types).sum()), words) for types, words in CHANGED.items()
    ]
    changed = [f"{count} {words}" for count, words in counts if count]
    said = f"None of {len(latest)} headline figures has changed more than chance explains."
    if changed:
        listed = " and ".join([", ".join(changed[:-1]), changed[-1]] if changed[1:] else changed)
        said = (
            f"Of {len(latest)} headline figures, more than chance explains: {listed}. See Trends."
        )
    return Headline("All control charts", said)


def _answered(figures: Figures, trends: dict[tuple[str, str], object]) -> Iterable[Headline | None]:
    levels = figures.of_the_cycle(figures.service_levels)
    own = lines_and_channels(levels[levels["clock"] == "end_to_end"])
    if own.empty:
        return []
    return [
        _answered_in_time(title, rows, trends.get(("service_level", _subject(rows))))
        for title, rows in own.groupby("title", sort=True)
    ]


def _answered_in_time(title: str, rows: pd.DataFrame, trend: object) -> Headline | None:
    if rows["answered_within"].isna().any():
        return None
    within, offered = int(rows["answered_within"].sum()), int(rows["offered"].sum())
    interval = wilson(within, offered)
    if interval is None:
        return None
    targets = rows["target_share"].dropna().unique()
    said = f"{title}: {within / offered:.1%} of {offered:,} were answered within the standard"
    subject = rows["subject"].iloc[0]
    counts = (("answered_within", subject, within), ("offered", subject, offered))
    if len(targets) != 1 or len(rows["target_share"].dropna()) != len(rows):
        return Headline(title, f"{said}.", _direction(trend), _chance(trend), counts)
    judged, words = _against(interval, float(targets[0]))
    return Headline(title, f"{said}; {words}.", judged, _chance(trend), counts)


def _against(interval: tuple[float, float], target: float) -> tuple[str, str]:
    """How a share stands to its target, as far as its interval allows to say."""
    lower, upper = interval
    if lower > target:
        return MET, f"the target of {percent(target)} was met"
    if upper < target:
        return MISSED, f"the target of {percent(target)} was missed"
    return CLOSE, f"too close to the target of {percent(target)} to tell from chance"


def _gave_up(figures: Figures, trends: dict[tuple[str, str], object]) -> Iterable[Headline | None]:
    rows = lines_and_channels(figures.of_the_cycle(figures.abandonment))
    for subject, own in rows.groupby("subject", sort=True):
        names = ("abandoned", "offered", "lost", "unknown")
        gave_up, offered, lost, unknown = (int(own[name].sum()) for name in names)
        if offered == 0:
            continue
        trend = trends.get(("abandoned_share", _subject(own)))
        yield Headline(
            f"{subject}, gave up",
            f"{subject}: {gave_up / offered:.1%} of {offered:,} gave up waiting"
            f"{_not_heard_of(lost, unknown)}.",
            _direction(trend),
            _chance(trend),
            tuple(
                (name, subject, count)
                for name, count in zip(names, (gave_up, offered, lost, unknown), strict=True)
            ),
        )


def _not_heard_of(lost: int, unknown: int) -> str:
    """What became of those who gave up; nothing where nobody is missed."""
    told = [
        *([f"{lost:,} were not heard of again within a day"] if lost else []),
        *([f"{unknown:,} cannot be followed"] if unknown else []),
    ]
    return f"; of them {' and '.join(told)}" if told else ""


def _digital(figures: Figures, trend: object) -> Headline | None:
    shift = figures.of_the_cycle(figures.channel_shift).drop_duplicates("month")
    if shift.empty or shift["digital_share"].isna().any():
        return None
    contacts = shift["contacts_on_all_channels"]
    digital, of_all = round((shift["digital_share"] * contacts).sum()), int(contacts.sum())
    return Headline(
        "Digital share",
        f"{digital / of_all:.1%} of {of_all:,} contacts were digital.",
        _direction(trend),
        _chance(trend),
        (("digital", "All contact", digital), ("contacts", "All contact", of_all)),
    )


def _avoidable(figures: Figures, trend: object) -> Headline | None:
    rows = figures.avoidable_demand
    own = rows[rows["level"] == "all"]
    of_all = int(own["contacts"].sum())
    known = int(own.loc[own["reason_group"] != "unknown", "contacts"].sum())
    if known == 0:
        return None
    avoidable = int(own.loc[own["is_avoidable"].astype("bool"), "contacts"].sum())
    return Headline(
        "Avoidable demand",
        f"{avoidable / known:.1%} of {known:,} contacts whose reason was recorded could have been "
        "avoided.",
        _direction(trend),
        _chance(trend),
        (
            ("avoidable", "All contact", avoidable),
            ("reason_known", "All contact", known),
            ("contacts", "All contact", of_all),
        ),
    )


def _missed(figures: Figures) -> Headline:
    if figures.breaches.empty:
        ending = " in what has come in." if pack_gaps.incomplete(figures) else "."
        return Headline("Standards missed", f"No standard was missed{ending}")
    missed = int(figures.breaches["missed"].sum())
    times = "once" if missed == 1 else f"{missed:,} times"
    return Headline(
        "Standards missed",
        f"Standards were missed {times}.",
        counts=(("missed", "All standards", missed),),
    )


def _explained(figures: Figures) -> Headline | None:
    """What became of the explanations owed; nothing where no standard was missed."""
    if figures.breaches.empty and figures.callbacks.empty:
        return None
    whole = figures.callbacks[figures.callbacks["level"] == "all"]
    names = ("notices", "explained", "explained_in_time", "held")
    counts = tuple((name, "All promises", int(whole[name].sum())) for name in names)
    return Headline("Explanations", pack_explanations.headline(figures), counts=counts)


def _subject(rows: pd.DataFrame) -> str:
    """The subject by which the control charts know a line, or a channel without lines."""
    row = rows.iloc[0]
    return str(row["line"] if row["level"] == "line" else row["channel"])


def _direction(trend: object) -> str | None:
    point_type = getattr(trend, "point_type", None)
    return {
        "special_cause_improvement": IMPROVED,
        "special_cause_concern": WORSENED,
    }.get(str(point_type))


def _chance(trend: object) -> str | None:
    """What a control chart shows in its last month; nothing where there is none."""
    if trend is None:
        return None
    return str(getattr(trend, "meaning", ""))


def percent(share: float) -> str:
    """A target as it was set: 90%, 97.5%."""
    return f"{share * 100:.10g}%"
