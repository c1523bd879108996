# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Did this person confirm exactly these claims, just now, and may they?

With a passkey the digest of the claims is itself the question, so the answer is to these claims
and to nothing else. Whoever comes from an identity provider has shown themselves there anew, at
most five minutes ago. The proof stays with the filing; the hub's log has its digest.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Connection

from hub.errors import NotAMessage, NotPermitted, TokenInvalid
from hub.model.json import Json, JsonObject
from hub.people.books.sessions import StoredSession
from hub.people.oidc_fresh import fresh_path, fresh_sign_in
from hub.people.pseudonyms import pid
from hub.portal.confirmation_passkey import ask_to_confirm, confirmed, use
from hub.portal.desk import Desk
from hub.sealing.canonical import digest as digest_of_token
from hub.sealing.canonical import unb64
from hub.trust.confirmation import Confirmation
from hub.trust.passkeys import Answered


@dataclass(frozen=True)
class Filer:
    """Somebody who files, in one house."""

    unit: str
    person: str
    roles: frozenset[str]
    session: StoredSession


@dataclass(frozen=True)
class Confirmed:
    """A confirmation that holds, and that counts once it is entered with what it confirms."""

    auth: str
    role: str
    proof: str
    """The assertion itself, or what stands for it; it stays here."""
    answered: Answered | None = None

    def enter(self, connection: Connection, by: Filer, second: int) -> Confirmation:
        """Use it up, in the transaction of its effect, and return what the hub is told of it."""
        if self.answered is not None:
            use(connection, self.answered, second)
        return Confirmation(self.auth, self.role, pid(connection, by.unit, by.person, second))


async def how_to_confirm(digest: str, by: Filer, desk: Desk) -> JsonObject:
    """Say how this person confirms something that has this digest."""
    if by.session.opened_by == "code":
        _check_demonstration(desk)
        return {"kind": "code"}
    if by.session.opened_by == "oidc":
        is_fresh = fresh_sign_in(by.session, desk.second) is not None
        return {"kind": "oidc", "fresh": is_fresh, "url": fresh_path(desk)}
    options = await ask_to_confirm(by.person, _bytes_of(digest), desk)
    return {"kind": "passkey", "publicKey": options}


async def check_confirmed(
    shown: Mapping[str, Json], digest: str, role: str, by: Filer, desk: Desk
) -> Confirmed:
    """Return the confirmation of claims with this digest.

    Raises ``TokenInvalid`` where the proof is not one of this person for these claims.
    """
    kind, credential = shown.get("kind"), shown.get("credential")
    if kind == "passkey" and isinstance(credential, dict):
        said, answered = await confirmed(credential, by.person, _bytes_of(digest), desk)
        proof = json.dumps(credential, ensure_ascii=False)
        return Confirmed(f"passkey:{said}", role, proof, answered)
    if kind == "oidc" and by.session.opened_by == "oidc":
        token = fresh_sign_in(by.session, desk.second)
        if token is None:
            raise TokenInvalid("Bitte melden Sie sich zum Bestätigen noch einmal an.")
        # The token itself, as it came: whoever doubts the log takes its digest again.
        return Confirmed(f"oidc:{digest_of_token(token)}", role, token)
    if kind == "code" and by.session.opened_by == "code":
        _check_demonstration(desk)
        return Confirmed("code", role, "")
    raise NotAMessage(pointers=("/confirmation",))


def _check_demonstration(desk: Desk) -> None:
    if not desk.is_demonstration:
        raise NotPermitted("Only a demonstration lets a one-time link confirm anything.")


def _bytes_of(digest: str) -> bytes:
    try:
        return unb64(digest)
    except ValueError:
        raise NotAMessage(pointers=("/digest",)) from None
