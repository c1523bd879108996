# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Agreements for the places, taken over from the one of Hochsauerlandkreis."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from hub.client.agreements import Signatory
from hub.model.agreement import Agreement
from hub.protocols.agreement_copy import copied
from hub.protocols.agreement_file import load_agreement, parse_agreement, write_yaml
from hub.protocols.agreements import today
from hub.schemas import SPECS
from tests.world import World

AGREEMENTS: Final = SPECS / "agreements"
TEMPLATE: Final = "hochsauerlandkreis-polizei"


def from_template(world: World, parties: Sequence[str], *, days: int, lasting: int) -> Agreement:
    """Take over the template for other parties; the term begins so many days from now."""
    template = load_agreement(AGREEMENTS / f"{TEMPLATE}.yaml")
    replacing = {
        old: [new for new in parties if new.partition(":")[0] == old.partition(":")[0]]
        for old in template.parties
    }
    first = today(world.clock()) + timedelta(days=days)
    said = {
        **copied(template, f"{parties[-1].rpartition('-')[2]}-probe", replacing).said,
        "valid_from": first.isoformat(),
        "valid_until": (first + timedelta(days=lasting)).isoformat(),
        "notice": "P1D",
    }
    return parse_agreement(write_yaml(said).encode())


def conclude(world: World, agreement: Agreement, *signing: str) -> None:
    """Have organisations agree; the first proposes, and each signs what the hub shows."""
    first, *others = signing
    _desk(world, first).propose(agreement)
    for other in others:
        own = _desk(world, other)
        # Only the text that lies on one's own desk too.
        assert own.shown(agreement.id, agreement.version) == agreement
        own.sign(agreement)


def _desk(world: World, organisation: str) -> Signatory:
    return Signatory.load(world.home / organisation.replace(":", "-"))
