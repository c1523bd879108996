# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""What is said back about an order: what became of it, in German, without a value of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Final, Literal

from ruamel.yaml import YAML

from hub.adapters.sending.order import OrderUnfit
from hub.client.addressing import REASONS, ResponsibleElsewhere
from hub.client.answers import Refused
from hub.client.hints import HintsUnseen
from hub.errors import Refusal
from hub.schemas import SPECS

Outcome = Literal["angenommen", "abgewiesen", "wartet"]
WAITS: Final = "hub-unreachable"


@dataclass(frozen=True)
class Report:
    """What became of an order."""

    outcome: Outcome
    text: str
    code: str = ""
    message: str | None = None
    conversation: str | None = None
    index: int | None = None
    """Number of its entry in the log of the hub."""
    pointers: tuple[str, ...] = ()
    """Into the order."""
    advice: str = ""

    def as_json(self) -> dict[str, Any]:
        """Return what is written into ``…bericht.json``."""
        said: dict[str, Any] = {
            "v": 1,
            "ergebnis": self.outcome,
            "text": self.text,
            "code": self.code or None,
            "nachricht": self.message,
            "vorgang": self.conversation,
            "eintrag": self.index,
            "stellen": list(self.pointers),
            "rat": self.advice or None,
        }
        return {name: value for name, value in said.items() if value not in (None, [])}

    @classmethod
    def of(cls, said: Mapping[str, Any]) -> "Report":
        """Take what ``as_json`` returned."""
        return cls(
            said["ergebnis"],
            said["text"],
            said.get("code", ""),
            said.get("nachricht"),
            said.get("vorgang"),
            said.get("eintrag"),
            tuple(said.get("stellen", ())),
            said.get("rat", ""),
        )


def refused(problem: Refusal | Refused) -> Report:
    """Say why an order was not sent, be it this side that refuses or the hub."""
    about = _texts().get(problem.code, {})
    title = about.get("title_de", "Der Auftrag passt nicht")
    text = f"{title.rstrip('.')}. {problem.detail}".strip()
    pointers = tuple(_in_order(each) for each in problem.pointers)
    if problem.allowed:
        text += f" Erlaubt wäre: {', '.join(problem.allowed)}."
    advice = about.get("advice_de", "").strip()
    return Report("abgewiesen", text, problem.code, pointers=pointers, advice=advice)


def unfit(problem: OrderUnfit) -> Report:
    """Say why what was put down is no order."""
    return Report("abgewiesen", problem.detail, problem.code, pointers=problem.pointers)


def elsewhere(found: ResponsibleElsewhere) -> Report:
    """Say which office is responsible instead; whoever means the other one says why."""
    text = f"Zuständig ist {found.office.name}. {found.office.reason}"
    advice = f"Soll es trotzdem dorthin gehen, nennt „reason“ den Grund: {', '.join(REASONS)}."
    return Report("abgewiesen", text, "responsible-elsewhere", pointers=("/to",), advice=advice)


def hinted(unseen: HintsUnseen) -> Report:
    """Say where a text may identify somebody that must not be identified."""
    pointers = tuple(dict.fromkeys(_in_order(each.pointer) for each in unseen.hints))
    text = "Diese Beratung läuft ohne Angaben, an denen man jemanden erkennt (§ 4 Abs. 2 KKG)."
    advice = "Ansehen; macht nichts davon jemanden erkennbar: „hints_seen“ auf true."
    return Report("abgewiesen", text, "hints-unseen", pointers=pointers, advice=advice)


def waiting(message: str | None = None) -> Report:
    """Say that the hub does not answer; the order stays and is sent by itself."""
    text = "Der Hub antwortet nicht; es wird weiter versucht."
    return Report("wartet", text, WAITS, message=message)


def _in_order(pointer: str) -> str:
    """Return a pointer into the order for one into the content."""
    return pointer if pointer.startswith(_OWN) else f"/content{pointer}"


_OWN: Final = (
    "/protocol", "/step", "/urgency", "/content", "/to", "/ags", "/conversation", "/lb", "/kind",
)  # fmt: skip


@cache
def _texts() -> Mapping[str, Mapping[str, str]]:
    texts = (SPECS / "problems.yaml").read_text("utf-8")
    read: Mapping[str, Mapping[str, str]] = YAML(typ="safe", pure=True).load(texts)
    return read
