# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""The matrix for programs: each cell with law, deadlines, fields, and who has to sign."""

from typing import Any, cast

from hub.model.json import JsonObject
from hub.model.law import LegalBasis
from hub.model.protocol import Clocks, Deadline, Protocol
from hub.protocols.matrix import Cell, Matrix


def as_json(matrix: Matrix) -> JsonObject:
    """Return the matrix for programs; deadlines in the short form of the protocol files."""
    said: dict[str, Any] = {
        "roles": [{"id": role, "title": word} for role, word in matrix.roles.items()],
        "protocols": [_head(each) for each in matrix.protocols],
        "cells": [_said(each) for each in matrix.cells],
    }
    return cast("JsonObject", said)


def short(deadline: Deadline) -> str:
    """Return a deadline as protocol files spell it: ``PT4H office-hours``."""
    within = str(deadline.model_dump(mode="json")["within"])
    return within if deadline.counted == "elapsed" else f"{within} {deadline.counted}"


def _head(protocol: Protocol) -> dict[str, Any]:
    return {
        "name": protocol.name,
        "id": protocol.id,
        "version": protocol.version,
        "number": protocol.number,
        "title": protocol.title,
        "status": protocol.status,
        "status_reason": protocol.status_reason,
        "open_points": list(protocol.open_points),
        "digest": protocol.digest,
        "agreement": protocol.agreement,
        "source": protocol.source,
    }


def _said(cell: Cell) -> dict[str, Any]:
    step = cell.step
    return {
        "sender": cell.sender,
        "recipient": cell.recipient,
        "protocol": cell.protocol.name,
        "number": cell.protocol.number,
        "status": cell.protocol.status,
        "step": step.id,
        "title": step.title,
        "opens": step.opens,
        "needs_agreement": step.opens and cell.protocol.agreement,
        "closes": step.closes,
        "corrects": list(step.corrects),
        "withdraws": step.withdraws,
        "mandatory": step.mandatory,
        "signed_by": list(step.signed_by),
        "person_only": step.person_only,
        "basis_sender": [_cited(each) for each in cell.basis_sender],
        "basis_beside": [_cited(each) for each in cell.basis_beside],
        "basis_recipient": [_cited(each) for each in cell.basis_recipient],
        "basis_verified": cell.is_verified,
        "deadlines": {urgency: _timed(each) for urgency, each in cell.clocks.items()},
        "reminder": short(step.reminder) if step.reminder else None,
        "content_limit": short(step.limit_to({cell.recipient})),
        "leaves": cell.leaves,
        "fields": dict(cell.fields),
        "information": list(step.information),
        "rules": list(step.rules),
    }


def _timed(clocks: Clocks) -> dict[str, str]:
    return {name: short(getattr(clocks, name)) for name in Clocks.model_fields}


def _cited(basis: LegalBasis) -> dict[str, str]:
    return {"code": basis.code, "citation": basis.citation, "pruefstand": basis.pruefstand}
