"""The only reader of the environment: where data lives, and the key behind pseudonyms."""

import math
import os
import re
import secrets
from dataclasses import dataclass
from pathlib import Path

from csip_pipeline.refusals import RefusedError, is_unseen

SHORTEST_KEY = 32
NOT_IN_A_FOLDER = "?" if os.sep == "\\" else "?\\"
"""What DuckDB does not take for a part of a path."""
LONGEST_SETTLE = 600
UUID = "[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
NOTIFY_KEY = re.compile(rf"[^\s]+-{UUID}-{UUID}", re.IGNORECASE)
"""An API key of GOV.UK Notify: its name, the service's id and the secret."""


def project_root() -> Path:
    """The folder with workspace.yaml, dagster.yaml and data/; else the working directory."""
    beside_package = Path(__file__).resolve().parent.parent
    return beside_package if (beside_package / "workspace.yaml").exists() else Path.cwd()


@dataclass(frozen=True)
class Settings:
    """Every path of the data folder, in one place (design: Data layout)."""

    data: Path

    @property
    def extracts(self) -> Path:
        """What suppliers drop, one folder a feed. Never changed by the pipeline."""
        return self.data / "extracts"

    @property
    def reference(self) -> Path:
        """Standards, cycles, reasons, queues and feeds.toml."""
        return self.data / "reference"

    @property
    def warehouse(self) -> Path:
        """The DuckDB file that can be rebuilt from extracts and reference."""
        return self.data / "warehouse.duckdb"

    @property
    def restricted(self) -> Path:
        """Whatever names or reaches a person: contact points, quarantine, worklists, the key."""
        return self.data / "restricted"

    @property
    def canonical(self) -> Path:
        """Our own typed copy of every delivered file, with its row numbers."""
        return self.restricted / "canonical"

    @property
    def people(self) -> Path:
        """The DuckDB file that ties pseudonyms to contact points, and holds quarantined rows."""
        return self.restricted / "people.duckdb"

    @property
    def callbacks(self) -> Path:
        """The DuckDB file that remembers every callback notice. Never rebuilt from extracts."""
        return self.restricted / "callbacks.duckdb"

    @property
    def flagged_people(self) -> Path:
        """People who must not simply be called, as the force knows them. Need not be there."""
        return self.restricted / "flagged_people.csv"

    @property
    def erased(self) -> Path:
        """The keyed marks of erased contact points, which intake leaves out from then on."""
        return self.restricted / "erased.jsonl"

    @property
    def erasures(self) -> Path:
        """What was erased when, by whom and why: counts only."""
        return self.restricted / "erasures.jsonl"

    @property
    def expired(self) -> Path:
        """Delivered files that were deleted when their time was up, and their months."""
        return self.restricted / "expired.jsonl"

    @property
    def worklists(self) -> Path:
        """Callback worklists for the contact team."""
        return self.restricted / "worklists"

    @property
    def samples(self) -> Path:
        """Which call each reference of a frozen frame stands for, and lists of recordings."""
        return self.restricted / "samples"

    @property
    def published(self) -> Path:
        """Packs and their manifests, one folder a cycle. No personal data; never overwritten."""
        return self.data / "published"

    @property
    def quality(self) -> Path:
        """Sites that show how usual a month is, one folder a month. No personal data."""
        return self.data / "quality"

    @property
    def dagster(self) -> Path:
        """The Dagster instance: run history."""
        return self.data / "dagster"

    @property
    def running(self) -> Path:
        """A lock for each run under way: the system lets go of it when the run's process ends."""
        return self.dagster / "running"

    @property
    def door(self) -> Path:
        """What `csip serve` keeps: accounts and the access log. Nothing of it is an extract's."""
        return self.data / "serve"

    @property
    def settle_seconds(self) -> float:
        """How long a file must have stood unchanged to be whole: $CSIP_SETTLE_SECONDS, else 2."""
        given = os.environ.get("CSIP_SETTLE_SECONDS", "2")
        try:
            seconds = float(given)
        except ValueError:
            seconds = math.nan
        if not 0 <= seconds <= LONGEST_SETTLE:
            raise RefusedError(
                f"$CSIP_SETTLE_SECONDS must be a number of seconds from 0 to {LONGEST_SETTLE}."
            )
        return seconds

    @property
    def notify_files(self) -> Path:
        """Files of callback notices that somebody uploads to GOV.UK Notify."""
        return self.restricted / "notify"

    def notify_api_key(self) -> str:
        """The API key of GOV.UK Notify: $CSIP_NOTIFY_API_KEY, or the file it names with _FILE."""
        key = _secret("CSIP_NOTIFY_API_KEY", "Notify makes one under API integration.")
        if not NOTIFY_KEY.fullmatch(key):
            raise RefusedError(
                "What $CSIP_NOTIFY_API_KEY gives, itself or by its file, is no API key of GOV.UK "
                "Notify: those are a name and two ids, joined by hyphens. Copy it again whole."
            )
        return key

    def mail_password(self) -> str:
        """The mail server's password: $CSIP_MAIL_PASSWORD, or the file it names with _FILE."""
        return _secret("CSIP_MAIL_PASSWORD", "Or take username out of [mail].")

    def alert_webhook(self) -> str:
        """The address that alerts are posted to, where it is a secret: $CSIP_ALERT_WEBHOOK."""
        return _secret("CSIP_ALERT_WEBHOOK", "Or give url under [webhook] in alerts.toml.")

    def make_restricted(self) -> Path:
        """Make the restricted folder, readable by its owner alone."""
        self.restricted.mkdir(parents=True, exist_ok=True)
        self.restricted.chmod(0o700)
        return self.restricted

    def pseudonym_key(self) -> bytes:
        """The key of every pseudonym: $CSIP_PSEUDONYM_KEY, else a 0600 file made on first use.

        Losing it means that the same person gets a new pseudonym, so it belongs in the backup of
        the restricted folder and nowhere else.
        """
        from_environment = os.environ.get("CSIP_PSEUDONYM_KEY")
        if from_environment is not None:
            return _long_enough(from_environment.strip(), "$CSIP_PSEUDONYM_KEY")
        path = self.make_restricted() / "pseudonym.key"
        try:
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            return _long_enough(path.read_text(encoding="ascii").strip(), path.name)
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(secrets.token_hex(32))
        return self.pseudonym_key()


