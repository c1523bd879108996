# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""The folder of a unit: its keys, the hub it pinned, and what it has to remember.

Key files are readable by their owner alone. The root key lies in the folder of the organisation
and is needed for entries and adoptions only; keep it offline between them.
"""

import errno
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, Final

from hub import clock
from hub.client.facts import Spread, held, write_json
from hub.client.keyring import DESK, PERSON, Keyring, save_reading_key
from hub.model.ids import organisation_of
from hub.model.participant import SigningKey
from hub.sealing.reader import ReaderPrivateKey
from hub.trust.keys import PrivateSigningKey

__all__ = ["DEMONSTRATION", "SPREAD", "Agency", "PinnedHub", "add_person_key", "write_json"]
SPREAD: Final = frozenset({"copies", "reply-keys", "roles", "seen"})
"""Of these there is one for each message: ten thousand must not be written anew for the next."""
DEMONSTRATION: Final = "meldeweg.invalid/"
"""What the ids of hubs begin with that hold nothing real."""


@dataclass(frozen=True)
class PinnedHub:
    """What a unit knows of its hub since it enrolled; changes only by the unit's own act."""

    url: str
    id: str
    issuer: str
    log: str
    """Key of the log, as a C2SP vkey."""
    receipt_key: SigningKey
    later: list[str] = field(default_factory=list, compare=False)
    """Keys that followed, each proven to the one before."""

    @property
    def log_keys(self) -> tuple[str, ...]:
        """Every key of the log that is believed, the one of now last.

        Of a log that goes on under another name only those of that name: the keys before may be in
        somebody's hands.
        """
        known = (self.log, *self.later)
        name = known[-1].partition("+")[0]
        return tuple(vkey for vkey in known if vkey.partition("+")[0] == name)

    @classmethod
    def of(cls, url: str, said: dict[str, Any]) -> "PinnedHub":
        """Take what ``/.well-known/meldeweg`` says, for the first time, or what was kept of it."""
        _keep_time_with(said["hub"])
        return cls(
            url=url.rstrip("/"),
            id=said["hub"],
            issuer=said["issuer"],
            log=said["log"],
            receipt_key=SigningKey.model_validate(said["receipt_key"]),
        )

    def as_json(self) -> dict[str, Any]:
        return {
            "url": self.url,
            "hub": self.id,
            "issuer": self.issuer,
            "log": self.log,
            "receipt_key": self.receipt_key.model_dump(exclude_none=True),
        }


