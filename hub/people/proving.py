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
from hub.people.books.people import count_passkey, passkeys_of, read_passkey
from hub.people.books.sessions import StoredSession, prove_session, use_question
from hub.people.invitations import digest_of
from hub.people.oidc_fresh import LASTS, fresh_path, fresh_sign_in
from hub.people.place import Place
from hub.people.sessions import SignedIn
from hub.trust.passkeys import credential_of

MARGIN: Final = 30
"""Seconds that a proof has to last still, for a page not to ask for another one."""
WANTED: Final = "Bitte zeigen Sie dafür noch einmal Ihren Passkey."


def check_proven(session: StoredSession, place: Place) -> None:
    """Refuse where nobody has proved who they are within the last minutes."""
    if not _is_proven(session, place, place.second):
        raise NotPermitted(WANTED)


async def how_to_prove(known: SignedIn, place: Place) -> JsonObject:
    """Say how this person proves who they are: not at all now, by passkey, or at their provider."""
    if _is_proven(known.session, place, place.second + MARGIN):
        return {"kind": "fresh"}
    there = await place.books.read(lambda connection: passkeys_of(connection, known.person.id))
    if not there:
        return {"kind": "oidc", "url": fresh_path(place)}
    mine: list[Json] = [{"type": "public-key", "id": each.id} for each in there]
    return {
        "kind": "passkey",
        "publicKey": {**place.questions.to_show(place.second), "allowCredentials": mine},
    }


async def prove(known: SignedIn, credential: JsonObject, place: Place) -> None:
    """Enter that this person has shown a passkey of theirs; raises ``TokenInvalid`` otherwise."""
    named, second = credential_of(credential), place.second
    stored = await place.books.read(lambda connection: read_passkey(connection, named))
    if stored is None or stored.person != known.person.id:
        raise TokenInvalid
    answered = place.questions.shown(credential, stored.public_key, stored.count, second)

    def work(connection: Connection) -> None:
        use_question(connection, digest_of(answered.challenge), answered.expires_at, second)
        # It may have been removed since it was read; then it proves nothing any more.
        if read_passkey(connection, named) is None:
            raise TokenInvalid
        count_passkey(connection, named, answered.count, second)
        prove_session(connection, known.session.digest, second)

    await place.books.write(work)


def _is_proven(session: StoredSession, place: Place, second: int) -> bool:
    if session.opened_by == "code":
        # Nothing is at stake there, and nobody has a passkey to show.
        return place.is_demonstration
    if session.proved_at is not None and 0 <= second - session.proved_at <= LASTS:
        return True
    return fresh_sign_in(session, second) is not None
