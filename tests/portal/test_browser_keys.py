# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""The browser believes of a hub what every other client of it believes, and not a byte more."""

import json
from collections.abc import Iterator
from typing import Any, Final

import httpx2
import pytest

from hub.client import Draft
from hub.client.agency import PinnedHub
from hub.client.answers import Untrustworthy
from hub.client.proofs import check_answer
from hub.client.readers import desk_readers
from hub.errors import Refusal
from hub.model.participant import PublicJwk
from hub.sealing.canonical import b64, digest
from hub.trust.keys import PrivateSigningKey, check_public_key
from tests.interop.drawn import seeded
from tests.interop.node import Peer, Refused
from tests.portal.believing import a_browser
from tests.portal.forged import DESK, HUB, NOW, SCHOOL, Claims, Forge
from tests.portal.unbelieved import DIRECTORY, Case
from tests.portal.unsealed import ALL, ANSWERS, READERS, SENT, Proposal, Told, honest
from tests.world import RHEINBERG, World, example

FEWEST: Final = 40
FLIPS: Final = 300
URGENCIES: Final = ("sofort", "unverzueglich", "planbar")


@pytest.fixture(scope="module")
def browser() -> Iterator[Peer]:
    with a_browser() as asked:
        yield asked


@pytest.fixture(scope="module")
def forge() -> Forge:
    """An honest one; whoever changes it makes one of his own."""
    return Forge()


@pytest.fixture(scope="module")
def shown(world: World) -> Claims:
    """What a browser is shown of a real hub: pins, list, entries with their proofs."""
    pinned = world.agency(SCHOOL).hub
    organisations = {"jugendamt:05170032", "jugendamt:05170000", "schule:999001"}
    answers = {name: _get(world, f"/v1/directory/{name}") for name in sorted(organisations)}
    return {
        "hub": pinned.as_json() | {"id": pinned.id},
        "list": _get(world, "/v1/directory")["list"],
        "organisations": answers,
        "now": int(world.clock()),
    }


def _get(world: World, path: str) -> Any:
    return httpx2.get(f"{world.url}{path}").raise_for_status().json()


async def _submitted(world: World) -> tuple[Draft, bytes]:
    async with world.hub(SCHOOL) as school:
        await school.directory()
        draft = school.compose(
            protocol="schule-mitteilung",
            step="mitteilung",
            to=RHEINBERG,
            urgency="unverzueglich",
            content=example("schule-mitteilung", "mitteilung"),
        )
        return draft, (await school.submit(draft)).raw


def test_what_a_real_hub_publishes_is_believed(browser: Peer, shown: Claims) -> None:
    believed = browser.ask("directory", **shown)

    assert set(believed["units"]) == {
        each["id"]
        for answer in shown["organisations"].values()
        for each in answer["proposal"]["units"]
    }


def test_what_is_seen_again_is_believed_again(browser: Peer, shown: Claims) -> None:
    assert browser.ask("directory", **shown, before=[shown, shown])["units"]


@pytest.mark.anyio
async def test_the_receipt_of_a_real_notice_is_believed(
    browser: Peer, world: World, shown: Claims
) -> None:
    draft, raw = await _submitted(world)
    about = {"envDigest": draft.sealed.env_digest, "request": digest(draft.body)}
    sent = {"iss": SCHOOL, "id": draft.id, **about}

    told = browser.ask("accepted", hub=shown["hub"], answer=json.loads(raw), sent=sent)

    proven = check_answer(raw, world.agency(SCHOOL).hub)
    assert (told["word"], told["index"]) == ("accepted", proven.index)
    assert told["due"] == proven.receipt.members["due"]


@pytest.mark.parametrize("urgency", URGENCIES)
@pytest.mark.anyio
async def test_whom_this_side_would_seal_to_the_browser_seals_to(
    browser: Peer, world: World, shown: Claims, urgency: str
) -> None:
    async with world.hub(SCHOOL) as school:
        directory = (await school.directory()).participants
    chosen = desk_readers(RHEINBERG, urgency, tuple(ALL), directory, shown["now"])
    proposed = [
        {"kid": each.public.kid, "classes": list(each.classes), "rel": each.rel} for each in chosen
    ]
    about = {"urgency": urgency, "classes": ALL}
    asked = {"unit": RHEINBERG, "readers": proposed, "at": shown["now"], "about": about}

    found = browser.ask("readers", **shown, **asked)["readers"]

    assert [each["pub"] for each in found] == [each.public.b64 for each in chosen]


