# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""The next version of an entry: what it says, what is kept of it, what is then forgotten."""

import json
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, Final, Self

import httpx2

from hub import clock
from hub.client.agency import Agency, PinnedHub, write_json
from hub.client.asking import JWT, get_json, put_jws
from hub.client.entry import ENDED, Before, Turn, is_over, make_entry, sign_entry, with_next
from hub.model.participant import DirectoryEntry, Unit
from hub.sealing.canonical import digest, unb64
from hub.trust.keys import PrivateSigningKey

PUBLISHED: Final = "veroeffentlicht.json"
"""Digests of what this organisation signed of itself, by version."""


def publish(folder: Path, *, new_signing_key: bool = False) -> int:
    """Publish the keys that lie in an organisation's folders now; returns the new version.

    The root key alone authorises it, and the log shows it to everybody. Signing keys that are no
    longer in a folder end now, and stay listed: what they signed is still to be verified. With
    ``new_signing_key`` each unit gets one, which takes its place once the hub has the entry.
    """
    if not new_signing_key:
        return renew(folder).version
    with Renewal(folder) as renewal:
        coming = {agency.id: agency.keys.next("signing") for agency in renewal.agencies}
        for unit, key in coming.items():
            ends = Turn("signing", begins=renewal.now, ends=renewal.now)
            renewal.change(unit, partial(with_next, key, ends))
        entry = renewal.publish()
        for key in coming.values():
            key.use_from(renewal.now)
        renewal.forget()
    return entry.version


def renew(folder: Path) -> DirectoryEntry:
    """Publish what lies in the folders; returns the new entry."""
    with Renewal(folder) as renewal:
        entry = renewal.publish()
        renewal.forget()
    return entry


class Renewal:
    """The next version of an entry on its way; to be used as ``with Renewal(folder) as renewal``.

    It begins as the version before with what lies in the folders, and can be changed until it is
    published.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.now = int(clock.now())
        self._client = httpx2.Client(timeout=30)

    def __enter__(self) -> Self:
        said = json.loads((self.folder / "organisation.json").read_bytes())
        self.organisation: str = said["id"]
        hub = PinnedHub.of(said["hub"]["url"], said["hub"])
        self._root = PrivateSigningKey.load(self.folder / "root.pem")
        self._url = f"{hub.url}/v1/directory/{self.organisation}"
        known = get_json(self._client, self._url)
        entry = DirectoryEntry.model_validate_json(unb64(known["entry"].split(".")[1]))
        self.before = Before(entry, known["entry"])
        self.agencies = units_in(self.folder, known["proposal"])
        self.entry = make_entry(known["proposal"], self.agencies, self._root, hub, self.before)
        return self

    def __exit__(self, *_: object) -> None:
        self._client.close()

    def agency(self, unit: str) -> Agency:
        """Return the folder of a unit; raises ``LookupError`` where it is none of these."""
        return next(agency for agency in self.agencies if agency.id == unit)

    def change(self, unit: str, change: Callable[[Unit], Unit]) -> None:
        """Change what the entry will say of a unit."""
        units = tuple(change(each) if each.id == unit else each for each in self.entry.units)
        self.entry = self.entry.model_copy(update={"units": units})

    def publish(self) -> DirectoryEntry:
        """Sign the entry and hand it in; it counts with the next request that the hub decides."""
        jws = sign_entry(self.entry, self._root)
        remember_published(self.folder, self.entry.version, jws)
        put_jws(self._client, self._url, jws, {"content-type": JWT})
        return self.entry

    def forget(self) -> None:
        """Destroy the private halves that nobody needs any more.

        What signs goes when it has ended; what opens goes when nothing that was sealed to it can
        still be on its way.
        """
        for agency in self.agencies:
            unit = next(each for each in self.entry.units if each.id == agency.id)
            over = [key.kid for key in (*unit.signing, *unit.token) if is_over(key, self.now)]
            over += [key.kid for key in unit.reading if is_over(key, self.now - ENDED)]
            for kid in over:
                agency.keys.drop(kid)


def units_in(folder: Path, proposal: dict[str, Any]) -> list[Agency]:
    """Return the folders of an organisation's units."""
    return [
        Agency.load(folder_of(folder, proposal["id"], unit["id"])) for unit in proposal["units"]
    ]


def remember_published(folder: Path, version: int, jws: str) -> None:
    """Keep what was signed, so that whatever else stands in the directory is known for foreign.

    It is kept before it is sent: an answer may be lost, and what the hub then has is ours.
    """
    kept = published(folder)
    kept.setdefault(str(version), [])
    kept[str(version)] = sorted({*kept[str(version)], digest(jws)})
    write_json(folder / PUBLISHED, kept)


def published(folder: Path) -> dict[str, list[str]]:
    """Return the digests of what was signed, by version."""
    try:
        kept: dict[str, list[str]] = json.loads((folder / PUBLISHED).read_bytes())
    except FileNotFoundError:
        return {}
    return kept


def folder_of(folder: Path, organisation: str, unit: str) -> Path:
    """A unit of its own has its own folder; an organisation without units is one itself."""
    return folder if unit == organisation else folder / unit.partition(".")[2]
