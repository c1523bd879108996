# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""What only a reader can find, a reader finds, and says no with its signature.

The hub carries these notices: their form is right, and of the ink it sees nothing. What comes back
is proof, because the office signed it, and it names places and never what stood there.
"""

import json
from collections.abc import Callable
from typing import Any, Final

import pytest

from hub.errors import Refusal
from hub.sealing.canonical import b64, digest, jcs
from hub.trust.receipts import verify_receipt
from specs.vectors.sl1.forge import Parts, Spoiled
from specs.vectors.sl1.spoil import flipped, leaf, says, segment, states, swap
from tests.greedy import Greedy, seal_anyway
from tests.journeys.books import CANARY, books, entries
from tests.world import KREIS, RHEINBERG, SCHOOL, World

pytestmark = pytest.mark.anyio
Client = Callable[[str], Greedy]
NAME: Final = "/kind/name/vorname"
WHY: Final = "/warum_jugendamt"


def _wraps_that_do_not_open(wraps: Parts) -> None:
    wraps.update({kid: flipped(wrapped) for kid, wrapped in wraps.items()})


def _salt_of_another(plaintexts: Parts) -> None:
    salt = plaintexts[WHY][:26]
    plaintexts[NAME] = salt + plaintexts[NAME][26:]


def _a_digest_replaced(claims: Parts) -> None:
    claims["_sd"] = sorted([*claims["_sd"][1:], digest(CANARY)])


def _an_item_after_a_vacant_one(plaintexts: Parts) -> None:
    first, second = plaintexts["/beobachtungen/0/text"], plaintexts["/beobachtungen/1/text"]
    said, vacant = json.loads(first), json.loads(second)
    plaintexts["/beobachtungen/1/text"] = jcs([vacant[0], vacant[1], said[2]]).ljust(len(second))
    for name in ("datum", "quelle", "text"):
        place = f"/beobachtungen/0/{name}"
        own = json.loads(plaintexts[place])
        plaintexts[place] = jcs([own[0], own[1], None]).ljust(len(plaintexts[place]))


SPOILED: Final[dict[str, tuple[str, tuple[str, ...], Spoiled]]] = {
    "wraps that do not open": ("wrap-unopenable", (), Spoiled(wraps=_wraps_that_do_not_open)),
    "wraps made for another office": (
        "wrap-unopenable",
        (),
        Spoiled(info=lambda bound: bound.update(aud=KREIS)),
    ),
    "wraps from another school": (
        "wrap-unopenable",
        (),
        Spoiled(info=lambda bound: bound.update(iss="schule:999002")),
    ),
    "another key than committed to": (
        "secret-mismatch",
        ("/commit/main",),
        Spoiled(class_keys=lambda keys: keys.update(main=bytes(32))),
    ),
    "another commitment": (
        "secret-mismatch",
        ("/commit/main",),
        Spoiled(claims=lambda claims: claims["commit"].update(main=digest(CANARY))),
    ),
    "two leaves exchanged": (
        "leaf-unopenable",
        (NAME,),
        Spoiled(leaves=swap(NAME, "/kind/name/rufname")),
    ),
    "a leaf that does not open": ("leaf-unopenable", (NAME,), leaf(NAME, segment(4, flipped))),
    "a leaf that was not signed": ("leaf-mismatch", (), Spoiled(claims=_a_digest_replaced)),
    "two disclosures exchanged": (
        "leaf-malformed",
        (NAME,),
        Spoiled(plaintexts=swap(NAME, "/kind/name/rufname")),
    ),
    "a disclosure that is no JSON": (
        "leaf-malformed",
        (NAME,),
        says(NAME, lambda _: CANARY.encode()),
    ),
    "a disclosure of four": ("leaf-malformed", (NAME,), says(NAME, lambda it: jcs([*it, CANARY]))),
    "a list as value": ("leaf-malformed", (NAME,), states(NAME, [CANARY])),
    "a salt twice": ("leaf-malformed", (WHY,), Spoiled(plaintexts=_salt_of_another)),
    "a short salt": (
        "leaf-malformed",
        (NAME,),
        says(NAME, lambda it: jcs([b64(bytes(15)), *it[1:]])),
    ),
    "a value of another type": ("content-invalid", (NAME,), states(NAME, 7)),
    "a word that no list knows": (
        "content-invalid",
        ("/kind/geschlecht",),
        states("/kind/geschlecht", "Kan"),
    ),
    "an invisible character": ("content-invalid", (NAME,), states(NAME, "Kana\u202erienvogel")),
    "a value that is too long": (
        "content-invalid",
        ("/kind/geburt/jahr",),
        states("/kind/geburt/jahr", 12345),
    ),
    "nothing where something is required": ("content-invalid", ("",), states(WHY, None)),
    "an observation after none": (
        "content-invalid",
        ("/beobachtungen/1",),
        Spoiled(plaintexts=_an_item_after_a_vacant_one),
    ),
}


@pytest.mark.parametrize(("code", "places", "spoiled"), SPOILED.values(), ids=SPOILED)
async def test_what_cannot_be_used_is_rejected_with_places_and_without_values(
    world: World, greedy: Client, code: str, places: tuple[str, ...], spoiled: Spoiled
) -> None:
    school = greedy(SCHOOL)
    wish = school.wish(RHEINBERG)
    raw = seal_anyway(wish, spoiled)
    assert school.submit(raw).status_code == 201
    before = books(world)

    async with world.hub(RHEINBERG) as office:
        [notice] = await office.lease()
        with pytest.raises(Refusal) as refused:
            await notice.open()

    assert refused.value.code == code
    assert notice.content is None
    seen = school.state(wish.claims.jti)
    assert seen["state"] == "rejected"
    rejection = verify_receipt(seen["receipts"][-1], _key_of(world, RHEINBERG))
    assert rejection.word == "rejected"
    [problem] = _problems(rejection.members)
    assert problem["code"] == code
    assert tuple(problem["pointers"]) == (places or tuple(refused.value.pointers))
    assert [entry["k"] for entry in entries(world, before.log)] == ["message.rejected"]
    _check_nothing_got_out(seen, world)


async def test_what_was_rejected_is_not_lent_again_and_can_be_said_anew(
    world: World, greedy: Client
) -> None:
    school = greedy(SCHOOL)
    school.submit(seal_anyway(school.wish(RHEINBERG), SPOILED["another commitment"][2]))
    async with world.hub(RHEINBERG) as office:
        [notice] = await office.lease()
        with pytest.raises(Refusal):
            await notice.open()
        assert await office.lease() == []
        school.say(RHEINBERG)
        [again] = await office.lease()
        await again.open()
        await again.take()

    assert school.state(again.id)["state"] == "taken"


def _key_of(world: World, unit: str) -> Any:
    return lambda _issuer, kid: world.node.directory.signing_key(unit, kid)


def _problems(members: Any) -> list[dict[str, Any]]:
    problems: list[dict[str, Any]] = members["problems"]
    return problems


def _check_nothing_got_out(seen: dict[str, Any], world: World) -> None:
    for said in (json.dumps(seen), json.dumps(entries(world, 0))):
        assert CANARY not in said
        assert "Kana" not in said