def test_enough_is_tried() -> None:
    assert len(DIRECTORY) + len(READERS) + len(ANSWERS) >= 2 * FEWEST


def test_an_honest_hub_is_believed(browser: Peer, forge: Forge) -> None:
    """Otherwise the refusals below would prove nothing."""
    asked = {"unit": DESK, "readers": honest(forge), "at": NOW, "about": {"classes": ALL}}

    assert browser.ask("readers", **forge.case(), **asked)["readers"]
    told = browser.ask("accepted", hub=forge.pinned, answer=forge.answer(), sent=SENT)
    assert told["due"] == {"acknowledged": NOW + 86_400}


@pytest.mark.parametrize(("reason", "case"), DIRECTORY.values(), ids=list(DIRECTORY))
def test_a_directory_is_doubted(browser: Peer, reason: str, case: Case) -> None:
    with pytest.raises(Refused) as refused:
        browser.ask("directory", **case(Forge()))
    assert refused.value.code == reason


@pytest.mark.parametrize(("reason", "proposal"), READERS.values(), ids=list(READERS))
def test_nothing_is_sealed_to_whom_it_is_not_for(
    browser: Peer, reason: str, proposal: Proposal
) -> None:
    forge = Forge()
    readers, about = proposal(forge)

    with pytest.raises(Refused) as refused:
        browser.ask("readers", **forge.case(), unit=DESK, readers=readers, at=NOW, about=about)
    assert refused.value.code == reason


@pytest.mark.parametrize(("reason", "told"), ANSWERS.values(), ids=list(ANSWERS))
def test_a_receipt_is_doubted(browser: Peer, forge: Forge, reason: str, told: Told) -> None:
    with pytest.raises(Refused) as refused:
        browser.ask("accepted", hub=forge.pinned, sent=SENT, **told(forge))
    assert refused.value.code == reason


def test_a_flipped_byte_of_an_answer_is_judged_as_by_every_client(
    browser: Peer, forge: Forge
) -> None:
    random = seeded(8)
    pinned = PinnedHub.of("http://localhost", {**forge.pinned, "hub": HUB, "issuer": "x"})
    raw = json.dumps(forge.answer(), ensure_ascii=False)

    refused = 0
    for _ in range(FLIPS):
        at = random.randrange(len(raw))
        other = raw[:at] + chr(ord(raw[at]) ^ 1 << random.randrange(6)) + raw[at + 1 :]
        refused += _agree(browser, forge.pinned, pinned, other)
    assert refused > FLIPS * 9 // 10


def _agree(browser: Peer, pins: Claims, pinned: PinnedHub, text: str) -> bool:
    """Ask both, hold their answers against each other, and return whether they refused."""
    try:
        answer = json.loads(text)
    except ValueError:
        return True
    try:
        check_answer(text.encode(), pinned)
    except Untrustworthy:
        with pytest.raises(Refused):
            browser.ask("answer", hub=pins, answer=answer)
        return True
    assert browser.ask("answer", hub=pins, answer=answer)
    return False


def test_keys_that_may_not_sign_are_the_same_everywhere(browser: Peer) -> None:
    random = seeded(9)
    fresh = [PrivateSigningKey.generate().jwk.x for _ in range(20)]
    small = [b64(bytes([each]) + bytes(31)) for each in range(8)]
    drawn = [b64(random.randbytes(32)) for _ in range(120)]
    keys = [{"kty": "OKP", "crv": "Ed25519", "x": x} for x in (*fresh, *small, *drawn)]

    told = browser.ask("keys", keys=keys)["good"]

    assert told == [_may_sign(PublicJwk.model_validate(key)) for key in keys]
    assert 0 < sum(told) < len(keys)


def _may_sign(jwk: PublicJwk) -> bool:
    try:
        check_public_key(jwk)
    except Refusal:
        return False
    return True
