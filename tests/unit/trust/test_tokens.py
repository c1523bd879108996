# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""A client gets a token for the key it shows; without that key the token is worth nothing."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import pytest

from hub.errors import EnvelopeInvalid, ParticipantSuspended, TokenInvalid
from hub.model.participant import SigningKey
from hub.trust.kinds import (
    ACCESS_TOKEN,
    CLIENT_ASSERTION,
    DPOP_PROOF,
    KINDS,
    RECEIPT,
    TokenKind,
)
from hub.trust.receipts import verify_receipt
from hub.trust.tokens import (
    AssertionVerified,
    AuthorizationServer,
    GrantRefused,
    GrantRequest,
    NonceRequired,
    Nonces,
    Presented,
    Request,
    make_client_assertion,
    make_dpop_proof,
    parse_grant,
)
from tests.unit.trust.builders import (
    ISSUER,
    NOW,
    OFFICE,
    SCHOOL,
    Change,
    a_key,
    a_token,
    public,
    verify,
)

TOKEN_URL = Request("POST", f"{ISSUER}/oauth/token")
RESOURCE = Request("PUT", f"{ISSUER}/v1/messages/019a6a5e-7c2a-7d41-8e5b-000000000001")
CLIENT, BOUND, HUBS = a_key("client"), a_key("dpop"), a_key("hub")
FORM = [
    ("grant_type", "client_credentials"),
    ("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"),
    ("client_assertion", "a.b.c"),
]


@dataclass
class OneUnit:
    """A directory of one unit."""

    key: SigningKey | None = field(default_factory=lambda: public(CLIENT))
    active: bool = True

    def token_key(self, unit: str, kid: str) -> SigningKey | None:
        known = self.key is not None and (unit, kid) == (SCHOOL, self.key.kid)
        return self.key if known else None

    def is_active(self, unit: str) -> bool:
        return self.active and unit == SCHOOL


def a_server(nonces: Nonces | None = None) -> AuthorizationServer:
    return AuthorizationServer(ISSUER, HUBS, nonces=nonces)


def verified(
    server: AuthorizationServer,
    assertion: str | None = None,
    dpop: Sequence[str] | None = None,
    *,
    keys: OneUnit | None = None,
    now: int = NOW,
) -> AssertionVerified:
    good = make_client_assertion(CLIENT, SCHOOL, ISSUER, NOW)
    proofs = [make_dpop_proof(BOUND, TOKEN_URL, NOW)] if dpop is None else dpop
    grant = GrantRequest(good if assertion is None else assertion)
    return server.verify_assertion(grant, proofs, TOKEN_URL, keys or OneUnit(), now)


def an_access_token(server: AuthorizationServer) -> str:
    return server.issue_access_token(verified(server), NOW)


def presented(
    token: str, proof: str | None = None, request: Request = RESOURCE, now: int = NOW
) -> Presented:
    own = make_dpop_proof(BOUND, request, now, access_token=token)
    return Presented([f"DPoP {token}"], [proof or own], request)


def test_a_client_gets_a_token_and_is_known_by_it() -> None:
    server = a_server()

    client = server.authenticate(presented(an_access_token(server)), OneUnit(), NOW)

    assert (client.unit, client.organisation) == (SCHOOL, SCHOOL)


def test_the_organisation_follows_from_the_unit() -> None:
    class Office(OneUnit):
        def token_key(self, unit: str, kid: str) -> SigningKey | None:
            return public(CLIENT) if (unit, kid) == (OFFICE, CLIENT.kid) else None

        def is_active(self, unit: str) -> bool:
            return unit == OFFICE

    server, office = a_server(), Office()
    assertion = make_client_assertion(CLIENT, OFFICE, ISSUER, NOW)
    token = server.issue_access_token(verified(server, assertion, keys=office), NOW)

    client = server.authenticate(presented(token), office, NOW)

    assert (client.unit, client.organisation) == (OFFICE, "jugendamt:05978040")


