"""Built-in accounts: names, roles and Argon2id hashes in a file that only its owner can read."""

import json
import re
import secrets
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from filelock import FileLock

from csip_pipeline.publish.workbook_files import put
from csip_pipeline.refusals import RefusedError
from csip_pipeline.serve.roles import Role, known

NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._@-]{0,63}")
SHORTEST, LONGEST = 12, 256
"""Characters of a password. Three random words have more than twelve."""
FEWEST_DIFFERENT = 5
AT_ONCE = threading.BoundedSemaphore(2)
"""Hashing takes 64 MiB and all it can get of a processor: two at a time, whoever asks."""


@dataclass(frozen=True)
class Account:
    """Somebody who may sign in. Without a hash: only through the organisation's proxy."""

    name: str
    roles: tuple[str, ...]
    hash: str = ""
    is_locked: bool = False

    @property
    def has(self) -> frozenset[Role]:
        """Its roles; none while it is locked."""
        return frozenset() if self.is_locked else known(self.roles)


class Accounts:
    """The accounts of one file. Every change is seen at once by a server that runs already."""

    def __init__(self, path: Path, hasher: PasswordHasher | None = None) -> None:
        """Accounts at `path`; `hasher` sets the cost, by default that of RFC 9106."""
        self._path = path
        self._hasher = hasher or PasswordHasher()
        self._read: tuple[tuple[int, int, int], dict[str, Account]] | None = None

    @cached_property
    def _nobodys(self) -> str:
        """A hash that no password opens, for names that nobody has."""
        return self._hasher.hash(secrets.token_hex(16))

    def all(self) -> list[Account]:
        """Every account, by name."""
        return sorted(self._accounts().values(), key=lambda account: account.name)

    def find(self, name: str) -> Account | None:
        """The account of that name, however it is capitalised."""
        return self._accounts().get(name.casefold())

    def signed_in(self, name: str, password: str) -> Account | None:
        """The account that these open, else None. It takes as long whether or not it exists."""
        account = self.find(name)
        kept = account.hash if account is not None and account.hash else self._nobodys
        try:
            with AT_ONCE:
                self._hasher.verify(kept, password[: LONGEST + 1])
        except (VerificationError, InvalidHashError):
            return None
        is_open = account is not None and account.hash and account.has
        return account if is_open else None

    def add(self, name: str, roles: list[Role], password: str | None) -> Account:
        """Add an account. Raises RefusedError where the name is taken, or either cannot be used."""
        if not NAME.fullmatch(name):
            raise RefusedError(
                "A name has at most 64 letters, digits, dots, hyphens, underscores and @ signs, "
                "and begins with a letter or digit."
            )
        kept = "" if password is None else self._hashed(name, password)
        account = Account(name, tuple(sorted(roles)), kept)
        with self._changing() as held:
            if name.casefold() in held:
                raise RefusedError(f"There is an account {name} already.")
            self._keep({**held, name.casefold(): account})
        return account

    def set_password(self, name: str, password: str) -> None:
        """Give an account another password; its sessions end."""
        self._change(name, hash=self._hashed(name, password))

    def set_roles(self, name: str, roles: list[Role]) -> None:
        """Give an account other roles, from its next request on."""
        self._change(name, roles=tuple(sorted(roles)))

    def set_locked(self, name: str, *, is_locked: bool) -> None:
        """Lock an account, or open it again. A locked one may do nothing from its next request."""
        self._change(name, is_locked=is_locked)

    def remove(self, name: str) -> None:
        """Remove an account; its sessions end."""
        with self._changing() as held:
            self._one(held, name)
            self._keep({key: one for key, one in held.items() if key != name.casefold()})

    def _change(self, name: str, **fields: Any) -> None:  # noqa: ANN401 - fields of an Account
        with self._changing() as held:
            account = self._one(held, name)
            self._keep({**held, name.casefold(): replace(account, **fields)})

    def _one(self, held: dict[str, Account], name: str) -> Account:
        if name.casefold() not in held:
            raise RefusedError(f"There is no account {name}: csip serve users")
        return held[name.casefold()]

    def _hashed(self, name: str, password: str) -> str:
        if not SHORTEST <= len(password) <= LONGEST:
            raise RefusedError(f"A password has {SHORTEST} to {LONGEST} characters.")
        if name.casefold() in password.casefold() or len(set(password)) < FEWEST_DIFFERENT:
            raise RefusedError(
                "That password is easily guessed: it holds the account's name, or few different "
                "characters. Three random words are a good one."
            )
        with AT_ONCE:
            return self._hasher.hash(password)

    def _accounts(self) -> dict[str, Account]:
        try:
            found = self._path.stat()
        except FileNotFoundError:
            return {}
        state = (found.st_mtime_ns, found.st_size, found.st_ino)
        if self._read is None or self._read[0] != state:
            self._read = (state, self._parsed())
        return self._read[1]

    def _parsed(self) -> dict[str, Account]:
        try:
            told = json.loads(self._path.read_text(encoding="utf-8"))
            accounts = [Account(**{**one, "roles": tuple(one["roles"])}) for one in told]
        except (ValueError, KeyError, TypeError):
            raise RefusedError(
                f"{self._path.name} cannot be read, so nobody can sign in. Restore it from a "
                "backup."
            ) from None
        return {account.name.casefold(): account for account in accounts}

    @contextmanager
    def _changing(self) -> Iterator[dict[str, Account]]:
        """The accounts as they are, while no other process can change them."""
        with FileLock(self._path.with_suffix(".lock"), timeout=10, mode=0o600):
            yield self._accounts()

    def _keep(self, accounts: dict[str, Account]) -> None:
        content = json.dumps([asdict(one) for one in accounts.values()], indent=2).encode()
        put(self._path, content)
        self._path.chmod(0o600)


def generated() -> str:
    """A password that nobody chose: four groups of letters and digits, 79 bits."""
    alphabet = "abcdefghjkmnpqrstuvwxyz23456789"
    return "-".join("".join(secrets.choice(alphabet) for _ in range(4)) for _ in range(4))
