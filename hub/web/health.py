# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Is this node alive, is it ready, and which hub is it?"""

from fastapi import APIRouter, Response

from hub.alert import push_key
from hub.web.edge import TheEdge, json_response

router = APIRouter(tags=["Zustand"])


@router.get("/health/live")
async def live() -> Response:
    """The process answers."""
    return json_response({"status": "live"})


@router.get("/health/ready")
async def ready(edge: TheEdge) -> Response:
    """New messages are welcome: the database takes them, there is room, and the clocks run.

    Nothing more is said here, since anybody may ask; the operator asks with ``meldeweg status``.
    """
    is_ready = await edge.node.is_ready()
    return json_response({"status": "ready" if is_ready else "not-ready"}, 200 if is_ready else 503)


@router.get("/.well-known/meldeweg")
async def hub_itself(edge: TheEdge) -> Response:
    """Hub id, log key, receipt key and versions: what a participant pins when it enrols.

    ``cose_key`` is for who verifies receipts in COSE (RFC 9942). ``push_key`` is what a browser
    names when it subscribes, where the hub wakes browsers.
    """
    node = edge.node
    key = node.keys.receipt.public(not_before=0)
    known = {
        "hub": node.hub_id,
        "issuer": edge.server.issuer,
        "log": node.log.vkey,
        "receipt_key": key.model_dump(exclude_none=True),
        "cose_key": node.keys.cose.public(not_before=0).model_dump(exclude_none=True),
        "suites": ["SL1"],
        "api": ["v1"],
    }
    waking = push_key(node)
    return json_response(known if waking is None else known | {"push_key": waking})
