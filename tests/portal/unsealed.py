# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""To whom a browser must not seal, and which receipts it must not believe; each with the reason."""

from collections.abc import Callable
from typing import Any, Final

from hub.sealing.canonical import digest
from tests.portal.forged import (
    DESK,
    ENV,
    MESSAGE,
    NEIGHBOUR,
    NIGHT,
    NOW,
    OFFICE,
    REQUEST,
    SCHOOL,
    STANDING_IN,
    Claims,
    Forge,
    reading_key,
    roster,
    unit_of,
)

Readers = list[Claims]
Proposal = Callable[[Forge], tuple[Readers, Claims]]
"""Changes what is signed, and says whom the portal proposes, and about what."""
DAY: Final = 86_400
ALL: Final = ["anvertraut", "main"]


def reader(key: Claims, rel: str = "now", classes: list[str] | None = None) -> Claims:
    return {"kid": key["kid"], "rel": rel, "classes": ["main"] if classes is None else classes}


def honest(forge: Forge) -> Readers:
    """Return whom an honest portal proposes."""
    own = [reader(forge.desk, classes=ALL), reader(forge.head, classes=ALL)]
    night = reader(forge.night, "escalation", ALL)
    return [*own, night, reader(forge.standing_in, "escalation")]


def also(key: Callable[[Forge], Claims], **about: Any) -> Proposal:
    """Propose one more reader than an honest portal does."""
    return lambda forge: ([*honest(forge), reader(key(forge))], about)


def instead(readers: Callable[[Forge], Readers], **about: Any) -> Proposal:
    return lambda forge: (readers(forge), about)


def where(change: Callable[[Forge], object], **about: Any) -> Proposal:
    """Propose the same as ever, where what was signed is another thing."""

    def proposal(forge: Forge) -> tuple[Readers, Claims]:
        readers = honest(forge)
        change(forge)
        return readers, about

    return proposal


def set_unit(unit: str, **changed: Any) -> Callable[[Forge], object]:
    return lambda forge: unit_of(forge, unit).update(changed)


def set_key(name: str, unit: str, **changed: Any) -> Callable[[Forge], object]:
    def change(forge: Forge) -> None:
        kid = getattr(forge, name)["kid"]
        key = next(each for each in unit_of(forge, unit)["reading"] if each["kid"] == kid)
        key.update(changed)

    return change


def set_standing(organisation: str, **changed: Any) -> Callable[[Forge], object]:
    return lambda forge: forge.listed[organisation].update(changed)


def revoked(name: str, organisation: str) -> Callable[[Forge], object]:
    def change(forge: Forge) -> None:
        said = {"kid": getattr(forge, name)["kid"], "at": NOW - 60, "reason": "compromised"}
        forge.listed[organisation]["revoked"] = [said]

    return change


def another_name(forge: Forge) -> None:
    unit_of(forge, DESK)["reading"][1]["kid"] = forge.head["kid"] = digest("another name")


def renamed(forge: Forge) -> tuple[Readers, Claims]:
    another_name(forge)
    return honest(forge), {}


def served(organisation: str, **term: str) -> list[Claims]:
    days = {"valid_from": "2026-01-01", "valid_until": "2026-12-31", **term}
    return [{"organisation": organisation, **days}]


READERS: Final[dict[str, tuple[str, Proposal]]] = {
    "a key that nobody has": ("reader-unknown", also(lambda _: reading_key())),
    "a key of the school": ("reader-unnamed", also(lambda forge: forge.teacher)),
    "the key of a clerk": ("reader-person", also(lambda forge: forge.clerk)),
    "nobody": ("readers-number", instead(lambda _: [])),
    "nine readers": ("readers-number", instead(lambda forge: honest(forge) * 3)),
    "one reader twice": (
        "readers-number",
        instead(lambda forge: [reader(forge.desk), reader(forge.desk)]),
    ),
    "only those who stand in": (
        "reader-missing",
        instead(lambda forge: honest(forge)[2:], classes=ALL),
    ),
    "the office only after an escalation": (
        "reader-missing",
        instead(lambda forge: [reader(forge.desk, "escalation", ALL)], classes=ALL),
    ),
    "the office with half of it": (
        "reader-missing",
        instead(lambda forge: [reader(forge.desk)], classes=ALL),
    ),
    "a class that the schema does not have": (
        "reader-form",
        instead(lambda forge: [reader(forge.desk, classes=["main", "x"])], classes=ALL),
    ),
    "a reader of nothing": ("reader-form", instead(lambda f: [reader(f.desk, classes=[])])),
    "a reader at another time": ("reader-form", instead(lambda f: [reader(f.desk, "later")])),
    "what was entrusted, to the neighbour": (
        "reader-entrusted",
        instead(lambda f: [reader(f.desk, classes=ALL), reader(f.standing_in, "escalation", ALL)]),
    ),
    "what can wait, to the neighbour": (
        "reader-planned",
        instead(honest, urgency="planbar", classes=ALL),
    ),
    "a neighbour that the roster does not name": (
        "reader-unnamed",
        where(set_unit(DESK, roster=roster(NIGHT))),
    ),
    "an own unit that the roster does not name": (
        "reader-unnamed",
        where(set_unit(DESK, roster=roster(STANDING_IN))),
    ),
    "deputies of a unit without a roster": ("reader-unnamed", where(set_unit(DESK, roster=None))),
    "a neighbour that has not agreed": ("reader-unnamed", where(set_unit(STANDING_IN, serves=[]))),
    "a neighbour that agreed to another": (
        "reader-unnamed",
        where(set_unit(STANDING_IN, serves=served(SCHOOL))),
    ),
    "a neighbour whose contract is over": (
        "reader-unnamed",
        where(set_unit(STANDING_IN, serves=served(OFFICE, valid_until="2026-10-31"))),
    ),
    "a neighbour whose contract begins next week": (
        "reader-unnamed",
        where(set_unit(STANDING_IN, serves=served(OFFICE, valid_from="2026-11-25"))),
    ),
    "a roster of last year": (
        "reader-unnamed",
        where(
            set_unit(
                DESK,
                roster=roster(NIGHT, valid_from="2025-01-01", valid_until="2025-12-31"),
            )
        ),
    ),
    "a suspended neighbour": (
        "reader-unnamed",
        where(set_standing(NEIGHBOUR, status="suspended")),
    ),
    "a neighbour whom nobody has confirmed": (
        "reader-unknown",
        where(set_standing(NEIGHBOUR, status="enrolled")),
    ),
    "a suspended office": ("unit-unknown", where(set_standing(OFFICE, status="suspended"))),
    "an office whom nobody has confirmed": (
        "unit-unknown",
        where(set_standing(OFFICE, status="enrolled")),
    ),
    "a key that has ended": ("reader-ended", where(set_key("desk", DESK, not_after=NOW - 1))),
    "a key that begins tomorrow": (
        "reader-ended",
        where(set_key("head", DESK, not_before=NOW + DAY)),
    ),
    "a key that its owner revoked": (
        "reader-ended",
        where(set_key("night", NIGHT, revoked="compromised", not_after=NOW + DAY)),
    ),
    "a key that the operator revoked": ("reader-ended", where(revoked("desk", OFFICE))),
    "a neighbour's key that the operator revoked": (
        "reader-ended",
        where(revoked("standing_in", NEIGHBOUR)),
    ),
    "a key that goes by another name": ("reader-key", renamed),
    "a key that is none": (
        "reader-key",
        where(set_key("head", DESK, pub="_" * 1620 + "_w")),
    ),
}