def test_the_token_says_what_rfc_9068_asks_for_and_lives_five_minutes() -> None:
    server = a_server()
    token = server.issue_access_token(verified(server), NOW, scope="send receive")

    claims = verify(token, ACCESS_TOKEN, HUBS)

    assert claims == {
        "iss": ISSUER,
        "aud": ISSUER,
        "sub": SCHOOL,
        "client_id": SCHOOL,
        "iat": NOW,
        "exp": NOW + 300,
        "jti": claims["jti"],
        "cnf": {"jkt": BOUND.kid},
        "scope": "send receive",
        "key": CLIENT.kid,
    }


def test_two_tokens_of_one_second_differ() -> None:
    server = a_server()
    known = verified(server)

    assert server.issue_access_token(known, NOW) != server.issue_access_token(known, NOW)


def test_the_writer_learns_which_ids_it_has_to_enter_once() -> None:
    """Whether they were used before, only the transaction can know (RFC 7523 § 3, RFC 9449)."""
    server = a_server()
    assertion = a_token(CLIENT_ASSERTION, CLIENT, jti="assertion-4711")

    client = verified(server, assertion)

    assert client.assertion_id == "assertion-4711"
    assert client.proof_id != verified(server).proof_id
    # An id is kept until the clock of no node could accept it any more.
    assert min(client.assertion_expires_at, client.proof_expires_at) >= NOW + 60


@pytest.mark.parametrize(
    "changes",
    [
        {"aud": f"{ISSUER}/oauth/token"},
        {"aud": f"{ISSUER}/"},
        {"aud": "https://anderer.meldeweg.invalid"},
        {"sub": OFFICE},
        {"iss": OFFICE},
        {"iss": OFFICE, "sub": OFFICE},
        {"exp": NOW + 61},
        {"iat": NOW + 11},
        {"iat": NOW - 60, "exp": NOW},
    ],
    ids=str,
)
def test_an_assertion_for_somebody_else_is_refused(changes: dict[str, Change]) -> None:
    with pytest.raises(GrantRefused) as refused:
        verified(a_server(), a_token(CLIENT_ASSERTION, CLIENT, **changes))

    assert refused.value.error == "invalid_client"


def test_an_unknown_unit_and_a_wrong_key_look_alike() -> None:
    server = a_server()

    with pytest.raises(GrantRefused) as unknown:
        verified(server, make_client_assertion(CLIENT, OFFICE, ISSUER, NOW))
    with pytest.raises(GrantRefused) as wrong:
        verified(server, make_client_assertion(a_key("fremd"), SCHOOL, ISSUER, NOW))

    assert unknown.value.error == wrong.value.error
    assert unknown.value.detail == wrong.value.detail == TokenInvalid().detail


def test_a_suspended_unit_gets_no_token() -> None:
    with pytest.raises(GrantRefused) as refused:
        verified(a_server(), keys=OneUnit(active=False))

    assert refused.value.error == "unauthorized_client"


def test_a_key_that_ended_gets_no_token() -> None:
    with pytest.raises(GrantRefused):
        verified(a_server(), keys=OneUnit(public(CLIENT, 0, NOW - 1)))


def test_a_key_that_ends_is_out_at_the_next_request() -> None:
    """The token would live on for five minutes; the key is asked for every time."""
    server = a_server()
    token = an_access_token(server)
    server.authenticate(presented(token), OneUnit(), NOW)

    for keys in (OneUnit(None), OneUnit(public(CLIENT, 0, NOW - 1)), OneUnit(public(a_key("neu")))):
        with pytest.raises(TokenInvalid):
            server.authenticate(presented(token), keys, NOW)


def test_a_suspended_unit_is_told_so_once_it_is_known() -> None:
    server = a_server()
    token = an_access_token(server)

    with pytest.raises(ParticipantSuspended):
        server.authenticate(presented(token), OneUnit(active=False), NOW)


