# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Joining a hub: keys are made here, and the hub gets the public halves, signed by the root key."""

import errno
import json
import os
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import httpx2

from hub.client.agency import Agency, PinnedHub, write_json
from hub.client.answers import Refused, Unreachable, Untrustworthy
from hub.client.line import problem_of
from hub.errors import NotPermitted
from hub.model.ids import kind_of
from hub.model.participant import DirectoryEntry, ReadingKey, SigningKey, Unit
from hub.protocols.catalogue import Catalogue
from hub.protocols.drafted import why_draft
from hub.sealing.canonical import digest, unb64
from hub.trust.jose import sign_token
from hub.trust.keys import PrivateSigningKey
from hub.trust.kinds import ADOPTION, DIRECTORY_ENTRY

JWT = "application/jwt"
PENDING: Final = "eintrag.json"
"""Entry that was signed and not taken yet; gone once the hub has it."""
WITH_PERSONS: Final = frozenset({"schule", "gesundheit", "traeger"})
"""Kinds where somebody of § 4 Abs. 1 KKG may report and is then owed feedback in person."""
ENDED: Final = 61 * 24 * 3600
"""Seconds for which an ended key stays listed; by then nothing that it signed is on its way."""


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

    Broken off, it goes on with the same keys and the same entry when it is repeated, with a new
    code if need be. Raises what ``prepare`` and ``hand_in`` raise.
    """
    prepared = prepare(folder, organisation, url, log_key)
    hand_in(folder, code)
    return prepared


def prepare(folder: Path, organisation: str, url: str, log_key: str | None = None) -> Enrolled:
    """Make an organisation's keys and sign its entry; nothing is handed in.

    ``log_key`` is the hub's vkey, where it was handed over by another way; without it the hub's
    own word is pinned now. Returns what was prepared before, where that was not taken yet; raises
    ``FileExistsError`` where the folder is there for anything else.
    """
    if folder.exists():
        return _prepared(folder, organisation, url, log_key)
    with httpx2.Client(timeout=30) as client:
        pinned = PinnedHub.of(url, _get(client, f"{url.rstrip('/')}/.well-known/meldeweg"))
        _check_pinned(pinned, log_key)
        proposal = _get(client, f"{pinned.url}/v1/directory/{organisation}")["proposal"]
    folder.mkdir(parents=True, mode=0o700)
    root = PrivateSigningKey.generate()
    root.save(folder / "root.pem")
    agencies = [
        Agency.create(
            _folder_of(folder, organisation, unit["id"]),
            unit["id"],
            pinned,
            with_person=kind_of(organisation) in WITH_PERSONS,
        )
        for unit in proposal["units"]
    ]
    folders = tuple(agency.path for agency in agencies)
    jws = _sign(_entry(proposal, agencies, root, pinned), root)
    said = {"v": 1, "id": organisation, "hub": pinned.as_json()}
    pending = {"entry": jws, "folders": [str(path.relative_to(folder)) for path in folders]}
    write_json(folder / PENDING, pending)
    write_json(folder / "organisation.json", said)
    return Enrolled(organisation, root.kid, folders)


def hand_in(folder: Path, code: str) -> None:
    """Hand in what was prepared, with a one-time code."""
    said = json.loads((folder / "organisation.json").read_bytes())
    jws = json.loads((folder / PENDING).read_bytes())["entry"]
    headers = {"content-type": JWT, "authorization": f"Enrolment {code}"}
    with httpx2.Client(timeout=30) as client:
        _put(client, f"{said['hub']['url']}/v1/directory/{said['id']}", jws, headers)
    (folder / PENDING).unlink()


def _prepared(folder: Path, organisation: str, url: str, log_key: str | None) -> Enrolled:
    try:
        said = json.loads((folder / "organisation.json").read_bytes())
        pending = json.loads((folder / PENDING).read_bytes())
    except (FileNotFoundError, NotADirectoryError):
        said, pending = {}, {}
    if not pending or (said["id"], said["hub"]["url"]) != (organisation, url.rstrip("/")):
        raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(folder))
    _check_pinned(PinnedHub.of(url, said["hub"]), log_key)
    root = PrivateSigningKey.load(folder / "root.pem")
    return Enrolled(organisation, root.kid, tuple(folder / each for each in pending["folders"]))


def _check_pinned(pinned: PinnedHub, log_key: str | None) -> None:
    if log_key is not None and pinned.log != log_key:
        raise Untrustworthy("the hub shows another log key than the one handed over")


def adopt(folder: Path, name: str, catalogue: Catalogue, *, draft: bool = False) -> str:
    """Adopt a protocol version as its controller; returns the digest that was signed.

    A draft is adopted with ``draft`` alone, and the signed adoption says that it was known for one.
    Raises ``NotPermitted`` with the reason why the version is a draft.
    """
    said = json.loads((folder / "organisation.json").read_bytes())
    hub = PinnedHub.of(said["hub"]["url"], said["hub"])
    protocol = catalogue.known(name)
    is_draft = protocol.status == "entwurf"
    if is_draft and not draft:
        raise NotPermitted(why_draft(protocol, catalogue.law))
    root = PrivateSigningKey.load(folder / "root.pem")
    claims = {
        "iss": said["id"],
        "hub": hub.id,
        "iat": int(time.time()),
        "proto": protocol.name,
        "digest": protocol.digest,
    } | ({"draft": True} if is_draft else {})
    jws = sign_token(root, ADOPTION.typ, claims)
    with httpx2.Client(timeout=30) as client:
        url = f"{hub.url}/v1/directory/{said['id']}/adoptions/{protocol.name}"
        _put(client, url, jws, {"content-type": JWT})
    return protocol.digest


def publish(folder: Path, *, new_signing_key: bool = False) -> int:
    """Publish the keys that lie in an organisation's folders now; returns the new version.

    The root key alone authorises it, and the log shows it to everybody. Signing keys that are no
    longer in a folder end now, and stay listed: what they signed is still to be verified. With
    ``new_signing_key`` each unit gets one, which takes its place once the hub has the entry.
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
        if new_signing_key:
            agencies = [agency.with_next_signing_key() for agency in agencies]
        entry = _entry(known["proposal"], agencies, root, hub, _Before(before, known["entry"]))
        _put(client, url, _sign(entry, root), {"content-type": JWT})
    if new_signing_key:
        for agency in agencies:
            agency.take_next_signing_key()
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

    def ended(self, unit_id: str, kid: str, now: int) -> tuple[SigningKey, ...]:
        """Return the signing keys of a unit beside the current one, each with its end."""
        keys = (key for unit in self.entry.units if unit.id == unit_id for key in unit.signing)
        ended = (_ended(key, now) for key in keys if key.kid != kid)
        return tuple(key for key in ended if (key.not_after or now) >= now - ENDED)


def _ended(key: SigningKey, now: int) -> SigningKey:
    # A key cannot end before it began, whatever the clock says.
    end = max(now, key.not_before) if key.not_after is None else min(key.not_after, now)
    return key.model_copy(update={"not_after": max(end, key.not_before)})


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
            signing=(
                public(by_id[unit["id"]].signing).model_copy(update={"office": unit.get("office")}),
                *(before.ended(unit["id"], by_id[unit["id"]].signing.kid, now) if before else ()),
            ),
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
