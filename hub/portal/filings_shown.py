# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""What is a house shown of what it has filed: state, what was said since, and whom to ring now?

The words are those that a sender may learn (§ 64 Abs. 4 SGB VIII bounds them). Whom to ring is
worked out from the roster as it is known now, and not as it was when the receipt was written.
"""

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final

from sqlalchemy import Connection

from hub.client.directory import DirectoryView
from hub.client.relaying import payload_of
from hub.client.shown import RING, WORDS, Shown, shown_of
from hub.errors import RecipientUnknown
from hub.model.json import Json, JsonObject
from hub.model.receipt import EVENT_URN, Receipt
from hub.people.colleagues import name_of
from hub.portal.books.mail_filings import WAITS, StoredFiling, read_filings, read_heard
from hub.portal.books.mail_letters import read_letters
from hub.portal.confirmation import Filer
from hub.sealing.canonical import digest, unb64

READS: Final = frozenset({"lesen", "freigeben"})
"""Roles that see what their house has filed; others see what they filed themselves."""
STATES: Final = {
    "wartet": "Wartet auf den Hub",
    "angenommen": "Angenommen",
    "zugestellt": "Zugestellt",
    "bestaetigt": "Eingang bestätigt",
    "nicht-verwertbar": "Nicht verwertbar",
    "zurueckgezogen": "Zurückgezogen",
    "nicht-zugestellt": "Nicht zugestellt",
    "zurueckgewiesen": "Zurückgewiesen",
    "abgelaufen": "Nicht abgesandt, bitte neu bestätigen",
}
UNSURE: Final = "Abgesandt, aber noch ohne Antwort"
_CALM: Final = frozenset({"acknowledged", "withdrawn"})
"""Words after which nobody has to be rung any more."""
_DECIDES: Final = RING | {"passed-on"}


@dataclass(frozen=True)
class _Beside:
    """What is shown beside filings: receipts by message, letters by conversation, and names."""

    heard: Mapping[str, Sequence[str]]
    letters: Mapping[str, Sequence[str]]
    names: Mapping[str, str]


def all_of(connection: Connection, by: Filer, view: DirectoryView | None) -> list[Json]:
    """Show what a house has filed, as far as somebody may see it."""
    person = None if READS & by.roles else by.person
    known = read_filings(connection, by.unit, person=person)
    heard, letters = defaultdict[str, list[str]](list), defaultdict[str, list[str]](list)
    for receipt in read_heard(connection, by.unit):
        heard[receipt.message].append(receipt.jws)
    for letter in read_letters(connection, by.unit):
        letters[letter.conversation].append(letter.id)
    names = {each: name_of(connection, each) for each in {row.person for row in known}}
    return [_shown(row, by, view, _Beside(heard, letters, names)) for row in known]


def may_see(row: StoredFiling, by: Filer) -> bool:
    return row.unit == by.unit and (by.person in row.persons or bool(READS & by.roles))


def shown(
    connection: Connection, row: StoredFiling, by: Filer, view: DirectoryView | None
) -> JsonObject:
    """Show one filing."""
    heard = {row.id: [each.jws for each in read_heard(connection, row.unit, row.id)]}
    letters = [each.id for each in read_letters(connection, row.unit, row.conversation)]
    names = {row.person: name_of(connection, row.person)}
    return _shown(row, by, view, _Beside(heard, {row.conversation: letters}, names))


def _shown(row: StoredFiling, by: Filer, view: DirectoryView | None, beside: _Beside) -> JsonObject:
    receipts = _receipts(row, beside.heard.get(row.id, ()))
    events = _events(receipts, row, view)
    return {
        "id": row.id,
        "cnv": row.conversation,
        "protocol": row.protocol,
        "step": row.step,
        "urgency": row.urgency,
        "to": row.addressed,
        "to_name": row.addressed_name,
        "to_telephone": row.addressed_telephone,
        "by": {"id": row.person, "name": beside.names[row.person]},
        "mine": row.person == by.person,
        "written": row.author == by.person,
        "made_at": row.made_at,
        "accepted_at": receipts[0].iat if row.answer is not None else None,
        "end": row.ends_at,
        "state": row.state,
        "state_text": UNSURE if row.state == WAITS and row.is_unsure else STATES[row.state],
        "marks": [*row.marks.split()],
        "ring": _ring(events),
        "events": [{**asdict(each), "line": each.line, "then": [*each.then]} for each in events],
        "due": receipts[0].members.get("due") if row.answer is not None else None,
        "problem": None if row.problem is None else json.loads(row.problem),
        "note": row.note if row.person == by.person else None,
        "draft": row.draft,
        "about": _about(row),
        "answers": [*beside.letters.get(row.conversation, ())],
    }


def _about(row: StoredFiling) -> Json:
    """Return the message that this one answers, puts right or takes back; null for none."""
    said: Json = json.loads(payload_of(row.env)).get("cau")
    return said


def answer_of(row: StoredFiling) -> JsonObject | None:
    """Return receipt, entry and proof, as the hub gave them."""
    if row.answer is None:
        return None
    said: JsonObject = json.loads(row.answer)
    return said


def _receipts(row: StoredFiling, heard: Sequence[str]) -> list[Receipt]:
    """Return the visible chain; each was verified before it was kept."""
    first = [] if row.answer is None else [str(json.loads(row.answer)["receipt"])]
    return _in_order([_receipt(jws) for jws in (*first, *heard)])


def _in_order(receipts: list[Receipt]) -> list[Receipt]:
    """Put a chain in the order in which each names the one before it, whichever came first."""
    after = {receipt.prv: receipt for receipt in receipts}
    chain: list[Receipt] = []
    while (following := after.pop(digest(chain[-1].jws) if chain else None, None)) is not None:
        chain.append(following)
    # Of a chain with a hole, what lies behind it is shown all the same.
    return [*chain, *sorted(after.values(), key=lambda each: each.iat)]


def _receipt(jws: str) -> Receipt:
    claims: dict[str, Any] = json.loads(unb64(jws.split(".")[1]))
    [(urn, said)] = claims["events"].items()
    return Receipt(
        word=urn.removeprefix(EVENT_URN),
        id=claims["jti"],
        iss=claims["iss"],
        aud=claims["aud"],
        message_id=claims["txn"],
        iat=claims["iat"],
        env=said["env"],
        prv=said.get("prv"),
        members={name: member for name, member in said.items() if name not in {"env", "prv"}},
        jws=jws,
    )


def _events(
    receipts: list[Receipt], row: StoredFiling, view: DirectoryView | None
) -> tuple[Shown, ...]:
    if view is not None:
        try:
            return tuple(shown_of(receipts, row.addressed, view))
        except RecipientUnknown:
            pass
    # The directory is not at hand: then it is rung where the message was addressed to.
    return tuple(_plain(each, row) for each in receipts)


def _plain(receipt: Receipt, row: StoredFiling) -> Shown:
    if receipt.word not in RING:
        return Shown(receipt.word, WORDS[receipt.word], receipt.iat)
    name, telephone = row.addressed_name, row.addressed_telephone
    return Shown(receipt.word, WORDS[receipt.word], receipt.iat, name, telephone)


def _ring(events: tuple[Shown, ...]) -> JsonObject | None:
    """Return whom to ring, as long as nobody has taken note after all."""
    if any(each.word in _CALM for each in events):
        return None
    # Who passes a matter on has looked at it, and the new office hears of it in its own time.
    last = next((each for each in reversed(events) if each.word in _DECIDES), None)
    if last is None or last.word not in RING:
        return None
    return {"name": last.name, "telephone": last.telephone, "then": [*last.then]}
