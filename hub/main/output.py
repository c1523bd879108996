# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""How commands speak: German sentences for people, JSON for programs, an exit code for both."""

import errno
import json
from typing import Annotated, Any, Final, Protocol

import typer
from rich.console import Console

from hub.errors import Failure
from hub.main.texts import load_problem_texts

out = Console(highlight=False, soft_wrap=True)
err = Console(stderr=True, highlight=False, soft_wrap=True)

Json = Annotated[bool, typer.Option("--json", help="Ausgabe als JSON.")]

_SYSTEM: Final = {
    errno.ENOENT: "Das gibt es nicht",
    errno.EEXIST: "Das gibt es schon",
    errno.EACCES: "Darauf ist kein Zugriff",
    errno.ENOTDIR: "Das ist kein Ordner",
    errno.ENOSPC: "Der Speicher ist voll",
    errno.EADDRINUSE: "Der Anschluss ist belegt",
    errno.EADDRNOTAVAIL: "Diese Adresse hat der Rechner nicht",
}


class Told(Protocol):
    """A refusal, be it one of this side or one that a hub sent."""

    @property
    def code(self) -> str: ...
    @property
    def detail(self) -> str: ...
    @property
    def pointers(self) -> tuple[str, ...]: ...
    @property
    def basis(self) -> str | None: ...
    @property
    def allowed(self) -> tuple[str, ...]: ...


def show(said: Any, as_json: bool, text: str) -> None:
    """Print what was found, in one of the two forms."""
    out.print(json.dumps(said, ensure_ascii=False, indent=1) if as_json else text, markup=False)


def fail(text: str, code: int = 1) -> typer.Exit:
    """Say why it did not work; raise what this returns."""
    err.print(text, markup=False)
    return typer.Exit(code)


def refusal_text(refusal: Told) -> str:
    """Say what was refused, where, on which rule, and what would be allowed. Never a value."""
    text = load_problem_texts().get(refusal.code, {})
    parts = [f"Zurückgewiesen ({refusal.code}): {text.get('title_de', '')}"]
    if refusal.detail:
        parts.append(refusal.detail)
    if any(refusal.pointers):
        parts.append("Stelle: " + ", ".join(refusal.pointers))
    if refusal.basis:
        parts.append(f"Grundlage: {refusal.basis}")
    if refusal.allowed:
        parts.append("Erlaubt wäre: " + ", ".join(refusal.allowed))
    if advice := text.get("advice_de"):
        parts.append(f"Was tun: {advice.strip()}")
    return "\n".join(parts)


def failure_text(failure: Failure) -> str:
    """Say which trouble there is; trying again may help."""
    return f"Das geht gerade nicht ({failure.code}): {failure}"


def system_text(trouble: OSError) -> str:
    """Say what the system refused; a path in it is what the operator typed."""
    said = _SYSTEM.get(trouble.errno or 0) or trouble.strerror or str(trouble)
    return f"{said}: {trouble.filename}" if trouble.filename else said
