# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""What is no message, or not a message of its schema, leaves nothing but one entry in the log.

Each row is wrong in one respect and honest in all others: properly sealed, properly signed, sent
by a unit that may send.
"""

import asyncio
import hashlib
import hmac
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final, Literal

import pytest

from hub.audit.verify import verify_db
from hub.connect import count_refusals
from hub.model.json import Json
from hub.sealing.canonical import b64, digest, unb64
from hub.sealing.reader import ReaderPrivateKey
from hub.trust.keys import PrivateSigningKey
from specs.vectors.sl1.forge import Parts, Spoiled
from specs.vectors.sl1.spoil import (
    HONEST,
    LEFT_OUT,
    body,
    claims,
    envelope,
    first_key,
    first_reader,
    flipped,
    header,
    leaf,
    members,
    segment,
    swap,
    trailing_bits,
    unchanged,
)
from tests.greedy import Greedy, Wish, claims_of, seal_anyway
from tests.journeys.books import (
    CANARY,
    No,
    books,
    check_kept_quiet,
    check_left_nothing,
    check_left_one_entry,
    check_said,
    entries,
)
from tests.journeys.copies import copy_of
from tests.world import KREIS, OTHER_SCHOOL, RHEINBERG, SCHOOL, Clock, World

Client = Callable[[str], Greedy]
OTHER_ID: Final = "0193504f-7c2a-7d41-8e5b-00000000000f"
OTHER_HEADER: Final = b64(b'{"alg":"dir","enc":"A128GCM"}')
LARGEST: Final = 262_144


@dataclass(frozen=True)
class Bad:
    """A notice that is wrong in one respect, and how the hub has to say no."""

    no: No
    spoiled: Spoiled = HONEST
    raw: Callable[[bytes], bytes] = unchanged


def nested(levels: int) -> Json:
    value: Json = CANARY
    for _ in range(levels):
        value = [value]
    return value


def within(part: Callable[[Parts], Any]) -> Spoiled:
    """Spoil the body in the middle, before it is signed."""
    return Spoiled(body=part)


def padded(pointer: str, change: Callable[[bytes], bytes]) -> Spoiled:
    """Disclose a leaf in another length."""
    return Spoiled(plaintexts=lambda it: it.update({pointer: change(it[pointer])}))


def after_signing(change: Callable[[Parts], Any]) -> Spoiled:
    return Spoiled(members=change)


def of_claims(change: Callable[[Parts], Any]) -> Spoiled:
    return Spoiled(claims=change)


def _wraps(change: Callable[[str], str]) -> Spoiled:
    """Sign and send another first wrap."""

    def spoil(wraps: Parts) -> None:
        first = min(wraps)
        wraps[first] = change(wraps[first])

    return Spoiled(wraps=spoil)


NOT_A_MESSAGE: Final = No(400, "not-a-message")
BYTES: Final[dict[str, Bad]] = {
    "malformed JSON": Bad(NOT_A_MESSAGE, raw=lambda raw: raw[:-1]),
    "nothing": Bad(NOT_A_MESSAGE, raw=lambda _: b""),
    "a member twice": Bad(
        NOT_A_MESSAGE, raw=lambda raw: raw.replace(b'{"body":', b'{"body":{},"body":', 1)
    ),
    "a member twice, once escaped": Bad(
        NOT_A_MESSAGE, raw=lambda raw: raw.replace(b'{"body":', b'{"\\u0062ody":{},"body":', 1)
    ),
    "seventeen levels": Bad(NOT_A_MESSAGE, members(body=nested(17))),
    "a hundred thousand levels": Bad(NOT_A_MESSAGE, raw=lambda _: b"[" * 100_000),
    "white space": Bad(NOT_A_MESSAGE, raw=lambda raw: raw + b"\n"),
    "a byte order mark": Bad(NOT_A_MESSAGE, raw=lambda raw: b"\xef\xbb\xbf" + raw),
    "bytes that are not UTF-8": Bad(NOT_A_MESSAGE, raw=lambda raw: raw[:-1] + b"\xff}"),
    "half a surrogate": Bad(
        NOT_A_MESSAGE, raw=lambda raw: raw.replace(b'{"body":', b'{"\\ud800":1,"body":', 1)
    ),
    "a float": Bad(NOT_A_MESSAGE, raw=lambda raw: raw.replace(b'"keys":', b'"jahr":1.0,"keys":')),
    "no number": Bad(NOT_A_MESSAGE, raw=lambda raw: raw.replace(b'"keys":', b'"jahr":NaN,"keys":')),
    "the largest body": Bad(NOT_A_MESSAGE, raw=lambda raw: raw.ljust(LARGEST)),
    "a list": Bad(NOT_A_MESSAGE, raw=lambda raw: b"[%b]" % raw),
    "an unknown member": Bad(NOT_A_MESSAGE, members(**{CANARY: 1})),
    "no keys": Bad(NOT_A_MESSAGE, members(keys=LEFT_OUT)),
    "what only deliveries have": Bad(NOT_A_MESSAGE, members(added=CANARY)),
    "keys that are an object": Bad(No(400, "not-a-message", ("/keys",)), members(keys={})),
    "a key with an unknown member": Bad(
        No(400, "not-a-message", ("/keys/0",)), first_key(**{CANARY: 1})
    ),
}

INVALID: Final = No(422, "envelope-invalid")
FORGED: Final = No(422, "signature-invalid")
JWK: Final = {"crv": "Ed25519", "kty": "OKP", "x": digest("a key of my own")}
HEADERS: Final[dict[str, Bad]] = {
    "another algorithm than the key's": Bad(FORGED, header(alg="ES256")),
    "no algorithm": Bad(FORGED, header(alg="none")),
    "no algorithm and no signature": Bad(
        INVALID,
        replace(envelope(segment(2, lambda _: "")), header=header(alg="none").header),
    ),
    "a key in the header": Bad(INVALID, header(jwk=JWK)),
    "the address of a key": Bad(INVALID, header(jku="https://kanarienvogel.invalid/keys")),
    "the address of a certificate": Bad(INVALID, header(x5u="https://kanarienvogel.invalid/x")),
    "a certificate": Bad(INVALID, header(x5c=[CANARY])),
    "crit": Bad(INVALID, header(crit=["b64"], b64=True)),
    "compression": Bad(INVALID, header(zip="DEF")),
    "an unknown member": Bad(INVALID, header(**{CANARY: 1})),
    "no key id": Bad(INVALID, header(kid=LEFT_OUT)),
    "the type of a receipt": Bad(INVALID, header(typ="secevent+jwt")),
    "a key id that nobody has": Bad(FORGED, header(kid=digest("nobody's key"))),
    "a flipped bit in the signature": Bad(FORGED, envelope(segment(2, flipped))),
    "a second spelling of the signature": Bad(INVALID, envelope(segment(2, trailing_bits))),
    "an envelope that is an object": Bad(INVALID, members(env={CANARY: 1})),
}

CLAIMS: Final[dict[str, Bad]] = {
    "another suite": Bad(No(422, "suite-unsupported", ("/suite",)), claims(suite="SL2")),
    "an unknown claim": Bad(No(422, "envelope-invalid", ("",)), claims(**{CANARY: CANARY})),
    "a claim that is null": Bad(INVALID, claims(cau=None)),
    "a required claim that is null": Bad(No(422, "envelope-invalid", ("/urg",)), claims(urg=None)),
    "no legal basis": Bad(No(422, "envelope-invalid", ("/lb",)), claims(lb=LEFT_OUT)),
    "a legal basis in words": Bad(
        No(422, "envelope-invalid", ("/lb",)), claims(lb=f"§ 4 Abs. 3 KKG ({CANARY})")
    ),
    "a time of issue with a fraction of text": Bad(
        No(422, "envelope-invalid", ("/end",)), claims(end="morgen")
    ),
    "true as position": Bad(No(422, "envelope-invalid", ("/pos",)), claims(pos=True)),
    "an end before the beginning": Bad(No(422, "envelope-invalid", ("/end",)), claims(end=1)),
    "a member too many in a reader": Bad(
        No(422, "envelope-invalid", ("/readers/0",)), first_reader(**{CANARY: 1})
    ),
    "a class with the name of a child": Bad(
        No(422, "envelope-invalid", ("/commit",)),
        of_claims(lambda it: it["commit"].update({CANARY: digest("x")})),
    ),
    "another hub": Bad(No(403, "hub-mismatch", ("/hub",)), claims(hub="kanarienvogel.invalid/hub")),
    "an end beyond the limit of the content": Bad(
        No(422, "envelope-invalid", ("/end",)), of_claims(lambda it: it.update(end=it["end"] + 1))
    ),
    "an unknown protocol": Bad(
        No(422, "schema-unknown", ("/proto",)), claims(proto="kanarienvogel-suche/1.0.0")
    ),
    "an unknown version": Bad(
        No(422, "schema-unknown", ("/proto",)), claims(proto="schule-mitteilung/9999.0.0")
    ),
    "another schema than that of the step": Bad(
        No(422, "schema-unknown", ("/schema",)), claims(schema=digest(CANARY))
    ),
}

SCOPE: Final = "scope-exceeded"
BODIES: Final[dict[str, Bad]] = {
    "a missing leaf": Bad(No(422, SCOPE, ("/body",)), body(warum_jugendamt=LEFT_OUT)),
    "an extra leaf": Bad(No(422, SCOPE, ("/body",)), body(**{CANARY: CANARY})),
    "an extra leaf deep inside": Bad(
        No(422, SCOPE, ("/body/kind/name",)),
        within(lambda it: it["kind"]["name"].update({CANARY: 1})),
    ),
    "a renamed leaf": Bad(
        No(422, SCOPE, ("/body/kind",)),
        within(lambda it: it["kind"].update({CANARY: it["kind"].pop("geschlecht")})),
    ),
    "a slot too many": Bad(
        No(422, SCOPE, ("/body/beobachtungen",)),
        within(lambda it: it["beobachtungen"].append(it["beobachtungen"][0])),
    ),
    "a slot too few": Bad(
        No(422, SCOPE, ("/body/beobachtungen",)), within(lambda it: it["beobachtungen"].pop())
    ),
    "a leaf that is too long": Bad(
        No(422, SCOPE, ("/body/warum_jugendamt",)),
        padded("/warum_jugendamt", lambda disclosed: disclosed + b" " * 32),
    ),
    "a leaf that is too short": Bad(
        No(422, SCOPE, ("/body/warum_jugendamt",)),
        padded("/warum_jugendamt", lambda disclosed: disclosed[:-32]),
    ),
    "a leaf in the open": Bad(
        No(422, SCOPE, ("/body/kind/name/vorname",)), leaf("/kind/name/vorname", lambda _: CANARY)
    ),
    "a leaf in the open, as long as a sealed one": Bad(
        No(422, SCOPE, ("/body/kind/name/vorname",)),
        leaf("/kind/name/vorname", lambda sealed: CANARY.ljust(len(sealed))),
    ),
    "a leaf that is null": Bad(
        No(422, SCOPE, ("/body/kind/name/vorname",)), leaf("/kind/name/vorname", lambda _: None)
    ),
    "a leaf that is a list": Bad(
        No(422, SCOPE, ("/body/kind/name/vorname",)), leaf("/kind/name/vorname", lambda _: [CANARY])
    ),
    "a leaf under another header": Bad(
        No(422, SCOPE, ("/body/hinweise/waffen",)),
        leaf("/hinweise/waffen", segment(0, lambda _: OTHER_HEADER)),
    ),
    "a body that is a string": Bad(No(422, SCOPE, ("/body",)), members(body=CANARY)),
    "two leaves exchanged after signing": Bad(
        No(422, "body-mismatch", ("/body",)),
        after_signing(lambda it: swap("vorname", "rufname")(it["body"]["kind"]["name"])),
    ),
    "another digest of the body": Bad(
        No(422, "body-mismatch", ("/body",)), claims(body=digest(CANARY))
    ),
    "a commitment too few": Bad(
        No(422, "commitments-invalid", ("/_sd",)), of_claims(lambda it: it["_sd"].pop())
    ),
    "a decoy": Bad(
        No(422, "commitments-invalid", ("/_sd",)),
        of_claims(lambda it: it.update(_sd=sorted([*it["_sd"], digest(CANARY)]))),
    ),
    "commitments out of order": Bad(
        No(422, "commitments-invalid", ("/_sd",)), of_claims(lambda it: it["_sd"].reverse())
    ),
    "a commitment to an unknown class": Bad(
        No(422, "commitments-invalid", ("/commit",)),
        of_claims(lambda it: it["commit"].update(fremd=digest(CANARY))),
    ),
}

READERS: Final = "readers-invalid"
WRAPS: Final[dict[str, Bad]] = {
    "readers out of order": Bad(
        No(422, READERS, ("/readers",)),
        Spoiled(claims=lambda it: it["readers"].reverse(), members=lambda it: it["keys"].reverse()),
    ),
    "a reader twice": Bad(
        No(422, READERS, ("/readers",)),
        of_claims(lambda it: it.update(readers=[it["readers"][0], *it["readers"]])),
    ),
    "no reader but for an escalation": Bad(
        No(422, READERS, ("/readers",)),
        of_claims(lambda it: [reader.update(rel="escalation") for reader in it["readers"]]),
    ),
    "a reader of an unknown class": Bad(
        No(422, READERS, ("/readers/0/classes",)), first_reader(classes=["fremd"])
    ),
    "a wrap that is too short": Bad(
        No(422, READERS, ("/keys/0/wrap",)), _wraps(lambda wrap: b64(unb64(wrap)[:-1]))
    ),
    "a wrap that is too long": Bad(
        No(422, READERS, ("/keys/0/wrap",)), _wraps(lambda wrap: b64(unb64(wrap) + bytes(32)))
    ),
    "a wrap that is no base64url": Bad(
        No(422, READERS, ("/keys/0/wrap",)), _wraps(lambda wrap: f"{wrap[:-1]}+")
    ),
    "a wrap exchanged after signing": Bad(
        No(422, READERS, ("/keys/0/wrap",)),
        after_signing(lambda it: it["keys"][0].update(wrap=flipped(it["keys"][0]["wrap"]))),
    ),
    "two wraps exchanged": Bad(
        No(422, READERS, ("/keys/0/kid",)), after_signing(lambda it: it["keys"].reverse())
    ),
    "a wrap too few": Bad(No(422, READERS, ("/keys",)), after_signing(lambda it: it["keys"].pop())),
    "the wrap of a stranger": Bad(
        No(422, READERS, ("/keys/0/kid",)), first_key(kid=digest("a stranger"))
    ),
}

TABLE: Final = {
    f"{part}: {name}": bad
    for part, rows in (
        ("bytes", BYTES),
        ("header", HEADERS),
        ("claims", CLAIMS),
        ("body", BODIES),
        ("wraps", WRAPS),
    )
    for name, bad in rows.items()
}


@pytest.fixture(scope="module")
def school(greedy: Client) -> Greedy:
    return greedy(SCHOOL)


@pytest.mark.parametrize("bad", TABLE.values(), ids=TABLE)
def test_a_spoiled_notice_is_refused_and_leaves_one_entry(
    world: World, school: Greedy, bad: Bad
) -> None:
    wish = school.wish(RHEINBERG)
    raw = bad.raw(seal_anyway(wish, bad.spoiled))
    before = books(world)

    answer = school.submit(raw, wish.claims.jti)

    check_said(answer, bad.no)
    entry = check_left_one_entry(world, before, k="message.refused", why=bad.no.code)
    assert entry["act"]["org"] == SCHOOL
    assert (entry["obj"]["id"], entry["obj"]["d"]) == (wish.claims.jti, digest(raw))
    check_kept_quiet(answer, raw, world)


def test_what_the_table_spoils_is_accepted_unspoiled(world: World, school: Greedy) -> None:
    """Otherwise every row of it would hold for a reason of its own making."""
    before = books(world)

    talk = school.say(RHEINBERG)

    after = books(world)
    assert (after.rows["message"], after.log) == (before.rows["message"] + 1, before.log + 1)
    assert school.state(talk.id)["state"] == "accepted"


@dataclass(frozen=True)
class Symmetric:
    """Signs as somebody would who hopes that a public key is taken for a secret."""

    kid: str
    secret: bytes
    alg: Literal["EdDSA", "ES256"] = "EdDSA"

    def sign(self, data: bytes) -> bytes:
        return hmac.digest(self.secret, data, hashlib.sha256)


def _with_public_key_as_secret(wish: Wish, greedy: Client) -> tuple[Wish, Spoiled]:
    key = greedy(SCHOOL).agency.signing
    return wish.signed_by(Symmetric(key.kid, unb64(key.jwk.x))), header(alg="HS256")


def _with_key_of_other_school(wish: Wish, greedy: Client) -> tuple[Wish, Spoiled]:
    return wish.signed_by(greedy(OTHER_SCHOOL).agency.signing), HONEST


def _with_own_name_on_it(wish: Wish, greedy: Client) -> tuple[Wish, Spoiled]:
    other = greedy(OTHER_SCHOOL).agency.signing
    return wish.signed_by(other), header(kid=greedy(SCHOOL).agency.signing.kid)


def _with_token_key(wish: Wish, greedy: Client) -> tuple[Wish, Spoiled]:
    return wish.signed_by(greedy(SCHOOL).agency.token), HONEST


def _with_key_for_tokens_of_nobody(wish: Wish, _: Client) -> tuple[Wish, Spoiled]:
    return wish.signed_by(PrivateSigningKey.generate("ES256")), HONEST


@pytest.mark.parametrize(
    "sign",
    [
        _with_public_key_as_secret,
        _with_key_of_other_school,
        _with_own_name_on_it,
        _with_token_key,
        _with_key_for_tokens_of_nobody,
    ],
)
def test_only_a_signing_key_of_the_sender_signs(
    world: World,
    school: Greedy,
    greedy: Client,
    sign: Callable[[Wish, Client], tuple[Wish, Spoiled]],
) -> None:
    """One code for all causes: which of them it was helps nobody but a forger."""
    wish, spoiled = sign(school.wish(RHEINBERG), greedy)
    raw = seal_anyway(wish, spoiled)
    before = books(world)

    answer = school.submit(raw)

    check_said(answer, FORGED)
    check_left_one_entry(world, before, k="message.refused", why="signature-invalid")
    check_kept_quiet(answer, raw, world)


def test_nobody_submits_in_the_name_of_another(
    world: World, school: Greedy, greedy: Client
) -> None:
    raw = seal_anyway(greedy(OTHER_SCHOOL).wish(RHEINBERG))
    before = books(world)

    answer = school.submit(raw)

    check_said(answer, No(403, "sender-mismatch", ("/iss",)))
    check_left_one_entry(world, before, k="message.refused", why="sender-mismatch", act_org=SCHOOL)
    check_kept_quiet(answer, raw, world)


@pytest.mark.parametrize(
    ("address", "pointers"),
    [(OTHER_ID, ("/jti",)), (OTHER_ID.upper(), ()), (CANARY, ())],
    ids=["another id", "an id in capitals", "no id"],
)
def test_a_message_is_put_where_its_envelope_says(
    world: World, school: Greedy, address: str, pointers: tuple[str, ...]
) -> None:
    raw = seal_anyway(school.wish(RHEINBERG))
    before = books(world)

    answer = school.submit(raw, address)

    check_said(answer, No(400, "id-mismatch", pointers))
    check_left_one_entry(world, before, k="message.refused", why="id-mismatch")
    check_kept_quiet(answer, raw, world)


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        (lambda now: {"iat": now - 301, "end": now + 60}, "/iat"),
        (lambda now: {"iat": now + 62}, "/iat"),
        (lambda now: {"iat": now - 20, "end": now}, "/end"),
    ],
    ids=["five minutes and a second ago", "more than a minute ahead", "past its end"],
)
def test_a_message_counts_for_a_short_while_only(
    world: World,
    school: Greedy,
    clock: Clock,
    change: Callable[[int], dict[str, int]],
    pointer: str,
) -> None:
    # The keys are as old as this hub; only a clock put ahead lets a message be older than minutes.
    clock.ahead = 400
    raw = seal_anyway(school.wish(RHEINBERG).saying(**change(school.now)))
    before = books(world)

    answer = school.submit(raw)

    check_said(answer, No(422, "issued-outside-window", (pointer,)))
    check_left_one_entry(world, before, k="message.refused", why="issued-outside-window")
    check_kept_quiet(answer, raw, world)


def test_a_key_signs_nothing_from_before_its_time(world: World, school: Greedy) -> None:
    raw = seal_anyway(school.wish(RHEINBERG).saying(iat=school.now - 7 * 86_400))
    before = books(world)

    answer = school.submit(raw)

    check_said(answer, FORGED)
    check_left_one_entry(world, before, why="signature-invalid")


@pytest.mark.parametrize("whose", ["of nobody", "of another office", "of the school itself"])
def test_a_reading_key_is_one_of_the_addressed_unit(
    world: World, school: Greedy, greedy: Client, whose: str
) -> None:
    """Another unit's key would be a disclosure to another office (§ 67 Abs. 4 SGB X)."""
    keys = {
        "of nobody": [ReaderPrivateKey.generate().public],
        "of another office": [key.public for key in greedy(KREIS).agency.desk],
        "of the school itself": [key.public for key in school.agency.readers],
    }[whose]
    raw = seal_anyway(school.wish(RHEINBERG).sealed_to(*keys))
    before = books(world)

    answer = school.submit(raw)

    places = tuple(f"/readers/{place}" for place in range(len(keys)))
    check_said(answer, No(409, "reader-key-stale", places))
    check_left_one_entry(world, before, k="message.refused", why="reader-key-stale")
    check_kept_quiet(answer, raw, world)


