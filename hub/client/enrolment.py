# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Joining a hub: keys are made here, and the hub gets the public halves, signed by the root key."""

import errno
import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import httpx2

from hub import clock
from hub.client.agency import Agency, PinnedHub, write_json
from hub.client.answers import Untrustworthy
from hub.client.asking import JWT, get_json, put_jws
from hub.client.entry import make_entry, sign_entry
from hub.client.renewal import folder_of, publish, remember_published, units_in
from hub.errors import NotPermitted
from hub.model.ids import kind_of
from hub.protocols.catalogue import Catalogue
from hub.protocols.drafted import why_draft
from hub.trust.jose import sign_token
from hub.trust.keys import PrivateSigningKey
from hub.trust.kinds import ADOPTION

__all__ = [
    "JWT",
    "Enrolled",
    "adopt",
    "enrol",
    "found",
    "hand_in",
    "prepare",
    "publish",
    "sign_first",
]

PENDING: Final = "eintrag.json"
"""Entry that was signed and not taken yet; gone once the hub has it."""
WITH_PERSONS: Final = frozenset({"schule", "gesundheit", "traeger"})
"""Kinds where somebody of § 4 Abs. 1 KKG may report and is then owed feedback in person."""


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
    founded, proposal = _found(folder, organisation, url, log_key)
    _sign_first(folder, proposal)
    return founded


def found(folder: Path, organisation: str, url: str, log_key: str | None = None) -> Enrolled:
    """Make the keys of an organisation that sign, and none that open.

    Whoever reads brings their public halves later; ``sign_first`` then makes the entry.
    """
    founded, _ = _found(folder, organisation, url, log_key, opens=False)
    return founded


def sign_first(folder: Path) -> None:
    """Sign the first entry of an organisation that was founded; nothing is handed in."""
    said = json.loads((folder / "organisation.json").read_bytes())
    with httpx2.Client(timeout=30) as client:
        known = get_json(client, f"{said['hub']['url']}/v1/directory/{said['id']}")
    _sign_first(folder, known["proposal"])


def _found(
    folder: Path, organisation: str, url: str, log_key: str | None, *, opens: bool = True
) -> tuple[Enrolled, dict[str, Any]]:
    with httpx2.Client(timeout=30) as client:
        pinned = PinnedHub.of(url, get_json(client, f"{url.rstrip('/')}/.well-known/meldeweg"))
        _check_pinned(pinned, log_key)
        proposal = get_json(client, f"{pinned.url}/v1/directory/{organisation}")["proposal"]
    folder.mkdir(parents=True, mode=0o700)
    root = PrivateSigningKey.generate()
    root.save(folder / "root.pem")
    agencies = [
        Agency.create(
            folder_of(folder, organisation, unit["id"]),
            unit["id"],
            pinned,
            with_person=kind_of(organisation) in WITH_PERSONS,
            opens=opens,
        )
        for unit in proposal["units"]
    ]
    write_json(folder / "organisation.json", {"v": 1, "id": organisation, "hub": pinned.as_json()})
    return Enrolled(organisation, root.kid, tuple(agency.path for agency in agencies)), proposal


def _sign_first(folder: Path, proposal: dict[str, Any]) -> None:
    said = json.loads((folder / "organisation.json").read_bytes())
    pinned = PinnedHub.of(said["hub"]["url"], said["hub"])
    root = PrivateSigningKey.load(folder / "root.pem")
    agencies = units_in(folder, proposal)
    jws = sign_entry(make_entry(proposal, agencies, root, pinned), root)
    remember_published(folder, 1, jws)
    places = [str(agency.path.relative_to(folder)) for agency in agencies]
    write_json(folder / PENDING, {"entry": jws, "folders": places})


def hand_in(folder: Path, code: str) -> None:
    """Hand in what was prepared, with a one-time code."""
    said = json.loads((folder / "organisation.json").read_bytes())
    jws = json.loads((folder / PENDING).read_bytes())["entry"]
    headers = {"content-type": JWT, "authorization": f"Enrolment {code}"}
    with httpx2.Client(timeout=30) as client:
        put_jws(client, f"{said['hub']['url']}/v1/directory/{said['id']}", jws, headers)
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
        "iat": int(clock.now()),
        "proto": protocol.name,
        "digest": protocol.digest,
    } | ({"draft": True} if is_draft else {})
    jws = sign_token(root, ADOPTION.typ, claims)
    with httpx2.Client(timeout=30) as client:
        url = f"{hub.url}/v1/directory/{said['id']}/adoptions/{protocol.name}"
        put_jws(client, url, jws, {"content-type": JWT})
    return protocol.digest
