# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""``meldeweg notify``: does a notification arrive?"""

import asyncio
from collections.abc import Iterable, Sequence
from typing import Annotated

import typer

from hub.main.folder import DataDir
from hub.main.notified import WORDS
from hub.main.notifying import channels_of
from hub.main.options import DEFAULT, Address, Folder, hub_in, settings
from hub.main.output import Json, fail, show
from hub.model.notification import ChannelName
from hub.notify.channel import Channels, Result
from hub.notify.notice import trial
from hub.record import new_id
from hub.store.engine import open_database
from hub.store.notifications import endpoints_of

app = typer.Typer(help="Benachrichtigungen ohne Inhalt.", no_args_is_help=True)


def register(top: typer.Typer) -> None:
    """Hang these commands in at the top."""
    # A callback, or a single command would be taken for the whole group.
    app.callback()(_notify)
    app.command("test")(try_out)
    top.add_typer(app, name="notify")


def _notify() -> None:
    """Benachrichtigungen ohne Inhalt."""


def try_out(
    to: Annotated[
        list[str],
        typer.Option(help="Mailadresse, Mobilnummer (+49…) oder Kennung einer Stelle (Browser)."),
    ],
    data_dir: Folder = DEFAULT,
    database: Address = None,
    as_json: Json = False,
) -> None:
    """Schickt je Adresse eine Probe und sagt, was daraus wurde."""
    data = hub_in(data_dir, database)
    try:
        channels = channels_of(settings(data_dir=data_dir, database_url=database), data)
    except ValueError as wrong:
        raise fail(str(wrong)) from None
    results = list(_tried(channels, data, to))
    show(results, as_json, "\n".join(each["text"] for each in results))
    if not all(each["outcome"] == "sent" for each in results):
        raise typer.Exit(1)


def _tried(channels: Channels, data: DataDir, to: Sequence[str]) -> Iterable[dict[str, str]]:
    for one in to:
        name = _channel_of(one)
        for number, result in enumerate(_sent(channels, data, name, one), 1):
            said = "gesendet" if result.outcome == "sent" else f"nicht gesendet ({result.reason})"
            beside = f", Browser {number}" if name == "push" else ""
            yield {
                "to": one,
                "channel": name,
                "outcome": result.outcome,
                "reason": result.reason,
                "text": f"{WORDS[name]} an {one}{beside}: {said}.",
            }


def _channel_of(address: str) -> ChannelName:
    if "@" in address:
        return "email"
    return "sms" if address.startswith("+") else "push"


def _sent(channels: Channels, data: DataDir, name: ChannelName, to: str) -> list[Result]:
    channel = channels.get(name)
    if channel is None:
        return [Result("refused", "nicht eingerichtet")]
    addresses = _endpoints(data, to) if name == "push" else (to,)
    if not addresses:
        return [Result("refused", "kein Browser angemeldet")]
    return asyncio.run(channel.send([trial(address, new_id()) for address in addresses]))


def _endpoints(data: DataDir, unit: str) -> tuple[str, ...]:
    opened = open_database(data.place)
    try:
        with opened.reading.connect() as connection:
            return endpoints_of(connection, unit)
    finally:
        opened.dispose()
