# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Who may keep, change, pass on and take back what somebody began to write?

A draft is a ciphertext of the browser. It is kept for a week after its last change, and it is kept
once: of two windows that change it, the second is shown what the first has made of it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

from sqlalchemy import Connection

from hub.errors import (
    ConversationMovedOn,
    NotFound,
    NotPermitted,
    StepNotAllowed,
    TooLarge,
    TooManyRequests,
)
from hub.model.ids import UUID
from hub.model.json import Json, JsonObject
from hub.people.colleagues import colleagues, name_of
from hub.portal.books.drafts import (
    StoredDraft,
    add_draft,
    change_draft,
    count_drafts,
    draft_is_known,
    read_draft,
    read_drafts,
    remove_draft,
)
from hub.portal.books.people_houses import read_house
from hub.portal.roles import ROLES

LASTS: Final = 7 * 86_400
"""Seconds after its last change; "Vorgabe des Projekts"."""
LARGEST: Final = 262_144 * 4 // 3
"""Characters of a ciphertext: 256 KiB in base64url."""
MOST: Final = 50
"""Drafts of one person in one house."""
WRITERS: Final = frozenset({"verfassen", "freigeben"})


@dataclass(frozen=True)
class Writer:
    """Somebody signed in, in one house."""

    unit: str
    person: str
    roles: frozenset[str]
    second: int


class DraftMovedOn(ConversationMovedOn):
    """Another window has changed the draft; here is what it has become."""

    def __init__(self, current: JsonObject) -> None:
        super().__init__("Der Entwurf wurde inzwischen an anderer Stelle geändert.")
        self.current = current


@dataclass(frozen=True)
class Change:
    """What is to become of a draft, and which version the change was made from."""

    draft: str
    version: int | None
    """None for a draft that is to be new."""
    ciphertext: str = ""
    wrap: str | None = None


def keep(connection: Connection, change: Change, by: Writer) -> JsonObject:
    """Keep a new draft, or a newer version of one.

    Raises ``DraftMovedOn`` where it has changed since, ``TooLarge``, and ``TooManyRequests`` where
    somebody has as many as one may have.
    """
    _check_size(change.ciphertext, change.wrap or "")
    known = read_draft(connection, change.draft, by.unit, by.person)
    if known is None:
        return _begin(connection, change, by)
    if change.version is None and known.ciphertext == change.ciphertext:
        return shown(connection, known, by)
    _check_version(connection, known, change, by)
    if known.holder != by.person:
        raise StepNotAllowed("Der Entwurf ist weitergegeben; nehmen Sie ihn zuerst zurück.")
    values: dict[str, object] = {"ciphertext": change.ciphertext}
    if known.is_passed:
        wrap = known.passed_wrap if change.wrap is None else change.wrap
        values = {"passed_ciphertext": change.ciphertext, "passed_wrap": wrap}
    return _changed(connection, known, by, values)


def pass_on(connection: Connection, change: Change, to: str, by: Writer) -> JsonObject:
    """Give a draft to a colleague, sealed to the colleague's key; the author's own stays.

    Raises ``NotFound`` for somebody who is none here, ``NotPermitted`` for one who may not file.
    """
    _check_size(change.ciphertext, change.wrap or "")
    known = _own(connection, change, by)
    if known.author != by.person or known.is_passed:
        raise StepNotAllowed(
            "Weitergeben kann den Entwurf, wer ihn geschrieben und in der Hand hat."
        )
    colleague = next(
        (each for each in colleagues(connection, ROLES, by.unit, by.second) if each.person == to),
        None,
    )
    if colleague is None or to == by.person:
        raise NotFound(pointers=("/to",))
    if not WRITERS & set(colleague.roles):
        raise NotPermitted("Diese Person darf hier keine Mitteilung bestätigen.", pointers=("/to",))
    passed = {
        "holder": to,
        "passed_ciphertext": change.ciphertext,
        "passed_wrap": change.wrap,
        "passed_at": by.second,
    }
    return _changed(connection, known, by, passed)


def take_back(connection: Connection, change: Change, by: Writer) -> JsonObject:
    """Give a draft back to its author, who finds what was passed on; says who holds it now."""
    known = _own(connection, change, by)
    if not known.is_passed:
        raise StepNotAllowed("Der Entwurf ist nicht weitergegeben.")
    values: dict[str, object] = {
        "holder": known.author,
        "passed_ciphertext": None,
        "passed_wrap": None,
        "passed_at": None,
    }
    return _changed(connection, known, by, values)


