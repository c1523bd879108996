# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Who cannot show who it is gets no answer, no token, and no line in the log of its own."""

import asyncio
import hashlib
import hmac
import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any, Final

import pytest

from hub.connect import count_refusals
from hub.sealing.canonical import b64, digest, jcs, unb64
from hub.trust.keys import PrivateSigningKey, jwk_members
from specs.vectors.sl1.spoil import flipped, segment
from tests.greedy import Greedy, seal_anyway
from tests.journeys.books import (
    CANARY,
    No,
    books,
    check_kept_quiet,
    check_left_nothing,
    check_said,
    entries,
)
from tests.world import KREIS, OTHER_SCHOOL, RHEINBERG, SCHOOL, Clock, World

Client = Callable[[str], Greedy]
OTHER_ID: Final = "0193504f-7c2a-7d41-8e5b-00000000000f"
PATH: Final = f"/v1/messages/{OTHER_ID}"
INVALID: Final = No(401, "token-invalid")


@dataclass(frozen=True)
class Jws:
    """A compact JWS in its parts, to be changed and signed again."""

    header: dict[str, Any]
    claims: dict[str, Any]

    @classmethod
    def of(cls, text: str) -> "Jws":
        header, claims, _ = text.split(".")
        return cls(json.loads(unb64(header)), json.loads(unb64(claims)))

    def with_claims(self, **changes: Any) -> "Jws":
        claims = {**self.claims, **changes}
        return Jws(self.header, {name: said for name, said in claims.items() if said is not None})

    def with_header(self, **changes: Any) -> "Jws":
        header = {**self.header, **changes}
        return Jws({name: said for name, said in header.items() if said is not None}, self.claims)

    def signed(self, key: PrivateSigningKey) -> str:
        signed = f"{b64(jcs(self.header))}.{b64(jcs(self.claims))}"
        return f"{signed}.{b64(key.sign(signed.encode()))}"

    def with_public_key_as_secret(self, key: PrivateSigningKey) -> str:
        signed = f"{b64(jcs({**self.header, 'alg': 'HS256'}))}.{b64(jcs(self.claims))}"
        secret = unb64(key.jwk.x)
        return f"{signed}.{b64(hmac.digest(secret, signed.encode(), hashlib.sha256))}"


@pytest.fixture(scope="module")
def school(greedy: Client) -> Greedy:
    return greedy(SCHOOL)


def a_proof(school: Greedy, token: str | None = None) -> Jws:
    return Jws.of(school.proof("GET", PATH, school.token() if token is None else token))


