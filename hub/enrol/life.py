# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""What may happen to an organisation between joining and its end, by the operator's hand.

Nothing here touches what the organisation signed: the operator can shut out and record, and never
speak in its name.
"""

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from hub.enrol.acts import (
    Operator,
    Statement,
    check_second,
    enter_act,
    first_person,
    is_same,
    may_be_alone,
)
from hub.enrol.snapshot import parse_entry
from hub.errors import NotFound, NotPermitted
from hub.model.ids import kind_of
from hub.model.json import Json
from hub.model.participant import DirectoryEntry
from hub.node import Node
from hub.store.participants import (
    StoredParticipant,
    change_participant,
    read_entry,
    read_participant,
)

BERLIN: Final = ZoneInfo("Europe/Berlin")
LONGEST: Final = 500
"""Characters of a reason or a reference."""
DOUBTS: Final = ("compromised", "lost", "holder-left")


@dataclass(frozen=True)
class Case:
    """Which organisation it is about, and who acts."""

    organisation: str
    operator: Operator


def suspend(case: Case, reason: str, node: Node, connection: Connection) -> None:
    """Shut an organisation out at once: no token, no submission, no lease, nothing addressed."""
    _in_state(case, "valid", "Nur wer teilnimmt, kann gesperrt werden.", connection)
    change_participant(connection, case.organisation, status="suspended")
    _enter(case, "suspended", {"reason": _text(reason, "einen Grund")}, node, connection)


def resume(case: Case, reason: str, node: Node, connection: Connection) -> None:
    """Let a suspended organisation take part again, with the keys that it has."""
    _in_state(case, "suspended", "Diese Stelle ist nicht gesperrt.", connection)
    change_participant(connection, case.organisation, status="valid")
    _enter(case, "resumed", {"reason": _text(reason, "einen Grund")}, node, connection)


def succeed(case: Case, successor: str, on: str, node: Node, connection: Connection) -> None:
    """Record that another organisation takes over from a day on.

    From then on nobody begins anything with the old one, and whoever tries is told the new one.
    """
    day = _day(on)
    if successor == case.organisation:
        raise NotPermitted("Eine Stelle folgt sich nicht selbst nach.")
    if kind_of(successor) != kind_of(case.organisation):
        raise NotPermitted("Nachfolgen kann nur eine Stelle derselben Art.")
    _known(case.organisation, connection)
    follows = read_participant(connection, successor)
    if follows is None or follows.status != "valid":
        raise NotPermitted("Die nachfolgende Stelle nimmt nicht teil.")
    since = int(datetime.combine(day, time(), BERLIN).timestamp())
    said: dict[str, Json] = {"successor": successor, "on": f"{day:%d.%m.%Y}", "since": since}
    _enter(case, "succeeded", said, node, connection)


def contract(case: Case, dated: str, reference: str, node: Node, connection: Connection) -> None:
    """Record the contract by which a controller has this hub process its data.

    Without one the operator may process nothing for it (Art. 28 Abs. 3 DSGVO, § 80 SGB X).
    """
    day = _day(dated)
    if day > datetime.fromtimestamp(node.clock(), BERLIN).date():
        raise NotPermitted("Der Vertrag ist auf einen Tag datiert, der noch nicht war.")
    _known(case.organisation, connection)
    said: dict[str, Json] = {
        "dated": day.isoformat(),
        "reference": _text(reference, "ein Aktenzeichen"),
    }
    _enter(case, "contracted", said, node, connection)


def revoke_key(case: Case, kid: str, reason: str, node: Node, connection: Connection) -> bool:
    """End a key in an emergency, where its owner cannot; returns whether it is ended now.

    Two people do it, each by the same command: what the first one asks for, the second one does.
    """
    if reason not in DOUBTS:
        raise NotPermitted("Diesen Grund gibt es nicht.", allowed=DOUBTS)
    entry = _entry(case.organisation, connection)
    if kid == entry.root.kid:
        raise NotPermitted(
            "Der Wurzelschlüssel wird nicht widerrufen; die Stelle sperren und neu aufnehmen."
        )
    if kid not in _kids(entry):
        raise NotFound("Diese Stelle führt keinen solchen Schlüssel.")
    said: dict[str, Json] = {"kid": kid, "reason": reason}
    if first_person(connection, case.organisation, "revoked", kid) is not None:
        raise NotPermitted("Dieser Schlüssel ist schon widerrufen.")
    asked = first_person(connection, case.organisation, "doubted", kid)
    if asked is None and not may_be_alone(case.operator, node):
        _enter(case, "doubted", said, node, connection)
        return False
    if asked is not None and is_same(asked, case.operator.name):
        check_second(case.operator, asked, node)
    _enter(case, "revoked", said, node, connection)
    return True


def _enter(case: Case, act: str, said: dict[str, Json], node: Node, connection: Connection) -> None:
    facts = said | case.operator.facts
    enter_act(Statement(case.organisation, act, case.operator.name, facts), node, connection)


def _known(organisation: str, connection: Connection) -> StoredParticipant:
    stored = read_participant(connection, organisation)
    if stored is None:
        raise NotFound("Diese Stelle ist in keiner Netzdatei vorgeschlagen.")
    return stored


def _in_state(case: Case, status: str, otherwise: str, connection: Connection) -> None:
    if _known(case.organisation, connection).status != status:
        raise NotPermitted(otherwise)


def _entry(organisation: str, connection: Connection) -> DirectoryEntry:
    stored = read_entry(connection, organisation)
    if stored is None:
        raise NotFound("Diese Stelle hat noch keinen Eintrag im Verzeichnis.")
    return parse_entry(stored.jws)


def _kids(entry: DirectoryEntry) -> set[str]:
    signatures = {key.kid for unit in entry.units for key in (*unit.signing, *unit.token)}
    return signatures | {key.kid for unit in entry.units for key in unit.reading}


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise NotPermitted("Der Tag wird als JJJJ-MM-TT geschrieben.") from None


def _text(text: str, what: str) -> str:
    said = text.strip()
    if not said or len(said) > LONGEST or not said.isprintable():
        raise NotPermitted(f"Es braucht {what}, in einer Zeile mit höchstens {LONGEST} Zeichen.")
    return said
