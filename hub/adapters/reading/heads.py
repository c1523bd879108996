# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Tells the hub how far the log of reading is, so that this house cannot go back behind it.

Every hour and at the end, where something was added; a hub that is away is waited for. The hub
learns how many entries there are and a digest over them, and nothing of what stands in them.
"""

import asyncio
from contextlib import suppress
from functools import partial
from typing import Any, Final

import structlog
from sqlalchemy.exc import DatabaseError

from hub import clock
from hub.adapters.connector.house import House
from hub.adapters.connector.keeping import LOG, hear
from hub.adapters.reading.answers import Witnessed
from hub.adapters.reading.forgetting import forget
from hub.adapters.reading.log import ReadingLog
from hub.adapters.reading.shut import SHUT, LogShut
from hub.audit.checkpoint import Checkpoint, parse_text
from hub.audit.merkle import Unproven
from hub.audit.note import parse_note
from hub.audit.tree import Tree
from hub.client.answers import Refused, Unreachable, Untrustworthy, read_json
from hub.client.proofs import check_logged
from hub.client.side import Side
from hub.errors import Failure
from hub.model.json import JsonObject
from hub.sealing.canonical import b64, digest
from hub.trust.jose import sign_token
from hub.trust.kinds import CONNECTOR_CHECKPOINT


class HeadsDiffer(Exception):  # noqa: N818  a finding about this house
    """The hub has entered a head that this log does not go on from: it was set back or rebuilt."""


EVERY: Final = 3600
"""Seconds between two heads. Vorgabe des Projekts."""
GRACE: Final = 5
"""Seconds that the last head may take while the process ends; the next start sends it else."""
BEAT: Final = LOG
JWT: Final = "application/jwt"
_ANOTHER: Final = frozenset({"id-reused", "step-not-allowed"})
"""How the hub says that this log does not go on from what it has entered."""
_TROUBLES: Final = (Refused, Untrustworthy, HeadsDiffer, Unproven, Failure, OSError, DatabaseError)
_log = structlog.stdlib.get_logger()


class Heads:
    """Works beside the connector for one unit."""

    def __init__(self, house: House, log: ReadingLog, every: float = EVERY) -> None:
        self._house = house
        self._log = log
        self._every = every
        self._stopping = asyncio.Event()

    async def run(self) -> None:
        """Send each head that is new until told to stop, and the last one then."""
        while not self._stopping.is_set():
            await self._tell()
            with suppress(TimeoutError):
                async with asyncio.timeout(self._every):
                    await self._stopping.wait()
        with suppress(TimeoutError):
            async with asyncio.timeout(GRACE):
                await self._tell()

    def stop(self) -> None:
        self._stopping.set()

    async def _tell(self) -> None:
        """Do it, and remember what was wrong: nobody waits for it, and somebody has to see it."""
        try:
            await asyncio.to_thread(forget, self._log)
            await send_head(self._house.hub, self._log)
        except Unreachable:
            return
        except _TROUBLES as trouble:
            code = getattr(trouble, "code", type(trouble).__name__)
            _log.error("reading.head", code=code)
            await self._say(_said_of(trouble, code))
        else:
            await self._say("")

    async def _say(self, trouble: str) -> None:
        with suppress(Failure):
            await hear(self._house, BEAT, trouble)


async def send_head(hub: Side, log: ReadingLog, *, anew: bool = False) -> Witnessed | None:
    """Have the hub enter the newest head; returns its answer, None where nothing is new.

    Raises ``HeadsDiffer`` where the hub knows another history of this log, ``Refused`` and
    ``Unreachable`` as every line does. ``anew`` says that the key of the log is another one from
    now on, because the old log is lost.
    """
    note = await log.head()
    if note is None:
        return None
    head, known = parse_text(parse_note(note).text), log.answers.newest()
    if known is not None and known.checkpoint == head:
        return None
    replaces = await _before(hub) if anew else ""
    try:
        witnessed = await _put(hub, log, note, known, replaces)
    except _Other:
        # An answer was lost, or this folder is older than what the hub has.
        known = await heard(hub, log)
        log.answers.keep(known)
        if known.checkpoint == head:
            return known
        witnessed = await _put(hub, log, note, known)
    log.answers.keep(witnessed)
    return witnessed


def _said_of(trouble: Exception, code: str) -> str:
    """Say it in German; a log that is no log any more says by itself what it means."""
    if isinstance(trouble, LogShut):
        return SHUT
    return f"Der Kopf des Lesebuchs wurde nicht bezeugt ({code})."


class _Other(Exception):  # noqa: N818  a state between two lines
    """The hub has another head than the one that was thought to be its last."""


async def _put(
    hub: Side, log: ReadingLog, note: str, known: Witnessed | None, replaces: str = ""
) -> Witnessed:
    since = None if known is None else known.checkpoint
    jws = sign_token(
        hub.agency.signing,
        CONNECTOR_CHECKPOINT.typ,
        await _claims(hub, log, note, since if not replaces else None)
        | ({"replaces": replaces} if replaces else {}),
    )
    try:
        said = read_json(await hub.line.send("PUT", _path(hub), jws.encode("ascii"), JWT))
    except Refused as refused:
        if refused.code == "step-not-allowed" and "/since" in refused.pointers:
            raise _Other from None
        if refused.code in _ANOTHER:
            raise HeadsDiffer from None
        raise
    if said.get("entry", {}).get("obj", {}).get("d") != digest(jws):
        raise _Other
    check_logged(said, digest(jws), hub.agency.hub)
    return Witnessed.of({"statement": jws, **said}, log.verifier)


async def _claims(hub: Side, log: ReadingLog, note: str, since: Checkpoint | None) -> JsonObject:
    claims: JsonObject = {
        "iss": hub.agency.id,
        "hub": hub.agency.hub.id,
        "iat": int(clock.now()),
        "vkey": log.vkey,
        "note": note,
    }
    if since is None:
        return claims
    size = parse_text(parse_note(note).text).size
    if since.size > size:
        raise HeadsDiffer
    proof = await log.read(partial(Tree().consistency, old=since.size, new=size))
    return {**claims, "since": since.size, "proof": [b64(each) for each in proof]}


async def heard(hub: Side, log: ReadingLog) -> Witnessed:
    """Return what the hub has entered last, once it is seen to be a head of this log.

    Raises ``HeadsDiffer`` where it is none, and ``Refused`` where the hub has none yet.
    """
    said = await _statement(hub)
    try:
        known = Witnessed.of(said, log.verifier)
    except Unproven:
        raise HeadsDiffer from None
    check_logged(said, digest(known.statement), hub.agency.hub)
    size = known.checkpoint.size
    edge = await log.read(partial(_edge_of, size=size))
    if edge != known.checkpoint.root:
        raise HeadsDiffer
    return known


def _edge_of(connection: Any, size: int) -> bytes | None:
    """Return the root that this log had at a size; None where it never had it."""
    try:
        return Tree().edge(connection, size).root
    except Unproven:
        return None


async def _statement(hub: Side) -> dict[str, Any]:
    said = await hub.line.get(_path(hub))
    if not isinstance(said, dict):
        raise Untrustworthy("the answer is not an object")
    return said


async def _before(hub: Side) -> str:
    """Return the key of the log that the hub has known until now; empty where it knows none."""
    try:
        return Witnessed.of(await _statement(hub)).vkey
    except Refused as refused:
        if refused.code != "not-found":
            raise
        return ""


def _path(hub: Side) -> str:
    return f"/v1/connectors/{hub.agency.id}/checkpoint"