ProofOf = Callable[[Greedy, Jws], str]
PROOFS: Final[dict[str, ProofOf]] = {
    "for another method": lambda by, it: it.with_claims(htm="PUT").signed(by.binding),
    "for the method in small letters": lambda by, it: it.with_claims(htm="get").signed(by.binding),
    "for another path": lambda by, it: it.with_claims(htu=f"{it.claims['htu']}0").signed(
        by.binding
    ),
    "for another host": lambda by, it: it.with_claims(
        htu=f"https://kanarienvogel.invalid{PATH}"
    ).signed(by.binding),
    "for another port": lambda by, it: it.with_claims(htu=f"http://localhost:1{PATH}").signed(
        by.binding
    ),
    "for no address": lambda by, it: it.with_claims(htu=PATH).signed(by.binding),
    "for another token": lambda by, it: it.with_claims(ath=digest("another")).signed(by.binding),
    "for no token": lambda by, it: it.with_claims(ath=None).signed(by.binding),
    "without a method": lambda by, it: it.with_claims(htm=None).signed(by.binding),
    "without an id": lambda by, it: it.with_claims(jti=None).signed(by.binding),
    "without a time": lambda by, it: it.with_claims(iat=None).signed(by.binding),
    "with an unknown claim": lambda by, it: it.with_claims(**{CANARY: 1}).signed(by.binding),
    "a minute old": lambda by, it: it.with_claims(iat=by.now - 61).signed(by.binding),
    "of the future": lambda by, it: it.with_claims(iat=by.now + 15).signed(by.binding),
    "with an end that is past": lambda by, it: it.with_claims(exp=by.now - 1).signed(by.binding),
    "with the key of another": lambda _by, it: _of_another(it),
    "signed by another key than it shows": lambda _by, it: it.signed(PrivateSigningKey.generate()),
    "with a private key in it": lambda by, it: it.with_header(
        jwk={**it.header["jwk"], "d": digest("secret")}
    ).signed(by.binding),
    "with a symmetric key in it": lambda by, it: it.with_header(
        jwk={"kty": "oct", "k": digest("secret")}
    ).signed(by.binding),
    "with no key in it": lambda by, it: it.with_header(jwk=None).signed(by.binding),
    "with a key id beside the key": lambda by, it: it.with_header(kid=by.binding.kid).signed(
        by.binding
    ),
    "with the address of a key": lambda by, it: it.with_header(
        jku="https://kanarienvogel.invalid"
    ).signed(by.binding),
    "with crit": lambda by, it: it.with_header(crit=["b64"]).signed(by.binding),
    "of another type": lambda by, it: it.with_header(typ="JWT").signed(by.binding),
    "of no algorithm": lambda by, it: it.with_header(alg="none").signed(by.binding),
    "of no algorithm and unsigned": lambda by, it: (
        it.with_header(alg="none").signed(by.binding).rpartition(".")[0] + "."
    ),
    "of another algorithm": lambda by, it: it.with_header(alg="ES256").signed(by.binding),
    "with a public key as secret": lambda by, it: it.with_public_key_as_secret(by.binding),
    "with a flipped bit": lambda by, it: segment(2, flipped)(it.signed(by.binding)),
    "that is none": lambda _by, _it: CANARY,
    "that is an assertion": lambda by, _it: by.assertion(),
    "that is the token": lambda by, _it: by.token(),
    "that is too long": lambda by, it: it.with_claims(
        htu=f"{it.claims['htu']}?{'a' * 9000}"
    ).signed(by.binding),
    "with letters beyond ASCII": lambda _by, _it: "Kanarienvögel",
}


def _of_another(proof: Jws) -> str:
    other = PrivateSigningKey.generate()
    return proof.with_header(jwk=jwk_members(other.jwk)).signed(other)


@pytest.mark.parametrize("make", PROOFS.values(), ids=PROOFS)
def test_a_proof_of_possession_counts_for_one_request_of_one_token(
    world: World, school: Greedy, make: ProofOf
) -> None:
    proof = make(school, a_proof(school))
    before = books(world)

    answer = school.http.get(
        PATH,
        headers=[
            (b"authorization", f"DPoP {school.token()}".encode()),
            (b"dpop", proof.encode()),
        ],
    )

    check_said(answer, INVALID)
    assert answer.headers["www-authenticate"].startswith('DPoP error="invalid_token"')
    assert CANARY not in answer.text
    check_left_nothing(world, before)


def test_what_the_table_spoils_is_let_in_unspoiled(school: Greedy) -> None:
    """There is no such message: but that is only said to somebody who is known."""
    check_said(school.send("GET", PATH), No(404, "not-found"))


Tokens = Callable[[Greedy], str]
TOKENS: Final[dict[str, Tokens]] = {
    "as bearer": lambda by: f"Bearer {by.token()}",
    "without a scheme": lambda by: by.token(),
    "that is none": lambda _: f"DPoP {CANARY}",
    "that is missing": lambda _: "DPoP",
    "with a flipped bit": lambda by: f"DPoP {segment(2, flipped)(by.token())}",
    "signed by its holder": lambda by: f"DPoP {Jws.of(by.token()).signed(by.agency.token)}",
    "signed with its holder's key id": lambda by: (
        "DPoP " + Jws.of(by.token()).with_header(kid=by.agency.token.kid).signed(by.agency.token)
    ),
    "of no algorithm": lambda by: (
        "DPoP "
        + Jws.of(by.token()).with_header(alg="none").signed(by.agency.token).rpartition(".")[0]
        + "."
    ),
    "that is an assertion": lambda by: f"DPoP {by.assertion()}",
}