SENT: Final[Claims] = {"iss": SCHOOL, "id": MESSAGE, "envDigest": ENV, "request": REQUEST}
DUE: Final[Claims] = {"acknowledged": NOW + DAY}
Told = Callable[[Forge], Claims]


def answered(**changed: Any) -> Told:
    return lambda forge: {"answer": forge.answer(**changed)}


def with_members(**changed: Any) -> Told:
    members = {"env": ENV, "request": REQUEST, "due": DUE, **changed}
    return answered(members=members)


def altered(change: Callable[[Claims], object]) -> Told:
    def told(forge: Forge) -> Claims:
        answer = forge.answer()
        change(answer)
        return {"answer": answer}

    return told


def signed_by_the_school(forge: Forge) -> Claims:
    return {"answer": forge.answer(key=forge.units[SCHOOL])}


def as_if_by_the_school(forge: Forge) -> Claims:
    return {"answer": forge.answer(iss=SCHOOL)}


def proof_of_another(forge: Forge) -> Claims:
    other = forge.answer(message="0193504f-7c2a-7d41-8e5b-00000000000f")
    return {"answer": {**other, "receipt": forge.answer()["receipt"]}}


def logged_about(about: str | None = None, message: str = MESSAGE) -> Told:
    """Let the log speak of something else than this receipt about this message."""

    def told(forge: Forge) -> Claims:
        answer = forge.answer()
        obj = {"ty": "message", "id": message}
        proven = forge.logged(about or digest(answer["receipt"]), "message.accepted", obj)
        return {"answer": {**answer, **proven}}

    return told


ANSWERS: Final[dict[str, tuple[str, Told]]] = {
    "a receipt by another key": ("receipt-unsigned", signed_by_the_school),
    "a receipt in the name of the school": ("receipt-unsigned", as_if_by_the_school),
    "a receipt with another letter": (
        "receipt-unsigned",
        altered(lambda said: said.update(receipt=said["receipt"].replace(".ey", ".eY", 1))),
    ),
    "a receipt without a signature": (
        "receipt-unsigned",
        altered(lambda said: said.update(receipt=said["receipt"].rpartition(".")[0])),
    ),
    "no receipt": ("receipt-unsigned", altered(lambda said: said.pop("receipt"))),
    "a receipt for another sender": ("receipt-another", answered(aud="schule:999002")),
    "a receipt of another message": (
        "receipt-another",
        answered(message="0193504f-7c2a-7d41-8e5b-00000000000f"),
    ),
    "a receipt of another envelope": ("receipt-another", with_members(env=digest("another"))),
    "a receipt of other bytes": ("receipt-another", with_members(request=digest("other bytes"))),
    "another word": (
        "receipt-word",
        answered(word="held", members={"env": ENV, "prv": digest("before")}),
    ),
    "a log entry of another kind": ("log-about-another", answered(kind="message.held")),
    "a log entry about another receipt": (
        "log-about-another",
        logged_about(digest("another receipt")),
    ),
    "a log entry about another message": (
        "log-about-another",
        logged_about(message="0193504f-7c2a-7d41-8e5b-00000000000f"),
    ),
    "the proof of another receipt": ("log-about-another", proof_of_another),
    "no proof": ("log-malformed", altered(lambda said: said.pop("proof"))),
    "a proof cut short": (
        "log-malformed",
        altered(lambda said: said.update(proof=said["proof"][:-9])),
    ),
    "an entry that says more": (
        "log-other-entry",
        altered(lambda said: said["entry"].update(n=digest("another"))),
    ),
}
