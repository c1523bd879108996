# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""What a browser must not believe, each with the reason that it has to give.

A case changes what the hub says before it signs, or what came of it afterwards.
"""

import json
from collections.abc import Callable
from typing import Any, Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from hub.audit.note import Signer
from hub.sealing.canonical import b64, digest, unb64
from hub.trust.jose import sign_compact
from hub.trust.keys import PrivateSigningKey
from hub.trust.kinds import DIRECTORY_ENTRY, DIRECTORY_LIST
from tests.portal.forged import (
    DESK,
    HUB,
    NEIGHBOUR,
    NOW,
    OFFICE,
    SCHOOL,
    Claims,
    Forge,
    public_half,
    unit_of,
)

Case = Callable[[Forge], Claims]
DAY: Final = 86_400
_SMALL: Final = b64(bytes([1]) + bytes(31))
"""The neutral point, under which some verify every signature."""


def after(change: Callable[[Claims], object]) -> Case:
    """Change what came, once it was signed."""

    def case(forge: Forge) -> Claims:
        said = forge.case()
        change(said)
        return said

    return case


def before(change: Callable[[Forge], object]) -> Case:
    """Change what the hub says before anything is signed."""

    def case(forge: Forge) -> Claims:
        change(forge)
        return forge.case()

    return case


def then(first: Callable[[Forge], object], change: Callable[[Forge], object]) -> Case:
    """Show a browser one thing, and afterwards another."""

    def case(forge: Forge) -> Claims:
        first(forge)
        earlier = forge.case()
        change(forge)
        return {**forge.case(), "before": [earlier]}

    return case


def office(said: Claims) -> Claims:
    found: Claims = said["organisations"][OFFICE]
    return found


def set_office(name: str, change: Callable[[str], str]) -> Case:
    return after(lambda said: office(said).update({name: change(office(said)[name])}))


def set_list(change: Callable[[str], str]) -> Case:
    return after(lambda said: said.update(list=change(said["list"])))


def listed(**changed: Any) -> Case:
    return lambda forge: forge.case(**changed)


def flipped(segment: int, place: int) -> Callable[[str], str]:
    """Exchange one character of a segment of a token for another of the alphabet."""

    def flip(jws: str) -> str:
        parts = jws.split(".")
        text = parts[segment]
        at = place % len(text)
        other = "A" if text[at] != "A" else "E"
        parts[segment] = text[:at] + other + text[at + 1 :]
        return ".".join(parts)

    return flip


def signed_by_another(forge: Forge) -> Claims:
    other = Forge()
    entries = {name: forge.signed_entry(name) for name in forge.entries}
    other.entries, other.listed = forge.entries, forge.listed
    return {**forge.case(), "list": other.signed_list(entries)}


def signed_by_the_neighbour(forge: Forge) -> Claims:
    entries = {name: forge.signed_entry(name) for name in forge.entries}
    entries[OFFICE] = forge.signed_entry(OFFICE, by=NEIGHBOUR)
    organisations = forge.organisations(entries)
    return {**forge.case(), "list": forge.signed_list(entries), "organisations": organisations}


def a_new_root(forge: Forge) -> None:
    forge.roots[OFFICE] = PrivateSigningKey.generate()
    forge.entries[OFFICE] |= {"root": public_half(forge.roots[OFFICE]), "version": 4}


def exchanged(said: Claims) -> None:
    said["organisations"][OFFICE] = said["organisations"][NEIGHBOUR]


def proof_of_the_neighbour(said: Claims) -> None:
    other = said["organisations"][NEIGHBOUR]
    office(said).update(proof=other["proof"], logged=other["logged"])


def logged_as(kind: str, about: Claims, **changed: Any) -> Case:
    """Let the log speak of the entry in another way than as a change of the directory."""

    def case(forge: Forge) -> Claims:
        said = forge.case()
        proven = forge.logged(digest(office(said)["entry"]), kind, about, **changed)
        office(said).update(logged=proven["entry"], proof=proven["proof"])
        return said

    return case


def another_log(forge: Forge) -> Claims:
    signer = Signer(f"{HUB}/log", Ed25519PrivateKey.generate())
    return logged_as("directory.changed", _ORGANISATION, signer=signer)(forge)


def headed(**header: Any) -> Case:
    """Sign the list rightly, under a header that says something else."""

    def case(forge: Forge) -> Claims:
        said = forge.case()
        claims = json.loads(unb64(said["list"].split(".")[1]))
        key = forge.receipt
        own: Claims = {"alg": key.alg, "kid": key.kid, "typ": DIRECTORY_LIST.typ}
        return {**said, "list": sign_compact(key, {**own, **header}, claims)}

    return case


def under_another_name(forge: Forge) -> Claims:
    """Let the root key go by a name that does not follow from it, in the header as well."""
    name = digest("another")
    claims = forge.entries[OFFICE]
    claims["root"]["kid"] = name
    entries = {each: forge.signed_entry(each) for each in forge.entries}
    header: Claims = {"alg": "EdDSA", "kid": name, "typ": DIRECTORY_ENTRY.typ}
    entries[OFFICE] = sign_compact(forge.roots[OFFICE], header, claims)
    organisations = forge.organisations(entries)
    return {**forge.case(), "list": forge.signed_list(entries), "organisations": organisations}


def of_another_version(forge: Forge) -> Claims:
    """Show the log's entry about another entry of the same organisation."""
    said = forge.case()
    proven = forge.logged(digest("the version before"), "directory.changed", _ORGANISATION)
    office(said).update(logged=proven["entry"], proof=proven["proof"])
    return said