def _secret(name: str, hint: str) -> str:
    """A secret of the environment or of the file that it names; never part of a message."""
    given = os.environ.get(name, "").strip()
    if given:
        return given
    path = os.environ.get(f"{name}_FILE", "")
    if not path:
        raise RefusedError(
            f"Set ${name} to the secret, or ${name}_FILE to the path of a file with it. {hint}"
        )
    try:
        kept = Path(path).read_text(encoding="utf-8").strip()
    except (OSError, ValueError):
        raise RefusedError(
            f"The file that ${name}_FILE names cannot be read. Correct the path, or let the "
            "account that runs the pipeline read it."
        ) from None
    if not kept:
        raise RefusedError(f"The file that ${name}_FILE names is empty. Put the secret in it.")
    return kept


def _long_enough(key: str, where: str) -> bytes:
    if len(key) < SHORTEST_KEY:
        raise RefusedError(
            f"The pseudonym key in {where} has fewer than {SHORTEST_KEY} characters, so pseudonyms "
            "could be guessed. Set a longer secret (for example: openssl rand -hex 32)."
        )
    return key.encode()


def load() -> Settings:
    """Settings for this process: the data folder is $CSIP_DATA, else data/ in the project."""
    folder = os.environ.get("CSIP_DATA") or project_root() / "data"
    data = Path(folder).expanduser().resolve()
    if any(one in NOT_IN_A_FOLDER or is_unseen(one) for one in str(data)):
        raise RefusedError(
            f"The data folder {data} has a question mark, a backslash or a character that cannot "
            "be seen in its path, and DuckDB cannot keep files there. Name another in $CSIP_DATA."
        )
    return Settings(data=data)


def served_at(page: str, variable: str) -> str | None:
    """The address of a page under the one that an environment variable gives; None without it.

    Raises RefusedError where that is no address of the web.
    """
    base = os.environ.get(variable, "").strip()
    if not base:
        return None
    if not base.startswith(("https://", "http://")):
        raise RefusedError(
            f"${variable} is not an address. Set it to one that begins with https://, or unset it."
        )
    return f"{base.rstrip('/')}/{page}"


def environment(settings: Settings, **more: str) -> dict[str, str]:
    """The environment for a process of ours that works on the same data folder."""
    return {**os.environ, "CSIP_DATA": str(settings.data), **more}


def bare_environment() -> dict[str, str]:
    """The environment of a process that needs nothing from ours but what Windows starts it with."""
    return {name: os.environ[name] for name in ("SYSTEMROOT",) if name in os.environ}
