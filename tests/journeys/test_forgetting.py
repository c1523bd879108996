# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""A conversation is forgotten, and every proof that was ever handed out holds as before.

Nobody can open afterwards what the log says of it, whoever gets every file of the machine.
"""

import json
from collections import Counter
from collections.abc import Callable
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

import httpx2
import pytest
from sqlalchemy import Connection, select, text

from hub.audit.openings.file import FILE, KEYS
from hub.audit.openings.store import NoSuchKey, Openings
from hub.audit.tables import audit_leaf
from hub.audit.verify import read_vkey as vkey_of
from hub.audit.verify import verify_db, verify_proof
from hub.client import Refused
from hub.erase import erase
from hub.errors import NotPermitted
from hub.inquire.search import Search, note_search, search
from hub.keyed import key_of
from hub.main.diagnosis import examine
from hub.retain import retain
from hub.rewrap import keep_keys
from hub.sealing.canonical import b64, unb64
from hub.store.evaluation import Span, read_notices
from hub.store.messages import read_message
from tests.greedy import Greedy, seal_anyway
from tests.journeys.books import books, entries
from tests.journeys.copies import copy_of
from tests.journeys.forgotten import (
    LAW,
    Exchange,
    about,
    an_exchange,
    everything,
    forget,
    later,
    names,
    opened,
    pieces,
    spellings,
)
from tests.journeys.pruning import POLICY, bear_witness, grow
from tests.world import FEEDBACK, RHEINBERG, SCHOOL, World, example

DAY: Final = 24 * 3600
pytestmark = pytest.mark.anyio


async def test_of_a_forgotten_conversation_no_file_of_the_machine_opens_anything(
    world: World, tmp_path: Path
) -> None:
    """Art. 17 DSGVO: erased is what nobody can restore, the operator least of all."""
    exchange, other = await an_exchange(world), await an_exchange(world)
    node, needles = world.node, [*pieces(exchange)]
    assert needles
    needles += [spelt for secret in exchange.secrets for spelt in spellings(secret)]
    before = everything(world, tmp_path)
    assert any(exchange.secrets[-1] in content for content in before.values()), "the search works"
    assert any(needles[0] in content for content in before.values())

    forget(world, exchange.conversation)

    (tmp_path / "alles.sqlite").unlink(missing_ok=True)
    for name, content in everything(world, tmp_path).items():
        for needle in needles:
            assert needle not in content, name
    assert not opened(world, exchange), "no key that is left opens one of its entries"
    assert opened(world, other), "and the others open as before"
    assert verify_db(copy_of(world.data, tmp_path / "kopie.sqlite"), node.log.vkey) == []
    kept = json.loads(exchange.answer)
    body = json.dumps(kept["entry"], sort_keys=True, separators=(",", ":")).encode()
    assert verify_proof(kept["proof"], body, vkey_of(node.log.vkey)) >= 0


async def test_what_is_left_says_of_no_message_to_which_conversation_it_belonged(
    world: World,
) -> None:
    exchange = await an_exchange(world)
    second = next(each for each in exchange.messages if each != exchange.conversation)

    forget(world, exchange.conversation)

    def look(connection: Connection) -> list[Any]:
        rows = connection.execute(text("SELECT * FROM message WHERE id = :of"), {"of": second})
        [row] = rows
        left = list(row)
        for table, column in (("receipt", "message_id"), ("duty", "message_id")):
            asked = f"SELECT * FROM {table} WHERE {column} = :of"  # noqa: S608  constants
            left += [
                each for row in connection.execute(text(asked), {"of": second}) for each in row
            ]
        return left

    left = world.node.readers.run_now(look)
    assert exchange.conversation not in map(str, left)
    receipts = [each for each in left if isinstance(each, str) and each.startswith("ey")]
    assert receipts
    for receipt in receipts:
        assert exchange.conversation.encode() not in unb64(receipt.split(".")[1])
    own = [entry for entry in about(world, exchange) if second in names(entry)]
    assert exchange.conversation not in json.dumps(own)


async def test_whoever_sends_the_same_message_again_gets_the_same_answer(world: World) -> None:
    exchange = await an_exchange(world)

    forget(world, exchange.conversation)

    async with world.hub(SCHOOL) as school:
        again = await school.submit(exchange.draft)
        assert json.loads(again.raw) == json.loads(exchange.answer)
        for asking in (school.state, school.evidence, school.conversation):
            with pytest.raises(Refused) as refused:
                await asking(exchange.draft.id)
            assert refused.value.code == "not-found", "as if there had never been one"


async def test_the_log_says_first_what_goes_and_by_which_law(world: World) -> None:
    exchange = await an_exchange(world)
    size = world.node.log.size

    forget(world, exchange.conversation)

    said = [entry for entry in entries(world, size) if entry["k"] == "data.erased"]
    assert {entry["obj"]["id"] for entry in said} == {*exchange.messages, exchange.key.id}
    assert {entry["law"][0] for entry in said} == {LAW}
    assert all(exchange.key.tag(unb64(entry["n"])) in entry["tags"] for entry in said)
    envelopes = {b64(_digest(env)) for env in exchange.envelopes}
    assert {entry["obj"]["d"] for entry in said} == {*envelopes, ""}


def _digest(env: str) -> bytes:
    return sha256(env.rpartition(".")[0].encode()).digest()


async def test_a_conversation_is_found_by_its_index_and_by_its_tags(world: World) -> None:
    exchange = await an_exchange(world)
    node = world.node
    node.writer.commit_now(
        lambda connection: note_search(node, connection, exchange.conversation, "sicherheit")
    )

    found = _searched(world, exchange)

    said = {entry["id"] for entry in about(world, exchange)}
    assert found.tagged is not None
    assert said < {each.event_id for each in found.tagged}, "the search itself is found too"
    assert all(each.opens for each in found.tagged)
    assert (found.unlisted, found.untagged) == ((), ())
    with pytest.raises(NotPermitted):
        node.writer.commit_now(
            lambda connection: note_search(node, connection, exchange.conversation, "neugier")
        )


async def test_an_entry_that_the_index_hides_is_found_by_its_tag(world: World) -> None:
    """Whoever empties the index hides nothing."""
    exchange = await an_exchange(world)
    hidden = text("DELETE FROM conversation_entry WHERE key_id = :key")
    world.node.writer.commit_now(
        lambda connection: connection.execute(hidden, {"key": exchange.key.id}).rowcount
    )

    found = _searched(world, exchange)

    issued = [e["nseq"] for e in about(world, exchange) if e["k"] == "evidence.issued"]
    assert issued
    assert list(found.unlisted) == [_index(world, nseq) for nseq in issued]


def _index(world: World, nseq: int) -> int:
    [event] = [entry["id"] for entry in entries(world, 0) if entry["nseq"] == nseq]
    query = select(audit_leaf.c.idx).where(audit_leaf.c.event_id == event)
    return int(world.node.readers.run_now(lambda c: c.execute(query).scalar_one()))


def _searched(world: World, exchange: Exchange) -> Search:
    found = world.node.readers.run_now(
        partial(search, exchange.conversation, world.node.openings, whole=True)
    )
    assert found is not None
    return found


async def test_what_still_goes_on_is_not_forgotten(world: World) -> None:
    async with world.hub(SCHOOL) as school, world.hub(RHEINBERG) as office:
        await school.directory()
        draft = school.compose(
            protocol="schule-mitteilung",
            step="mitteilung",
            to=RHEINBERG,
            urgency="planbar",
            content=example("schule-mitteilung", "mitteilung"),
        )
        await school.submit(draft)
        with pytest.raises(NotPermitted, match="läuft noch"):
            forget(world, draft.conversation)
        [notice] = await office.lease()
        await notice.open()
        await notice.take()
        await notice.acknowledge("fachkraft")
        await notice.answer("rueckmeldung", FEEDBACK)

    with pytest.raises(NotPermitted, match="Inhalt"):
        forget(world, draft.conversation)
    await _tidied(world)


async def _tidied(world: World) -> None:
    async with world.hub(SCHOOL) as school:
        for left in await school.lease():
            await left.open()
            await left.take()


async def test_a_year_after_its_year_a_conversation_is_forgotten_by_itself(world: World) -> None:
    """§ 76 Abs. 4 BDSG: at the end of the year that follows."""
    exchange, node = await an_exchange(world), world.node
    later(world, 400)
    await retain(node, node.clock())
    assert await erase(node, node.clock()) == 0

    later(world, 800)
    assert await erase(node, node.clock()) >= 1

    gone = node.readers.run_now(lambda connection: read_message(connection, exchange.draft.id))
    assert gone is None
    said = [e for e in entries(world, 0) if e["k"] == "data.erased" and e["law"] != [LAW]]
    assert {entry["law"][0] for entry in said} == {"bdsg-76-4"}
    assert {exchange.key.id, *exchange.messages} <= {entry["obj"]["id"] for entry in said}


@pytest.mark.parametrize("is_gone", [True, False])
def test_without_its_store_the_hub_takes_nothing_and_does_nothing(
    is_gone: bool,
    world: World,
    greedy: Callable[[str], Greedy],
    tmp_path: Path,
) -> None:
    """What nobody could ever open is not entered; and what is not entered does not happen."""
    school, file = greedy(SCHOOL), world.data.openings / FILE
    known = school.say(RHEINBERG)
    office = greedy(RHEINBERG)
    office.lease()
    taken = office.receipt(known.id, "taken")
    before = books(world)
    if is_gone:
        file.rename(tmp_path / FILE)
    else:
        file.chmod(0o400)
    try:
        answers = [
            school.submit(seal_anyway(school.wish(RHEINBERG))),
            office.hand_in(known.id, taken),
        ]
    finally:
        if is_gone:
            (tmp_path / FILE).rename(file)
        else:
            file.chmod(0o600)

    assert [(each.status_code, each.json()["code"]) for each in answers] == [
        (503, "log-unavailable")
    ] * 2
    assert books(world) == before
    # And it goes on as soon as the store is back.
    assert office.hand_in(known.id, taken).status_code == httpx2.codes.CREATED


async def test_at_the_turn_of_the_month_the_hub_wraps_its_keys_anew(world: World) -> None:
    """A backup of an old month is then worth nothing, and nothing that is needed is lost."""
    exchange, node = await an_exchange(world), world.node
    unused = node.openings.take("zu-nichts-geworden")

    later(world, 80)
    await keep_keys(node, node.clock())

    months = sorted(path.name for path in (world.data.openings / KEYS).iterdir())
    assert len(months) == 1, "the old ones have gone"
    assert opened(world, exchange)
    fresh = Openings(world.data.openings)
    assert fresh.key(exchange.key.id, exchange.conversation) == exchange.key
    with pytest.raises(NoSuchKey):
        fresh.key(unused.id, unused.conversation)


async def test_a_conversation_whose_key_is_lost_goes_on_and_it_shows(world: World) -> None:
    """No child waits because somebody brought an older store back; and nobody can hide it so."""
    async with world.hub(SCHOOL) as school, world.hub(RHEINBERG) as office:
        await school.directory()
        draft = school.compose(
            protocol="schule-mitteilung",
            step="mitteilung",
            to=RHEINBERG,
            urgency="planbar",
            content=example("schule-mitteilung", "mitteilung"),
        )
        await school.submit(draft)
        key = world.node.readers.run_now(
            lambda connection: key_of(world.node, connection, draft.conversation)
        )
        world.node.openings.destroy([key.id])

        [notice, *_] = [each for each in await office.lease() if each.id == draft.id]
        await notice.open()
        await notice.take()

    found = world.node.readers.run_now(
        partial(search, draft.conversation, world.node.openings, whole=True)
    )
    assert found is not None
    assert found.untagged, "the acceptance does not open any more"
    told = {each.id: each for each in examine(world.data)}
    assert told["oeffnungen-schluessel"].level == "schlimm"
    assert draft.conversation in told["oeffnungen-schluessel"].what


async def test_what_a_restored_database_brings_back_is_forgotten_once_more(world: World) -> None:
    """Its key has stayed destroyed; what is left goes the same way as the first time."""
    exchange = await an_exchange(world)
    world.node.openings.destroy([exchange.key.id])

    forget(world, exchange.conversation)

    gone = world.node.readers.run_now(
        lambda connection: read_message(connection, exchange.draft.id)
    )
    assert gone is None
    said = {entry["obj"]["id"] for entry in entries(world, 0) if entry["k"] == "data.erased"}
    assert set(exchange.messages) < said


async def test_by_a_clock_that_is_years_ahead_no_key_goes_before_a_witness_is_there_too(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A key that is destroyed does not come back when the clock is put right."""
    exchange, node = await an_exchange(world), world.node
    monkeypatch.setattr(node, "policy", POLICY)
    now = node.clock()
    later(world, 400)
    await retain(node, node.clock())
    later(world, 800)
    assert await erase(node, node.clock()) == 0
    bear_witness(node, at=now)
    assert await erase(node, node.clock()) == 0
    assert opened(world, exchange)

    grow(node, 1)
    bear_witness(node)
    assert await erase(node, node.clock()) >= 1