_ORGANISATION: Final[Claims] = {"ty": "organisation", "id": OFFICE}

DIRECTORY: Final[dict[str, tuple[str, Case]]] = {
    "a list of two days ago": ("list-stale", listed(iat=NOW - 2 * DAY)),
    "a list of the day after tomorrow": ("list-stale", listed(iat=NOW + 2 * DAY)),
    "a list of another hub": ("list-other-hub", listed(hub="meldeweg.invalid/anderer")),
    "a list without networks": ("list-unsigned", listed(networks=None)),
    "a list that says nothing of digests": (
        "list-unsigned",
        listed(participants=[{"organisation": OFFICE, "name": "x", "status": "valid", "entry": 7}]),
    ),
    "a list signed by another key": ("list-unsigned", signed_by_another),
    "a list with another header": ("list-unsigned", set_list(flipped(0, 20))),
    "a list with another letter": ("list-unsigned", set_list(flipped(1, 200))),
    "a list with another signature": ("list-unsigned", set_list(flipped(2, 9))),
    "a list without a signature": ("list-unsigned", set_list(lambda jws: jws[: jws.rindex(".")])),
    "a list with padding": ("list-unsigned", set_list(lambda jws: jws + "=")),
    "a list that calls itself an entry": ("list-unsigned", headed(typ=DIRECTORY_ENTRY.typ)),
    "a list that names another algorithm": ("list-unsigned", headed(alg="ES256")),
    "a list that names no algorithm": ("list-unsigned", headed(alg="none")),
    "a list that names another key": ("list-unsigned", headed(kid=digest("another"))),
    "a list that brings its own key": ("list-unsigned", headed(jwk={"kty": "OKP"})),
    "an entry in the place of the list": (
        "list-unsigned",
        after(lambda said: said.update(list=office(said)["entry"])),
    ),
    "no list": ("list-unsigned", set_list(lambda _: "")),
    "a receipt key of small order": (
        "list-unsigned",
        after(lambda said: said["hub"]["receipt_key"]["jwk"].update(x=_SMALL)),
    ),
    "a receipt key that was not there yet": (
        "list-unsigned",
        after(lambda said: said["hub"]["receipt_key"].update(not_before=NOW + 1)),
    ),
    "a list older than one that was seen": (
        "list-older",
        lambda forge: {**forge.case(iat=NOW - 600), "before": [forge.case()]},
    ),
    "an entry with another letter": ("entry-unsigned", set_office("entry", flipped(1, 300))),
    "an entry with another signature": ("entry-unsigned", set_office("entry", flipped(2, 3))),
    "an entry signed by the neighbour": ("entry-unsigned", signed_by_the_neighbour),
    "an entry that is the list": (
        "entry-unsigned",
        after(lambda said: office(said).update(entry=said["list"])),
    ),
    "no entry": ("entry-unsigned", after(lambda said: office(said).pop("entry"))),
    "an entry whose key is no key": (
        "entry-unsigned",
        before(lambda forge: unit_of(forge, DESK)["reading"][0].update(pub="AAAA")),
    ),
    "an entry with a unit of the neighbour": (
        "entry-unsigned",
        before(lambda forge: unit_of(forge, DESK).update(id=f"{NEIGHBOUR}.asd")),
    ),
    "an entry whose root goes by another name": (
        "entry-unsigned",
        before(lambda forge: forge.entries[OFFICE]["root"].update(kid=digest("another"))),
    ),
    "an entry signed under a name that is not the key's": ("entry-unsigned", under_another_name),
    "the neighbour's entry": ("entry-another", after(exchanged)),
    "an entry of another hub": (
        "entry-another",
        before(lambda forge: forge.entries[OFFICE].update(hub="meldeweg.invalid/anderer")),
    ),
    "an entry that the list does not name": (
        "entry-unlisted",
        lambda forge: {**forge.case(), "list": forge.signed_list(dict.fromkeys(forge.entries, ""))},
    ),
    "an entry of an organisation that is not listed": (
        "entry-unlisted",
        listed(participants=[]),
    ),
    "another root key than before": ("root-changed", then(lambda _: None, a_new_root)),
    "a version that was replaced": (
        "entry-older",
        then(lambda _: None, lambda forge: forge.entries[OFFICE].update(version=2)),
    ),
    "a second entry of one version": (
        "entry-forked",
        then(lambda _: None, lambda forge: forge.entries[OFFICE].update(iat=NOW - 60)),
    ),
    "a proof without an end": ("log-malformed", set_office("proof", lambda text: text[:-20])),
    "a proof cut after its head": (
        "log-malformed",
        set_office("proof", lambda text: text[: text.index("\n\n")]),
    ),
    "a proof with a sibling less": (
        "log-path",
        set_office("proof", lambda text: _without_line(text, 3)),
    ),
    "a proof with its siblings turned round": (
        "log-path",
        set_office("proof", lambda text: _without_line(text, 3, put_back=True)),
    ),
    "a proof of another place": (
        "log-path",
        set_office("proof", lambda text: text.replace("index 1\n", "index 2\n")),
    ),
    "a proof of a larger log": (
        "log-unsigned",
        set_office("proof", lambda text: text.replace("/log\n3\n", "/log\n4\n")),
    ),
    "no proof": ("log-malformed", after(lambda said: office(said).pop("proof"))),
    "the proof of the neighbour's entry": ("log-about-another", after(proof_of_the_neighbour)),
    "a proof beside another entry": (
        "log-other-entry",
        after(lambda said: office(said)["logged"].update(why="not-permitted")),
    ),
    "a proof without its entry": (
        "log-other-entry",
        after(lambda said: office(said).update(logged=None)),
    ),
    "a proof by another log key": ("log-unsigned", another_log),
    "the key of another log": (
        "log-unsigned",
        after(lambda said: said["hub"].update(log=Forge().pinned["log"])),
    ),
    "a log key that is not its own": (
        "log-key",
        after(lambda said: said["hub"].update(log=said["hub"]["log"].replace("+", "x+", 1))),
    ),
    "a checkpoint of another log": (
        "log-other",
        logged_as("directory.changed", _ORGANISATION, origin="meldeweg.invalid/anderer/log"),
    ),
    "a log entry about the version before": ("log-about-another", of_another_version),
    "a log entry that speaks of a key": (
        "log-about-another",
        logged_as("key.enrolled", {"ty": "key", "id": digest("a key")}),
    ),
    "a log entry that says only that it joined": (
        "log-about-another",
        logged_as("participant.joined", _ORGANISATION),
    ),
    "a log entry that speaks of the school": (
        "log-about-another",
        logged_as("directory.changed", {"ty": "organisation", "id": SCHOOL}),
    ),
}


def _without_line(text: str, number: int, *, put_back: bool = False) -> str:
    lines = text.split("\n")
    line = lines.pop(number)
    if put_back:
        lines.insert(number + 1, line)
    return "\n".join(lines)