def test_a_token_that_was_good_before_still_ends() -> None:
    server = a_server()
    token = an_access_token(server)
    last = presented(token, now=NOW + 299)
    late = presented(token, now=NOW + 300)

    assert server.authenticate(last, OneUnit(), NOW + 299).unit == SCHOOL
    with pytest.raises(TokenInvalid):
        server.authenticate(late, OneUnit(), NOW + 300)


PRESENTED: dict[str, Callable[[str, str], tuple[list[str], list[str]]]] = {
    "no token": lambda _, proof: ([], [proof]),
    "no proof": lambda token, _: ([f"DPoP {token}"], []),
    "two tokens": lambda token, proof: ([f"DPoP {token}", f"DPoP {token}"], [proof]),
    "two proofs": lambda token, proof: ([f"DPoP {token}"], [proof, proof]),
    "two proofs in one header": lambda token, proof: ([f"DPoP {token}"], [f"{proof},{proof}"]),
    "as a bearer token": lambda token, proof: ([f"Bearer {token}"], [proof]),
    "without a scheme": lambda token, proof: ([token], [proof]),
    "with two spaces": lambda token, proof: ([f"DPoP  {token}"], [proof]),
    "empty": lambda _, proof: (["DPoP "], [proof]),
    "not ASCII": lambda token, proof: ([f"DPoP {token}ä"], [proof]),
    "changed": lambda token, proof: ([f"DPoP {token[:-4]}AAAA"], [proof]),
    "the proof as the token": lambda _, proof: ([f"DPoP {proof}"], [proof]),
    "the token as the proof": lambda token, _: ([f"DPoP {token}"], [token]),
}


@pytest.mark.parametrize("show", PRESENTED.values(), ids=PRESENTED.keys())
def test_whatever_is_wrong_there_is_one_answer(
    show: Callable[[str, str], tuple[list[str], list[str]]],
) -> None:
    server = a_server()
    token = an_access_token(server)
    proof = make_dpop_proof(BOUND, RESOURCE, NOW, access_token=token)

    with pytest.raises(TokenInvalid) as refused:
        server.authenticate(Presented(*show(token, proof), RESOURCE), OneUnit(), NOW)

    assert refused.value.detail == TokenInvalid().detail
    assert refused.value.pointers == ()


def test_the_scheme_is_written_as_one_likes() -> None:
    server = a_server()
    token = an_access_token(server)
    proof = make_dpop_proof(BOUND, RESOURCE, NOW, access_token=token)

    shown = Presented([f"dpop {token}"], [proof], RESOURCE)

    assert server.authenticate(shown, OneUnit(), NOW).unit == SCHOOL


def test_a_stolen_token_is_worth_nothing_without_its_key() -> None:
    server = a_server()
    token = an_access_token(server)
    thief = make_dpop_proof(a_key("dieb"), RESOURCE, NOW, access_token=token)

    with pytest.raises(TokenInvalid):
        server.authenticate(presented(token, thief), OneUnit(), NOW)


def test_a_token_of_another_hub_is_none_here() -> None:
    other = AuthorizationServer("https://anderer.meldeweg.invalid", HUBS)
    foreign = a_server()
    token = other.issue_access_token(verified(foreign), NOW)

    with pytest.raises(TokenInvalid):
        foreign.authenticate(presented(token), OneUnit(), NOW)


def test_a_client_cannot_make_its_own_token() -> None:
    server = a_server()
    own = a_token(ACCESS_TOKEN, CLIENT, cnf={"jkt": BOUND.kid}, key=CLIENT.kid)

    with pytest.raises(TokenInvalid):
        server.authenticate(presented(own), OneUnit(), NOW)


def test_very_many_tokens_are_remembered_without_end_of_memory() -> None:
    server = a_server()
    server._remembered = {
        str(number): granted
        for granted in [server._granted(an_access_token(server), NOW)]
        for number in range(10_000)
    }

    server.authenticate(presented(an_access_token(server)), OneUnit(), NOW)

    assert len(server._remembered) == 5_001


