# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""``meldeweg connector keys``: wrap the reading keys of a unit, and sign with a token."""

from pathlib import Path
from typing import Annotated, Final

import typer

from hub.client.keyring import REFERENCE, SIGNATURES
from hub.client.wrapped import VARIABLE, Passphrase, relock
from hub.main.output import fail, out

STATE: Final = "connector"
OWN: Final = ("spool.key", "lesebuch/log.key")
Folder = Annotated[Path, typer.Option("--agency", help="Ordner der Einheit.")]
Module = Annotated[str, typer.Option(help="Bibliothek des Tokens (PKCS#11), eine .so-Datei.")]
Token = Annotated[str, typer.Option(help="Name des Tokens.")]
State = Annotated[
    Path | None, typer.Option(help="Eigener Zustandsordner der Anbindung, wenn sie einen hat.")
]


def register(top: typer.Typer) -> None:
    """Hang these commands in below ``connector``."""
    app = typer.Typer(help="Schlüssel der Einheit verschließen.", no_args_is_help=True)
    app.command("lock")(lock)
    app.command("unlock")(unlock)
    app.command("token")(token)
    top.add_typer(app, name="keys")


def lock(
    agency: Folder,
    passphrase: Annotated[
        bool, typer.Option("--passphrase", help=f"Mit der Passphrase aus {VARIABLE}.")
    ] = False,
    module: Module = "",
    token: Token = "",
    label: Annotated[str, typer.Option(help="Name des Schlüssels im Token.")] = "meldeweg",
    state: State = None,
) -> None:
    """Verschließt die Leseschlüssel mit einer Passphrase oder mit einem Schlüssel im Token."""
    if passphrase == bool(module and token):
        raise fail("Entweder „--passphrase“, oder „--module“ und „--token“.")
    if passphrase:
        names = relock(agency / "keys", Passphrase(), *_own(agency, state))
    else:
        from hub.client.pkcs11 import Slot, TokenLock  # noqa: PLC0415  only where there is one

        made = TokenLock.make(Slot(module, token, label))
        names = relock(agency / "keys", made, *_own(agency, state))
    out.print(f"Verschlossen: {', '.join(names)}")


def unlock(agency: Folder, state: State = None) -> None:
    """Legt die Leseschlüssel wieder offen ab."""
    names = relock(agency / "keys", None, *_own(agency, state))
    out.print(f"Offen: {', '.join(names)}")


def token(
    agency: Folder,
    module: Module,
    token: Token,
    use: Annotated[str, typer.Option(help="signing oder token.")] = "signing",
    label: Annotated[str, typer.Option(help="Name des Schlüssels im Token.")] = "",
) -> None:
    """Erzeugt im Token den nächsten Schlüssel zum Unterschreiben; „keys rotate“ kündigt ihn an."""
    if use not in SIGNATURES:
        raise fail(f"Diesen Zweck gibt es nicht; es gibt: {', '.join(SIGNATURES)}.")
    from hub.client.pkcs11 import Slot, make_token_key  # noqa: PLC0415  only where there is one

    keys = agency / "keys"
    number = len(list(keys.glob(f"{use}*{REFERENCE}"))) + 1
    slot = Slot(module, token, label or f"meldeweg-{use}-{number}")
    made = make_token_key(slot, keys / f"{use}.next{REFERENCE}")
    out.print(f"Im Token erzeugt: {made.kid}\nNächster Schritt: meldeweg keys rotate … {use}")


def _own(agency: Path, state: Path | None) -> tuple[Path, ...]:
    """Return the keys of the connector itself: of its spool, and of the log of reading."""
    folder = agency / STATE if state is None else state
    return tuple(folder / each for each in OWN)
