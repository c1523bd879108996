# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Reconciliation over HTTP: the signed list of a day goes in, what differs comes out."""

from fastapi import APIRouter, Request, Response

from hub.errors import EnvelopeInvalid
from hub.reconcile import Listed, reconcile
from hub.web.edge import Client, TheEdge, check_media_type, json_response

router = APIRouter(prefix="/v1/reconciliation", tags=["Abgleich"])
JWT = "application/jwt"


@router.post("", status_code=201)
async def post_list(request: Request, client: Client, edge: TheEdge) -> Response:
    """Hand in the receipts that the unit holds of a day; returns what only one side has.

    The answer carries the entry of the hub's log and its proof: its digest is that of `result`.
    """
    check_media_type(request, JWT)
    try:
        jws = (await request.body()).decode("ascii")
    except UnicodeDecodeError:
        raise EnvelopeInvalid("The body is not a signed token.") from None
    compared = await reconcile(Listed(client, jws), edge.node)
    return json_response(compared.body, 201 if compared.is_new else 200)
