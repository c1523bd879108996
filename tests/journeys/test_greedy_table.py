# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Every row of ``specs/over-sharing.md`` is tried on a real hub and a real reader.

What the hub refuses leaves nothing but one entry that holds none of it. What only the reader can
see is carried, refused with a signed rejection, and handed over to nobody. The paper and what is
tried here are held equal.
"""

import json
import os
import re
import shutil
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import pytest
from uuid_utils.compat import uuid7

from hub.audit.verify import verify_db
from hub.client import Agency, Hub, Message
from hub.client.keyring import DESK, Keyring
from hub.errors import Refusal
from hub.model.receipt import EVENT_URN
from hub.schemas import SPECS
from hub.sealing.added import Original, add_reader
from hub.sealing.envelope import parse_claims, parse_message
from hub.sealing.form import cut
from hub.sealing.opening import Opened
from hub.sealing.seal import ReaderChoice
from hub.trust.jose import sign_token
from hub.trust.receipts import verify_receipt
from tests.greedy import Greedy, Wish, claims_of, seal_anyway
from tests.journeys.attempts import STRANGER, Attempt
from tests.journeys.books import (
    CANARY,
    Books,
    No,
    books,
    check_kept_quiet,
    check_left_nothing,
    check_left_one_entry,
    check_said,
    entries,
)
from tests.journeys.copies import copy_of
from tests.journeys.greed import NO_MESSAGES, TABLE, UNREAD, UNSEEN, Row
from tests.journeys.test_bad_steps import held
from tests.world import RHEINBERG, SCHOOL, World

Client = Callable[[str], Greedy]
PAPER: Final = SPECS / "over-sharing.md"
VECTORS: Final[Any] = json.loads((SPECS / "vectors" / "sl1" / "refusals.json").read_bytes())
_ROW: Final = re.compile(
    r"\| (?P<id>G[0-9]{2}) \| [^|]+ \| (?P<who>[^|]+) \| `(?P<code>[^|]+)` \| [^|]+ \| ?"
    r"(?P<vector>[^|]*?) ?\|"
)


def rows_of_the_paper() -> list[re.Match[str]]:
    lines = PAPER.read_text("utf-8").splitlines()
    found = [(line, _ROW.fullmatch(line)) for line in lines if line.startswith("| G")]
    assert all(match for _, match in found), [line for line, match in found if not match]
    return [match for _, match in found if match]


def ways(who: str) -> list[Any]:
    return [
        pytest.param(name, row, attempt, id=f"{name}: {way}")
        for name, row in TABLE.items()
        for way, attempt in row.ways.items()
        if row.who == who
    ]


def test_the_paper_says_of_each_row_what_happens_here() -> None:
    said = [(row["id"], row["who"], row["code"]) for row in rows_of_the_paper()]

    assert said == [(name, row.who, row.code) for name, row in TABLE.items()]


def test_a_vector_that_the_paper_names_has_the_code_of_its_row() -> None:
    published = {
        who: {(vector["name"], vector["code"]) for vector in VECTORS[f"at_the_{who}"]}
        for who in ("hub", "reader")
    }
    named = [row for row in rows_of_the_paper() if row["vector"]]

    assert len(named) > len(TABLE) / 2
    for row in named:
        assert (row["vector"], row["code"]) in published[row["who"]], row["id"]


def test_every_row_is_tried() -> None:
    assert {name for name, row in TABLE.items() if not row.ways} == NO_MESSAGES


def speaking(attempt: Attempt, greedy: Client) -> tuple[Greedy, Wish]:
    """Return who tries, and what would be honest."""
    if attempt.step == "mitteilung":
        return greedy(SCHOOL), greedy(SCHOOL).wish(RHEINBERG)
    talk = held(greedy, "mitteilung")
    office = greedy(RHEINBERG)
    return office, office.wish(SCHOOL, attempt.step, talk=talk)


@pytest.mark.parametrize(("name", "row", "attempt"), ways("hub"))
def test_the_hub_stops_it(
    world: World, greedy: Client, name: str, row: Row, attempt: Attempt
) -> None:
    sender, wish = speaking(attempt, greedy)
    raw = attempt.message(wish)
    before = books(world)

    answer = sender.submit(raw, wish.claims.jti)

    places = attempt.places
    check_said(answer, No(row.status, row.code, places if places is not None else some(answer)))
    check_kept_quiet(answer, raw, world)
    if name in UNREAD:
        check_left_nothing(world, before)
        return
    check_left_one_entry(world, before, k="message.refused", why=row.code, act_org=sender.agency.id)
    assert sender.send("GET", f"/v1/messages/{wish.claims.jti}").status_code == 404


def some(answer: Any) -> tuple[str, ...]:
    """Return where a refusal points, which is somewhere."""
    pointers = tuple(answer.json()["pointers"])
    assert pointers
    return pointers


async def opened_by(hub: Hub, raw: bytes) -> Opened:
    """Let the reader's software look at a message that a faithless hub let through."""
    kids = {key.kid for key in hub.agency.readers}
    with suppress(Refusal):
        raw = cut(parse_message(raw), kids)
    opened, _ = await Message(hub, "no lease", raw, [])._establish()
    return opened