def throw_away(connection: Connection, change: Change, by: Writer) -> None:
    """Delete a draft; only its author, who has it in hand, may."""
    known = _own(connection, change, by)
    if (known.author, known.holder) != (by.person, by.person):
        raise StepNotAllowed(
            "Löschen kann den Entwurf nur, wer ihn geschrieben und in der Hand hat."
        )
    remove_draft(connection, known.id, by.unit)


def one(connection: Connection, draft_id: str, by: Writer) -> JsonObject:
    """Show a draft to its author or its holder; raises ``NotFound`` for everybody else."""
    known = read_draft(connection, draft_id, by.unit, by.person)
    if known is None or _is_over(known, by):
        raise NotFound
    return shown(connection, known, by)


def all_of(connection: Connection, by: Writer) -> list[Json]:
    """Show everything that somebody wrote or holds."""
    known = read_drafts(connection, by.unit, by.person)
    return [shown(connection, each, by) for each in known if not _is_over(each, by)]


def shown(connection: Connection, known: StoredDraft, by: Writer) -> JsonObject:
    """Say what somebody may know of a draft: of the two ciphertexts their own."""
    is_colleague = known.is_passed and known.holder == by.person
    author = _person(connection, known.author)
    holder = _person(connection, known.holder)
    return {
        "id": known.id,
        "version": known.version,
        "changed_at": known.changed_at,
        "expires_at": known.changed_at + LASTS,
        "by": author,
        "holder": holder,
        "passed": {"from": author, "to": holder, "at": known.passed_at}
        if known.is_passed
        else None,
        "may": [*_allowed(connection, known, by)],
        "ciphertext": known.passed_ciphertext if is_colleague else known.ciphertext,
        "wrap": known.passed_wrap if is_colleague else None,
    }


def _allowed(connection: Connection, known: StoredDraft, by: Writer) -> tuple[str, ...]:
    if known.holder != by.person:
        return ("zuruecknehmen",)
    if known.is_passed:
        return ("schreiben", "zuruecknehmen", "bestaetigen")
    house = read_house(connection, by.unit)
    if house is not None and house.four_eyes:
        return ("schreiben", "weitergeben", "loeschen")
    return ("schreiben", "weitergeben", "bestaetigen", "loeschen")


def _begin(connection: Connection, change: Change, by: Writer) -> JsonObject:
    if change.version is not None or draft_is_known(connection, change.draft):
        raise NotFound
    if not UUID.fullmatch(change.draft):
        raise NotFound
    if count_drafts(connection, by.unit, by.person) >= MOST:
        raise TooManyRequests("Mehr Entwürfe bewahrt das Portal für eine Person nicht auf.")
    begun = StoredDraft(
        id=change.draft,
        unit=by.unit,
        author=by.person,
        holder=by.person,
        version=1,
        ciphertext=change.ciphertext,
        passed_ciphertext=None,
        passed_wrap=None,
        passed_at=None,
        changed_at=by.second,
        is_warned=False,
    )
    add_draft(connection, begun)
    return shown(connection, begun, by)


def _changed(
    connection: Connection, known: StoredDraft, by: Writer, values: Mapping[str, object]
) -> JsonObject:
    more = {"version": known.version + 1, "changed_at": by.second, "is_warned": False, **values}
    change_draft(connection, known.id, by.unit, by.person, **more)
    return shown(connection, replace(known, **more), by)  # type: ignore[arg-type]


def _own(connection: Connection, change: Change, by: Writer) -> StoredDraft:
    known = read_draft(connection, change.draft, by.unit, by.person)
    if known is None:
        raise NotFound
    _check_version(connection, known, change, by)
    return known


def _check_version(connection: Connection, known: StoredDraft, change: Change, by: Writer) -> None:
    if change.version != known.version:
        raise DraftMovedOn(shown(connection, known, by))


def _check_size(*texts: str) -> None:
    if sum(map(len, texts)) > LARGEST:
        raise TooLarge


def _is_over(known: StoredDraft, by: Writer) -> bool:
    return known.changed_at + LASTS < by.second


def _person(connection: Connection, person: str) -> JsonObject:
    return {"id": person, "name": name_of(connection, person)}
