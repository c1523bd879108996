# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""``meldeweg connector init``: a first file of a connector, for people to read and to alter."""

import json
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Final

import typer

from hub.client import Agency
from hub.main.output import fail, out, system_text

FILE: Final = "connector.toml"
ADDRESS: Final = "http://localhost:8083"
TEXT: Final = """\
# Anbindung für {units} am Hub {hub}.
# Anleitung: docs/anbindung.md; alle Einstellungen: docs/adapter.md.
# Prüfen: meldeweg connector --config {file} check
# Starten: meldeweg connector --config {file}
# Relative Pfade beginnen bei dieser Datei.

# Ordner der Einheiten, für die diese Anbindung arbeitet.
agencies = {agencies}

# Eigener Zustand. Was abgeholt ist, liegt darin versiegelt, bis es zu Ende ist.
data_dir = "zustand"

# Ab welcher Stufe gemeldet wird: debug, info, warning, error. Inhalte stehen in keiner.
log_level = "info"

# Der Eingang: hier sehen und beantworten Menschen, was gekommen ist.
[inbox]
# Adresse, unter der sie ihn öffnen. Passkeys gelten für den Rechnernamen darin; ändert er sich,
# muss jeder einen neuen anlegen.
public_url = {public_url}
# Worauf er hört. Jenseits dieses Rechners nur mit TLS: Entweder spricht es ein Reverse Proxy …
host = "127.0.0.1"
port = {port}
{proxy}
# … oder der Eingang selbst, mit Zertifikat samt Kette und Schlüssel (PEM).
#certificate = "tls/kette.pem"
#private_key = "tls/schluessel.pem"
# Wer ihn betreibt, für die Seiten zu Datenschutz und Barrierefreiheit.
{operator}
#operator_mail = "it@stadt.example"
#operator_telephone = "0221 4710400"
#data_protection_contact = "datenschutz@stadt.example"

# Wer helfen kann, wenn diese Stelle nicht kann; steht auf jeder Seite.
#[inbox.neighbour]
#name = "Bereitschaftsdienst des Kreises"
#telephone = "0221 4710100"

# Ohne ein Ziel liegt alles im Eingang. Mit diesem kommt es auch als Datei in einen Ordner.
#[[target]]
#kind = "folder"
#path = "/srv/posteingang"
#forms = ["pdf", "json"]
"""


def register(top: typer.Typer) -> None:
    """Hang the command in below ``connector``."""
    top.command("init")(init)


def init(
    folder: Annotated[Path, typer.Argument(help="Ordner, der angelegt wird.")],
    agency: Annotated[
        list[Path], typer.Option("--agency", help="Ordner der Einheit; mehrmals für mehrere.")
    ],
    public_url: Annotated[str, typer.Option(help="Adresse des Eingangs im Browser.")] = ADDRESS,
    port: Annotated[int, typer.Option(help="Anschluss des Eingangs.")] = 8083,
    behind_proxy: Annotated[
        str, typer.Option(help="Adresse des Reverse Proxy, der TLS spricht.")
    ] = "",
    operator: Annotated[str, typer.Option(help="Wer den Eingang betreibt.")] = "",
) -> None:
    """Legt einen Ordner mit der Datei einer Anbindung an, mit dem Eingang und ohne Ziel."""
    units = _read(agency)
    file = folder / FILE
    text = TEXT.format(
        units=", ".join(each.id for each in units),
        hub=units[0].hub.url,
        file=file,
        agencies=_said([str(each.path.resolve()) for each in units]),
        public_url=_said(public_url),
        port=port,
        proxy=_line("behind_proxy", behind_proxy, "127.0.0.1"),
        operator=_line("operator", operator, "Stadt Musterstadt, Amt für Informationstechnik"),
    )
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        _write_new(file, text)
    except OSError as trouble:
        raise fail(system_text(trouble)) from None
    out.print(f"Angelegt: {file}\nPrüfen: meldeweg connector --config {file} check", markup=False)


def _read(folders: Sequence[Path]) -> list[Agency]:
    try:
        return [Agency.load(each) for each in folders]
    except PermissionError as trouble:
        raise fail(f"Ein Schlüssel lässt sich nicht öffnen: {trouble}") from None
    except (OSError, ValueError, KeyError):
        raise fail("Das ist kein Ordner einer Einheit; „agency new“ legt ihn an.") from None


def _write_new(file: Path, text: str) -> None:
    """Write a file that only its owner reads, where there is none: what people wrote stays."""
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as opened:
        opened.write(text)


def _line(name: str, value: str, example: str) -> str:
    return f"{name} = {_said(value)}" if value else f"#{name} = {_said(example)}"


def _said(value: str | list[str]) -> str:
    """Return a value as TOML has it, which for texts and lists of them is as JSON has it."""
    return json.dumps(value, ensure_ascii=False)