@pytest.mark.parametrize("shown", TOKENS.values(), ids=TOKENS)
def test_a_token_is_one_that_this_hub_gave(world: World, school: Greedy, shown: Tokens) -> None:
    authorization = shown(school)
    token = authorization.rpartition(" ")[2]
    before = books(world)

    answer = school.http.get(
        PATH,
        headers={"authorization": authorization, "dpop": school.proof("GET", PATH, token)},
    )

    check_said(answer, INVALID)
    check_left_nothing(world, before)


@pytest.mark.parametrize("name", ["authorization", "dpop"])
@pytest.mark.parametrize("times", [0, 2])
def test_token_and_proof_come_once_each(
    world: World, school: Greedy, name: str, times: int
) -> None:
    shown = {
        "authorization": f"DPoP {school.token()}",
        "dpop": school.proof("GET", PATH, school.token()),
    }
    headers = [(key, said) for key, said in shown.items() if key != name]
    before = books(world)

    answer = school.http.get(PATH, headers=headers + [(name, shown[name])] * times)

    check_said(answer, INVALID)
    check_left_nothing(world, before)


def test_a_token_counts_for_five_minutes(world: World, school: Greedy, clock: Clock) -> None:
    token = school.token()
    clock.ahead = 301
    before = books(world)

    answer = school.send(
        "GET",
        PATH,
        authorization=f"DPoP {token}",
        dpop=school.proof("GET", PATH, token),
    )

    check_said(answer, INVALID)
    check_left_nothing(world, before)


def test_a_stolen_token_is_of_no_use_without_its_key(
    world: World, school: Greedy, greedy: Client
) -> None:
    thief = greedy(OTHER_SCHOOL)
    token = school.token()
    before = books(world)

    answer = thief.send(
        "GET", PATH, authorization=f"DPoP {token}", dpop=thief.proof("GET", PATH, token)
    )

    check_said(answer, INVALID)
    check_left_nothing(world, before)


def test_what_nobody_submits_leaves_nothing(world: World, school: Greedy) -> None:
    wish = school.wish(RHEINBERG)
    raw = seal_anyway(wish)
    before = books(world)

    answer = school.http.put(
        f"/v1/messages/{wish.claims.jti}",
        content=raw,
        headers={"content-type": "application/json"},
    )

    check_said(answer, INVALID)
    check_kept_quiet(answer, raw, world)
    check_left_nothing(world, before)


@pytest.mark.parametrize("refused", [True, False], ids=["was refused", "was accepted"])
def test_a_proof_is_used_up_by_a_submission_even_one_that(
    world: World, school: Greedy, *, refused: bool
) -> None:
    wish = school.wish(RHEINBERG)
    raw = b"{}" if refused else seal_anyway(wish)
    path = f"/v1/messages/{wish.claims.jti}"
    proof = school.proof("PUT", path, school.token())
    first = school.send("PUT", path, raw, dpop=proof)
    before = books(world)

    again = school.send("PUT", path, raw, dpop=proof)

    assert first.status_code == (400 if refused else 201)
    check_said(again, INVALID)
    check_left_nothing(world, before)


def test_of_many_who_show_one_proof_at_once_one_is_let_in(world: World, school: Greedy) -> None:
    proof = school.proof("GET", PATH, school.token())
    before = books(world)
    with ExitStack() as stack, ThreadPoolExecutor(8) as pool:
        others = [stack.enter_context(Greedy(world, SCHOOL)) for _ in range(8)]
        asked = [
            pool.submit(
                other.http.get,
                PATH,
                headers={"authorization": f"DPoP {school.token()}", "dpop": proof},
            )
            for other in others
        ]
        statuses = sorted(each.result().status_code for each in asked)

    assert statuses == [401] * 7 + [404]
    check_left_nothing(world, before)


