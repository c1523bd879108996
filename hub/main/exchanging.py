# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Commands of a unit: ``send``, ``receive``, ``acknowledge``, ``evidence``."""

import asyncio
import json
from pathlib import Path
from typing import Annotated, Any, Final

import typer

from hub.client import Agency, Draft, Hub, Refused
from hub.client.addressing import REASONS, ResponsibleElsewhere
from hub.client.agency import write_json
from hub.client.drafts import Wish, mark_of
from hub.client.hints import HintsUnseen
from hub.client.inbox import receive_batch, receive_steadily
from hub.main.catalogue import OwnProtocols, known
from hub.main.output import Json, err, fail, out, refusal_text, show
from hub.main.telling import told
from hub.protocols.catalogue import Catalogue

_UNSEEN: Final = (
    "Noch nichts gesendet. Diese Beratung läuft ohne Angaben, an denen man jemanden erkennt "
    "(§ 4 Abs. 2 KKG). Bitte ansehen:"
)
_ONCE_SEEN: Final = "Wenn nichts davon jemanden erkennbar macht: noch einmal mit --hints-seen."
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
    basis: Annotated[
        str, typer.Option(help="Rechtsgrundlage, wo der Schritt die Wahl lässt, etwa kkg-4-3.")
    ] = "",
    hints_seen: Annotated[
        bool, typer.Option("--hints-seen", help="Die Hinweise auf Erkennbares sind angesehen.")
    ] = False,
    ags: Annotated[
        str, typer.Option(help="Gemeindeschlüssel, wo das Kind ist; prüft hier und geht nie mit.")
    ] = "",
    reason: Annotated[
        str, typer.Option(help=f"Warum nicht an die zuständige Stelle: {', '.join(REASONS)}.")
    ] = "",
    protocols: OwnProtocols = None,
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
        basis=basis or None,
        hints_seen=hints_seen,
        child_ags=ags or None,
        reason=_one_of_the_reasons(reason),
    )
    catalogue = known(protocols)
    try:
        said = told(lambda: asyncio.run(_send(agency, wish, conversation, catalogue)))
    except HintsUnseen as unseen:
        raise fail(_hints_text(unseen)) from None
    except ResponsibleElsewhere as elsewhere:
        raise fail(_elsewhere_text(elsewhere)) from None
    text = (
        f"Angenommen: {said['id']}\nVorgang: {said['conversation']}\n"
        f"Eintrag im Protokoll: Nr. {said['index']}"
    )
    show(said, as_json, text)


def _hints_text(unseen: HintsUnseen) -> str:
    lines = [f"{hint.pointer} (Zeichen {hint.start + 1}): {hint.text}" for hint in unseen.hints]
    return f"{_UNSEEN}\n" + "\n".join(lines) + f"\n{_ONCE_SEEN}"


def _one_of_the_reasons(code: str) -> str | None:
    if code and code not in REASONS:
        raise fail(f"Das ist keiner der Gründe: {', '.join(REASONS)}.")
    return code or None


def _elsewhere_text(elsewhere: ResponsibleElsewhere) -> str:
    office = elsewhere.office
    reached = f"{office.id}, {office.telephone}" if office.takes_part else "nimmt hier nicht teil"
    reasons = [f"  {code}: {text}" for code, text in REASONS.items()]
    return "\n".join(
        [
            f"Noch nichts gesendet. Zuständig ist {office.name} ({reached}).",
            office.reason,
            "Wer trotzdem an die andere Stelle sendet, nennt mit --reason den Grund:",
            *reasons,
        ]
    )


async def _send(
    folder: Path, wish: Wish, conversation: str, catalogue: Catalogue
) -> dict[str, Any]:
    unit = Agency.load(folder)
    mark = mark_of(wish, conversation)
    async with Hub(unit.hub.url, unit, catalogue=catalogue) as hub:
        for draft in tuple(hub.outbox):
            said = await _finish(hub, draft)
            if said is not None and draft.wish == mark:
                return said
        if conversation:
            thread = await hub.conversation(conversation)
            reader = unit.recall("reply-keys").get(conversation)
            wish = Wish(**{**vars(wish), "thread": thread, "reader": reader})
        return await _submit(hub, await hub.compose_in(wish))


async def _finish(hub: Hub, draft: Draft) -> dict[str, Any] | None:
    """Send what got no answer before; says so, since nobody asked for it now."""
    try:
        said = await _submit(hub, draft)
    except Refused as refused:
        err.print(f"Aus dem Ausgang: {draft.id}\n{refusal_text(refused)}", markup=False)
        return None
    err.print(f"Aus dem Ausgang angenommen: {draft.id}", markup=False)
    return said


async def _submit(hub: Hub, draft: Draft) -> dict[str, Any]:
    proven = await hub.submit(draft)
    receipt = hub.agency.path / "state" / f"receipt-{draft.id}.json"
    write_json(receipt, json.loads(proven.raw))
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
    protocols: OwnProtocols = None,
    as_json: Json = False,
) -> None:
    """Holt Nachrichten ab, öffnet und prüft sie und legt Inhalt und Quittungen ab."""
    out_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    catalogue = known(protocols)
    told(lambda: asyncio.run(_receive(agency, out_dir, catalogue, once=once, as_json=as_json)))


async def _receive(
    folder: Path, out_dir: Path, catalogue: Catalogue, *, once: bool, as_json: bool
) -> None:
    unit = Agency.load(folder)

    def report(said: dict[str, Any]) -> None:
        show(said, as_json, _line(said))

    async with Hub(unit.hub.url, unit, catalogue=catalogue) as hub:
        if once:
            await receive_batch(hub, out_dir, report)
        else:
            await receive_steadily(hub, out_dir, report)


def acknowledge(
    message: Annotated[str, typer.Argument(help="Kennung der Nachricht.")],
    agency: Folder,
    role: Annotated[str, typer.Option(help="Rolle der Person: bereitschaft, fachkraft, leitung.")],
) -> None:
    """Ein Mensch hat Kenntnis genommen; das hält die Uhr an."""

    async def say() -> None:
        unit = Agency.load(agency)
        async with Hub(unit.hub.url, unit, catalogue=known()) as hub:
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
        async with Hub(unit.hub.url, unit, catalogue=known()) as hub:
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
    if "unreachable" in said:
        return f"Der Hub antwortet nicht ({said['unreachable']}); es wird weiter versucht."
    if "refused" in said:
        return f"Nicht übernommen: {said['id']} ({said['refused']})"
    return f"Empfangen: {said['id']} {said['step']} von {said['from']} → {said['file']}"
