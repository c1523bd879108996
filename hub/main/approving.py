# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Commands of whoever approves: ``audit approve``, ``audit approver add``, ``list``, ``remove``.

``approve`` needs no hub, no database and no network: it runs on a machine of the data protection
officer, and what it writes is carried over.
"""

import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Final

import typer
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from hub import clock
from hub.audit.approval import ACTS, Claim, sign_approval
from hub.audit.approvers import read_approvers
from hub.audit.note import Signer, parse_vkey
from hub.errors import Refusal
from hub.main.betrieb import operate
from hub.main.options import DEFAULT, Address, Folder, hub_in
from hub.main.output import Json, fail, out, refusal_text, show
from hub.sealing.canonical import digest
from hub.settings import Settings
from hub.store.engine import open_database

app = typer.Typer(help="Wer freigibt, was nicht allein dem Betrieb zusteht.", no_args_is_help=True)
_BY_NAME: Final = "name"
Vkey = Annotated[str, typer.Argument(help="Schlüssel der freigebenden Person, eine Zeile.")]
Approval = Annotated[Path | None, typer.Option("--approval", help="Datei mit der Freigabe dafür.")]


def register(top: typer.Typer) -> None:
    """Hang these commands in below ``audit``."""
    top.command("approve")(approve)
    top.add_typer(app, name="approver")


def approve(
    key: Annotated[Path, typer.Option(help="Datei mit dem eigenen geheimen Schlüssel.")],
    hub: Annotated[str, typer.Option(help="Name des Hubs, etwa hub.musterstadt.de.")] = "",
    act: Annotated[str, typer.Option(help=f"Was: {', '.join(ACTS)}.")] = "",
    subject: Annotated[str, typer.Option(help="Digest dessen, wofür; der Betrieb nennt ihn.")] = "",
    to: Annotated[Path | None, typer.Option("--out", help="Datei für die Freigabe.")] = None,
    new_key: Annotated[
        str, typer.Option("--new-key", help="Name, unter dem ein neuer Schlüssel entsteht.")
    ] = "",
) -> None:
    """Unterschreibt eine Freigabe; ohne Hub, auf dem Rechner der freigebenden Person."""
    if new_key:
        out.print(_make_key(key, new_key).verifier.vkey, markup=False)
        return
    if not (hub and to):
        raise fail("Zu nennen sind „--hub“, „--act“, „--subject“ und „--out“.")
    try:
        claim = Claim(act, subject)
    except ValueError:
        raise fail(f"Freigegeben wird mit Digest eines von: {', '.join(ACTS)}.") from None
    note = sign_approval(hub, claim, datetime.fromtimestamp(clock.now(), UTC), _load_key(key))
    _write(to, note)
    out.print(f"Unterschrieben nach {to}; gilt 30 Tage und einmal.", markup=False)


@app.command("add")
def add(
    vkey: Vkey,
    approval: Approval = None,
    data_dir: Folder = DEFAULT,
    database: Address = None,
) -> None:
    """Trägt jemanden ein; ist schon jemand eingetragen, nur mit dessen Freigabe."""
    _speak("added", vkey, approval, data_dir, database)
    out.print(f"Eingetragen: {vkey}", markup=False)


@app.command("remove")
def remove(
    vkey: Vkey,
    approval: Approval = None,
    data_dir: Folder = DEFAULT,
    database: Address = None,
) -> None:
    """Nimmt jemanden aus; auch dafür braucht es eine Freigabe."""
    _speak("removed", vkey, approval, data_dir, database)
    out.print(f"Ausgetragen: {vkey}", markup=False)


@app.command("list")
def list_(data_dir: Folder = DEFAULT, database: Address = None, as_json: Json = False) -> None:
    """Zeigt, wessen Freigabe zählt."""
    opened = open_database(hub_in(data_dir, database).place)
    try:
        with opened.reading.connect() as connection:
            found = [
                {"vkey": each.vkey, "digest": digest(each.vkey)}
                for each in read_approvers(connection)
            ]
    finally:
        opened.dispose()
    text = "\n".join(each["vkey"] for each in found)
    show(found, as_json, text or "Niemand: Der Betrieb entscheidet allein.")


def read_approval(path: Path | None) -> str:
    """Return the note in a file of an approval; empty where none was given."""
    if path is None:
        return ""
    try:
        return path.read_text("utf-8")
    except (OSError, UnicodeDecodeError):
        raise fail(f"Die Freigabe ist nicht lesbar: {path}") from None


def _speak(
    word: str, vkey: str, approval: Path | None, folder: Path | None, address: str | None
) -> None:
    request = {"act": "approver", "word": word, "vkey": vkey, "approval": read_approval(approval)}
    try:
        operate(hub_in(folder, address), Settings().public_url, request)
    except Refusal as refusal:
        raise fail(refusal_text(refusal)) from None


def _make_key(path: Path, name: str) -> Signer:
    private = Ed25519PrivateKey.generate()
    try:
        made = Signer(name, private)
    except ValueError:
        raise fail("Ein Name hat weder Leerzeichen noch Pluszeichen.") from None
    parse_vkey(made.verifier.vkey)
    pem = private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
    _write(path, f"{_BY_NAME}: {name}\n{pem}")
    return made


def _load_key(path: Path) -> Signer:
    try:
        head, _, pem = path.read_text("ascii").partition("\n")
        private = load_pem_private_key(pem.encode(), None)
    except (OSError, ValueError):
        raise fail(f"Darin ist kein Schlüssel: {path}") from None
    word, _, name = head.partition(": ")
    if word != _BY_NAME or not isinstance(private, Ed25519PrivateKey):
        raise fail(f"Darin ist kein Schlüssel, den „--new-key“ gemacht hat: {path}")
    return Signer(name, private)


def _write(path: Path, text: str) -> None:
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except OSError as trouble:
        raise fail(f"Das lässt sich nicht schreiben ({trouble.strerror}): {path}") from None
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
