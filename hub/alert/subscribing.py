# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Where the browsers of a unit want to be woken."""

from functools import partial
from typing import Final

from sqlalchemy import Connection

from hub.errors import NotAMessage, NotFound, NotPermitted
from hub.model.evidence import AuthenticatedClient
from hub.model.notification import Subscription
from hub.node import Node
from hub.notify.channel import NotAnEndpoint, Waking
from hub.record import raised, refusable
from hub.store.notifications import (
    count_subscriptions,
    delete_subscription,
    put_subscription,
    read_subscription,
)

MOST: Final = 32
"""Browsers of one unit."""


def push_key(node: Node) -> str | None:
    """Return the key that a browser names when it subscribes; None where the hub wakes nobody."""
    channel = node.outlets.get("push")
    return channel.public_key if isinstance(channel, Waking) else None


async def subscribe(
    client: AuthenticatedClient, subscription_id: str, endpoint: str, node: Node
) -> bool:
    """Keep where a browser of the unit wants to be woken; returns whether it is new.

    A browser is woken for one unit: whoever names its endpoint last has it.
    """
    work = partial(_subscribe, client, subscription_id, endpoint, node)
    return raised(await node.writer.commit(lambda c: refusable(node, c, client, partial(work, c))))


async def unsubscribe(client: AuthenticatedClient, subscription_id: str, node: Node) -> None:
    """Wake that browser no more."""

    def work(connection: Connection) -> None:
        if not delete_subscription(connection, subscription_id, client.unit):
            raise NotFound

    raised(await node.writer.commit(lambda c: refusable(node, c, client, partial(work, c))))


def _subscribe(
    client: AuthenticatedClient,
    subscription_id: str,
    endpoint: str,
    node: Node,
    connection: Connection,
) -> bool:
    _check(endpoint, node)
    known = read_subscription(connection, subscription_id)
    if known is not None and known.unit != client.unit:
        raise NotFound
    if known is None and count_subscriptions(connection, client.unit) >= MOST:
        raise NotPermitted("This unit has as many subscriptions as a unit may have.")
    now = int(node.clock())
    put_subscription(connection, Subscription(subscription_id, client.unit, endpoint, now))
    return known is None


def _check(endpoint: str, node: Node) -> None:
    channel = node.outlets.get("push")
    if not isinstance(channel, Waking):
        raise NotPermitted("This hub wakes no browsers.")
    try:
        channel.check(endpoint)
    except NotAnEndpoint:
        raise NotAMessage(
            "This is no address of a push service that this hub calls.", pointers=("/endpoint",)
        ) from None
