# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Is anybody there for what cannot wait?

Better told at once, with telephone numbers, than at three in the morning by silence. Asked by the
sender before anything is sealed, and again by the hub.
"""

from typing import Final

from hub.directory.duty import Known, neighbour, on_duty
from hub.errors import NoDutyDesk

URGENT: Final = "sofort"
INSTEAD: Final = "unverzueglich"
"""What can be sent all the same; it is a second way beside the telephone, never instead of it."""


def check_desk(urgency: str, unit: str, directory: Known, at: int) -> None:
    """Refuse to begin something urgent with a unit whose roster names nobody for this moment.

    Raises ``NoDutyDesk`` with the numbers to ring: the office's, that of a desk nearby that is on
    duty, and 110; ``allowed`` says with which urgency the notice is taken.
    """
    if urgency == URGENT and not on_duty(unit, directory, at).is_valid:
        raise NoDutyDesk(whom_to_ring(unit, directory, at), pointers=("/urg",), allowed=(INSTEAD,))


def whom_to_ring(unit: str, directory: Known, at: int) -> str:
    """Say in German whom to ring; numbers of offices stand in the public directory."""
    known = directory.unit(unit)
    sentences = ["Für diesen Zeitpunkt steht dort niemand im Bereitschaftsplan. Jetzt anrufen."]
    if known is not None:
        office = directory.organisation(unit)
        of = f"{office.name}, " if office is not None and office.name != known.name else ""
        sentences.append(f"{of}{known.name}: {known.telephone}.")
    near = neighbour(unit, directory, at)
    if near is not None:
        sentences.append(f"In der Nähe hat Bereitschaft: {near.name}, {near.telephone}.")
    sentences.append("Polizei: 110.")
    return " ".join(sentences)
