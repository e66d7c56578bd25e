"""Who may do what at the door, and in which zone of the data folder each of those things is."""

from collections.abc import Iterable
from enum import StrEnum


class Zone(StrEnum):
    """A part of the data folder that a process serves, or of which it knows nothing."""

    PUBLIC = "public"
    """published/, without whatever is restricted there."""
    OFFICE = "office"
    """The restricted editions: published/<cycle>/restricted/."""
    MEETING = "meeting"
    """The call sample: read and drawn in published/."""
    SCORES = "scores"
    """Score sheets, written to extracts/panel_scores/."""
    CALLBACKS = "callbacks"
    """Worklists, read in restricted/worklists/; written to extracts/callback_outcomes/."""
    ACCESS = "access"
    """Accounts and the access log, in the door's own folder."""


class May(StrEnum):
    """One thing that somebody may do."""

    READ = "read the public edition"
    COMPARE = "read the restricted edition, and what changed"
    WATCH = "see the call sample"
    DRAW = "enter the chair's dice"
    SCORE = "upload score sheets"
    CALL = "fetch callback lists and give them back"
    AUDIT = "read the access log, and lock accounts"


class Role(StrEnum):
    """What somebody is to the panel. Nobody has a role by default."""

    READER = "reader"
    OFFICE = "office"
    CHAIR = "chair"
    PANELLIST = "panellist"
    CONTACT_TEAM = "contact_team"
    ADMINISTRATOR = "administrator"


ALLOWED = {
    Role.READER: frozenset({May.READ}),
    Role.OFFICE: frozenset({May.READ, May.COMPARE, May.WATCH}),
    Role.CHAIR: frozenset({May.READ, May.COMPARE, May.WATCH, May.DRAW}),
    Role.PANELLIST: frozenset({May.READ, May.SCORE}),
    Role.CONTACT_TEAM: frozenset({May.CALL}),
    Role.ADMINISTRATOR: frozenset({May.AUDIT}),
}
"""Everything that a role may do. An administrator sees who read what, and none of it."""


def allowed(roles: Iterable[Role]) -> frozenset[May]:
    """Everything that somebody with these roles may do."""
    return frozenset(what for role in roles for what in ALLOWED[role])


def known(names: Iterable[str]) -> frozenset[Role]:
    """The roles among the names; whatever is no role of ours gives nobody anything."""
    ours = {role.value: role for role in Role}
    return frozenset(ours[name] for name in names if name in ours)
