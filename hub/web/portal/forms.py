# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""What may this house say, and which form belongs to a step?

Forms are as public as the protocols they follow, so nobody has to be signed in for one. The list is
the house's own.
"""

import gzip
from functools import lru_cache
from typing import Any, Final

from fastapi import APIRouter, Request, Response

from hub.directory.kinds import roles_of_kind
from hub.forms.form import Forms
from hub.forms.questions import question_of, sayable
from hub.model.json import JsonObject
from hub.model.protocol import Protocol, Step
from hub.web.portal.edge import ThePortal
from hub.web.portal.visitor import TheVisitor

_FOR_EVER: Final = "public, max-age=31536000, immutable"
_ASK_AGAIN: Final = "no-cache"
router = APIRouter(prefix="/portal/api/formulare", include_in_schema=False)


@router.get("", response_model=None)
async def list_forms(portal: ThePortal, visitor: TheVisitor, request: Request) -> JsonObject:
    """Return what the house of this visit may open or answer, with a plain question each."""
    forms = _forms_of(request)
    roles = roles_of_kind(visitor.unit)
    found = sayable(portal.desk.catalogue, roles)
    return {"forms": [_listed(protocol, step, forms) for protocol, step in found]}


@router.get("/{protocol}/{version}/{step}")
async def get_form(protocol: str, version: str, step: str, request: Request) -> Response:
    """Return the form of a step; asked for by its digest (``?d=``), it may be kept for ever."""
    content, digest = _forms_of(request).written(f"{protocol}/{version}", step)
    is_named = request.query_params.get("d") == digest
    headers = {
        "cache-control": _FOR_EVER if is_named else _ASK_AGAIN,
        "etag": f'"{digest}"',
        "vary": "accept-encoding",
    }
    if request.headers.get("if-none-match") == headers["etag"]:
        return Response(status_code=304, headers=headers)
    if "gzip" in request.headers.get("accept-encoding", ""):
        headers["content-encoding"] = "gzip"
        content = _compressed(content)
    return Response(content, media_type="application/json", headers=headers)


def _listed(protocol: Protocol, step: Step, forms: Forms) -> JsonObject:
    asked = question_of(protocol, step)
    return {
        "protocol": protocol.id,
        "version": protocol.version,
        "step": step.id,
        "title": step.title,
        "question": asked.question,
        "explanation": asked.explanation,
        "urgencies": list(step.urgencies),
        "roles_to": list(step.recipient),
        "status": protocol.status,
        "opens": step.opens,
        "corrects": list(step.corrects),
        "withdraws": step.withdraws,
        "digest": forms.written(protocol.name, step.id)[1],
    }


def _forms_of(request: Request) -> Forms:
    """Return the forms of this portal, made at the first question."""
    state: Any = request.app.state
    if not hasattr(state, "forms"):
        state.forms = Forms(state.edge.desk.catalogue)
    forms: Forms = state.forms
    return forms


@lru_cache(maxsize=128)
def _compressed(content: bytes) -> bytes:
    # Nothing in it is secret, so its compressed length tells nothing.
    return gzip.compress(content, 9, mtime=0)
