# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Commands of an organisation: ``agency new``, ``agency publish``."""

from pathlib import Path
from typing import Annotated

import typer

from hub.audit.merkle import Unproven
from hub.client.agency import Agency, add_person_key
from hub.client.enrolment import hand_in, prepare, publish
from hub.client.log_keys import trust
from hub.main.output import Json, fail, out, show
from hub.main.telling import told

app = typer.Typer(help="Der Ordner einer Stelle.", no_args_is_help=True)


def register(top: typer.Typer) -> None:
    """Hang these commands in below ``agency``."""
    top.add_typer(app, name="agency")


@app.callback()
def agency() -> None:
    """Der Ordner einer Stelle."""


@app.command("new")
def new(
    folder: Annotated[Path, typer.Argument(help="Ordner, der angelegt wird.")],
    organisation: Annotated[str, typer.Option("--id", help="Kennung der Stelle.")],
    hub: Annotated[str, typer.Option(help="Adresse des Hubs.")],
    code: Annotated[str, typer.Option(help="Einmalcode vom Betreiber.")],
    hub_key: Annotated[str, typer.Option(help="Protokollschlüssel des Hubs (vkey).")] = "",
    as_json: Json = False,
) -> None:
    """Legt die Schlüssel einer Stelle an und reicht ihren unterschriebenen Eintrag ein."""
    enrolled = told(lambda: prepare(folder, organisation, hub, hub_key or None))
    said = {
        "organisation": enrolled.organisation,
        "fingerprint": enrolled.fingerprint,
        "folders": [str(path) for path in enrolled.folders],
    }
    lines = [
        f"Fingerabdruck des Wurzelschlüssels: {enrolled.fingerprint}",
        "Bitte am Telefon mit dem Betreiber vergleichen; erst dann gilt der Eintrag.",
        *(f"Ordner: {path}" for path in enrolled.folders),
    ]
    # Shown before it is handed in: it stands then, even if the answer is lost.
    show(said, as_json, "\n".join(lines))
    told(lambda: hand_in(folder, code))


@app.command("trust-log")
def trust_log(
    folder: Annotated[Path, typer.Argument(help="Ordner der Einheit.")],
    vkey: Annotated[str, typer.Argument(help="Neuer Protokollschlüssel, nicht vom Hub selbst.")],
) -> None:
    """Glaubt einem Protokoll unter neuem Namen, nachdem der alte Schlüssel in fremder Hand war."""
    try:
        trust(vkey, Agency.load(folder))
    except FileNotFoundError:
        raise fail(f"Das ist kein Ordner einer Einheit: {folder}") from None
    except Unproven:
        raise fail("Das ist kein Schlüssel eines Protokolls dieses Hubs.") from None
    out.print("Ab jetzt gilt nur dieser Schlüssel.")


@app.command("publish")
def publish_keys(
    folder: Annotated[Path, typer.Argument(help="Ordner der Stelle mit dem Wurzelschlüssel.")],
    new_person_key: Annotated[
        bool, typer.Option("--new-person-key", help="Neuer Leseschlüssel für Rückmeldungen.")
    ] = False,
    new_signing_key: Annotated[
        bool,
        typer.Option("--new-signing-key", help="Neuer Signaturschlüssel; der alte endet jetzt."),
    ] = False,
) -> None:
    """Veröffentlicht die Schlüssel, die jetzt in den Ordnern der Stelle liegen."""
    if new_person_key:
        key = add_person_key(folder)
        out.print(f"Neuer Leseschlüssel: {key.kid}")
    version = told(lambda: publish(folder, new_signing_key=new_signing_key))
    out.print(f"Veröffentlicht als Fassung {version}.")
