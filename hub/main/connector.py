# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""``meldeweg connector``: the process at the agency, how it is, and what it could not hand over."""

import asyncio
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any, Final

import typer

from hub import clock
from hub.adapters.connector.configuration import Configuration, read_configuration
from hub.adapters.connector.house import DATABASE, InUse
from hub.adapters.connector.quarantine import quarantined, release, retry, troubled
from hub.adapters.connector.rows import Row
from hub.adapters.connector.running import Beside
from hub.adapters.connector.running import run as run_connector
from hub.adapters.connector.status import Status, status_of
from hub.adapters.connector.tables import Books
from hub.adapters.registry import SettingsUnfit
from hub.client import Agency
from hub.errors import Failure
from hub.main.output import Json, fail, out, show, system_text
from hub.main.picture import moment
from hub.main.telling import told
from hub.protocols.compiled import load_known
from hub.telemetry import configure

File = Annotated[
    Path | None, typer.Option("--config", help="Datei der Anbindung (TOML).", show_default=False)
]
Folders = Annotated[
    list[Path] | None,
    typer.Option("--agency", help="Ordner der Einheit; mehrmals für mehrere.", show_default=False),
]
Message = Annotated[str, typer.Argument(help="Kennung der Nachricht.")]
NOT_WELL: Final = 1


def register(top: typer.Typer) -> None:
    """Hang the commands in at the top."""
    app = typer.Typer(
        help="Die Anbindung der Stelle: holen, prüfen, übergeben.",
        invoke_without_command=True,
        no_args_is_help=False,
    )
    app.callback()(run)
    app.command("status")(status)
    waiting = typer.Typer(help="Was ein Ziel nicht angenommen hat.", no_args_is_help=True)
    waiting.command("list")(list_)
    waiting.command("retry")(retry_)
    waiting.command("release")(release_)
    app.add_typer(waiting, name="quarantine")
    from hub.main import (  # noqa: PLC0415  loaded with this command alone
        connector_check,
        connector_init,
        connector_keys,
        connector_people,
        connector_reading,
    )

    connector_init.register(app)
    connector_check.register(app)
    connector_keys.register(app)
    connector_people.register(app)
    connector_reading.register(app)
    top.add_typer(app, name="connector")


def run(context: typer.Context, config: File = None, agency: Folders = None) -> None:
    """Startet die Anbindung; endet sauber bei Strg-C oder SIGTERM."""
    context.obj = (config, agency)
    if context.invoked_subcommand is not None:
        return
    configuration, folders = settings_of(config, agency)
    if not configuration.targets:
        raise fail("Die Einstellungen nennen weder ein Ziel ([[target]]) noch [inbox].")
    os.umask(0o077)
    configure(level=configuration.settings.log_level)
    own = configuration.settings.protocols
    catalogue = load_known(configuration.path(own) if own else None)
    beside = _beside(configuration)
    with _understood():
        told(lambda: asyncio.run(run_connector(configuration, folders, catalogue, beside=beside)))


def _beside(configuration: Configuration) -> Sequence[Beside]:
    """Return what runs in the same process; a connector without an inbox needs no web."""
    if configuration.settings.inbox is None:
        return ()
    from hub.main.connector_inbox import an_inbox  # noqa: PLC0415  as said above

    return (an_inbox,)


def status(
    context: typer.Context, config: File = None, agency: Folders = None, as_json: Json = False
) -> None:
    """Zeigt Rückstand, Quarantäne und Ziele; endet mit 1, wenn jemand nachsehen muss."""
    now = int(clock.now())
    configuration, folders = settings_of(*named_in(context, config, agency))
    names = tuple(each.called for each in configuration.targets)
    found = []
    for folder in folders:
        with _books(configuration, folder) as books:
            found.append(status_of(books, Agency.load(folder).id, names))
    text = "\n".join(_status_text(each, now) for each in found)
    show([each.as_json(now) for each in found], as_json, text)
    if not all(each.is_well(now) for each in found):
        raise typer.Exit(NOT_WELL)


def list_(
    context: typer.Context, config: File = None, agency: Folders = None, as_json: Json = False
) -> None:
    """Listet, was ein Ziel nicht angenommen hat, und was gar nicht erst ankam."""
    for_people: list[dict[str, Any]] = []
    configuration, folders = settings_of(*named_in(context, config, agency))
    for folder in folders:
        with _books(configuration, folder) as books:
            for_people += [_row_json(row) for row in (*quarantined(books), *troubled(books))]
    lines = [_row_text(each) for each in for_people] or ["Die Quarantäne ist leer."]
    show(for_people, as_json, "\n".join(lines))