@pytest.mark.anyio
@pytest.mark.parametrize(("name", "row", "attempt"), ways("hub"))
async def test_the_reader_would_stop_it_if_the_hub_did_not(
    world: World, greedy: Client, name: str, row: Row, attempt: Attempt
) -> None:
    """But for what concerns others: then the true reader opens what was meant for it."""
    assert row.who == "hub"
    _, wish = speaking(attempt, greedy)
    raw = attempt.message(wish)

    async with world.hub(wish.claims.aud) as hub:
        if name in UNSEEN:
            assert (await opened_by(hub, raw)).content == wish.content
            return
        with pytest.raises(Refusal):
            await opened_by(hub, raw)


@pytest.mark.anyio
@pytest.mark.parametrize(("name", "row", "attempt"), ways("reader"))
async def test_the_reader_stops_it_and_the_sender_hears_of_it(
    world: World, greedy: Client, name: str, row: Row, attempt: Attempt
) -> None:
    school, wish = speaking(attempt, greedy)
    raw = attempt.message(wish)
    assert school.submit(raw).status_code == 201, name
    before = books(world)

    async with world.hub(RHEINBERG) as office:
        found = {notice.id: notice for notice in await office.lease(limit=20)}
        notice = found[wish.claims.jti]
        with pytest.raises(Refusal) as refused:
            await notice.open()

    assert refused.value.code == row.code
    places = tuple(refused.value.pointers)
    assert places == (attempt.places if attempt.places is not None else places)
    assert places
    assert notice.content is None
    check_rejected(world, school, wish.claims.jti, {"code": row.code, "pointers": [*places]})
    check_only_entry(world, before, "message.rejected")


def check_rejected(world: World, school: Greedy, message_id: str, problem: object) -> None:
    """The sender sees a rejection that the office signed, and nothing of what it refused."""
    seen = school.state(message_id)
    assert seen["state"] == "rejected"
    rejection = verify_receipt(
        seen["receipts"][-1], lambda _, kid: world.node.directory.signing_key(RHEINBERG, kid)
    )
    assert (rejection.word, rejection.iss) == ("rejected", RHEINBERG)
    assert rejection.members == {"problems": [problem]}
    for said in (json.dumps(seen), json.dumps(entries(world, 0))):
        assert "Kana" not in said


def check_only_entry(world: World, before: Books, kind: str) -> None:
    assert [entry["k"] for entry in entries(world, before.log)] == [kind]


def without(office: Agency, name: str, place: Path) -> Agency:
    """Return a unit that holds all its keys but one of its desk."""
    shutil.copytree(office.keys.folder, place)
    (place / f"{name}.key").unlink()
    return replace(office, keys=Keyring(place))


