# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Who may tell whom what in one network, by what its members have adopted and agreed on?

The matrix of all protocols, cut to the roles that are there and to protocols that controllers on
both sides have adopted. It is one picture of what the hub carries among these members.
"""

from collections.abc import Collection

from hub.inquire.network import Member
from hub.model.agreement import Concluded
from hub.model.protocol import Protocol
from hub.node import Node
from hub.protocols.agreements import is_switched_on
from hub.protocols.matrix import Cell, Matrix, make_matrix, newest


def ways_among(
    members: Collection[Member], agreements: Collection[Concluded], node: Node
) -> Matrix:
    """Return the matrix of what these members may tell each other by ``agreements`` in force."""
    whole = make_matrix(node.catalogue, every_version=True)
    used = newest([each for each in whole.protocols if _roles_of(each, members, node)])
    roles_of = {each.name: _roles_of(each, members, node) for each in used}
    possible = [
        each
        for each in whole.cells
        if {each.sender, each.recipient} <= roles_of.get(each.protocol.name, frozenset())
    ]
    begun = {_pair(each) for each in possible if each.step.opens and _is_open(each, agreements)}
    cells = tuple(
        each
        for each in possible
        if _pair(each) in begun and (not each.step.opens or _is_open(each, agreements))
    )
    return _matrix(whole, cells)


def _matrix(whole: Matrix, cells: tuple[Cell, ...]) -> Matrix:
    roles = {role for each in cells for role in (each.sender, each.recipient)}
    names = {each.protocol.name for each in cells}
    return Matrix(
        {role: word for role, word in whole.roles.items() if role in roles},
        tuple(each for each in whole.protocols if each.name in names),
        cells,
    )


def _roles_of(protocol: Protocol, members: Collection[Member], node: Node) -> frozenset[str]:
    """Return the roles of those members who take part and have adopted this version."""
    return frozenset(
        role
        for each in members
        if each.status == "valid"
        and (each.organisation, protocol.name, protocol.digest) in node.directory.adoptions
        for role in each.roles
    )


def _is_open(cell: Cell, agreements: Collection[Concluded]) -> bool:
    """Tell whether a step opens without an agreement, or by one of these."""
    return not cell.protocol.agreement or is_switched_on(
        cell.protocol, cell.step, {cell.sender}, {cell.recipient}, agreements
    )


def _pair(cell: Cell) -> tuple[str, frozenset[str]]:
    return cell.protocol.name, frozenset({cell.sender, cell.recipient})
