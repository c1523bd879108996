# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Is the office that somebody addresses the one that is responsible for the child?

Asked at the sender's side alone, from the directory it holds: where a child is never reaches the
hub. Another office than the responsible one may be right all the same, but not by mistake: whoever
addresses it says why, and the reason stays in this house, where it can be asked for.
"""

from dataclasses import dataclass
from typing import Any, Final

from hub.client.agency import Agency
from hub.client.directory import DirectoryView
from hub.directory.responsibility import Office
from hub.errors import RecipientUnknown
from hub.model.ids import kind_of, organisation_of

REASONS: Final = {
    "aufenthalt-jetzt": "Das Kind ist jetzt im Bereich dieser Stelle (§ 87 SGB VIII).",
    "laufender-fall": "Diese Stelle ist mit dem Kind schon befasst.",
    "vereinbarung": "Eine Vereinbarung der beiden Stellen sieht es so vor.",
    "auf-bitte-der-stelle": "Die zuständige Stelle hat darum gebeten.",
    "notfall": "Die zuständige Stelle ist nicht erreichbar, und es eilt.",
}
"""Why another office than the responsible one is addressed."""


@dataclass(frozen=True)
class Deviation:
    """Another office is addressed than the responsible one, for a stated reason."""

    to: str
    responsible: str
    reason: str

    def keep(self, agency: Agency, message_id: str, at: int) -> None:
        """Keep it beside the id of the message; nothing of it is ever sent."""
        kept: dict[str, Any] = {**vars(self), "at": at}
        agency.remember("addressed", **{message_id: kept})


class ResponsibleElsewhere(Exception):  # noqa: N818  nothing has gone wrong; a reason is missing
    """Another office is responsible for the child, and nobody has said why it is passed by."""

    def __init__(self, office: Office) -> None:
        self.office = office
        """The one that is responsible, with the sentence that says why."""
        super().__init__(f"{office.organisation}: {office.reason}")


def check_address(
    to: str, child_ags: str | None, reason: str | None, directory: DirectoryView
) -> Deviation | None:
    """Return what is to be kept of an address that is not the responsible office's.

    Without a place there is nothing to ask; of a kind of office whose areas nobody has listed,
    there is no answer. Raises ``ResponsibleElsewhere`` where the reason is missing,
    ``RecipientUnknown`` for a municipality that is in no table, and ``ValueError`` for a reason
    that is none of ``REASONS``.
    """
    if reason is not None and reason not in REASONS:
        raise ValueError("not one of the reasons")
    office = _responsible(kind_of(to), child_ags, directory) if child_ags else None
    if office is None or organisation_of(to) in _standing_for(office, directory):
        return None
    if reason is None:
        raise ResponsibleElsewhere(office)
    return Deviation(to, office.organisation, reason)


def _responsible(kind: str, ags: str, directory: DirectoryView) -> Office | None:
    try:
        return directory.responsible(kind, ags=ags)
    except RecipientUnknown as unknown:
        if unknown.pointers == ("/kind",):
            return None
        raise


def _standing_for(office: Office, directory: DirectoryView) -> set[str]:
    """Return the office's organisation, and the one that has taken over its duties, if any."""
    taken_over = directory.standing(office.organisation).get("succession")
    return {office.organisation, *([organisation_of(taken_over["by"])] if taken_over else [])}
