# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""How commands speak: German sentences for people, JSON for programs, an exit code for both."""

import json
from typing import Annotated, Any

import typer
from rich.console import Console

from hub.client.answers import Refused
from hub.errors import Refusal

out = Console(highlight=False, soft_wrap=True)
err = Console(stderr=True, highlight=False, soft_wrap=True)

Json = Annotated[bool, typer.Option("--json", help="Ausgabe als JSON.")]


def show(said: Any, as_json: bool, text: str) -> None:
    """Print what was found, in one of the two forms."""
    out.print(json.dumps(said, ensure_ascii=False, indent=1) if as_json else text, markup=False)


def fail(text: str, code: int = 1) -> typer.Exit:
    """Say why it did not work; raise what this returns."""
    err.print(text, markup=False)
    return typer.Exit(code)


def refusal_text(refusal: Refusal | Refused) -> str:
    """Say what was refused, where, on which rule, and what would be allowed. Never a value."""
    parts = [f"Zurückgewiesen ({refusal.code}): {refusal.detail}"]
    if refusal.pointers:
        parts.append("Stelle: " + ", ".join(refusal.pointers))
    if refusal.basis:
        parts.append(f"Grundlage: {refusal.basis}")
    if refusal.allowed:
        parts.append("Erlaubt wäre: " + ", ".join(refusal.allowed))
    advice = getattr(refusal, "advice", "")
    if advice:
        parts.append(f"Was tun: {advice}")
    return "\n".join(parts)
