# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""What one exchange over a real hub leaves in the hands of both sides, byte by byte.

Afterwards no hub is needed: what was kept is tampered with, and the client's own functions judge.
"""

import shutil
from collections.abc import Coroutine
from dataclasses import dataclass, fields, replace
from typing import Any, TypeVar, cast

from hub.client import Agency, DirectoryView, Draft, Hub, Message
from hub.client.agency import add_person_key
from hub.client.drafts import REPLY_KEY
from hub.client.enrolment import publish
from hub.client.keyring import Keyring
from hub.client.side import Side
from hub.model.participant import SigningKey
from hub.protocols.catalogue import Catalogue
from hub.sealing.envelope import parse_message
from hub.sealing.form import cut
from hub.sealing.opening import Opened
from hub.sealing.seal import Claims
from tests.greedy import Wish, claims_of
from tests.journeys.stories import SCHOOL_NOTICE, fetch, notify
from tests.tamper.examples import Unshown
from tests.tamper.subjects import Subject
from tests.world import FEEDBACK, RHEINBERG, SCHOOL, World, example

PARTIES = ("schule:999001", "jugendamt:05170032")
T = TypeVar("T")


@dataclass(frozen=True)
class Answer:
    """An answer of the hub, and whose signature has to be on its receipt."""

    raw: bytes
    signer: SigningKey


@dataclass(frozen=True)
class Delivery:
    """A leased message as it came, and what its reader knows."""

    raw: bytes
    agency: Agency
    catalogue: Catalogue
    view: DirectoryView

    def read(self, raw: bytes) -> Opened:
        """Let the SDK read a message, up to the point where it would say ``opened``."""
        message = Message(cast("Side", self), "no lease", raw, [])
        opened, _ = finished(message._establish())
        return opened

    async def directory_with(self, *_: str) -> DirectoryView:
        return self.view


@dataclass(frozen=True)
class Exchange(Unshown):
    """All that was kept."""

    notice: Subject
    other: Subject
    """A second notice with the same content."""
    wish: Wish
    """How to seal the first notice anew."""
    deliveries: dict[str, Delivery]
    answers: dict[str, Answer]
    office: Agency
    view: DirectoryView
    evidence: bytes
    listed: bytes
    """The answer with the list of participants."""
    entry: bytes
    """The answer with the entry of the school."""


def finished(coroutine: Coroutine[Any, Any, T]) -> T:
    """Return what a coroutine comes to that has nothing to wait for."""
    try:
        coroutine.send(None)
    except StopIteration as done:
        return cast("T", done.value)
    raise AssertionError("it waits for something")


async def record(world: World) -> Exchange:
    """Let a school tell a Jugendamt, and the answer reach a person who lost the key."""
    async with world.hub(SCHOOL) as school, world.hub(RHEINBERG) as office:
        notice, other = [await notify(school, SCHOOL_NOTICE, "planbar") for _ in range(2)]
        accepted = await school.submit(notice)
        message = await fetch(office, notice)
        await message.open()
        taken = await message.take()
        assert taken is not None
        noted = await message.acknowledge("bereitschaft")
        feedback = await message.answer("rueckmeldung", FEEDBACK)
        key = add_person_key(world.folders[SCHOOL])
        publish(world.folders[SCHOOL])
        added = await office.add_reader(feedback.id, key.kid)
        view = await office.directory_with(SCHOOL, RHEINBERG)
        own, hubs = office.agency.signing.public(0), office.agency.hub.receipt_key
        return Exchange(
            notice=_subject(world, view, notice),
            other=_subject(world, view, other),
            wish=_wish(world, notice),
            deliveries={
                "a notice": Delivery(
                    _for_the_first_key(office, message), office.agency, world.catalogue, view
                ),
                "with an added reader": await _for_the_new_key(world, view),
            },
            answers={
                "accepted": Answer(accepted.raw, hubs),
                "taken": Answer(taken.raw, own),
                "acknowledged": Answer(noted.raw, own),
                "reader-added": Answer(added.raw, hubs),
            },
            office=office.agency,
            view=view,
            evidence=await office.evidence(notice.id),
            listed=await _public(office, "/v1/directory"),
            entry=await _public(office, f"/v1/directory/{SCHOOL}"),
        )


async def _public(hub: Hub, path: str) -> bytes:
    return await hub.line._ask("GET", path, None, {}, 30)


def _for_the_first_key(office: Hub, message: Message) -> bytes:
    """Cut a delivery to one reader, though its unit asked for all its keys."""
    return cut(parse_message(message.raw, delivered=True), {office.agency.desk[0].kid})


async def _for_the_new_key(world: World, view: DirectoryView) -> Delivery:
    """Lease the feedback as somebody who has nothing but the key that was added."""
    agency = world.agency(SCHOOL)
    place = world.home / "nur-der-neue"
    shutil.copytree(agency.keys.folder, place)
    for known in sorted(place.glob("*.key"))[:-1]:
        known.unlink()
    alone = replace(agency, keys=Keyring(place))
    assert [key.kid for key in alone.readers] == [agency.persons[-1].kid]
    async with Hub(world.url, alone, catalogue=world.catalogue) as hub:
        [message] = await hub.lease()
    return Delivery(message.raw, alone, world.catalogue, view)


def _subject(world: World, view: DirectoryView, draft: Draft) -> Subject:
    signer = world.agency(SCHOOL).signing
    key = view.signing_key(SCHOOL, signer.kid)
    assert key is not None
    wish = _wish(world, draft)
    return Subject(draft.body, signer, key, wish.schema, world.agency(RHEINBERG).desk[0])


def _wish(world: World, draft: Draft) -> Wish:
    school, office = world.agency(SCHOOL), world.agency(RHEINBERG)
    said = claims_of(draft.body)
    claims = Claims(**{each.name: said[each.name] for each in fields(Claims) if each.name in said})
    schema = world.catalogue.schemas.by_digest(said["schema"])
    readers = tuple(key.public for key in office.desk)
    content = example(SCHOOL_NOTICE, "mitteilung") | {REPLY_KEY: school.persons[0].kid}
    return Wish(claims, schema, content, readers, school.signing)