def retry_(
    context: typer.Context,
    message: Annotated[str, typer.Argument(help="Kennung der Nachricht; „alle“ für alle.")],
    config: File = None,
    agency: Folders = None,
) -> None:
    """Lässt eine Nachricht gleich noch einmal übergeben."""
    configuration, folders = settings_of(*named_in(context, config, agency))
    count = 0
    for folder in folders:
        with _books(configuration, folder) as books:
            ids = [row.id for row in quarantined(books) if message in {"alle", row.id}]
            for each in ids:
                retry(books, each, int(clock.now()))
            count += len(ids)
    if not count:
        raise fail("In der Quarantäne liegt keine solche Nachricht.")
    out.print(f"Wird noch einmal übergeben: {count}")


def release_(
    context: typer.Context, message: Message, config: File = None, agency: Folders = None
) -> None:
    """Ein Mensch hat die Nachricht anders weitergegeben; das Ziel bekommt sie nicht mehr."""
    configuration, folders = settings_of(*named_in(context, config, agency))
    for folder in folders:
        with _books(configuration, folder) as books:
            if message in {row.id for row in quarantined(books)}:
                release(books, message)
                out.print(f"Aus der Quarantäne entlassen: {message}")
                return
    raise fail("In der Quarantäne liegt keine solche Nachricht.")


def named_in(
    context: typer.Context, config: Path | None, agency: list[Path] | None
) -> tuple[Path | None, list[Path] | None]:
    """Return file and folders, wherever on the command line they were named."""
    file, folders = context.obj
    return config or file, agency or folders


def settings_of(
    config: Path | None, agency: list[Path] | None
) -> tuple[Configuration, tuple[Path, ...]]:
    if config is None:
        raise fail("Mit „--config“ sagen, wo die Datei der Anbindung liegt.")
    try:
        configuration = read_configuration(config)
    except SettingsUnfit as unfit:
        raise fail(f"Die Einstellungen passen nicht.\n{unfit}") from None
    named = tuple(agency or ()) or tuple(map(configuration.path, configuration.settings.agencies))
    if not named:
        raise fail("Mit „--agency“ sagen, wo der Ordner der Einheit liegt.")
    return configuration, named


@contextmanager
def _books(configuration: Configuration, folder: Path) -> Iterator[Books]:
    path = configuration.state_of(folder, Agency.load(folder).id) / DATABASE
    if not path.exists():
        raise fail(f"Hier lief noch keine Anbindung: {path.parent}")
    books = Books(path)
    try:
        yield books
    finally:
        books.close()


@contextmanager
def _understood() -> Iterator[None]:
    """Say in German why the connector does not start, or ends."""
    try:
        yield
    except InUse as busy:
        raise fail(f"In diesem Ordner arbeitet schon eine Anbindung: {busy}") from None
    except SettingsUnfit as unfit:
        raise fail(f"Die Einstellungen passen nicht.\n{unfit}") from None
    except Failure as trouble:
        raise fail(f"Die Anbindung läuft nicht ({trouble.code}): {trouble}", 2) from None
    except OSError as trouble:
        raise fail(f"Die Anbindung läuft nicht: {system_text(trouble)}", 2) from None


def _status_text(status: Status, now: int) -> str:
    heard = moment(status.heard) if status.heard else "noch nie"
    silent = " Die Anbindung läuft nicht." if status.is_silent(now) else ""
    lines = [f"{status.unit}: Hub zuletzt gehört {heard}.{silent} {status.hub_trouble}".rstrip()]
    if status.log_trouble:
        lines.append(f"  Lesebuch: {status.log_trouble}")
    if status.comparison:
        lines.append(f"  Abgleich: {status.comparison}")
    for each in status.targets:
        since = f" (seit {moment(each.oldest)})" if each.oldest else ""
        lines.append(
            f"  {each.name}: {each.waiting} warten{since}, {each.quarantine} in Quarantäne,"
            f" {each.handed_over} übergeben. {each.trouble}".rstrip()
        )
        if each.failing:
            lines.append(f"    Vergeblich versucht: {each.failing}, zuletzt: {each.reason}")
    return "\n".join(lines)


def _row_json(row: Row) -> dict[str, Any]:
    members = ("id", "protocol", "step", "urgency", "sender", "target", "state", "code", "reason")
    said = {name: getattr(row, name) for name in members}
    return {**said, "pointers": row.places, "received_at": row.received_at, "next_at": row.next_at}


def _row_text(row: dict[str, Any]) -> str:
    about = f"{row['protocol']} {row['step']} ({row['urgency']}) von {row['sender']}"
    lines = [
        f"{row['id']} {about}, hier seit {moment(row['received_at'])}",
        f"  {row['target']}: {row['reason'] or row['code']} ({row['code']})",
    ]
    if row["pointers"]:
        lines.append(f"  Stelle: {', '.join(row['pointers'])}")
    if row["next_at"]:
        lines.append(f"  Von selbst wieder versucht: {moment(row['next_at'])}")
    return "\n".join(lines)
