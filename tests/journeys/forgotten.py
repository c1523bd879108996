# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""An exchange that is over, to be forgotten, and what of it can still be found afterwards."""

import base64
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection, text

from hub import clock as hub_clock
from hub.audit.openings.file import FILE, KEYS
from hub.audit.openings.key import CONVERSATION, ConversationKey
from hub.audit.openings.months import MonthKeys
from hub.client import Draft
from hub.erase import Wish, begin, finish
from hub.inquire.search import search
from hub.keyed import key_of
from hub.retain import retain
from hub.sealing.canonical import unb64
from tests.journeys.books import entries
from tests.journeys.copies import copy_of
from tests.world import FEEDBACK, RHEINBERG, SCHOOL, World, example

DAY: Final = 24 * 3600
LAW: Final = "dsgvo-17"


@dataclass(frozen=True)
class Exchange:
    """A notice that was answered, with everything by which somebody could find it in the log."""

    draft: Draft
    answer: str
    key: ConversationKey
    envelopes: tuple[str, ...]
    messages: tuple[str, ...]
    secrets: tuple[bytes, ...]

    @property
    def conversation(self) -> str:
        return self.draft.conversation


def later(world: World, days: int) -> None:
    world.travel(datetime.fromtimestamp(hub_clock.now() + days * DAY, UTC))


async def an_exchange(world: World) -> Exchange:
    """Let a school's notice be taken note of and answered, and its content go."""
    async with world.hub(SCHOOL) as school, world.hub(RHEINBERG) as office:
        await school.directory()
        draft = school.compose(
            protocol="schule-mitteilung",
            step="mitteilung",
            to=RHEINBERG,
            urgency="planbar",
            content=example("schule-mitteilung", "mitteilung"),
        )
        accepted = await school.submit(draft)
        [notice] = await office.lease()
        await notice.open()
        await notice.take()
        await notice.acknowledge("fachkraft")
        await notice.answer("rueckmeldung", FEEDBACK)
        [feedback] = await school.lease()
        await feedback.open()
        await feedback.take()
        await feedback.acknowledge("fachkraft")
        await school.evidence(draft.id)
    later(world, 2)
    await retain(world.node, world.clock())
    known = partial(_known, world, draft, accepted.raw.decode())
    return world.node.readers.run_now(known)


def _known(world: World, draft: Draft, answer: str, connection: Connection) -> Exchange:
    rows = connection.execute(
        text("SELECT id, env FROM message WHERE conversation = :of"), {"of": draft.conversation}
    ).all()
    key = key_of(world.node, connection, draft.conversation)
    found = search(draft.conversation, world.node.openings, connection, whole=True)
    assert found is not None
    assert found.tagged is not None
    salts = tuple(key.salt(each.event_id, CONVERSATION) for each in found.tagged)
    wrapped = world.node.openings._open().execute(
        "SELECT wrapped FROM conversation_key WHERE id = ?", (key.id,)
    )
    return Exchange(
        draft,
        answer,
        key,
        tuple(row.env for row in rows),
        tuple(row.id for row in rows),
        (key.secret, *salts, *(row[0] for row in wrapped)),
    )


def forget(world: World, conversation: str) -> None:
    writer = world.node.writer
    writer.commit_now(partial(begin, Wish(conversation, LAW), world.node))
    writer.commit_now(partial(finish, world.node))
    # The journal is emptied behind the group; the next one finds it done.
    writer.commit_now(lambda _: None)


def spellings(secret: bytes) -> Iterator[bytes]:
    yield secret
    yield secret.hex().encode()
    yield secret.hex().upper().encode()
    for encoded in (base64.b64encode(secret), base64.urlsafe_b64encode(secret)):
        yield encoded.rstrip(b"=")


def pieces(exchange: Exchange) -> Iterator[bytes]:
    """Cut from each envelope what no other text has, short enough to lie on one page.

    That is its signature, and where it says to which conversation it belongs.
    """
    for env in exchange.envelopes:
        _, payload, signature = env.split(".")
        at = unb64(payload).index(b'"cnv":"') // 3 * 4
        yield payload[at : at + 44].encode()
        yield from (signature[at : at + 43].encode() for at in (0, 43))


def everything(world: World, tmp_path: Path) -> dict[str, bytes]:
    """Return all files of the machine; of a server what an auditor gets of it."""
    files = {
        str(path.relative_to(world.data.path)): path.read_bytes()
        for path in sorted(world.data.path.rglob("*"))
        if path.is_file()
    }
    if world.data.url:
        files["database"] = copy_of(world.data, tmp_path / "alles.sqlite").read_bytes()
    return files


def about(world: World, exchange: Exchange) -> list[dict[str, Any]]:
    """Return the entries about an exchange; that is known here because nothing else happened."""
    return [entry for entry in entries(world, 0) if names(entry) & {*exchange.messages}]


def names(entry: dict[str, Any]) -> set[str]:
    return {entry["obj"]["id"], *entry.get("ref", ())}


def opened(world: World, exchange: Exchange) -> list[int]:
    """Try every key that the machine has on every entry of an exchange."""
    folder = world.data.openings
    months = MonthKeys(folder / KEYS)
    rows = world.node.openings._open().execute("SELECT id, wrapped, month FROM conversation_key")
    assert (folder / FILE).is_file()
    keys = [
        ConversationKey(key_id, exchange.conversation, months.unwrap(wrapped, month, key_id))
        for key_id, wrapped, month in rows
    ]
    return [
        entry["nseq"]
        for entry in about(world, exchange)
        for key in keys
        if key.tag(unb64(entry["n"])) in entry["tags"]
        or key.commitment(entry["id"], CONVERSATION, exchange.conversation)
        == entry.get("com", {}).get(CONVERSATION)
    ]
