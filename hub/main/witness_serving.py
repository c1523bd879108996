# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""``meldeweg witness serve``: cosigns what grows, and tells when a log contradicts itself."""

import os
from pathlib import Path
from typing import Annotated, Final

import structlog
import typer

from hub import clock
from hub.audit.witness.evidence import Contradiction
from hub.audit.witness.watching import Witness
from hub.errors import Failure
from hub.main.alarming import Tell, telling
from hub.main.options import settings
from hub.main.output import fail, system_text
from hub.main.witness_evidence import text_of
from hub.main.witness_folder import WitnessFolder
from hub.telemetry import configure
from hub.web.server import Listener, Patience
from hub.web.server import serve as listen
from hub.web.witness import create_witness

PORT: Final = 7380
_log = structlog.stdlib.get_logger()


def serve(
    folder: Annotated[
        Path, typer.Option("--state", envvar="MELDEWEG_WITNESS_STATE", help="Ordner des Zeugen.")
    ] = Path("var/zeuge"),
    host: Annotated[str, typer.Option(help="Adresse, auf der gehört wird.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Anschluss.")] = PORT,
    behind_proxy: Annotated[str, typer.Option(help="Adresse des Reverse Proxy davor.")] = "",
    certificate: Annotated[Path | None, typer.Option(help="Zertifikat mit Kette (PEM).")] = None,
    private_key: Annotated[Path | None, typer.Option(help="Sein Schlüssel (PEM).")] = None,
) -> None:
    """Startet den Zeugen; endet sauber bei Strg-C oder SIGTERM."""
    place = WitnessFolder(folder)
    if not place.is_there:
        raise fail(f"In {folder} ist kein Zeuge; mit „meldeweg witness init“ einrichten.")
    os.umask(0o077)
    chosen = settings()
    configure(level=chosen.log_level)
    listener = Listener(
        host, port, certificate, private_key, frozenset(filter(None, [behind_proxy]))
    )
    try:
        with place.locked():
            witness = open_witness(place, telling(chosen))
            listen(create_witness(witness), listener, patience=Patience())
    except Failure as trouble:
        raise fail(f"Der Zeuge startet nicht ({trouble.code}): {trouble}") from None
    except OSError as trouble:
        raise fail(f"Der Zeuge startet nicht: {system_text(trouble)}") from None
    except ValueError as wrong:
        raise fail(f"Der Zeuge startet nicht: {wrong}") from None


def open_witness(place: WitnessFolder, tell: Tell) -> Witness:
    """Put a witness together; whoever is to be told hears of each contradiction once."""

    def found(contradiction: Contradiction) -> None:
        _log.critical("witness.contradiction", kind=contradiction.what)
        tell(f"Widerspruch im Protokoll {contradiction.origin}", text_of(contradiction))

    return Witness(place.cosigners(), place.shelf, place.drawer, clock.now, found)