def test_one_strange_reader_among_the_right_ones_is_one_too_many(
    world: World, school: Greedy, greedy: Client
) -> None:
    stranger = greedy(KREIS).agency.desk[0].public
    wish = school.wish(RHEINBERG)
    raw = seal_anyway(wish.sealed_to(*wish.readers, stranger))
    place = [reader["kid"] for reader in claims_of(raw)["readers"]].index(stranger.kid)
    before = books(world)

    answer = school.submit(raw)

    check_said(answer, No(409, "reader-key-stale", (f"/readers/{place}",)))
    check_left_one_entry(world, before, why="reader-key-stale")


def test_an_id_belongs_to_the_bytes_that_had_it_first(world: World, school: Greedy) -> None:
    wish = school.wish(RHEINBERG)
    assert school.submit(seal_anyway(wish)).status_code == 201
    other = seal_anyway(wish)
    before = books(world)

    answer = school.submit(other)

    check_said(answer, No(409, "id-reused", ("/jti",)))
    check_left_one_entry(world, before, k="message.refused", why="id-reused")
    check_kept_quiet(answer, other, world)


@pytest.mark.parametrize(
    "media_type",
    ["text/plain", "application/json; charset=utf-8", "application/jose", None],
    ids=["text", "JSON in a charset", "a signature", "none"],
)
def test_only_one_media_type_is_taken(world: World, school: Greedy, media_type: str | None) -> None:
    raw = seal_anyway(school.wish(RHEINBERG))
    before = books(world)

    answer = school.submit(raw, media_type=media_type)

    check_said(answer, No(415, "media-type-unsupported"))
    check_left_one_entry(world, before, k="message.refused", why="media-type-unsupported")
    check_kept_quiet(answer, raw, world)


