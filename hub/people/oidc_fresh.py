# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Has somebody shown themselves at their identity provider just now?"""

from typing import Final

from hub.people.books.sessions import StoredSession
from hub.people.place import Place

LASTS: Final = 300
"""Seconds in which a sign-in counts as a confirmation of what is sent."""


def fresh_sign_in(session: StoredSession, second: int) -> str | None:
    """Return the ID token of a sign-in that is fresh; None where it is not."""
    if session.auth_time is None or session.id_token is None:
        return None
    return session.id_token if 0 <= second - session.auth_time <= LASTS else None


def fresh_path(place: Place) -> str:
    """Return where somebody shows themselves anew at their identity provider."""
    return f"{place.sign_in}/oidc?frisch=1"
