# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Fetching over HTTP: leases for those who have to act, events for those who wait."""

import asyncio
from collections.abc import Coroutine
from typing import Annotated, Any

from fastapi import APIRouter, Request, Response
from pydantic import Field

from hub.deliver.leases import Leased, LeaseRequest, extend_lease, lease, return_lease
from hub.inquire.events import Poll, poll
from hub.model.ids import Digest, Uuid
from hub.model.json import JsonObject
from hub.model.noun import Noun
from hub.web.edge import Client, TheEdge, body_as, json_response, uuid_in_path

router = APIRouter(prefix="/v1", tags=["Abholen"])
LONGEST_WAIT = 55
"""Seconds; below the time-outs of the usual proxies."""
Wait = Annotated[int, Field(ge=0, le=LONGEST_WAIT)]


class LeaseBody(Noun):
    """Which keys ask, how many messages, how long to wait and for how long to lend."""

    kids: Annotated[tuple[Digest, ...], Field(min_length=1, max_length=64)]
    max: Annotated[int, Field(ge=1, le=20)] = 10
    wait: Wait = 0
    ttl: Annotated[int, Field(ge=5, le=3600)] = 120
    proto: Annotated[tuple[str, ...], Field(max_length=20)] = ()


class ExtendBody(Noun):
    """For how many seconds more."""

    ttl: Annotated[int, Field(ge=5, le=3600)]


class PollBody(Noun):
    """RFC 8936 § 2.4, as far as it applies."""

    ack: Annotated[tuple[Uuid, ...], Field(max_length=100)] = ()
    max_events: Annotated[int, Field(alias="maxEvents", ge=0, le=100)] = 100
    return_immediately: Annotated[bool, Field(alias="returnImmediately")] = True
    wait: Wait = 30


@router.post("/leases")
async def post_lease(request: Request, client: Client, edge: TheEdge) -> Response:
    """Lease what waits for this unit; waits for the first where nothing does."""
    body = await body_as(request, LeaseBody)
    wanted = LeaseRequest(client, body.kids, body.max, body.ttl, body.proto)
    leased = await _while_there(request, lease(wanted, edge.node, body.wait))
    return json_response(
        {
            "leases": [
                {
                    "lease": each.lease,
                    "expires_at": each.expires_at,
                    "accepted_at": each.accepted_at,
                    "message": each.message.decode(),
                    "receipts": list(each.receipts),
                    "turn": each.turn,
                    "taken": each.is_taken,
                }
                for each in leased
            ]
        }
    )


async def _while_there(
    request: Request, waiting: Coroutine[Any, Any, list[Leased]]
) -> list[Leased]:
    """Wait for as long as the one who asks is there.

    What is lent to somebody who has hung up waits for the end of its lease with nobody.
    """
    asked = asyncio.ensure_future(waiting)
    gone = asyncio.ensure_future(_hung_up(request))
    try:
        await asyncio.wait({asked, gone}, return_when=asyncio.FIRST_COMPLETED)
        return await asked if asked.done() else []
    finally:
        asked.cancel()
        gone.cancel()


async def _hung_up(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass


@router.patch("/leases/{lease_id}")
async def patch_lease(lease_id: str, request: Request, client: Client, edge: TheEdge) -> Response:
    """Keep a lease longer."""
    body = await body_as(request, ExtendBody)
    ends = await extend_lease(client, uuid_in_path(lease_id), body.ttl, edge.node)
    return json_response({"lease": lease_id, "expires_at": ends})


@router.delete("/leases/{lease_id}", status_code=204)
async def delete_lease(lease_id: str, request: Request, client: Client, edge: TheEdge) -> Response:
    """Give a message back; with ``?failed=true`` where nothing could be made of it.

    With ``?handed-over=true`` it is durable with a unit that was not the first to have it.
    """
    asked = {name: request.query_params.get(name) == "true" for name in ("failed", "handed-over")}
    await return_lease(
        client,
        uuid_in_path(lease_id),
        edge.node,
        failed=asked["failed"],
        handed_over=asked["handed-over"],
    )
    return Response(status_code=204)


@router.post("/events/poll")
async def post_poll(request: Request, client: Client, edge: TheEdge) -> Response:
    """Poll for receipts on own messages (RFC 8936); ``ack`` forgets those already kept."""
    body = await body_as(request, PollBody)
    wanted = Poll(client, body.ack, body.max_events)
    found = await poll(wanted, edge.node, 0 if body.return_immediately else body.wait)
    sets: JsonObject = {receipt.id: receipt.jws for receipt in found}
    return json_response({"sets": sets, "moreAvailable": len(found) == body.max_events})