AssertionOf = Callable[[Greedy, Jws], str]
ASSERTIONS: Final[dict[str, AssertionOf]] = {
    "for the address of the endpoint": lambda by, it: _again(
        by, it.with_claims(aud=f"{it.claims['aud']}/oauth/token")
    ),
    "for a list of hubs": lambda by, it: _again(by, it.with_claims(aud=[it.claims["aud"]])),
    "for another hub": lambda by, it: _again(
        by, it.with_claims(aud="https://kanarienvogel.invalid")
    ),
    "about another": lambda by, it: _again(by, it.with_claims(sub=OTHER_SCHOOL)),
    "from another": lambda by, it: _again(by, it.with_claims(iss=OTHER_SCHOOL)),
    "from and about another": lambda by, it: _again(
        by, it.with_claims(iss=OTHER_SCHOOL, sub=OTHER_SCHOOL)
    ),
    "from nobody": lambda by, it: _again(
        by, it.with_claims(iss="schule:999099", sub="schule:999099")
    ),
    "without an id": lambda by, it: _again(by, it.with_claims(jti=None)),
    "without an end": lambda by, it: _again(by, it.with_claims(exp=None)),
    "with an end too far off": lambda by, it: _again(by, it.with_claims(exp=by.now + 3600)),
    "past its end": lambda by, it: _again(by, it.with_claims(iat=by.now - 90, exp=by.now - 30)),
    "of the future": lambda by, it: _again(by, it.with_claims(iat=by.now + 30, exp=by.now + 60)),
    "with a word as end": lambda by, it: _again(by, it.with_claims(exp="bald")),
    "with an unknown claim": lambda by, it: _again(by, it.with_claims(**{CANARY: 1})),
    "of no algorithm": lambda by, it: _again(by, it.with_header(alg="none")),
    "of another algorithm": lambda by, it: _again(by, it.with_header(alg="ES256")),
    "of another type": lambda by, it: _again(by, it.with_header(typ="JWT")),
    "with its own key in it": lambda by, it: _again(
        by, it.with_header(jwk=jwk_members(by.agency.token.jwk))
    ),
    "with the address of a key": lambda by, it: _again(
        by, it.with_header(jku="https://kanarienvogel.invalid")
    ),
    "with a public key as secret": lambda by, it: it.with_public_key_as_secret(by.agency.token),
    "signed with the key for messages": lambda by, it: it.with_header(
        kid=by.agency.signing.kid
    ).signed(by.agency.signing),
    "signed with a key of one's own": lambda _by, it: it.signed(PrivateSigningKey.generate()),
    "that is none": lambda _by, _it: CANARY,
    "that is empty": lambda _by, _it: "",
    "that is a token": lambda by, _it: by.token(),
    "that is a proof": lambda by, _it: by.proof("POST", "/oauth/token", None),
}


def _again(by: Greedy, assertion: Jws) -> str:
    return assertion.signed(by.agency.token)


@pytest.mark.parametrize("make", ASSERTIONS.values(), ids=ASSERTIONS)
def test_an_assertion_says_to_this_hub_once_who_asks(
    world: World, school: Greedy, make: AssertionOf
) -> None:
    """An unknown unit and a wrong signature look alike."""
    assertion = make(school, Jws.of(school.assertion()))
    before = books(world)

    answer = school.ask_for_token(assertion=assertion)

    assert (answer.status_code, answer.json()) == (401, {"error": "invalid_client"})
    check_left_nothing(world, before)


@pytest.mark.parametrize(
    ("form", "status", "error"),
    [
        ({"grant_type": "password"}, 400, "unsupported_grant_type"),
        ({"grant_type": ""}, 400, "unsupported_grant_type"),
        ({"client_assertion_type": CANARY}, 401, "invalid_client"),
        ({f"feld{number}": CANARY for number in range(9)}, 400, "invalid_request"),
    ],
    ids=["another grant", "no grant", "another kind of assertion", "too many fields"],
)
def test_a_token_is_asked_for_in_one_way(
    world: World, school: Greedy, form: dict[str, str], status: int, error: str
) -> None:
    before = books(world)

    answer = school.ask_for_token(**form)

    assert (answer.status_code, answer.json()) == (status, {"error": error})
    check_left_nothing(world, before)


