# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Has a passkey of this person answered to exactly this digest, and for the first time?"""

from functools import partial

from sqlalchemy import Connection

from hub.errors import TokenInvalid
from hub.model.json import JsonObject
from hub.people.books.people import count_passkey, passkeys_of, read_passkey
from hub.people.books.sessions import use_question
from hub.portal.desk import Desk
from hub.sealing.canonical import digest, jcs
from hub.trust.passkeys import Answered, credential_of


async def ask_to_confirm(person: str, challenge: bytes, desk: Desk) -> JsonObject:
    """Return what a browser needs to have a passkey of this person answer to a challenge."""
    known = await desk.books.read(partial(passkeys_of, person_id=person))
    return desk.questions.to_confirm(challenge, tuple(each.id for each in known))


async def confirmed(
    credential: JsonObject, person: str, challenge: bytes, desk: Desk
) -> tuple[str, Answered]:
    """Return the digest of an answer that holds, and the answer; ``use`` lets it count once.

    Raises ``TokenInvalid`` for a passkey of somebody else, and an answer to anything else.
    """
    named = credential_of(credential)
    known = await desk.books.read(partial(read_passkey, credential=named))
    if known is None or known.person != person:
        raise TokenInvalid
    answered = desk.questions.confirmed(
        credential, challenge, known.public_key, known.count, desk.second
    )
    return digest(jcs(credential)), answered


def use(connection: Connection, answered: Answered, second: int) -> None:
    """Enter that an answer was used; raises ``TokenInvalid`` where it was before."""
    use_question(connection, digest(answered.challenge), answered.expires_at, second)
    # It may have been removed since it was read; then it confirms nothing any more.
    if read_passkey(connection, answered.credential) is None:
        raise TokenInvalid
    count_passkey(connection, answered.credential, answered.count, second)
