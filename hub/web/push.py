# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Subscriptions over HTTP: where the browsers of a unit want to be woken (RFC 8030).

Nothing is ever sent there but that the browser is to look; so the keys that a browser makes for
contents (RFC 8291) are not asked for.
"""

from typing import Annotated

from fastapi import APIRouter, Request, Response
from pydantic import Field

from hub.alert import subscribe, unsubscribe
from hub.model.noun import Noun
from hub.web.edge import Client, TheEdge, body_as, json_response, uuid_in_path

router = APIRouter(prefix="/v1/subscriptions", tags=["Benachrichtigen"])


class SubscriptionBody(Noun):
    """What a browser says of its subscription, as far as the hub needs it."""

    endpoint: Annotated[str, Field(min_length=8, max_length=1024)]


@router.put("/{subscription_id}", status_code=201)
async def put_subscription(
    subscription_id: str, request: Request, client: Client, edge: TheEdge
) -> Response:
    """Wake this browser when something is there for the unit; the same id again replaces it."""
    body = await body_as(request, SubscriptionBody)
    known = uuid_in_path(subscription_id)
    is_new = await subscribe(client, known, body.endpoint, edge.node)
    return json_response({"id": known}, 201 if is_new else 200)


@router.delete("/{subscription_id}", status_code=204)
async def delete_subscription(subscription_id: str, client: Client, edge: TheEdge) -> Response:
    """Wake this browser no more."""
    await unsubscribe(client, uuid_in_path(subscription_id), edge.node)
    return Response(status_code=204)
