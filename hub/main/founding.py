# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""``meldeweg init``: a hub where there was none."""

import os
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

import typer
from sqlalchemy.exc import ProgrammingError

from hub.directory.network import NetworkInvalid
from hub.main.genesis import DatabaseTakenError, create_hub
from hub.main.options import DEFAULT, Address, Folder, place, settings
from hub.main.output import fail, out


def register(top: typer.Typer) -> None:
    """Hang the command in at the top."""
    top.command("init")(init)


def init(
    data_dir: Folder = DEFAULT,
    database: Address = None,
    hub_id: Annotated[str, typer.Option(help="Name des Hubs, für immer.")] = "",
    network: Annotated[
        list[Path] | None, typer.Option(help="Netzdatei mit vorgeschlagenen Teilnehmern.")
    ] = None,
) -> None:
    """Richtet einen Hub ein: Schlüssel, Datenbank, vorgeschlagene Teilnehmer."""
    name = hub_id or (urlsplit(settings().public_url).hostname or "")
    data = place(data_dir, database)
    # What a hub has is its own; no file of it is made for others to read.
    os.umask(0o077)
    try:
        proposed = create_hub(data, name, tuple(network or ()))
    except DatabaseTakenError:
        raise fail("In dieser Datenbank ist schon ein Hub; sie bleibt, wie sie ist.") from None
    except FileExistsError:
        raise fail("Hier ist schon ein Hub eingerichtet; er bleibt, wie er ist.") from None
    except NetworkInvalid as invalid:
        findings = "\n".join(f"  {place}: {what}" for place, what in invalid.findings)
        raise fail(f"Die Netzdatei ist nicht brauchbar:\n{findings}") from None
    except ProgrammingError:
        raise fail("Der Benutzer darf in dieser Datenbank keine Tabellen anlegen.") from None
    except ValueError as unfit:
        raise fail(str(unfit)) from None
    out.print(f"Hub {name} eingerichtet in {data.path}; {proposed} Stellen vorgeschlagen.")