@pytest.mark.parametrize(
    "proofs",
    [
        lambda _: [],
        lambda by: [by.proof("POST", "/oauth/token", None)] * 2,
        lambda by: [by.proof("GET", "/oauth/token", None)],
        lambda by: [by.proof("POST", "/v1/leases", None)],
        lambda by: [by.proof("POST", "/oauth/token", by.token())],
        lambda _: [CANARY],
    ],
    ids=["none", "two", "another method", "another path", "with a token", "that is none"],
)
def test_a_token_is_bound_to_a_key_that_was_shown(
    world: World, school: Greedy, proofs: Callable[[Greedy], list[str]]
) -> None:
    before = books(world)

    answer = school.ask_for_token(proofs=proofs(school))

    assert (answer.status_code, answer.json()) == (400, {"error": "invalid_dpop_proof"})
    check_left_nothing(world, before)


def test_an_assertion_counts_once(world: World, school: Greedy) -> None:
    assertion = school.assertion()
    assert school.ask_for_token(assertion=assertion).status_code == 200
    before = books(world)

    again = school.ask_for_token(assertion=assertion)

    assert (again.status_code, again.json()) == (401, {"error": "invalid_client"})
    check_left_nothing(world, before)


def test_a_proof_gets_one_token(world: World, school: Greedy) -> None:
    proof = school.proof("POST", "/oauth/token", None)
    assert school.ask_for_token(proofs=[proof]).status_code == 200
    before = books(world)

    again = school.ask_for_token(proofs=[proof])

    assert (again.status_code, again.json()) == (400, {"error": "invalid_dpop_proof"})
    check_left_nothing(world, before)


def test_a_form_comes_as_a_form_with_every_field_once(world: World, school: Greedy) -> None:
    before = books(world)
    proof = school.proof("POST", "/oauth/token", None)

    as_json = school.http.post("/oauth/token", json={}, headers={"dpop": proof})
    twice = school.http.post(
        "/oauth/token",
        content=b"grant_type=client_credentials&grant_type=client_credentials",
        headers={"dpop": proof, "content-type": "application/x-www-form-urlencoded"},
    )

    check_said(as_json, No(415, "media-type-unsupported"))
    assert (twice.status_code, twice.json()) == (400, {"error": "invalid_request"})
    check_left_nothing(world, before)


def test_those_whom_nobody_knows_are_counted_by_the_minute(
    world: World, school: Greedy, clock: Clock
) -> None:
    """Else anybody could fill the log, and hide something in it."""
    clock.ahead = 60 - school.now % 60
    asyncio.run(count_refusals(world.node, world.clock()))
    before = books(world)
    for _ in range(70):
        school.http.get(PATH)
    check_left_nothing(world, before)

    clock.ahead += 60
    asyncio.run(count_refusals(world.node, world.clock()))

    [entry] = entries(world, before.log)
    assert (entry["k"], entry["act"]["org"], entry["why"]) == (
        "auth.failed",
        "",
        "token-invalid",
    )
    assert entry["obj"]["n"] == 70


def test_one_unit_that_asks_without_end_is_told_to_wait(
    world: World, greedy: Client, clock: Clock
) -> None:
    """And the others are not, and the log says in one entry how often."""
    wild = greedy(KREIS)
    asyncio.run(count_refusals(world.node, world.clock()))
    before = books(world)

    for _ in range(3000):
        answer = wild.send("GET", "/v1/conversations/keine")
        if answer.status_code != 404:
            break

    check_said(answer, No(429, "too-many-requests"))
    assert int(answer.headers["retry-after"]) >= 1
    check_said(greedy(RHEINBERG).send("GET", PATH), No(404, "not-found"))
    check_left_nothing(world, before)
    clock.ahead = 60
    asyncio.run(count_refusals(world.node, world.clock()))
    counted = [entry for entry in entries(world, before.log) if entry["act"]["org"] == KREIS]
    assert [(entry["k"], entry["why"], entry["obj"]["n"]) for entry in counted] == [
        ("access.denied", "too-many-requests", 1)
    ]
