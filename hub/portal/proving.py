# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Is whoever does this the person of the session, and not somebody who passed an unlocked screen?

What lets somebody in, or loosens a rule, needs more than an open session: a passkey shown within
the last five minutes, or a sign-in at the provider of that age. That is a "Vorgabe des Projekts".
"""

from typing import Final

from sqlalchemy import Connection

from hub.errors import NotPermitted, TokenInvalid
from hub.model.json import Json, JsonObject
from hub.portal.books.people import count_passkey, passkeys_of, read_passkey
from hub.portal.books.people_sessions import StoredSession, prove_session, use_question
from hub.portal.confirmation import FRESH
from hub.portal.desk import Desk
from hub.portal.invitations import digest_of
from hub.portal.oidc_fresh import LASTS, fresh_sign_in
from hub.portal.sessions import SignedIn
from hub.trust.passkeys import credential_of

MARGIN: Final = 30
"""Seconds that a proof has to last still, for a page not to ask for another one."""
WANTED: Final = "Bitte zeigen Sie dafür noch einmal Ihren Passkey."


def check_proven(session: StoredSession, desk: Desk) -> None:
    """Refuse where nobody has proved who they are within the last minutes."""
    if not _is_proven(session, desk, desk.second):
        raise NotPermitted(WANTED)


async def how_to_prove(known: SignedIn, desk: Desk) -> JsonObject:
    """Say how this person proves who they are: not at all now, by passkey, or at their provider."""
    if _is_proven(known.session, desk, desk.second + MARGIN):
        return {"kind": "fresh"}
    there = await desk.books.read(lambda connection: passkeys_of(connection, known.person.id))
    if not there:
        return {"kind": "oidc", "url": FRESH}
    mine: list[Json] = [{"type": "public-key", "id": each.id} for each in there]
    return {
        "kind": "passkey",
        "publicKey": {**desk.questions.to_show(desk.second), "allowCredentials": mine},
    }


async def prove(known: SignedIn, credential: JsonObject, desk: Desk) -> None:
    """Enter that this person has shown a passkey of theirs; raises ``TokenInvalid`` otherwise."""
    named, second = credential_of(credential), desk.second
    stored = await desk.books.read(lambda connection: read_passkey(connection, named))
    if stored is None or stored.person != known.person.id:
        raise TokenInvalid
    answered = desk.questions.shown(credential, stored.public_key, stored.count, second)

    def work(connection: Connection) -> None:
        use_question(connection, digest_of(answered.challenge), answered.expires_at, second)
        # It may have been removed since it was read; then it proves nothing any more.
        if read_passkey(connection, named) is None:
            raise TokenInvalid
        count_passkey(connection, named, answered.count, second)
        prove_session(connection, known.session.digest, second)

    await desk.books.write(work)


def _is_proven(session: StoredSession, desk: Desk, second: int) -> bool:
    if session.opened_by == "code":
        # Nothing is at stake there, and nobody has a passkey to show.
        return desk.is_demonstration
    if session.proved_at is not None and 0 <= second - session.proved_at <= LASTS:
        return True
    return fresh_sign_in(session, second) is not None
