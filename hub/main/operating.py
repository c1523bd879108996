# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Commands of those who run a hub: ``init``, ``serve``, ``doctor``, ``status``."""

from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

import typer

from hub.directory.network import NetworkInvalid
from hub.errors import Failure
from hub.main import diagnosis
from hub.main.assembly import create_hub
from hub.main.folder import DataDir
from hub.main.output import Json, fail, out, show, system_text
from hub.main.serving import run
from hub.settings import Settings

Folder = Annotated[Path, typer.Option("--data-dir", help="Datenverzeichnis des Hubs.")]
DEFAULT = Settings().data_dir


def register(app: typer.Typer) -> None:
    """Hang these commands in at the top."""
    app.command("init")(init)
    app.command("serve")(serve)
    app.command("doctor")(doctor)
    app.command("status")(status)


def init(
    data_dir: Folder = DEFAULT,
    hub_id: Annotated[str, typer.Option(help="Name des Hubs, für immer.")] = "",
    network: Annotated[
        list[Path] | None, typer.Option(help="Netzdatei mit vorgeschlagenen Teilnehmern.")
    ] = None,
) -> None:
    """Richtet einen Hub ein: Schlüssel, Datenbank, vorgeschlagene Teilnehmer."""
    name = hub_id or (urlsplit(Settings().public_url).hostname or "")
    try:
        proposed = create_hub(DataDir(data_dir), name, tuple(network or ()))
    except FileExistsError:
        raise fail("Hier ist schon ein Hub eingerichtet; er bleibt, wie er ist.") from None
    except NetworkInvalid as invalid:
        findings = "\n".join(f"  {place}: {what}" for place, what in invalid.findings)
        raise fail(f"Die Netzdatei ist nicht brauchbar:\n{findings}") from None
    out.print(f"Hub {name} eingerichtet in {data_dir}; {proposed} Stellen vorgeschlagen.")


def serve(
    data_dir: Folder = DEFAULT,
    host: Annotated[str | None, typer.Option(help="Adresse, auf der gehört wird.")] = None,
    port: Annotated[int | None, typer.Option(help="Anschluss.")] = None,
) -> None:
    """Startet einen Knoten; endet sauber bei Strg-C oder SIGTERM."""
    given = {"data_dir": data_dir, "host": host, "port": port}
    settings = Settings(**{name: value for name, value in given.items() if value is not None})  # type: ignore[arg-type]
    hub_in(settings.data_dir)
    try:
        run(settings)
    except Failure as trouble:
        raise fail(f"Der Hub startet nicht ({trouble.code}): {trouble}") from None
    except OSError as trouble:
        raise fail(f"Der Hub startet nicht: {system_text(trouble)}") from None
    except ValueError as wrong:
        raise fail(f"Der Hub startet nicht: {wrong}") from None


def doctor(data_dir: Folder = DEFAULT, as_json: Json = False) -> None:
    """Untersucht den Hub: was ist, wie schlimm, was tun."""
    findings = diagnosis.examine(DataDir(data_dir))
    lines = [f"{each.mark} {each.what}{each.advice_line}" for each in findings]
    show([vars(each) for each in findings], as_json, "\n".join(lines))
    if any(each.level == "schlimm" for each in findings):
        raise typer.Exit(1)


def status(data_dir: Folder = DEFAULT, as_json: Json = False) -> None:
    """Zeigt Zahlen: Nachrichten je Zustand, Größe des Protokolls."""
    numbers = diagnosis.count(hub_in(data_dir))
    show(numbers, as_json, "\n".join(f"{name}: {number}" for name, number in numbers.items()))


def hub_in(folder: Path) -> DataDir:
    """Return the data directory of a hub, or say that there is none.

    Opening a database that is not there would make one, and then no hub could be set up here.
    """
    data = DataDir(folder)
    if not data.database.exists():
        raise fail(f"In {folder} ist kein Hub; mit „meldeweg init“ einrichten.")
    return data
