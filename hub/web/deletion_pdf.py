# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""The proof of deletion as data and on paper: for files that outlive the programs of today.

PDF/A-3a and PDF/UA-1 with the data and every proof inside. It says what was deleted, by which law
and with whose approval, how anybody checks that, and what it does not prove. The same proof is the
same file to the last byte.
"""

import json
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from hub.clock import BERLIN
from hub.inquire.deletion import Bodies, Deletion, DeletionProof

STANDARDS: Final = ("a-3a", "ua-1")
_TEMPLATE: Final = Path(__file__).parent / "templates" / "bericht" / "loeschnachweis.typ"
_WHAT: Final = {
    "log": "Inhalte von Einträgen des Protokolls",
    "message": "Was der Hub von einer Nachricht noch wusste",
    "conversation": "Schlüssel, der Einträge einer Konversation zuordnete",
}


def as_data(found: DeletionProof, citations: Mapping[str, str]) -> bytes:
    """Return the proof as JSON; ``citations`` are those of the law by its codes."""
    said = {
        "v": 1,
        "hub": found.hub,
        "made_at": found.made_at.isoformat(),
        "size": found.size,
        "deletions": [_data(each, citations) for each in found.deletions],
    }
    return (json.dumps(said, ensure_ascii=False, indent=1) + "\n").encode()


def as_pdf(found: DeletionProof, citations: Mapping[str, str], policy: str = "") -> bytes:
    """Return the proof as a document; takes some tens of milliseconds."""
    # Eighty megabytes, which nobody else needs.
    import typst  # noqa: PLC0415

    made = typst.compile(
        _TEMPLATE.read_bytes(),
        format="pdf",
        pdf_standards=list(STANDARDS),
        ignore_system_fonts=True,
        timestamp=int(found.made_at.timestamp()),
        sys_inputs={
            "report": json.dumps(_told(found, citations, policy), ensure_ascii=False),
            "data": as_data(found, citations).decode(),
        },
    )
    assert isinstance(made, bytes)  # noqa: S101  one document, one file
    return made


def _data(each: Deletion, citations: Mapping[str, str]) -> dict[str, Any]:
    entry = each.entry
    return {
        "index": each.index,
        "id": entry.id,
        "at": entry.t,
        "kind": entry.k,
        "subject": entry.obj.model_dump(exclude_none=True),
        "law": [{"code": code, "citation": citations.get(code, code)} for code in entry.law],
        "role": entry.act.role,
        "approval": entry.rule,
        "is_gone": each.is_gone,
        "bodies": None if each.bodies is None else vars(each.bodies),
        "witnesses": [vars(seen) for seen in each.witnesses],
        "proof": each.proof,
    }


def _told(found: DeletionProof, citations: Mapping[str, str], policy: str) -> dict[str, Any]:
    at = found.made_at.astimezone(BERLIN)
    return {
        "title": "Löschnachweis",
        "hub": found.hub,
        "size": found.size,
        "made": _when(at),
        "day": {"year": at.year, "month": at.month, "day": at.day},
        "policy": policy,
        "deletions": [
            {
                "title": _WHAT[each.entry.obj.ty],
                "facts": _facts(each, citations),
                "index": str(each.index),
                "proof": each.proof,
            }
            for each in found.deletions
        ],
    }


def _facts(each: Deletion, citations: Mapping[str, str]) -> list[tuple[str, str]]:
    entry, bodies = each.entry, each.bodies
    law = ", ".join(citations.get(code, code) for code in entry.law)
    return [
        *(_of_bodies(bodies) if bodies else []),
        ("Kennung", entry.obj.d if bodies else entry.obj.id),
        ("Eingetragen", f"{_when(datetime.fromisoformat(entry.t))}, Eintrag Nr. {each.index}"),
        ("Grundlage", law),
        ("Freigabe", _approved(each)),
        ("Bezeugt", _seen(each)),
        ("Heute", _state(each)),
    ]


def _of_bodies(bodies: Bodies) -> list[tuple[str, str]]:
    unchanged = "stimmen mit der Anordnung überein" if bodies.is_unchanged else "WEICHEN AB"
    return [
        ("Bereich", f"Einträge Nr. {bodies.first} bis {bodies.last}"),
        ("Gelöscht", f"{bodies.gone} Inhalte"),
        ("Geblieben", f"{bodies.kept} Einträge der Klasse „bestand“, {bodies.left} andere"),
        ("Prüfsummen", f"alle {bodies.last - bodies.first + 1} da, sie {unchanged}"),
    ]


def _approved(each: Deletion) -> str:
    if each.entry.rule:
        return f"Datenschutz, {each.entry.rule}"
    return "nicht nötig: Frist des Gesetzes" if not each.entry.act.role else "durch den Betrieb"


def _seen(each: Deletion) -> str:
    said = [
        f"{seen.name} ({seen.key}), {_when(datetime.fromtimestamp(seen.at, BERLIN))}"
        for seen in each.witnesses
    ]
    return "; ".join(said) or "noch von niemandem außer dem Hub selbst"


def _state(each: Deletion) -> str:
    if each.is_gone:
        return "Gelöscht."
    if each.bodies is None:
        return "Noch nicht gelöscht; der Hub ist dabei."
    return "Noch nicht ganz gelöscht: Es fehlen Zeugen, oder etwas ist gesperrt."


def _when(at: datetime) -> str:
    return f"{at.astimezone(BERLIN):%d.%m.%Y, %H:%M Uhr}"