@dataclass(frozen=True)
class Agency:
    """A unit with its keys."""

    path: Path
    id: str
    hub: PinnedHub
    keys: Keyring

    @property
    def signing(self) -> PrivateSigningKey:
        """The key that signs now."""
        return self.keys.current("signing")

    @property
    def token(self) -> PrivateSigningKey:
        """The key that signs in now."""
        return self.keys.current("token")

    @property
    def desk(self) -> tuple[ReaderPrivateKey, ...]:
        return self.keys.desk

    @property
    def persons(self) -> tuple[ReaderPrivateKey, ...]:
        """Of reporting persons, the newest last; they open feedback and nothing else."""
        return self.keys.persons

    @property
    def organisation(self) -> str:
        return organisation_of(self.id)

    @property
    def person(self) -> ReaderPrivateKey | None:
        """The key to which feedback on a new notice is to be sealed."""
        return self.persons[-1] if self.persons else None

    @property
    def readers(self) -> tuple[ReaderPrivateKey, ...]:
        """All keys that open: those of the desk first, then those of persons, the newest first."""
        return (*self.desk, *reversed(self.persons))

    @classmethod
    def load(cls, path: Path | str) -> "Agency":
        """Read a folder that ``create`` made.

        Raises ``FileNotFoundError`` where it is none, ``PermissionError`` where somebody else
        could read a key.
        """
        folder = Path(path)
        said = json.loads((folder / "stelle.json").read_bytes())
        agency = cls(
            path=folder,
            id=said["id"],
            hub=PinnedHub.of(said["hub"]["url"], said["hub"]),
            keys=Keyring(folder / "keys"),
        )
        agency.hub.later.extend(agency.recall("log-keys").get(agency.hub.id, ()))
        return agency

    @classmethod
    def create(
        cls, path: Path, unit: str, hub: PinnedHub, *, with_person: bool, opens: bool = True
    ) -> "Agency":
        """Make a folder with fresh keys; refuses one that is there already.

        Where it opens nothing, its reading keys are made elsewhere (``hub.client.elsewhere``).
        """
        keys = path / "keys"
        path.mkdir(mode=0o700, exist_ok=True)
        keys.mkdir(mode=0o700)
        (path / "state").mkdir(mode=0o700)
        PrivateSigningKey.generate().save(keys / "signing.pem")
        PrivateSigningKey.generate().save(keys / "token.pem")
        for name in DESK if opens else ():
            save_reading_key(keys / f"{name}.key", ReaderPrivateKey.generate())
        if with_person and opens:
            add_person_key(path)
        write_json(path / "stelle.json", {"v": 1, "id": unit, "hub": hub.as_json()})
        return cls.load(path)

    def remember(self, name: str, **facts: Any) -> None:
        """Keep facts under a name, durably; no content ever."""
        if name not in SPREAD:
            self.revise(name, lambda kept: {**kept, **facts})
            return
        for key, value in facts.items():
            self.revise_beside(name, key, partial(_with, key=key, value=value))

    def revise(self, name: str, change: Callable[[dict[str, Any]], dict[str, Any]]) -> None:
        """Replace what is kept under a name by what becomes of it; nobody else writes meanwhile.

        Nothing is written where ``change`` raises or leaves it as it is.
        """
        if name in SPREAD:
            self._spread(name).revise_all(change)
            return
        with held(self.path / "state"):
            kept = self.recall(name)
            if (changed := change(dict(kept))) != kept:
                write_json(self._state(name), changed)

    def fact(self, name: str, key: str) -> Any:
        """Return one of the facts under a name; None where there is none of this key."""
        return (self._spread(name).part(key) if name in SPREAD else self.recall(name)).get(key)

    def revise_beside(
        self, name: str, key: str, change: Callable[[dict[str, Any]], dict[str, Any]]
    ) -> None:
        """Do as ``revise`` with one fact, and those that happen to lie beside it."""
        self._spread(name).revise(key, change)

    def recall(self, name: str) -> dict[str, Any]:
        """Return what was kept under a name; nothing where nothing was."""
        if name in SPREAD:
            return self._spread(name).all()
        try:
            kept: dict[str, Any] = json.loads(self._state(name).read_bytes())
        except FileNotFoundError:
            return {}
        return kept

    def each(self, name: str) -> Iterator[tuple[str, Any]]:
        """Return what was kept under a name, one fact after the other."""
        return self._spread(name).each() if name in SPREAD else iter(self.recall(name).items())

    def _spread(self, name: str) -> Spread:
        return Spread(self.path / "state", name)

    def _state(self, name: str) -> Path:
        return self.path / "state" / f"{name}.json"


def _with(kept: dict[str, Any], key: str, value: Any) -> dict[str, Any]:
    return {**kept, key: value}


def _keep_time_with(hub: str) -> None:
    """Go by the clock of a demonstration, where the environment names one and the hub is one.

    Raises ``PermissionError`` where such a process turns to a hub that is none: what it said there
    would bear a wrong time.
    """
    if hub.startswith(DEMONSTRATION):
        if (named := clock.demo_clock()) is not None:
            clock.live_by(named)
    elif clock.put_ahead() is not None:
        raise PermissionError(errno.EPERM, f"{clock.VARIABLE} gilt hier nicht", hub)


def add_person_key(folder: Path) -> ReaderPrivateKey:
    """Make a reading key for a reporting person; older ones stay, to read what was sent to them."""
    keys = folder / "keys"
    number = len(list(keys.glob(f"{PERSON}*.key"))) + 1
    key = ReaderPrivateKey.generate()
    save_reading_key(keys / f"{PERSON}-{number:03}.key", key)
    return key
