# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""How the hub came to be that is tampered with: two days of work, and a backup between them."""

import asyncio
import shutil
from functools import partial
from pathlib import Path
from typing import Final

from sqlalchemy import Connection, insert, text

from hub.audit import tables
from hub.audit.entry import Draft
from hub.audit.note import parse_vkey
from hub.audit.proof import parse_proof
from hub.audit.tree import read_checkpoint
from hub.audit.witness.shelf import Shelf
from hub.audit.witness.watching import Witness
from hub.client import Draft as Letter
from hub.client import Hub
from hub.client.answers import Refused, Unreachable
from hub.main.assembly import create_hub
from hub.record import new_id
from tests import databases
from tests.faults.hub import steady_port
from tests.journeys.stories import SCHOOL_NOTICE, notify, take
from tests.tamper.forty.scene import (
    Kept,
    Scene,
    a_witness,
    cosigner,
    engine_of,
    offered,
)
from tests.world import HUB_ID, NETWORK, RHEINBERG, SCHOOL, World, running

PARTIES: Final = ("schule:999001", "jugendamt:05170032")
FILLING, AT_ONCE, TAIL = 240, 30, 6
"""Entries that say nothing about anybody, how many of them in a group, and those at the end."""


def a_scene(home: Path) -> Scene:
    """Let a hub work, be backed up, work again, and stop."""
    data, port = databases.a_data_dir(home / "hub"), steady_port()
    witness = a_witness(home / "witness")
    create_hub(data, HUB_ID, (NETWORK,))
    with running(data, port, home) as world:
        for organisation in PARTIES:
            world.join(organisation)
        Shelf(home / "witness" / "logs").add(parse_vkey(world.node.log.vkey))
        asyncio.run(_begin(world))
        _cosign(world, witness)
        folders, cut = dict(world.folders), world.node.log.size
    shutil.copytree(data.path, home / "older", ignore=shutil.ignore_patterns("*.sock", "*.lock"))
    older = databases.with_its_database(data, home / "older")
    with running(data, port, home) as world:
        world.folders.update(folders)
        refused = asyncio.run(_go_on(world, witness))
        found = world.node.readers.run_now(partial(_what_is_kept, world))
        vkey = world.node.log.vkey
    return Scene(home, data, vkey, *found, cut=cut, refused=refused, older=older)


async def _begin(world: World) -> None:
    async with world.hub(SCHOOL) as school, world.hub(RHEINBERG) as office:
        await take(office, await notify(school, SCHOOL_NOTICE, "planbar"), "bereitschaft")
    for _ in range(FILLING // AT_ONCE):
        await _fill(world, AT_ONCE)


async def _go_on(world: World, witness: Witness) -> str:
    """Tell once more; returns what a reader is told who cannot be entered."""
    async with world.hub(SCHOOL) as school, world.hub(RHEINBERG) as office:
        second = await notify(school, SCHOOL_NOTICE, "planbar")
        await take(office, second, "bereitschaft")
        await office.evidence(second.id)
        for _ in range(TAIL):
            await _fill(world, 1)
        _cosign(world, witness)
        refused = await _read_without_log(world, office, await notify(school, SCHOOL_NOTICE))
        await _fill(world, 1)
    return refused


async def _fill(world: World, count: int) -> None:
    """Enter refusals that say nothing about anybody, in one group."""

    def work(connection: Connection) -> None:
        for number in range(count):
            draft = Draft(
                kind="auth.failed",
                entry_id=new_id(),
                at=world.clock(),
                act={"org": ""},
                obj={"ty": "request", "n": number + 1},
                why="token-invalid",
                out="refused",
            )
            world.node.log.append(connection, draft)

    await world.node.writer.commit(work)


def _cosign(world: World, witness: Witness) -> None:
    """Let the witness see the newest checkpoint, and keep its line in the database."""

    def offer(connection: Connection) -> None:
        size, lines = offered(connection, witness)
        row = {"size": size, "witness": cosigner().key.label, "line": lines}
        connection.execute(insert(tables.cosignature).values(**row))

    world.node.writer.commit_now(offer)


async def _read_without_log(world: World, office: Hub, letter: Letter) -> str:
    """Let the office ask for evidence while no entry can be made; returns what it was answered."""
    engine = engine_of(world.data)
    breaking, mending = _BROKEN[engine.dialect.name]
    try:
        with engine.begin() as connection:
            connection.exec_driver_sql(breaking)
        try:
            package = await office.evidence(letter.id)
        except (Refused, Unreachable) as no:
            return f"{type(no).__name__}: {no}"
        finally:
            with engine.begin() as connection:
                connection.exec_driver_sql(mending)
        return f"{len(package)} bytes"
    finally:
        engine.dispose()


_BROKEN: Final = {
    "sqlite": (
        "CREATE TRIGGER broken BEFORE INSERT ON audit_event BEGIN SELECT RAISE(ABORT, 'no'); END",
        "DROP TRIGGER broken",
    ),
    "postgresql": (
        "ALTER TABLE audit_event ADD CONSTRAINT broken CHECK (false) NOT VALID",
        "ALTER TABLE audit_event DROP CONSTRAINT broken",
    ),
}


def _what_is_kept(
    world: World, connection: Connection
) -> tuple[tuple[Kept, ...], frozenset[str], str]:
    """Return what parties hold of entries and receipts, and the newest checkpoint."""
    kinds = "SELECT idx FROM audit_leaf JOIN audit_event ON audit_event.id = event_id WHERE kind"
    about = connection.execute(text(f"{kinds} LIKE 'message.%' ORDER BY idx")).scalars()
    kept = []
    for index in about.all():
        proof = parse_proof(world.node.log.proof(connection, index))
        assert proof.extra is not None
        kept.append(Kept(index, proof.extra, proof.text))
    receipts = connection.execute(text("SELECT digest FROM receipt")).scalars().all()
    head = read_checkpoint(connection)
    assert head is not None
    return tuple(kept), frozenset(receipts), head[1]