async def test_what_was_forgotten_for_its_age_goes_again_by_itself_after_a_restore(
    world: World,
) -> None:
    exchange, node = await an_exchange(world), world.node
    node.openings.destroy([exchange.key.id])
    later(world, 400)
    await retain(node, node.clock())
    later(world, 800)

    await erase(node, node.clock())

    gone = node.readers.run_now(lambda connection: read_message(connection, exchange.draft.id))
    assert gone is None


async def test_an_evaluation_says_the_same_after_the_conversations_are_forgotten(
    world: World,
) -> None:
    """Else the difference of two evaluations would say what neither of them says."""
    exchange = await an_exchange(world)
    node = world.node

    def told(connection: Connection) -> Counter[tuple[int, int | None]]:
        whole = Span(0, 2**40, 2**40)
        found = read_notices(connection, "jugendamt:", whole)
        return Counter(
            (each.accepted_at, _rough(each.feedback_at, each.accepted_at)) for each in found
        )

    before = node.readers.run_now(told)
    assert any(within is not None for _, within in before)

    forget(world, exchange.conversation)

    assert node.readers.run_now(told) == before


def _rough(at: int | None, begun: int) -> int | None:
    return None if at is None else next((n for n in (7, 14, 30) if at - begun <= n * DAY), None)
