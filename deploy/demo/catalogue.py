# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""What else the law lets them say: three more exchanges, each with what it does not allow.

The contents are the examples that lie beside the schemas; they are about invented persons.
"""

import asyncio
import json
from dataclasses import dataclass
from typing import Any, Final

from deploy.demo.actor import Actor, enter
from deploy.demo.enrol import OFFICE
from deploy.demo.processes import Processes
from deploy.demo.story import Company, expect
from deploy.demo.tell import heading, say
from hub.schemas import SCHEMAS

ADVISED: Final = "beratung:ratsuchend-demo"
ADVISER: Final = "fachkraft:isef-demo"
PROSECUTOR: Final = "staatsanwaltschaft:R1300S.dezernat"
REGISTRY: Final = "staatsanwaltschaft:R1300S.geschaeftsstelle"
TELLTALE: Final = " Das Kind heißt Mia und wohnt in der Musterstraße 12."


@dataclass
class Specialists:
    """The units that enter with this scene."""

    advised: Actor
    adviser: Actor
    prosecutor: Actor
    registry: Actor

    @property
    def all(self) -> tuple[Actor, ...]:
        return (self.advised, self.adviser, self.prosecutor, self.registry)


def example(protocol: str, step: str) -> dict[str, Any]:
    """Return the first valid example of a step of the first version of a protocol."""
    folder = SCHEMAS / protocol / "1.0.0" / "examples"
    read: dict[str, Any] = json.loads(min(folder.glob(f"{step}.valid.*.json")).read_bytes())
    return read


async def specialists(processes: Processes) -> Specialists:
    """Let the units of this scene sit down, each in a process of its own."""
    advised, adviser, prosecutor, registry = await asyncio.gather(
        enter(processes, ADVISED, "Ratsuchende Stelle"),
        enter(processes, ADVISER, "Insoweit erfahrene Fachkraft"),
        enter(processes, PROSECUTOR, "Staatsanwaltschaft Kleve, Dezernat"),
        enter(processes, REGISTRY, "Staatsanwaltschaft Kleve, Geschäftsstelle"),
    )
    return Specialists(advised, adviser, prosecutor, registry)


async def the_catalogue(company: Company, others: Specialists) -> None:
    """Tell of the other exchanges."""
    heading("Aus dem Katalog: wer noch wem was sagen darf")
    await _advice(company, others)
    await _order(company, others)
    await _request(company)


async def _advice(company: Company, others: Specialists) -> None:
    question = example("fachberatung", "frage")
    named = json.loads(json.dumps(question))
    place = _longest_text(named)
    place[0][place[1]] += TELLTALE
    wish = {
        "protocol": "fachberatung",
        "step": "frage",
        "to": ADVISER,
        "urgency": "planbar",
        "basis": "kkg-4-2",
    }
    stopped = await others.advised.stopped("send", **wish, content=named)
    expect("Der Hinweis kommt vor dem Versiegeln.", holds=stopped["code"] == "hints-unseen")
    say(
        "Jemand fragt eine insoweit erfahrene Fachkraft um Rat und schreibt den Namen des Kindes "
        "dazu.",
        f"Noch ist nichts gesendet; das Programm zeigt die Stellen: {stopped['title']}",
    )
    sent = await others.advised.ask("send", **wish, content=question)
    company.accepted.append((others.advised, sent["id"]))
    await others.adviser.received(sent["id"])
    advice = await others.adviser.ask(
        "answer",
        message=sent["id"],
        step="beratung",
        content=example("fachberatung", "beratung"),
    )
    company.accepted.append((others.adviser, advice["id"]))
    await others.advised.received(advice["id"])
    say(
        "Ohne Angaben, an denen man jemanden erkennt, geht die Frage hinaus; der Rat kommt zurück.",
        "Die Kennungen sind aus Zufall und verraten keine Zeit; eine spätere Mitteilung knüpft an "
        "nichts davon an (§ 4 Abs. 2 KKG).",
    )


async def _order(company: Company, others: Specialists) -> None:
    wish = {
        "protocol": "justiz-mitteilung",
        "step": "mitteilung",
        "to": OFFICE,
        "urgency": "unverzueglich",
        "content": example("justiz-mitteilung", "mitteilung"),
    }
    refused = await others.registry.refused("send", **wish)
    expect("Die Geschäftsstelle ordnet nicht an.", holds=refused["code"] == "signer-not-entitled")
    say(
        "Die Geschäftsstelle der Staatsanwaltschaft will dem Jugendamt aus einem Strafverfahren "
        "berichten.",
        f"{refused['code']} ({refused['status']}): {refused['detail']} "
        f"Grundlage: {refused['basis']}.",
    )
    sent = await others.prosecutor.ask("send", **wish)
    company.accepted.append((others.prosecutor, sent["id"]))
    await company.office.received(sent["id"])
    await company.office.ask("acknowledge", message=sent["id"], role="fachkraft")
    say(
        "Mit dem Schlüssel der Staatsanwältin, die es anordnet, kommt dieselbe Mitteilung an.",
        f"Angenommen als Nr. {sent['index']} im Protokoll.",
    )


async def _request(company: Company) -> None:
    wish = {
        "protocol": "auskunftsersuchen",
        "step": "ersuchen",
        "to": OFFICE,
        "urgency": "planbar",
        "content": example("auskunftsersuchen", "ersuchen"),
    }
    stopped = await company.police.stopped("send", **wish, basis="sgb10-73")
    expect("Ohne Anordnung nach § 73 geht nichts.", holds=stopped["code"] == "content-invalid")
    say(
        "Die Polizei ersucht um Auskunft und beruft sich auf § 73 SGB X, ohne richterliche "
        "Anordnung.",
        f"Nichts ist gesendet: {stopped['title']}",
    )
    sent = await company.police.ask("send", **wish, basis="sgb10-68")
    company.accepted.append((company.police, sent["id"]))
    await company.office.received(sent["id"])
    answer = await company.office.ask(
        "answer",
        message=sent["id"],
        step="ablehnung",
        content=example("auskunftsersuchen", "ablehnung"),
    )
    company.accepted.append((company.office, answer["id"]))
    await company.police.received(answer["id"])
    say(
        "Auf § 68 SGB X gestützt, kommt das Ersuchen an: höchstens die Angaben dieser Liste, und "
        "nur auf Ersuchen im Einzelfall.",
        "Das Jugendamt entscheidet und lehnt ab, mit einem Grund aus einer Liste.",
    )


def _longest_text(content: Any) -> tuple[Any, Any]:
    """Return where the longest text of a content stands: its holder and its name there."""
    found: list[tuple[int, Any, Any]] = []

    def look(part: Any) -> None:
        items = part.items() if isinstance(part, dict) else enumerate(part)
        for name, member in items:
            if isinstance(member, str):
                found.append((len(member), part, name))
            elif isinstance(member, (dict, list)):
                look(member)

    look(content)
    _, holder, name = max(found, key=lambda each: each[0])
    return holder, name