@pytest.mark.parametrize("coding", ["gzip", "deflate", "br", "identity, gzip"])
def test_nothing_is_unpacked(world: World, school: Greedy, coding: str) -> None:
    """A few bytes that become many are refused before anybody asks who sends them."""
    wish = school.wish(RHEINBERG)
    before = books(world)

    answer = school.send(
        "PUT",
        f"/v1/messages/{wish.claims.jti}",
        seal_anyway(wish),
        **{"content-encoding": coding},
    )

    check_said(answer, No(415, "media-type-unsupported"))
    check_left_nothing(world, before)


def _in_pieces(raw: bytes) -> Iterator[bytes]:
    for start in range(0, len(raw), 65_536):
        yield raw[start : start + 65_536]


@pytest.mark.parametrize("announced", [True, False], ids=["announced", "in pieces"])
def test_what_is_too_large_is_not_read(world: World, school: Greedy, announced: bool) -> None:
    wish = school.wish(RHEINBERG)
    raw = seal_anyway(wish).ljust(LARGEST + 1)
    path = f"/v1/messages/{wish.claims.jti}"
    token = school.token()
    headers = {
        "authorization": f"DPoP {token}",
        "dpop": school.proof("PUT", path, token),
        "content-type": "application/json",
    }
    before = books(world)

    answer = school.http.put(path, content=raw if announced else _in_pieces(raw), headers=headers)

    check_said(answer, No(413, "too-large"))
    check_left_nothing(world, before)


def test_the_log_says_in_one_entry_how_often_the_same_was_refused(
    world: World, greedy: Client, clock: Clock
) -> None:
    """One broken client must not hide a single success among its refusals."""
    other = greedy(OTHER_SCHOOL)
    # A minute of its own, so that the count begins with this test.
    clock.ahead = 60 - other.now % 60
    before = books(world)
    for _ in range(63):
        other.submit(b"{}", OTHER_ID)

    own = [entry["k"] for entry in entries(world, before.log)]
    clock.ahead += 60
    asyncio.run(count_refusals(world.node, world.clock()))

    counted = entries(world, before.log)[len(own) :]
    assert own == ["message.refused"] * 60
    assert [(each["act"]["org"], each["why"], each["obj"]["n"]) for each in counted] == [
        (OTHER_SCHOOL, "not-a-message", 3)
    ]


def test_after_all_this_the_log_still_holds(world: World, tmp_path: Path) -> None:
    copy = copy_of(world.data, tmp_path / "kopie.sqlite")
    assert verify_db(copy, world.node.log.vkey) == []
