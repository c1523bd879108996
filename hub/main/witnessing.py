# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""The hub's way to its witnesses: the policy from its file, the calls, and who is told."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from math import inf
from typing import Final

import httpx2

from hub import clock
from hub.audit.merkle import Unproven
from hub.audit.policy import Policy, parse_policy
from hub.audit.signing.keyring import Keyring
from hub.audit.tail import Tail
from hub.audit.witnessed import WITHOUT
from hub.errors import Failure
from hub.main.alarming import Tell as Mail
from hub.main.alarming import telling
from hub.main.witness_words import named
from hub.node import Node
from hub.settings import Settings
from hub.witnessed import Said, Tell, Turn, witnessing

PATIENCE: Final = 10.0
"""Seconds for one answer; nobody waits for it."""
LONGEST: Final = 65_536
"""Bytes of an answer that are read; two lines are below four thousand."""
EVERY_IN_A_DEMONSTRATION: Final = 2
ADVICE: Final[dict[Turn, str]] = {
    "unwitnessed": (
        "Zu wenige Zeugen haben das Protokoll seit {minutes} Minuten gesehen; bezeugt ist es bis "
        "zur Größe {size}. Angenommen wird weiter. Bitte nachsehen, ob die Zeugen erreichbar sind: "
        "{troubles}"
    ),
    "witnessed": "Das Protokoll ist wieder bezeugt, bis zur Größe {size}.",
    "another-history": (
        "Ein Zeuge hat von diesem Protokoll eine andere Geschichte gesehen. Vielleicht wurde die "
        "Datenbank zurückgesetzt; vielleicht hat jemand zwei Geschichten unterschrieben. Nichts "
        "löschen, den Zeugen anrufen: {troubles}"
    ),
}
SUBJECTS: Final[dict[Turn, str]] = {
    "unwitnessed": "Protokoll ohne Zeugen",
    "witnessed": "Protokoll wieder bezeugt",
    "another-history": "Widerspruch zwischen Protokoll und Zeuge",
}


class PolicyUnreadable(Failure):
    """There is to be a policy, and there is none that could be followed."""


def policy_of(settings: Settings) -> Policy:
    """Read the policy; that which asks for nobody where no file is set.

    Raises ``PolicyUnreadable``: a hub that is to have witnesses must not go on without a word.
    """
    path = settings.witness_policy
    if path is None:
        return WITHOUT
    try:
        return parse_policy(path.read_bytes())
    except OSError:
        raise PolicyUnreadable(f"Die Regel für Zeugen ist nicht lesbar: {path}") from None
    except Unproven as wrong:
        raise PolicyUnreadable(f"{path} ist keine Regel für Zeugen: {wrong}") from None


def tail_of(settings: Settings) -> Tail:
    """Return what is known of the tail before anybody has looked."""
    stop = settings.witness_stop_hours * 3600
    return Tail(alarm_after=settings.witness_alarm_minutes * 60, stop_after=stop or inf)


def is_foreign(policy: Policy, keys: Keyring | None) -> bool:
    """Return whether a policy is for other logs than this one.

    Any key that the log has had will do: the file may be older than the last rotation.
    """
    own = {each.verifier for each in keys.keys} if keys else set()
    return bool(policy.logs and own) and own.isdisjoint(key for key, _ in policy.logs)


@asynccontextmanager
async def witnesses(node: Node, settings: Settings) -> AsyncIterator[None]:
    """Show the log to its witnesses for as long as the block lasts."""
    is_demonstration = clock.put_ahead() is not None
    every = EVERY_IN_A_DEMONSTRATION if is_demonstration else settings.witness_every
    # Never followed elsewhere: the address is the one that the policy names.
    async with httpx2.AsyncClient(timeout=PATIENCE, follow_redirects=False) as client:
        tell = told_by(telling(settings), node)
        async with witnessing(node, Caller(client).call, tell, every):
            yield


class Caller:
    """Calls witnesses over HTTP."""

    def __init__(self, client: httpx2.AsyncClient) -> None:
        self._client = client

    async def call(self, url: str, body: bytes) -> Said | None:
        """Hand a request in; None where nobody answers, or with what is no answer."""
        try:
            async with self._client.stream("POST", f"{url}/add-checkpoint", content=body) as answer:
                said = bytearray()
                async for chunk in answer.aiter_bytes():
                    said += chunk
                    if len(said) > LONGEST:
                        return None
                return Said(answer.status_code, said.decode("utf-8"))
        except (httpx2.HTTPError, httpx2.InvalidURL, UnicodeDecodeError):
            return None


def told_by(mail: Mail, node: Node) -> Tell:
    """Return how to tell people what turn things took."""

    def tell(turn: Turn, tail: Tail) -> None:
        minutes = round(tail.age(node.clock()) / 60)
        troubles = named(tail.troubles) or "Alle haben geantwortet."
        text = ADVICE[turn].format(minutes=minutes, size=tail.size, troubles=troubles)
        mail(f"{SUBJECTS[turn]}: {node.hub_id}", text)

    return tell
