# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Who is asked to stamp checkpoints, when, and what becomes of the answer?

Once a day, and before evidence is given out. Nothing waits for it: where the authority does not
answer there is no stamp, and the next turn asks again.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import Final

import httpx2
import structlog
from cryptography.x509 import Certificate
from sqlalchemy import Connection

from hub import clock
from hub.audit.policy import Policy
from hub.audit.stamps import Stamp, add_stamp, newest_stamp, read_stamp
from hub.audit.timestamp import (
    LONGEST,
    QUERY,
    REPLY,
    NotStamped,
    Question,
    ask_for,
    judge,
    read_roots,
)
from hub.audit.tree import read_checkpoint, read_checkpoint_behind
from hub.audit.witnessed import read_witnessed
from hub.errors import Failure
from hub.main.finding import Finding, bad, good, hint
from hub.node import Node
from hub.settings import Settings

PATIENCE: Final = 10.0
"""Seconds for one answer."""
AGAIN: Final = 600.0
"""Seconds until the next look, also after an answer that was none."""
LATE: Final = 2
"""Turns that may be missed before ``doctor`` says so."""
_log = structlog.stdlib.get_logger()


@dataclass(frozen=True)
class Authority:
    """Where stamps come from, and by which certificates they are believed."""

    url: str
    roots: tuple[Certificate, ...]

    async def stamp(self, question: Question) -> Stamp:
        """Ask once; raises ``NotStamped`` for every answer that is none, and for none at all."""
        head = {"content-type": QUERY, "accept": REPLY}
        # Never followed elsewhere: the address is the one that the operator named.
        async with httpx2.AsyncClient(timeout=PATIENCE, follow_redirects=False) as client:
            try:
                async with client.stream(
                    "POST", self.url, content=question.request, headers=head
                ) as answer:
                    said = await _read(answer)
            except (httpx2.HTTPError, httpx2.InvalidURL):
                raise NotStamped("nobody answers") from None
        return judge(question, said, self.roots, datetime.fromtimestamp(clock.now(), UTC))


def authority_of(settings: Settings) -> Authority | None:
    """Return the authority that the settings name, if they do.

    Raises ``ValueError`` where it is not said whom to believe, and ``OSError`` for the file.
    """
    if not settings.timestamp_url:
        return None
    if settings.timestamp_ca is None:
        raise ValueError("Zu MELDEWEG_TIMESTAMP_URL gehört MELDEWEG_TIMESTAMP_CA.")
    try:
        return Authority(settings.timestamp_url, read_roots(settings.timestamp_ca.read_bytes()))
    except NotStamped:
        raise ValueError(f"Keine Zertifikate: {settings.timestamp_ca}") from None


@contextlib.asynccontextmanager
async def stamped(node: Node, settings: Settings) -> AsyncIterator[None]:
    """Have checkpoints stamped for as long as the block lasts, where an authority is named."""
    authority = authority_of(settings)
    if authority is None:
        yield
        return
    node.stamping = partial(stamp_newest, node, authority)
    turns = asyncio.create_task(_turns(node, authority, settings.timestamp_hours * 3600))
    try:
        yield
    finally:
        turns.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await turns
        node.stamping = None


async def stamp_newest(node: Node, authority: Authority) -> Stamp:
    """Return the stamp of the newest checkpoint, which is asked for unless it is there."""
    question = await node.readers.run(partial(question_of, node))
    known = await node.readers.run(lambda connection: read_stamp(connection, question.size))
    if known is not None:
        return known
    stamp = await authority.stamp(question)
    await node.writer.commit(lambda connection: add_stamp(connection, stamp))
    return stamp


def question_of(node: Node, connection: Connection) -> Question:
    """Make the question for the newest checkpoint of a node."""
    return question_in(connection, node.policy, node.log.size)


def question_in(connection: Connection, policy: Policy, most: int | None = None) -> Question:
    """Make the question for the newest checkpoint, of those that the policy is met by if any is.

    The stamp is over the log's own note, which never changes; lines of witnesses may be added.
    """
    met = read_witnessed(connection, policy, most=most)
    newest = met or read_checkpoint(connection, most)
    if newest is None:
        raise NotStamped("there is no checkpoint")
    size = newest[0].size
    return ask_for(size, read_checkpoint_behind(connection, size - 1, size)[1])


def looked_at(settings: Settings, connection: Connection) -> Finding:
    """Look whether checkpoints are stamped as often as the settings want it."""
    try:
        authority = authority_of(settings)
    except (ValueError, OSError) as wrong:
        return bad("zeitstempel", str(wrong), "Die Datei mit dem Stammzertifikat angeben.")
    if authority is None:
        return good("zeitstempel", "Zeitstempel (RFC 3161) sind nicht eingerichtet.")
    newest = newest_stamp(connection)
    if newest is None or clock.now() - newest.at > LATE * settings.timestamp_hours * 3600:
        return hint(
            "zeitstempel",
            "Lange hat kein Zeitstempel einen Prüfpunkt bestätigt.",
            "„meldeweg audit stamp“ sagt, woran es liegt; angenommen wird weiter.",
        )
    return good("zeitstempel", f"Der jüngste Zeitstempel ist für Größe {newest.size}.")


async def _turns(node: Node, authority: Authority, every: float) -> None:
    while True:
        try:
            newest = await node.readers.run(newest_stamp)
            if newest is None or node.clock() - newest.at >= every:
                stamp = await stamp_newest(node, authority)
                _log.info("checkpoint.stamped", size=stamp.size)
        except NotStamped as why:
            _log.warning("checkpoint.not-stamped", why=str(why))
        except Failure as trouble:
            _log.warning("checkpoint.not-stamped", code=trouble.code)
        except Exception as error:  # noqa: BLE001  one mistake must not end it for good
            _log.error("checkpoint.not-stamped", error=type(error).__name__)
        await asyncio.sleep(min(every, AGAIN))


async def _read(answer: httpx2.Response) -> bytes:
    if answer.status_code != httpx2.codes.OK:
        raise NotStamped(f"the authority answers with {answer.status_code}")
    if answer.headers.get("content-type", "").partition(";")[0].strip() != REPLY:
        raise NotStamped("the answer is of another media type")
    said = bytearray()
    async for chunk in answer.aiter_bytes():
        said += chunk
        if len(said) > LONGEST:
            raise NotStamped("too long")
    return bytes(said)