@pytest.mark.anyio
async def test_of_two_readers_shown_two_texts_the_one_committed_to_opens(
    world: World, greedy: Client, tmp_path: Path
) -> None:
    """G22: the key of the other is proof enough; nobody has to compare the two texts."""
    [attempt] = TABLE["G22"].ways.values()
    wish = greedy(SCHOOL).wish(RHEINBERG)
    raw = attempt.message(wish)
    office = world.agency(RHEINBERG)

    for other, opens in zip(reversed(DESK), (False, True), strict=True):
        only = without(office, other, tmp_path / other)
        async with Hub(world.url, only, catalogue=world.catalogue) as hub:
            if opens:
                assert (await opened_by(hub, raw)).content == wish.content
                continue
            with pytest.raises(Refusal) as refused:
                await opened_by(hub, raw)
            assert refused.value.code == "secret-mismatch"


def test_a_stranger_is_not_let_in_after_sending(world: World, greedy: Client) -> None:
    """G40: whoever is added later has to be a current key of the addressed unit as well."""
    school = greedy(SCHOOL)
    raw = seal_anyway(school.wish(RHEINBERG))
    assert school.submit(raw).status_code == 201
    parsed = parse_message(raw)
    message_id, row = claims_of(raw)["jti"], TABLE["G40"]
    addition = add_reader(
        # The hub cannot see which keys a wrap holds; so any will do.
        Original(parse_claims(parsed), parsed.env, os.urandom(32)),
        ReaderChoice(STRANGER.public, ("main",)),
        school.agency.signing,
        statement_id=str(uuid7()),
        iat=school.now,
    )
    before = books(world)

    answer = school.send("PUT", f"/v1/messages/{message_id}/readers/{STRANGER.kid}", addition.raw)

    check_said(answer, No(row.status, row.code, ("/reader/kid",)))
    check_left_one_entry(world, before, k="access.denied", why=row.code, act_org=SCHOOL)
    check_kept_quiet(answer, addition.raw, world)


TEXTS: Final[dict[str, tuple[str, str, dict[str, Any]]]] = {
    "beside the word": ("taken", "", {CANARY: CANARY}),
    "as reason": ("rejected", "/problems", {"problems": [{"code": CANARY, "pointers": []}]}),
    "as place": (
        "rejected",
        "/problems",
        {"problems": [{"code": "content-invalid", "pointers": [f"/{CANARY} im Garten"]}]},
    ),
    "beside a place": (
        "rejected",
        "/problems",
        {"problems": [{"code": "content-invalid", "pointers": ["/kind"], "wert": CANARY}]},
    ),
    "as role": ("acknowledged", "/role", {"role": CANARY}),
}


@pytest.mark.parametrize(("word", "member", "more"), TEXTS.values(), ids=TEXTS)
def test_a_receipt_is_no_place_for_a_text(
    world: World, greedy: Client, word: str, member: str, more: dict[str, Any]
) -> None:
    """G41: not even for one that the reader signs itself."""
    office, row = greedy(RHEINBERG), TABLE["G41"]
    message_id = greedy(SCHOOL).say(RHEINBERG).id
    office.lease_one(message_id)
    event = f"{EVENT_URN}{word}"
    claims: dict[str, Any] = {
        "iss": RHEINBERG,
        "aud": SCHOOL,
        "jti": str(uuid7()),
        "iat": office.now,
        "txn": message_id,
        "events": {event: office.members(message_id, word) | more},
    }
    jws = sign_token(office.agency.signing, "secevent+jwt", claims)
    before = books(world)

    answer = office.hand_in(message_id, jws)

    check_said(answer, No(row.status, row.code, (f"/events/{event}{member}",)))
    check_left_one_entry(world, before, k="access.denied", why=row.code, act_org=RHEINBERG)
    check_kept_quiet(answer, jws.encode(), world)
    assert office.state(message_id)["state"] == "accepted"


def test_after_all_this_the_log_still_holds(world: World, tmp_path: Path) -> None:
    copy = copy_of(world.data, tmp_path / "kopie.sqlite")
    assert verify_db(copy, world.node.log.vkey) == []
