# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Command of a unit: ``send``."""

import asyncio
import json
from collections.abc import Awaitable
from pathlib import Path
from typing import Annotated, Any, Final, TypeVar

import typer

from hub.client import Agency, Draft, Hub, Refused
from hub.client.addressing import REASONS, ResponsibleElsewhere
from hub.client.agency import write_json
from hub.client.drafts import Wish, mark_of
from hub.client.hints import HintsUnseen
from hub.client.patience import anew
from hub.errors import NoDutyDesk
from hub.main.catalogue import OwnProtocols, known
from hub.main.output import Json, err, fail, refusal_text, show
from hub.main.telling import told
from hub.protocols.catalogue import Catalogue

_UNSEEN: Final = (
    "Noch nichts gesendet. Diese Beratung läuft ohne Angaben, an denen man jemanden erkennt "
    "(§ 4 Abs. 2 KKG). Bitte ansehen:"
)
_ONCE_SEEN: Final = "Wenn nichts davon jemanden erkennbar macht: noch einmal mit --hints-seen."
_BESIDE: Final = "Reicht es neben dem Anruf, dass dort zur Dienstzeit gelesen wird"
T = TypeVar("T")
Folder = Annotated[Path, typer.Option("--agency", help="Ordner der Organisationseinheit.")]


class NobodyThere(Exception):  # noqa: N818  nothing has gone wrong; somebody is to be rung
    """Nobody reads there now what is urgent, be it this side that says so or the hub."""

    def __init__(self, detail: str, offers: str | None) -> None:
        lines = [f"Noch nichts gesendet. {detail}"]
        if offers is not None:
            lines.append(f"{_BESIDE}: noch einmal mit --urgency {offers}")
        super().__init__("\n".join(lines))


def register(top: typer.Typer) -> None:
    """Hang this command in at the top."""
    top.command("send")(send)


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
        content=read_content(content),
        cause=cause or None,
        basis=basis or None,
        hints_seen=hints_seen,
        child_ags=ags or None,
        reason=_one_of_the_reasons(reason),
    )
    catalogue = known(protocols)
    try:
        said = told(lambda: asyncio.run(ringing(_send(agency, wish, conversation, catalogue))))
    except NobodyThere as nobody:
        raise fail(str(nobody)) from None
    except HintsUnseen as unseen:
        raise fail(_hints_text(unseen)) from None
    except ResponsibleElsewhere as elsewhere:
        raise fail(_elsewhere_text(elsewhere)) from None
    text = (
        f"Angenommen: {said['id']}\nVorgang: {said['conversation']}\n"
        f"Eintrag im Protokoll: Nr. {said['index']}"
    )
    show(said, as_json, text)


def read_content(path: Path) -> dict[str, Any]:
    """Read a content; what is wrong with it is said without a word of it."""
    try:
        content = json.loads(path.read_bytes())
    except ValueError:
        raise fail(f"{path} ist kein JSON.") from None
    if not isinstance(content, dict):
        raise fail(f"{path} ist kein Inhalt: Er ist ein JSON-Objekt.")
    return content


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


async def ringing(act: Awaitable[T]) -> T:
    """Do it; raises ``NobodyThere`` where this side or the hub says that nobody reads it now."""
    try:
        return await act
    except NoDutyDesk as nobody:
        raise NobodyThere(nobody.detail, nobody.offers) from None
    except Refused as refused:
        if refused.code != NoDutyDesk.code:
            raise
        raise NobodyThere(refused.detail, next(iter(refused.allowed), None)) from None


async def _send(
    folder: Path, wish: Wish, conversation: str, catalogue: Catalogue
) -> dict[str, Any]:
    unit = Agency.load(folder)
    mark = mark_of(wish, conversation)
    async with Hub(unit.hub.url, unit, catalogue=catalogue) as hub:
        await finish(hub)
        for draft in tuple(hub.outbox):
            said = await _finish(hub, draft)
            if said is not None and draft.wish == mark:
                return said

        async def go() -> dict[str, Any]:
            return await _submit(hub, await hub.compose_in(await _in(hub, wish, conversation)))

        return await anew(go)


async def _in(hub: Hub, wish: Wish, conversation: str) -> Wish:
    """Return the wish in its conversation, as that stands now."""
    if not conversation:
        return wish
    thread = await hub.conversation(conversation)
    reader = hub.agency.fact("reply-keys", conversation)
    return Wish(**{**vars(wish), "thread": thread, "reader": reader})


async def finish(hub: Hub) -> None:
    """Make up for what broke off before; says so, since nobody asked for it now."""
    for said in await hub.finish():
        err.print(finished_text(said), markup=False)


def finished_text(said: dict[str, Any]) -> str:
    """Say what was made up for, and what the hub would not have."""
    if "unfinished" in said:
        return f"Nicht zu Ende gebracht: {said['id']} ({said['unfinished']})"
    if "erased" in said:
        return f"Gelöscht und unterschrieben: {said['id']}"
    return f"Nachgeholt: {said['id']} geht weiter mit {said['by']} an {said['passed_on']}"


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
