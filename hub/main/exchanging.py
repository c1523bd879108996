# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Commands of a unit: ``send``, ``receive``, ``acknowledge``, ``evidence``."""

import asyncio
import json
import os
from pathlib import Path
from typing import Annotated, Any

import typer

from hub.client import Agency, Hub, Message
from hub.client.agency import write_json
from hub.client.drafts import Wish
from hub.errors import Refusal
from hub.main.output import Json, fail, out, show
from hub.main.telling import told

Folder = Annotated[Path, typer.Option("--agency", help="Ordner der Organisationseinheit.")]


def register(top: typer.Typer) -> None:
    """Hang these commands in at the top."""
    top.command("send")(send)
    top.command("receive")(receive)
    top.command("acknowledge")(acknowledge)
    top.command("evidence")(evidence)


def send(
    content: Annotated[Path, typer.Argument(help="JSON-Datei mit dem Inhalt.")],
    agency: Folder,
    protocol: Annotated[str, typer.Option(help="Verfahren.")],
    step: Annotated[str, typer.Option(help="Schritt.")],
    to: Annotated[str, typer.Option(help="Organisationseinheit, an die es geht.")],
    urgency: Annotated[str, typer.Option(help="sofort, unverzueglich oder planbar.")],
    conversation: Annotated[str, typer.Option(help="Laufender Vorgang.")] = "",
    cause: Annotated[
        str, typer.Option(help="Nachricht, die berichtigt oder zurückgenommen wird.")
    ] = "",
    as_json: Json = False,
) -> None:
    """Versiegelt, unterschreibt und sendet; gibt die Quittung aus."""
    wish = Wish(
        protocol=protocol,
        step=step,
        to=to,
        urgency=urgency,
        content=_read_content(content),
        cause=cause or None,
    )
    said = told(lambda: asyncio.run(_send(agency, wish, conversation)))
    text = (
        f"Angenommen: {said['id']}\nVorgang: {said['conversation']}\n"
        f"Eintrag im Protokoll: Nr. {said['index']}"
    )
    show(said, as_json, text)


async def _send(folder: Path, wish: Wish, conversation: str) -> dict[str, Any]:
    unit = Agency.load(folder)
    async with Hub(unit.hub.url, unit) as hub:
        if conversation:
            thread = await hub.conversation(conversation)
            reader = unit.recall("reply-keys").get(conversation)
            wish = Wish(**{**vars(wish), "thread": thread, "reader": reader})
        draft = await hub.compose_in(wish)
        proven = await hub.submit(draft)
    write_json(folder / "state" / f"receipt-{draft.id}.json", json.loads(proven.raw))
    return {
        "id": draft.id,
        "conversation": draft.conversation,
        "index": proven.index,
        "receipt": proven.receipt.jws,
    }


def receive(
    agency: Folder,
    out_dir: Annotated[Path, typer.Option("--out", help="Ordner für die Inhalte.")],
    once: Annotated[bool, typer.Option("--once", help="Nur holen, was jetzt wartet.")] = False,
    as_json: Json = False,
) -> None:
    """Holt Nachrichten ab, öffnet und prüft sie und legt Inhalt und Quittungen ab."""
    out_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    told(lambda: asyncio.run(_receive(agency, out_dir, once=once, as_json=as_json)))


async def _receive(folder: Path, out_dir: Path, *, once: bool, as_json: bool) -> None:
    unit = Agency.load(folder)
    async with Hub(unit.hub.url, unit) as hub:
        while True:
            for message in await hub.lease(wait=0 if once else 30):
                said = await _hand_over(message, out_dir)
                show(said, as_json, _line(said))
            if once:
                return


async def _hand_over(message: Message, out_dir: Path) -> dict[str, Any]:
    """Open, put down durably, and only then say ``taken``."""
    try:
        content = await message.open()
    except Refusal as refusal:
        return {"id": message.id, "refused": refusal.code, "pointers": list(refusal.pointers)}
    envelope = message.envelope
    write_json(out_dir / f"{envelope.jti}.json", content)
    _sync(out_dir)
    await message.take()
    return {
        "id": envelope.jti,
        "conversation": envelope.cnv,
        "from": envelope.iss,
        "protocol": envelope.proto,
        "step": envelope.step,
        "urgency": envelope.urg,
        "file": str(out_dir / f"{envelope.jti}.json"),
    }


def acknowledge(
    message: Annotated[str, typer.Argument(help="Kennung der Nachricht.")],
    agency: Folder,
    role: Annotated[str, typer.Option(help="Rolle der Person: bereitschaft, fachkraft, leitung.")],
) -> None:
    """Ein Mensch hat Kenntnis genommen; das hält die Uhr an."""

    async def say() -> None:
        unit = Agency.load(agency)
        async with Hub(unit.hub.url, unit) as hub:
            await hub.acknowledge(message, role)

    told(lambda: asyncio.run(say()))
    out.print(f"Eingang bestätigt: {message}")


def evidence(
    message: Annotated[str, typer.Argument(help="Kennung der Nachricht.")],
    agency: Folder,
    file: Annotated[Path, typer.Option("--out", help="Zip-Datei.")],
) -> None:
    """Holt das Beweispaket einer Nachricht; es lässt sich ohne uns prüfen."""

    async def fetch() -> bytes:
        unit = Agency.load(agency)
        async with Hub(unit.hub.url, unit) as hub:
            return await hub.evidence(message)

    file.write_bytes(told(lambda: asyncio.run(fetch())))
    out.print(f"Beweispaket: {file}")


def _read_content(path: Path) -> dict[str, Any]:
    """Read a content; what is wrong with it is said without a word of it."""
    try:
        content = json.loads(path.read_bytes())
    except ValueError:
        raise fail(f"{path} ist kein JSON.") from None
    if not isinstance(content, dict):
        raise fail(f"{path} ist kein Inhalt: Er ist ein JSON-Objekt.")
    return content


def _line(said: dict[str, Any]) -> str:
    if "refused" in said:
        return f"Nicht verwertbar: {said['id']} ({said['refused']})"
    return f"Empfangen: {said['id']} {said['step']} von {said['from']} → {said['file']}"


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
