# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""How the organisations of the story come to take part: by the commands that everybody uses."""

import asyncio
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from deploy.demo.processes import Processes, meldeweg
from deploy.demo.tell import say

SCHOOL: Final = "schule:999001"
OTHER_SCHOOL: Final = "schule:999002"
OFFICE: Final = "jugendamt:05170032.asd"
SEAT: Final = "jugendamt:05170000.asd"
POLICE: Final = "polizei:kpb-wesel"
SCHOOLS_PROTOCOL: Final = "schule-mitteilung/1.1.0"
POLICES_PROTOCOL: Final = "polizei-mitteilung/1.1.0"


@dataclass(frozen=True)
class Member:
    """An organisation that joins, and the protocols in which it has a role."""

    organisation: str
    name: str
    protocols: tuple[str, ...]


ADVICE: Final = "fachberatung/1.0.0"
ORDER: Final = "justiz-mitteilung/1.0.0"
PASSING_ON: Final = "jugendamt-mitteilung/1.0.0"
REQUEST: Final = "auskunftsersuchen/1.0.0"
OFFICES: Final = (SCHOOLS_PROTOCOL, POLICES_PROTOCOL, ORDER, PASSING_ON, REQUEST)
AGREED: Final = "polizei-mitteilung/1.2.0"
WARSTEIN: Final = "jugendamt:05974044"
SOEST: Final = "polizei:kpb-soest"
HEALTH: Final = "gesundheit-mitteilung/1.0.0"
PRACTICE: Final = "gesundheit:kinderpraxis-emsdetten-demo"
EMSDETTEN: Final = "jugendamt:05566008"
WERNE: Final = "jugendamt:05978040"
PATROL: Final = "ordnungsamt:05978040"
CRISIS_LINE: Final = "krisendienst:rufbereitschaft-demo"
PATROLS_PROTOCOL: Final = "ordnungsamt-mitteilung/1.0.0"
HANDOVER: Final = "krisendienst-uebergabe/1.0.0"
DINSLAKEN: Final = "jugendamt:05170008"
KREFELD: Final = "jugendamt:05114000"
KREFELDS_SCHOOL: Final = "schule:999030"
KREFELDS_POLICE: Final = "polizei:pp-krefeld"
KREFELDS_PRACTICE: Final = "gesundheit:kinderpraxis-ahorn-demo"
DRAFTS: Final = frozenset({POLICES_PROTOCOL, AGREED, PATROLS_PROTOCOL})
"""Whoever adopts one of these says that it knows it to be a draft."""
IN_KREFELD: Final = (
    Member(KREFELD, "Jugendamt Krefeld", (SCHOOLS_PROTOCOL, POLICES_PROTOCOL, HEALTH)),
    Member(KREFELDS_SCHOOL, "Grundschule in Krefeld (erfunden)", (SCHOOLS_PROTOCOL,)),
    Member(KREFELDS_POLICE, "Polizeipräsidium Krefeld", (POLICES_PROTOCOL,)),
    Member(KREFELDS_PRACTICE, "Kinderarztpraxis in Krefeld (erfunden)", (HEALTH,)),
)
"""They take part half a year before the others."""
MEMBERS: Final = (
    Member(SCHOOL, "Gesamtschule in Xanten (erfunden)", (SCHOOLS_PROTOCOL,)),
    Member(OTHER_SCHOOL, "Grundschule in Moers (erfunden)", (SCHOOLS_PROTOCOL,)),
    Member("jugendamt:05170032", "Jugendamt Rheinberg", OFFICES),
    Member("jugendamt:05170000", "Jugendamt des Kreises Wesel", OFFICES),
    Member(DINSLAKEN, "Jugendamt Dinslaken", (SCHOOLS_PROTOCOL, POLICES_PROTOCOL)),
    Member(POLICE, "Kreispolizeibehörde Wesel", (POLICES_PROTOCOL, REQUEST)),
    Member("beratung:ratsuchend-demo", "Ratsuchende Stelle (erfunden)", (ADVICE,)),
    Member("fachkraft:isef-demo", "Insoweit erfahrene Fachkraft (erfunden)", (ADVICE,)),
    Member("staatsanwaltschaft:R1300S", "Staatsanwaltschaft Kleve", (ORDER,)),
    Member(WARSTEIN, "Jugendamt Warstein", (AGREED,)),
    Member(SOEST, "Kreispolizeibehörde Soest", (AGREED,)),
    Member(PRACTICE, "Kinderarztpraxis in Emsdetten (erfunden)", (HEALTH,)),
    Member(EMSDETTEN, "Jugendamt Emsdetten", (HEALTH, AGREED)),
    Member(WERNE, "Jugendamt Werne", (PATROLS_PROTOCOL, HANDOVER)),
    Member(PATROL, "Ordnungsamt Werne", (PATROLS_PROTOCOL,)),
    Member(CRISIS_LINE, "Rufbereitschaft für Werne und andere (erfunden)", (HANDOVER,)),
)


async def enrol_all(processes: Processes, members: Sequence[Member], log_key: str) -> None:
    """Let some join; each does its part by itself, so they do not wait for each other."""
    try:
        async with asyncio.TaskGroup() as group:
            for member in members:
                group.create_task(_enrol(processes, member, log_key))
    except ExceptionGroup as several:
        # What stopped the others is a consequence; the first is the reason.
        raise several.exceptions[0] from None


async def _enrol(processes: Processes, member: Member, log_key: str) -> None:
    """Play operator and organisation in turn; each does only what is its own to do."""
    hub, folder = processes.place.hub, processes.place.agency(member.organisation)
    invited = await meldeweg(
        processes, "participants", "add", member.organisation, "--data-dir", hub, "--json"
    )
    joined = await meldeweg(
        processes,
        *("agency", "new", folder),
        *("--id", member.organisation),
        *("--hub", processes.public_url),
        *("--code", json.loads(invited)["code"]),
        *("--hub-key", log_key),
        "--json",
    )
    fingerprint = json.loads(joined)["fingerprint"]
    await meldeweg(
        processes,
        *("participants", "confirm", member.organisation),
        *("--fingerprint", fingerprint),
        *("--data-dir", hub),
    )
    for protocol in member.protocols:
        knowing = ("--entwurf",) if protocol in DRAFTS else ()
        await meldeweg(processes, "protocols", "adopt", "--agency", folder, protocol, *knowing)
    say(
        f"{member.name} nimmt teil ({member.organisation}).",
        f"Wurzelschlüssel {fingerprint[:12]}… am Telefon verglichen; angenommen: "
        f"{', '.join(member.protocols)}",
    )
