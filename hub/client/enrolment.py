# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Joining a hub: keys are made here, and the hub gets the public halves, signed by the root key."""

import json
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2

from hub.client.agency import Agency, PinnedHub, write_json
from hub.client.answers import Refused, Unreachable, Untrustworthy
from hub.client.line import problem_of
from hub.model.ids import kind_of
from hub.model.participant import DirectoryEntry, ReadingKey, SigningKey, Unit
from hub.protocols.catalogue import Catalogue
from hub.sealing.canonical import digest, unb64
from hub.trust.jose import sign_token
from hub.trust.keys import PrivateSigningKey
from hub.trust.kinds import ADOPTION, DIRECTORY_ENTRY

JWT = "application/jwt"


@dataclass(frozen=True)
class Enrolled:
    """An organisation that handed in its entry and waits for the comparison of fingerprints."""

    organisation: str
    fingerprint: str
    """Key id of the root key: what a person reads out to the operator."""
    folders: tuple[Path, ...]
    """One folder for each unit, to be used as ``--agency``."""


def enrol(
    folder: Path, organisation: str, url: str, code: str, log_key: str | None = None
) -> Enrolled:
    """Make an organisation's keys and hand in its self-signed entry with the one-time code.

    ``log_key`` is the hub's vkey, where it was handed over by another way; without it the hub's
    own word is pinned now. Raises ``FileExistsError`` where the folder is there already.
    """
    with httpx2.Client(timeout=30) as client:
        pinned = PinnedHub.of(url, _get(client, f"{url.rstrip('/')}/.well-known/meldeweg"))
        if log_key is not None and pinned.log != log_key:
            raise Untrustworthy("the hub shows another log key than the one handed over")
        proposal = _get(client, f"{pinned.url}/v1/directory/{organisation}")["proposal"]
        folder.mkdir(parents=True, mode=0o700)
        root = PrivateSigningKey.generate()
        root.save(folder / "root.pem")
        agencies = [
            Agency.create(
                _folder_of(folder, organisation, unit["id"]),
                unit["id"],
                pinned,
                with_person=kind_of(organisation) == "schule",
            )
            for unit in proposal["units"]
        ]
        jws = _sign(_entry(proposal, agencies, root, pinned), root)
        headers = {"content-type": JWT, "authorization": f"Enrolment {code}"}
        _put(client, f"{pinned.url}/v1/directory/{organisation}", jws, headers)
    write_json(folder / "organisation.json", {"v": 1, "id": organisation, "hub": pinned.as_json()})
    return Enrolled(organisation, root.kid, tuple(agency.path for agency in agencies))


def adopt(folder: Path, name: str, catalogue: Catalogue) -> str:
    """Adopt a protocol version as its controller; returns the digest that was signed."""
    said = json.loads((folder / "organisation.json").read_bytes())
    hub = PinnedHub.of(said["hub"]["url"], said["hub"])
    protocol = catalogue.known(name)
    root = PrivateSigningKey.load(folder / "root.pem")
    claims = {
        "iss": said["id"],
        "hub": hub.id,
        "iat": int(time.time()),
        "proto": protocol.name,
        "digest": protocol.digest,
    }
    jws = sign_token(root, ADOPTION.typ, claims)
    with httpx2.Client(timeout=30) as client:
        url = f"{hub.url}/v1/directory/{said['id']}/adoptions/{protocol.name}"
        _put(client, url, jws, {"content-type": JWT})
    return protocol.digest


def publish(folder: Path) -> int:
    """Publish the keys that lie in an organisation's folders now; returns the new version.

    The root key alone authorises it, and the log shows it to everybody.
    """
    said = json.loads((folder / "organisation.json").read_bytes())
    hub = PinnedHub.of(said["hub"]["url"], said["hub"])
    root = PrivateSigningKey.load(folder / "root.pem")
    url = f"{hub.url}/v1/directory/{said['id']}"
    with httpx2.Client(timeout=30) as client:
        known = _get(client, url)
        before = DirectoryEntry.model_validate_json(unb64(known["entry"].split(".")[1]))
        units = known["proposal"]["units"]
        agencies = [Agency.load(_folder_of(folder, said["id"], unit["id"])) for unit in units]
        entry = _entry(known["proposal"], agencies, root, hub, _Before(before, known["entry"]))
        _put(client, url, _sign(entry, root), {"content-type": JWT})
    return entry.version


@dataclass(frozen=True)
class _Before:
    """The version of an entry that the next one follows."""

    entry: DirectoryEntry
    jws: str

    @property
    def since(self) -> dict[str, int]:
        """From when each key counts that is published already."""
        keys: list[SigningKey | ReadingKey] = [self.entry.root]
        for unit in self.entry.units:
            keys += unit.signing + unit.token
            keys += unit.reading
        return {key.kid: key.not_before for key in keys}


def _entry(
    proposal: dict[str, Any],
    agencies: list[Agency],
    root: PrivateSigningKey,
    hub: PinnedHub,
    before: _Before | None = None,
) -> DirectoryEntry:
    now = int(time.time())
    since = before.since if before else {}
    by_id = {agency.id: agency for agency in agencies}

    def public(key: PrivateSigningKey) -> SigningKey:
        return key.public(since.get(key.kid, now))

    units = tuple(
        Unit(
            id=unit["id"],
            name=unit["name"],
            roles=tuple(unit["roles"]),
            telephone=unit["telephone"],
            signing=(public(by_id[unit["id"]].signing),),
            token=(public(by_id[unit["id"]].token),),
            reading=by_id[unit["id"]].reading_keys(since, now),
        )
        for unit in proposal["units"]
    )
    return DirectoryEntry(
        hub=hub.id,
        organisation=proposal["id"],
        name=proposal["name"],
        version=before.entry.version + 1 if before else 1,
        iat=now,
        prv=digest(before.jws) if before else None,
        root=public(root),
        units=units,
    )


def _sign(entry: DirectoryEntry, root: PrivateSigningKey) -> str:
    return sign_token(root, DIRECTORY_ENTRY.typ, entry.model_dump(mode="json", exclude_none=True))


def _folder_of(folder: Path, organisation: str, unit: str) -> Path:
    """A unit of its own has its own folder; an organisation without units is one itself."""
    return folder if unit == organisation else folder / unit.partition(".")[2]


def _get(client: httpx2.Client, url: str) -> Any:
    return json.loads(_checked(client, "GET", url, None, {}))


def _put(client: httpx2.Client, url: str, jws: str, headers: dict[str, str]) -> bytes:
    return _checked(client, "PUT", url, jws.encode(), headers)


def _checked(
    client: httpx2.Client, method: str, url: str, content: bytes | None, headers: dict[str, str]
) -> bytes:
    try:
        answer = client.request(method, url, content=content, headers=headers)
    except httpx2.TransportError as trouble:
        raise Unreachable(type(trouble).__name__) from None
    if answer.is_error:
        raise Refused(answer.status_code, problem_of(answer))
    body: bytes = answer.content
    return body
