# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Agreements as this side has verified them, and what this side signs about them.

The hub only keeps them. So nothing that it says of one is believed: the text is held against its
digest, each signature against the root key that was pinned for its party, and each entry against
the log.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final

import httpx2
from pydantic import ValidationError

from hub import clock
from hub.client.agency import PinnedHub
from hub.client.answers import Refused, Unreachable, Untrustworthy, read_text
from hub.client.directory import DirectoryFetcher, DirectoryView
from hub.client.line import JSON, Line, problem_of
from hub.client.proofs import check_logged
from hub.errors import Refusal
from hub.model.agreement import Agreement, Concluded
from hub.model.json import JsonObject
from hub.protocols.agreement_file import agreement_digest
from hub.sealing.canonical import digest
from hub.trust.jose import sign_token, verify_token
from hub.trust.keys import PrivateSigningKey
from hub.trust.kinds import AGREEMENT

JWT: Final = "application/jwt"
_FORM: Final = "an agreement is not shown in the form that it has"


async def fetch_agreements(
    line: Line, fetcher: DirectoryFetcher, hub: PinnedHub
) -> tuple[Concluded, ...]:
    """Fetch all agreements and verify all that was signed about them.

    Raises ``Untrustworthy`` where one text or one signature is not what it is shown as.
    """
    names = _names(await line.public("/v1/agreements"))
    shown = {name: await line.public(f"/v1/agreements/{name}") for name in names}
    agreements = {name: _agreement(said, name) for name, said in shown.items()}
    if not agreements:
        return ()
    parties = frozenset(party for each in agreements.values() for party in each.parties)
    view = await fetcher.fetch(parties)
    return tuple(
        _verified(agreement, shown[name], view, hub) for name, agreement in agreements.items()
    )


def _names(listed: Any) -> list[str]:
    try:
        return [f"{each['id']}/{int(each['version'])}" for each in listed["agreements"]]
    except (KeyError, TypeError, ValueError):
        raise Untrustworthy(_FORM) from None


def _agreement(shown: Any, name: str) -> Agreement:
    try:
        agreement = Agreement.model_validate_json(json.dumps(shown["agreement"]))
    except (KeyError, TypeError, ValidationError):
        raise Untrustworthy(_FORM) from None
    if agreement.name != name:
        raise Untrustworthy("another agreement is shown than was asked for")
    return agreement


def _verified(
    agreement: Agreement, shown: Mapping[str, Any], view: DirectoryView, hub: PinnedHub
) -> Concluded:
    signed: set[str] = set()
    ends: list[date] = []
    for each in shown["signatures"]:
        party = read_text(each, "organisation")
        claims = _claims(each, party, agreement, view, hub)
        if "ends" in claims:
            ends.append(date.fromisoformat(str(claims["ends"])))
        else:
            signed.add(party)
    return Concluded(
        agreement, agreement_digest(agreement), frozenset(signed), min(ends, default=None)
    )


def _claims(
    said: Mapping[str, Any], party: str, agreement: Agreement, view: DirectoryView, hub: PinnedHub
) -> JsonObject:
    """Return what a party signed about this very text, for this hub, with its pinned key."""
    jws = read_text(said, "signature")
    try:
        claims = verify_token(jws, kind=AGREEMENT, key_for=lambda _: view.root_key(party))
    except Refusal:
        raise Untrustworthy(f"the signature of a party of {agreement.name} does not hold") from None
    about = (party, hub.id, agreement.id, agreement.version, agreement_digest(agreement))
    if tuple(claims[name] for name in ("iss", "hub", "agreement", "version", "digest")) != about:
        raise Untrustworthy(f"a signature under {agreement.name} is about something else")
    if party not in agreement.parties:
        raise Untrustworthy(f"somebody signed {agreement.name} who is no party of it")
    check_logged(said, digest(jws), hub, shown_as="logged")
    return claims


@dataclass(frozen=True)
class Signatory:
    """An organisation at its own desk, with its root key: the folder that ``enrol`` made."""

    organisation: str
    hub: PinnedHub
    root: PrivateSigningKey

    @classmethod
    def load(cls, folder: Path) -> "Signatory":
        said = json.loads((folder / "organisation.json").read_bytes())
        hub = PinnedHub.of(said["hub"]["url"], said["hub"])
        return cls(said["id"], hub, PrivateSigningKey.load(folder / "root.pem"))

    def propose(self, agreement: Agreement) -> None:
        """Propose an agreement and sign it; the same again changes nothing."""
        body = {"agreement": agreement.as_json(), "signature": self._signature(agreement)}
        raw = json.dumps(body, ensure_ascii=False).encode()
        self._put(f"/v1/agreements/{agreement.name}", raw, JSON)

    def sign(self, agreement: Agreement) -> None:
        """Sign exactly this text; another one under the same name is refused by the hub."""
        path = f"/v1/agreements/{agreement.name}/signatures/{self.organisation}"
        self._put(path, self._signature(agreement).encode(), JWT)

    def end(self, agreement: Agreement, last_day: date) -> None:
        """Give notice: the agreement binds until the end of that day, for all parties."""
        path = f"/v1/agreements/{agreement.name}/notices/{self.organisation}"
        self._put(path, self._signature(agreement, ends=last_day.isoformat()).encode(), JWT)

    def shown(self, agreement_id: str, version: int) -> Agreement:
        """Return the text that the hub shows under a name; whoever signs it reads it first."""
        name = f"{agreement_id}/{version}"
        raw = self._ask("GET", f"/v1/agreements/{name}", None, {})
        try:
            return _agreement(json.loads(raw), name)
        except ValueError:
            raise Untrustworthy(_FORM) from None

    def _signature(self, agreement: Agreement, **more: str) -> str:
        claims: JsonObject = {
            "iss": self.organisation,
            "hub": self.hub.id,
            "iat": int(clock.now()),
            "agreement": agreement.id,
            "version": agreement.version,
            "digest": agreement_digest(agreement),
            **more,
        }
        return sign_token(self.root, AGREEMENT.typ, claims)

    def _put(self, path: str, content: bytes, media_type: str) -> None:
        self._ask("PUT", path, content, {"content-type": media_type})

    def _ask(self, method: str, path: str, content: bytes | None, headers: dict[str, str]) -> bytes:
        try:
            with httpx2.Client(timeout=30) as client:
                answer = client.request(
                    method, self.hub.url + path, content=content, headers=headers
                )
        except httpx2.TransportError as trouble:
            raise Unreachable(type(trouble).__name__) from None
        if answer.is_error:
            raise Refused(answer.status_code, problem_of(answer))
        body: bytes = answer.content
        return body
