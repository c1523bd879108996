# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Commands of the signer: ``signer adopt``, ``begin``, ``new-key``, ``serve``.

It is meant to run as a user of its own, whose folder nobody else can enter; a folder of its own on
the same machine is the least of it.
"""

import os
import signal
from pathlib import Path
from types import FrameType
from typing import Annotated, Any

import typer

from hub.audit.checkpoint import Checkpoint, parse_text
from hub.audit.merkle import Unproven
from hub.audit.note import Signer, parse_note
from hub.audit.signing.own import keys_in
from hub.audit.signing.strict import STATE, StrictSigner, begin
from hub.audit.tree import read_checkpoint
from hub.errors import Failure
from hub.main.options import DEFAULT, Address, Folder, hub_in
from hub.main.output import fail, failure_text, out, system_text
from hub.main.signer_keys import KEYS, load_keys, make_key, make_on_token
from hub.main.signing import listening
from hub.store.engine import open_database
from hub.telemetry import configure

app = typer.Typer(help="Unterschreibt das Protokoll, für sich allein.", no_args_is_help=True)
State = Annotated[Path, typer.Option("--state", help="Ordner des Unterschreibers.")]


def register(top: typer.Typer) -> None:
    """Hang these commands in at the top."""
    top.add_typer(app, name="signer")


@app.command("serve")
def serve(
    state: State,
    socket: Annotated[Path, typer.Option(help="Pfad, an dem der Hub fragt.")],
) -> None:
    """Unterschreibt, was das bisher Unterschriebene fortsetzt, und sonst nichts."""
    os.umask(0o077)
    configure(level="info")
    try:
        with listening(socket, load_signer(state)) as server:
            signal.signal(signal.SIGTERM, _end)
            server.serve_forever()
    except KeyboardInterrupt:
        return
    except OSError as trouble:
        raise fail(f"Der Unterschreiber startet nicht: {system_text(trouble)}") from None
    except (Unproven, ValueError, KeyError, TypeError) as doubt:
        raise fail(f"Der Unterschreiber startet nicht: {doubt}") from None


@app.command("adopt")
def adopt(state: State, data_dir: Folder = DEFAULT, database: Address = None) -> None:
    """Nimmt einem eingerichteten Hub, der nicht läuft, den Schlüssel des Protokolls ab."""
    data = hub_in(data_dir, database)
    with data.locked():
        opened = open_database(data.place)
        try:
            with opened.reading.connect() as connection:
                head = read_checkpoint(connection)
        finally:
            opened.dispose()
        keys = [Signer(head[0].origin, each) for each in keys_in(data.keys)] if head else []
        if head is None or not keys:
            raise fail("Hier liegt kein Schlüssel des Protokolls.")
        files = sorted(data.keys.glob("log*.pem"))
        for path in files:
            _copy(path, state / KEYS / path.name)
        _begin(state, keys, head[0])
        for path in files:
            path.unlink()
    out.print(f"Übernommen bei {head[0].size} Einträgen. Dem Hub sagen: MELDEWEG_SIGNER=…")


@app.command("begin")
def begin_(
    state: State,
    origin: Annotated[str, typer.Option(help="Name des Protokolls, etwa hub.example/log2.")],
    checkpoint: Annotated[Path, typer.Option(help="Prüfpunkt, von dem es weitergeht.")],
) -> None:
    """Macht einen neuen Schlüssel unter einem neuen Namen, ab einem Prüfpunkt."""
    try:
        known = parse_text(parse_note(checkpoint.read_text("utf-8")).text)
    except (OSError, Unproven):
        raise fail(f"Das ist kein Prüfpunkt: {checkpoint}") from None
    verifier = make_key(state / KEYS, origin)
    _begin(state, load_keys(state, origin), Checkpoint(origin, known.size, known.root))
    out.print(verifier.vkey, markup=False)


@app.command("new-key")
def new_key(
    state: State,
    module: Annotated[str, typer.Option(help="Bibliothek eines Tokens (PKCS#11).")] = "",
    token: Annotated[str, typer.Option(help="Name des Tokens.")] = "",
    label: Annotated[str, typer.Option(help="Name des Schlüssels darauf.")] = "protokoll",
) -> None:
    """Macht einen weiteren Schlüssel; nach dem Neustart unterschreiben beide."""
    folder, name = state / KEYS, _origin(state)
    if not module:
        out.print(make_key(folder, name).vkey, markup=False)
        return
    said = {"module": module, "token": token, "label": label}
    try:
        out.print(make_on_token(folder, name, said).vkey, markup=False)
    except Failure as trouble:
        raise fail(failure_text(trouble)) from None


def load_signer(state: Path) -> StrictSigner:
    """Return the signer of a folder; raises ``Unproven`` where that does not hold together."""
    return StrictSigner(state, load_keys(state, _origin(state)))


def _origin(state: Path) -> str:
    """Return the name of the log, which its last checkpoint says."""
    try:
        return parse_text(parse_note((state / STATE).read_text("utf-8")).text).origin
    except FileNotFoundError:
        raise Unproven("hier ist nichts; zuerst „signer adopt“") from None


def _begin(state: Path, keys: Any, checkpoint: Checkpoint) -> None:
    try:
        begin(state, keys, checkpoint)
    except FileExistsError:
        raise fail(f"In {state} ist schon ein Unterschreiber.") from None


def _copy(path: Path, to: Path) -> None:
    """Bring a key over; it is on the other disk when this returns."""
    to.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor = os.open(to, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(path.read_bytes())
        file.flush()
        os.fsync(file.fileno())


def _end(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt
