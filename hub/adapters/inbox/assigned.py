# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Who has taken a matter over by name, and whom has that person let into what was entrusted?

A matter is a conversation: all its messages have one person. What was entrusted (§ 65 SGB VIII) is
for that person alone, and for whom it has named since, each for a ground; whoever takes the matter
over from there decides anew.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection

from hub.adapters.inbox.acts import Act, acts_in
from hub.adapters.inbox.roles import LEADS

GROUNDS: Final = {
    "einwilligung": "Einwilligung der Person, die es anvertraut hat (§ 65 Abs. 1 Nr. 1 SGB VIII)",
    "wechsel-zustaendigkeit": (
        "Wechsel der Zuständigkeit, auch Vertretung, bei Anhaltspunkten für eine Gefährdung "
        "(§ 65 Abs. 1 Nr. 3 SGB VIII)"
    ),
    "hinzugezogene-fachkraft": (
        "Fachkraft, die zur Einschätzung hinzugezogen wird (§ 65 Abs. 1 Nr. 4 SGB VIII)"
    ),
}
"""Why somebody is let into what was entrusted; the codes of the list anvertraut-grund."""


@dataclass(frozen=True)
class Assigned:
    """Whoever has taken a matter over."""

    person: str
    name: str
    role: str
    at: int
    act: str


@dataclass(frozen=True)
class Entrusted:
    """Whoever was let into what was entrusted."""

    person: str
    name: str
    ground: str
    by: str
    at: int


def assigned(connection: Connection, conversation: str) -> Assigned | None:
    """Return who has a matter now; None where nobody has taken it over by name."""
    return assigned_by(acts_in(connection, conversation))


def entrusted(connection: Connection, conversation: str) -> tuple[Entrusted, ...]:
    """Return whom the person who has the matter has named."""
    return entrusted_by(acts_in(connection, conversation))


def may_open_entrusted(connection: Connection, conversation: str, person: str) -> bool:
    """Tell whether somebody may open what was entrusted; being in charge is no ground."""
    acts = acts_in(connection, conversation)
    holder = assigned_by(acts)
    named = {each.person for each in entrusted_by(acts)}
    return (holder is not None and holder.person == person) or person in named


def may_see_address(
    connection: Connection, conversation: str, person: str, roles: Collection[str]
) -> bool:
    """Tell whether somebody may see an address that is protected."""
    holder = assigned(connection, conversation)
    return LEADS in roles or (holder is not None and holder.person == person)


def assigned_by(acts: Sequence[Act]) -> Assigned | None:
    """Return who has taken over last, by acts in their order."""
    last = next((each for each in reversed(acts) if _takes_over(each)), None)
    if last is None:
        return None
    return Assigned(last.person, last.name, last.role, last.at, last.id)


def entrusted_by(acts: Sequence[Act]) -> tuple[Entrusted, ...]:
    """Return whom the one who has taken over last has named since."""
    named: list[Act] = []
    holder = ""
    for each in acts:
        if _takes_over(each):
            holder, named = each.person, []
        elif each.kind == "benennung" and each.counts and each.person == holder:
            named.append(each)
    return tuple(
        Entrusted(each.for_person or "", each.for_name or "", each.ground or "", each.name, each.at)
        for each in named
    )


def has_it_from_another(acts: Sequence[Act]) -> bool:
    """Tell whether the one who has a matter has it from somebody to whom it was entrusted before.

    A deputy needs a ground of their own (§ 65 Abs. 1 SGB VIII), as does whoever goes on with it.
    """
    return len({each.person for each in acts if _takes_over(each)}) > 1


def _takes_over(act: Act) -> bool:
    return act.kind == "uebernahme" and act.counts
