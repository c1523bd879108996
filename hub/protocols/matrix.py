# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Who may tell whom what, on which basis, by when?

The matrix is counted out of the protocols and written nowhere. It holds exactly what a hub with
this catalogue carries (``exchanges``): a test lets both speak for every cell.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final, cast

from hub.model.json import JsonObject
from hub.model.law import LegalBasis
from hub.model.protocol import Clocks, Protocol, RoleId, Step, Urgency
from hub.protocols.catalogue import Catalogue
from hub.protocols.exchanges import Exchange, exchanges
from hub.protocols.versions import number_of
from hub.protocols.words import role_words

RETIRED: Final = "zurueckgezogen"
DRAFT: Final = "entwurf"


@dataclass(frozen=True)
class Cell:
    """One step that one role may say to another, with all that the law asks of it."""

    protocol: Protocol
    step: Step
    sender: RoleId
    recipient: RoleId
    basis_sender: tuple[LegalBasis, ...]
    """On what this role may tell it."""
    basis_beside: tuple[LegalBasis, ...]
    basis_recipient: tuple[LegalBasis, ...]
    """On what that role may take it."""
    leaves: int
    """Single values that a message can carry."""
    fields: Mapping[str, str]
    """Names and German titles of what stands on top in the content."""

    @property
    def is_verified(self) -> bool:
        """Return whether the wording of every basis that carries it was read."""
        carrying = (*self.basis_sender, *self.basis_recipient)
        return all(basis.pruefstand == "geprueft" for basis in carrying)

    @property
    def is_draft(self) -> bool:
        return self.protocol.status == DRAFT

    @property
    def clocks(self) -> Mapping[Urgency, Clocks]:
        return {each: self.protocol.clocks[each] for each in self.step.urgencies}


@dataclass(frozen=True)
class Matrix:
    """Cells by sending and receiving role; rows send, columns receive."""

    roles: Mapping[RoleId, str]
    """The word for each role, in the order of rows and columns."""
    protocols: tuple[Protocol, ...]
    cells: tuple[Cell, ...] = field(repr=False)

    def between(self, sender: RoleId, recipient: RoleId) -> tuple[Cell, ...]:
        return self._by_pair.get((sender, recipient), ())

    def by_protocol(
        self, sender: RoleId, recipient: RoleId
    ) -> tuple[tuple[Protocol, tuple[Cell, ...]], ...]:
        """Return the same in portions of one protocol each."""
        cells = self.between(sender, recipient)
        names = dict.fromkeys(each.protocol.name for each in cells)
        portions = (tuple(each for each in cells if each.protocol.name == name) for name in names)
        return tuple((portion[0].protocol, portion) for portion in portions)

    def of(self, role: RoleId) -> "Matrix":
        """Return row and column of one role: what it may say, and what may be said to it."""
        return self._with(each for each in self.cells if role in {each.sender, each.recipient})

    def opening(self) -> "Matrix":
        """Return only what opens a conversation."""
        return self._with(each for each in self.cells if each.step.opens)

    @cached_property
    def _by_pair(self) -> Mapping[tuple[RoleId, RoleId], tuple[Cell, ...]]:
        found: dict[tuple[RoleId, RoleId], tuple[Cell, ...]] = {}
        for each in self.cells:
            pair = each.sender, each.recipient
            found[pair] = (*found.get(pair, ()), each)
        return found

    def _with(self, cells: Iterator[Cell]) -> "Matrix":
        kept = tuple(cells)
        roles = {role for each in kept for role in (each.sender, each.recipient)}
        names = {each.protocol.name for each in kept}
        return Matrix(
            {role: word for role, word in self.roles.items() if role in roles},
            tuple(each for each in self.protocols if each.name in names),
            kept,
        )


def make_matrix(catalogue: Catalogue, *, every_version: bool = False) -> Matrix:
    """Count the matrix out of the newest version of each protocol that is not withdrawn.

    With ``every_version``, out of all: a conversation is spoken to its end under the version that
    it was opened with.
    """
    protocols = catalogue.all() if every_version else newest(catalogue.all())
    cells = (
        _cell(exchange, protocol, catalogue)
        for protocol in protocols
        for exchange in exchanges(protocol)
    )
    return Matrix(role_words(protocols), protocols, tuple(cells))


def newest(protocols: Collection[Protocol]) -> tuple[Protocol, ...]:
    """Return of each protocol the newest version that is not withdrawn."""
    kept = [each for each in protocols if each.status != RETIRED]
    last = {each.id: each for each in sorted(kept, key=number_of)}
    return tuple(each for each in kept if last[each.id] is each)


def _cell(exchange: Exchange, protocol: Protocol, catalogue: Catalogue) -> Cell:
    step, sender, recipient = exchange.step, exchange.sender, exchange.recipient
    law, schema = catalogue.law, catalogue.schemas.by_name(step.schema_name)
    members = cast("dict[str, JsonObject]", schema.resolved.get("properties", {}))
    return Cell(
        protocol=protocol,
        step=step,
        sender=sender,
        recipient=recipient,
        basis_sender=tuple(law[code] for code in step.bases_of({sender})),
        basis_beside=tuple(law[code] for code in step.basis_beside),
        basis_recipient=tuple(law[code] for code in step.collects_on({recipient})),
        leaves=len(schema.leaves),
        fields={name: str(member.get("title", name)) for name, member in members.items()},
    )