def test_the_form_of_a_token_request() -> None:
    assert parse_grant([*FORM, ("scope", "send")]) == GrantRequest("a.b.c", "send")
    assert parse_grant([*FORM, ("resource", "x"), ("client_id", SCHOOL)]).scope == ""


@pytest.mark.parametrize(
    ("form", "error"),
    [
        ([], "invalid_request"),
        (FORM[1:], "invalid_request"),
        ([*FORM, ("client_assertion", "d.e.f")], "invalid_request"),
        ([("grant_type", "password"), *FORM[1:]], "unsupported_grant_type"),
        ([("grant_type", "authorization_code"), *FORM[1:]], "unsupported_grant_type"),
        ([FORM[0], FORM[2]], "invalid_client"),
        ([FORM[0], ("client_assertion_type", "saml2-bearer"), FORM[2]], "invalid_client"),
        ([FORM[0], ("client_secret", "geheim")], "invalid_client"),
    ],
)
def test_a_token_request_of_another_form(form: list[tuple[str, str]], error: str) -> None:
    with pytest.raises(GrantRefused) as refused:
        parse_grant(form)

    assert refused.value.error == error


def test_a_hub_may_ask_for_its_nonce_in_every_proof() -> None:
    server = a_server(Nonces(b"geheim" * 6))

    with pytest.raises(NonceRequired) as missing:
        verified(server)
    proof = make_dpop_proof(BOUND, TOKEN_URL, NOW, nonce=missing.value.nonce)
    token = server.issue_access_token(verified(server, dpop=[proof]), NOW)
    with pytest.raises(NonceRequired) as again:
        server.authenticate(presented(token), OneUnit(), NOW)
    proof = make_dpop_proof(BOUND, RESOURCE, NOW, access_token=token, nonce=again.value.nonce)

    assert server.authenticate(presented(token, proof), OneUnit(), NOW).unit == SCHOOL
    assert server.nonce(NOW) == again.value.nonce
    assert a_server().nonce(NOW) is None


def test_a_forged_proof_does_not_even_learn_the_nonce() -> None:
    server = a_server(Nonces(b"geheim" * 6))

    with pytest.raises(GrantRefused) as refused:
        verified(server, dpop=["a.b.c"])

    assert refused.value.error == "invalid_dpop_proof"


def resource_with(token: str) -> object:
    """Show a token, with a proof by the key that a good one would be bound to."""
    server = AuthorizationServer(ISSUER, a_key())
    proof = make_dpop_proof(a_key(), RESOURCE, NOW, access_token=token)
    return server.authenticate(presented(token, proof), OneUnit(public(a_key())), NOW)


def resource_with_proof(proof: str) -> object:
    server = a_server()
    return server.authenticate(presented(an_access_token(server), proof), OneUnit(), NOW)


DOORS: dict[str, tuple[str, Callable[[str], object]]] = {
    "assertion at the token endpoint": (
        CLIENT_ASSERTION.typ,
        lambda token: verified(a_server(), token, keys=OneUnit(public(a_key()))),
    ),
    "proof at the token endpoint": (
        DPOP_PROOF.typ,
        lambda token: verified(a_server(), dpop=[token]),
    ),
    "token at a resource": (ACCESS_TOKEN.typ, resource_with),
    "proof at a resource, which needs more": ("", resource_with_proof),
    "receipt": (RECEIPT.typ, lambda token: verify_receipt(token, lambda _, __: public(a_key()))),
}


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.typ)
@pytest.mark.parametrize("door", DOORS)
def test_a_token_of_one_kind_opens_no_other_door(kind: TokenKind, door: str) -> None:
    """All are signed with the key that the door expects."""
    typ, enter = DOORS[door]
    token = a_token(kind, a_key())

    if typ == kind.typ:
        enter(token)
    else:
        with pytest.raises((TokenInvalid, EnvelopeInvalid)):
            enter(token)
