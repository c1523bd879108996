# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""No key is registered that would prove nothing, tell a secret, or belong to somebody else."""

import json
import time
from collections.abc import Callable, Iterator
from copy import deepcopy
from typing import Any

import httpx2
import pytest

from hub.client.enrolment import JWT
from hub.directory.entry import kid_of_signing
from hub.model.participant import PublicJwk
from hub.sealing.canonical import b64, digest, jcs
from hub.sealing.reader import ReaderPrivateKey
from hub.trust.jose import sign_token
from hub.trust.keys import PrivateSigningKey
from hub.trust.kinds import DIRECTORY_ENTRY
from tests.journeys.books import books
from tests.world import OTHER_SCHOOL, SCHOOL, World, a_world

NEUTRAL = b64(bytes([1, *bytes(31)]))
OFF_CURVE = b64(bytes([2, *bytes(31)]))
UNREDUCED = b64(bytes.fromhex("ee" + "ff" * 30 + "7f"))
"""One more than the size of the field: a second spelling of a small number."""
Entry = dict[str, Any]


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with a_world(tmp_path_factory.mktemp("keys"), SCHOOL, OTHER_SCHOOL) as world:
        yield world


def with_signing(**members: Any) -> Callable[[World, Entry], None]:
    """Return a change that adds a signing key of this form, under the id that follows from it."""

    def change(_: World, entry: Entry) -> None:
        jwk = {"kty": "OKP", "crv": "Ed25519", "x": NEUTRAL} | members
        added = {name: value for name, value in jwk.items() if value is not None}
        kid = digest(jcs(added))
        entry["units"][0]["signing"].append(
            {"kid": kid, "alg": "EdDSA", "jwk": added, "not_before": entry["iat"]}
        )

    return change


def of_a_neighbour(world: World, entry: Entry) -> None:
    other = world.node.directory.unit(OTHER_SCHOOL)
    assert other is not None
    entry["units"][0]["signing"].append(other.signing[0].model_dump(mode="json", exclude_none=True))


def twice(_: World, entry: Entry) -> None:
    entry["units"][0]["signing"].append(deepcopy(entry["units"][0]["signing"][0]))


def the_token_key_as_signing_key(_: World, entry: Entry) -> None:
    entry["units"][0]["signing"].append(entry["units"][0]["token"][0])


def the_root_key_as_token_key(_: World, entry: Entry) -> None:
    entry["units"][0]["token"].append(entry["root"])


def under_another_id(_: World, entry: Entry) -> None:
    fresh = PrivateSigningKey.generate().public(entry["iat"])
    said = fresh.model_dump(mode="json", exclude_none=True) | {"kid": digest("another key")}
    entry["units"][0]["signing"].append(said)


def a_reading_key_that_is_none(_: World, entry: Entry) -> None:
    known = entry["units"][0]["reading"][0]
    pub = b64(bytes([255]) * 1216)
    kid = digest(jcs({"alg": "X-Wing", "kty": "AKP", "pub": pub}))
    entry["units"][0]["reading"].append(known | {"pub": pub, "kid": kid})


def revoked_without_an_end(_: World, entry: Entry) -> None:
    fresh = PrivateSigningKey.generate().public(entry["iat"])
    said = fresh.model_dump(mode="json", exclude_none=True) | {"revoked": "lost"}
    entry["units"][0]["signing"].append(said)


NEGATIVES: dict[str, Callable[[World, Entry], None]] = {
    "of small order": with_signing(),
    "off the curve": with_signing(x=OFF_CURVE),
    "with a second spelling": with_signing(x=UNREDUCED),
    "too short": with_signing(x=b64(bytes(31))),
    "RSA of 2048 bits": with_signing(kty="RSA", crv=None, x=None, n=b64(bytes(256)), e="AQAB"),
    "RSA of 4096 bits": with_signing(kty="RSA", crv=None, x=None, n=b64(bytes(512)), e="AQAB"),
    "symmetric": with_signing(kty="oct", crv=None, x=None, k=b64(bytes(32))),
    "with its private half": with_signing(d=b64(bytes(32))),
    "of P-256 with its private half": with_signing(
        kty="EC", crv="P-256", y=NEUTRAL, d=b64(bytes(32))
    ),
    "of P-256 off the curve": with_signing(kty="EC", crv="P-256", y=NEUTRAL),
    "of another curve": with_signing(crv="Ed448"),
    "for another use": with_signing(use="enc"),
    "of a neighbour": of_a_neighbour,
    "that stands there twice": twice,
    "of the token": the_token_key_as_signing_key,
    "of the root": the_root_key_as_token_key,
    "under another id": under_another_id,
    "for reading that is no point": a_reading_key_that_is_none,
    "revoked without an end": revoked_without_an_end,
}


def next_entry(world: World) -> Entry:
    known = world.node.directory.organisation(SCHOOL)
    assert known is not None
    assert known.entry is not None
    assert known.entry_jws is not None
    said: Entry = json.loads(known.entry.model_dump_json(exclude_none=True))
    changes = {"version": said["version"] + 1, "prv": digest(known.entry_jws)}
    return said | changes | {"iat": int(time.time())}


def handed_in(world: World, entry: Entry) -> httpx2.Response:
    root = PrivateSigningKey.load(world.home / "schule-999001" / "root.pem")
    jws = sign_token(root, DIRECTORY_ENTRY.typ, entry)
    url = f"{world.url}/v1/directory/{SCHOOL}"
    return httpx2.put(url, content=jws, headers={"content-type": JWT})


@pytest.mark.parametrize("change", NEGATIVES.values(), ids=NEGATIVES.keys())
def test_a_key_that_proves_nothing_is_not_registered(
    world: World, change: Callable[[World, Entry], None]
) -> None:
    before, entry = books(world), next_entry(world)
    change(world, entry)

    answer = handed_in(world, entry)

    assert answer.json()["code"] in {"envelope-invalid", "not-permitted", "reader-key-invalid"}
    assert books(world) == before


def test_a_sound_key_is_registered_the_same_way(world: World) -> None:
    """Else all of the above could be refused for another reason."""
    entry = next_entry(world)
    fresh = PrivateSigningKey.generate("ES256").public(entry["iat"])
    entry["units"][0]["signing"].append(fresh.model_dump(mode="json", exclude_none=True))
    desk = ReaderPrivateKey.generate()
    known = entry["units"][0]["reading"][0]
    entry["units"][0]["reading"].append(known | {"pub": desk.public.b64, "kid": desk.kid})

    assert handed_in(world, entry).status_code == httpx2.codes.CREATED


def test_a_revoked_key_does_not_come_back_as_a_sound_one(world: World) -> None:
    entry = next_entry(world)
    fresh = PrivateSigningKey.generate().public(entry["iat"] - 10)
    said = fresh.model_dump(mode="json", exclude_none=True)
    entry["units"][0]["token"].append(said | {"not_after": entry["iat"] - 5, "revoked": "lost"})
    assert handed_in(world, entry).status_code == httpx2.codes.CREATED

    again = next_entry(world)
    again["units"][0]["token"][-1] = said

    assert handed_in(world, again).json()["code"] == "not-permitted"
    assert fresh.kid == kid_of_signing(PublicJwk.model_validate(said["jwk"]))
