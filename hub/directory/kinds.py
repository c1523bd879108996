# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""What may an organisation of a kind be called, and which protocol roles may it hold?

An id is kind and key (``jugendamt:05170032``). Only this package looks inside; to everybody else
an id is opaque.
"""

import re
from dataclasses import dataclass
from typing import Final

from hub.model.ids import kind_of, organisation_of
from hub.model.participant import Office

_AGS: Final = r"[0-9]{8}"
_CHOSEN: Final = r"[A-Za-z0-9][A-Za-z0-9-]{1,39}"


@dataclass(frozen=True)
class Kind:
    """One kind of organisation."""

    key: str
    """Pattern of the key."""
    roles: frozenset[str]
    """Protocol roles that it may hold; an organisation never gives itself another."""
    office: Office | None = None
    """Office to whose holders it may issue keys (§ 5 Abs. 1 S. 3 KKG)."""


def _kind(key: str, *roles: str, office: Office | None = None) -> Kind:
    return Kind(key, frozenset(roles), office)


KINDS: Final = {
    "jugendamt": _kind(_AGS, "jugendamt", "jugendgerichtshilfe"),
    "landesjugendamt": _kind(r"lwl|lvr", "landesjugendamt"),
    "schule": _kind(r"[0-9]{6}", "schule"),
    "schulaufsicht": _kind(r"[0-9]{3}", "schulaufsicht"),
    "polizei": _kind(r"[a-z][a-z0-9-]{1,39}", "polizei"),
    "gericht": _kind(r"[A-Z][0-9]{4}", "gericht", office="richter"),
    "staatsanwaltschaft": _kind(r"[A-Z][0-9]{4}S", "staatsanwaltschaft", office="staatsanwalt"),
    "ordnungsamt": _kind(_AGS, "ordnungsamt"),
    "krisendienst": _kind(_CHOSEN, "krisendienst"),
    "gesundheit": _kind(_CHOSEN, "gesundheit"),
    "fachkraft": _kind(_CHOSEN, "fachkraft"),
    "traeger": _kind(_CHOSEN, "traeger"),
    "zoll": _kind(_CHOSEN, "zoll"),
    # Advice is pseudonymous (§ 4 Abs. 2 KKG). Whoever asks for it does so as an organisation of its
    # own, under a chosen name: a key belongs to one organisation, so none can tie the question to
    # a notice that follows.
    "beratung": _kind(_CHOSEN, "ratsuchende"),
    # These two see counts or the log, and no message ever goes to or from them.
    "koordination": _kind(rf"[0-9]{{5}}|{_AGS}"),
    "aufsicht": _kind(_CHOSEN),
}


def roles_of_kind(party: str) -> frozenset[str]:
    """Return the roles that an organisation or unit may hold by its kind; of none, none."""
    kind = KINDS.get(kind_of(party))
    return kind.roles if kind else frozenset()


def may_issue_to(party: str, office: Office | None) -> bool:
    """Tell whether an organisation of this kind may issue a key to the holder of an office."""
    kind = KINDS.get(kind_of(party))
    return office is None or (kind is not None and kind.office == office)


def is_well_named(organisation: str) -> bool:
    """Tell whether the id is that of an organisation of a known kind, with a key of its form."""
    name, _, key = organisation.partition(":")
    kind = KINDS.get(name)
    return (
        kind is not None
        and organisation == organisation_of(organisation)
        and re.fullmatch(kind.key, key) is not None
    )


def key_of(party: str) -> str:
    """Return what stands between kind and unit: the AGS of a Jugendamt's Traeger, for one."""
    return organisation_of(party).partition(":")[2]
