# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""What is written to somebody who is let in? A link that counts once, in words for a mail.

The portal sends none of this: whoever invites hands it over, and so knows whom they gave it to.
"""

from typing import Any, Final

from hub.people.invitations import Code, link_of
from hub.portal.desk import Desk

_SUBJECT: Final = "Ihr Zugang zum Meldeweg-Portal: {house}"
_BODY: Final = (
    "Guten Tag {name},\n\n"
    "für Sie ist ein Zugang zum Meldeweg-Portal eingerichtet ({house}). Öffnen Sie dazu diesen "
    "Link auf dem Gerät, mit dem Sie arbeiten:\n\n{link}\n\n"
    "Der Link gilt einmal und drei Tage lang. Ihr Gerät legt dabei einen Passkey an: Sie melden "
    "sich künftig so an, wie Sie das Gerät entsperren. Ein Kennwort gibt es nicht.\n\n"
    "Haben Sie den Link nicht erwartet, öffnen Sie ihn bitte nicht und fragen Sie nach."
)


def letter(code: Code, name: str, house: str, desk: Desk) -> dict[str, Any]:
    """Return the link and a text to send it with."""
    link = link_of(code, desk)
    return {
        "person": code.person,
        "link": link,
        "expires_at": code.expires_at,
        "subject": _SUBJECT.format(house=house),
        "text": _BODY.format(name=name, house=house, link=link),
    }
