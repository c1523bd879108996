# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Commands about how an organisation stands: who follows, under which contract, with which keys."""

from typing import Annotated

import typer

from hub.main import participants
from hub.main.options import DEFAULT, Address, Folder, hub_in
from hub.main.output import Json, show
from hub.main.participants import Alone, By, Organisation, operated, person


def register(top: typer.Typer) -> None:
    """Hang these commands in below ``participants``, beside those that stand there."""
    for name, command in (
        ("succeed", succeed),
        ("contract", contract),
        ("revoke-key", revoke_key),
    ):
        participants.app.command(name)(command)
    participants.register(top)


def succeed(
    organisation: Organisation,
    by_organisation: Annotated[str, typer.Option("--by", help="Kennung der Nachfolgerin.")],
    on: Annotated[str, typer.Option(help="Tag als JJJJ-MM-TT.")],
    operator: Annotated[str, typer.Option(help="Wer das tut.")] = "",
    data_dir: Folder = DEFAULT,
    database: Address = None,
    as_json: Json = False,
) -> None:
    """Trägt ein, welche Stelle von einem Tag an an die Stelle einer anderen tritt."""
    request = {"act": "succeed", "organisation": organisation, "successor": by_organisation}
    request |= {"on": on, "by": person(operator)}
    said = operated(hub_in(data_dir, database), request)
    show(said, as_json, f"Ab {on} beginnt Neues bei {by_organisation}; Laufendes geht zu Ende.")


def contract(
    organisation: Organisation,
    dated: Annotated[str, typer.Option(help="Tag des Vertrags als JJJJ-MM-TT.")],
    reference: Annotated[str, typer.Option(help="Aktenzeichen oder Fundstelle des Vertrags.")],
    by: By = "",
    data_dir: Folder = DEFAULT,
    database: Address = None,
    as_json: Json = False,
) -> None:
    """Trägt den Vertrag zur Auftragsverarbeitung ein (Art. 28 DSGVO, § 80 SGB X)."""
    request = {"act": "contract", "organisation": organisation, "dated": dated}
    request |= {"reference": reference, "by": person(by)}
    said = operated(hub_in(data_dir, database), request)
    show(said, as_json, f"Vertrag für {organisation} eingetragen.")


def revoke_key(
    organisation: Organisation,
    kid: Annotated[str, typer.Argument(help="Fingerabdruck des Schlüssels.")],
    reason: Annotated[str, typer.Option(help="compromised, lost oder holder-left.")],
    by: By = "",
    alone: Alone = "",
    data_dir: Folder = DEFAULT,
    database: Address = None,
    as_json: Json = False,
) -> None:
    """Widerruft im Notfall einen Schlüssel; eine zweite Person wiederholt den Befehl."""
    request = {"act": "revoke-key", "organisation": organisation, "kid": kid, "reason": reason}
    request |= {"by": person(by), "alone": alone}
    said = operated(hub_in(data_dir, database), request)
    texts = {
        "revoked": "Der Schlüssel ist widerrufen; er gilt ab sofort nicht mehr.",
        "doubted": "Vorgemerkt. Widerrufen ist der Schlüssel erst, wenn eine zweite Person "
        "denselben Befehl gibt; bis dahin sperrt „participants suspend“ die Stelle sofort.",
    }
    show(said, as_json, texts[said["status"]])
