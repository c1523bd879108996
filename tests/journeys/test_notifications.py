# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""People hear that something is there, by every way there is, and never of what.

Both stories are told with marked contents, every occasion is announced for every message, and
whatever then left the house is searched.
"""

import asyncio
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, get_args

import httpx2
import pytest

from hub.alert.sending import send_due
from hub.alert.subscribing import MOST
from hub.announce import announce
from hub.client import Draft, Hub, Refused
from hub.main.notifying import channels_of
from hub.main.work import turn
from hub.model.contact import Reached
from hub.model.notification import Occasion
from hub.sealing.canonical import unb64
from hub.settings import Settings
from tests.journeys.canaries import STEMS, Aviary, found_in
from tests.journeys.stories import SCHOOL_NOTICE, notify, tell
from tests.receivers import Desk, Mailbox, a_desk, a_mailbox
from tests.world import POLICE, RHEINBERG, SCHOOL, World, a_world

PARTIES = ("schule:999001", "jugendamt:05170032", "polizei:kpb-wesel")
DESK = "bereitschaft@asd.invalid"
MOBILE = "+491713920001"
SUBSCRIPTION = "0193f5f0-0000-7000-8000-00000000000{}"
JSON = "application/json"


@dataclass
class Told:
    """A hub that tells people, and everything that they were told."""

    world: World
    mailbox: Mailbox
    gateway: Desk
    service: Desk
    drafts: list[Draft] = field(default_factory=list)
    marks: list[str] = field(default_factory=list)

    async def send(self) -> None:
        """Send all that is due."""
        for channel in self.world.node.outlets.values():
            while await send_due(self.world.node, channel):
                pass

    def everything(self) -> dict[str, bytes]:
        """Return what left the house, as it went over the wire and as people read it."""
        read = [f"{to}\n{mail['Subject']}\n{mail.get_content()}" for to, mail in self.mailbox.mails]
        return {
            "mails": b"\n".join(self.mailbox.raw),
            "mails as read": "\n".join(read).encode(),
            "short messages": self.gateway.everything(),
            "short messages as read": "\n".join(
                f"{body['to']} {body['text']}" for body in self.gateway.bodies()
            ).encode(),
            "push": self.service.everything(),
        }


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Told]:
    with (
        a_mailbox() as mailbox,
        a_desk() as gateway,
        a_desk() as service,
        a_world(tmp_path_factory.mktemp("notified"), *PARTIES) as world,
    ):
        settings = Settings.model_validate(
            {
                "smtp_url": f"smtp://localhost:{mailbox.port}",
                "mail_from": "meldeweg@hub.invalid",
                "sms_url": f"{gateway.url}/sms",
                "sms_token": "token",
                "push_subject": "mailto:betrieb@hub.invalid",
                "push_hosts": "localhost",
            }
        )
        world.node.outlets = channels_of(settings, world.data)
        told = Told(world, mailbox, gateway, service)
        asyncio.run(live(told))
        yield told


async def live(told: Told) -> None:
    """Subscribe, tell both stories with marked contents, let time pass, and say everything."""
    world, aviary = told.world, Aviary(told.world.catalogue)
    for number, unit in enumerate((SCHOOL, RHEINBERG, POLICE)):
        async with world.hub(unit) as hub:
            await subscribe(hub, f"{told.service.url}/{number}", SUBSCRIPTION.format(number))
    told.drafts = await tell(world, aviary.content)
    async with world.hub(SCHOOL) as school:
        told.drafts.append(await notify(school, SCHOOL_NOTICE, "sofort", aviary.content))
    for draft in told.drafts:
        for occasion in get_args(Occasion):
            say(world, draft, occasion)
    await turn(world.node, world.clock() + 86_400)
    world.clock.ahead += 60
    await told.send()
    world.clock.ahead -= 60
    told.marks = aviary.marks


def say(world: World, draft: Draft, occasion: Occasion) -> None:
    """Announce one occasion of a message to mail and short message."""
    world.node.writer.commit_now(
        lambda connection: announce(
            world.node,
            connection,
            unit=RHEINBERG,
            message_id=draft.id,
            urgency="sofort",
            occasion=occasion,
            reached=Reached(email=(DESK, f"{occasion}@asd.invalid"), sms=(MOBILE,)),
            now=world.clock(),
            number=99,
        )
    )


async def subscribe(hub: Hub, endpoint: str, subscription_id: str) -> dict[str, Any]:
    body = json.dumps({"endpoint": endpoint}).encode()
    answer = await hub.line.send("PUT", f"/v1/subscriptions/{subscription_id}", body, JSON)
    said: dict[str, Any] = json.loads(answer)
    return said


def test_much_was_told_by_every_way(told: Told) -> None:
    assert len(told.mailbox.mails) >= len(get_args(Occasion))
    assert len(told.gateway.asked) >= 2
    assert {path for path, _, _ in told.service.asked} >= {"/1"}
    assert len(told.marks) > 30


def test_no_mark_left_the_house(told: Told) -> None:
    hits = {
        name: found
        for name, data in told.everything().items()
        if (found := found_in(data, told.marks))
    }

    assert hits == {}


def test_the_search_would_find_a_mark_in_a_mail(told: Told) -> None:
    """Otherwise it would find nothing anywhere because it is blind."""
    careless = told.everything()["mails as read"] + f" {STEMS[0]}aaaa".encode()

    assert found_in(careless, told.marks)


def test_nobody_who_reads_along_learns_who_writes_to_whom_and_under_what(told: Told) -> None:
    """That the police writes to a youth office tells about a family already."""
    node = told.world.node
    words = {
        *(protocol.id for protocol in node.catalogue.all()),
        *(unit.id for unit in node.directory.units),
        *(unit.name for unit in node.directory.units),
        *(known.name for known in node.directory.organisations),
        *("jugendamt", "schule", "polizei", "gericht", "klinik", "arzt", "kind", "familie"),
    }
    for name, data in told.everything().items():
        said = data.decode("utf-8", "replace").lower()
        for address in told.mailbox.reached():
            # Where a mail goes must stand on it; offices choose their addresses themselves.
            said = said.replace(address, "")

        assert [word for word in sorted(words) if word.lower() in said] == [], name


def test_no_link_can_be_followed_by_whoever_reads_along(told: Told) -> None:
    everything = told.everything()

    for name in ("mails", "mails as read", "short messages as read"):
        assert b"http" not in everything[name].lower(), name


def test_a_push_service_gets_no_word_at_all(told: Told) -> None:
    assert {body for _, _, body in told.service.asked} == {b""}
    assert not [draft.id for draft in told.drafts if draft.id in str(told.service.asked)]


def test_who_sent_something_that_nobody_saw_is_told_whom_to_ring(told: Told) -> None:
    office = told.world.node.directory.unit(RHEINBERG)
    mails = told.mailbox.got("overdue@asd.invalid")

    assert office is not None
    assert any(f"Telefon: {office.telephone}" in mail.get_content() for mail in mails)


def test_each_mail_says_that_no_person_wrote_it(told: Told) -> None:
    assert {mail["Auto-Submitted"] for _, mail in told.mailbox.mails} == {"auto-generated"}
    ids = [mail["Message-ID"] for _, mail in told.mailbox.mails]

    assert len(set(ids)) == len(ids)


def test_browsers_know_the_hub_by_its_key(told: Told) -> None:
    said = httpx2.get(f"{told.world.url}/.well-known/meldeweg").json()
    point = unb64(said["push_key"])

    assert (len(point), point[0]) == (65, 4)
    assert told.service.asked[0][1]["authorization"].endswith(f"k={said['push_key']}")


async def refused(hub: Hub, request: str, body: object = None) -> Refused:
    method, _, path = request.partition(" ")
    with pytest.raises(Refused) as caught:
        await hub.line.send(method, path, None if body is None else json.dumps(body).encode(), JSON)
    return caught.value


@pytest.mark.anyio
async def test_a_subscription_is_kept_replaced_and_ended(told: Told) -> None:
    known = SUBSCRIPTION.format(7)
    async with told.world.hub(SCHOOL) as school:
        for name in ("alt", "neu"):
            said = await subscribe(school, f"{told.service.url}/{name}", known)
            assert said == {"id": known}
        await school.line.send("DELETE", f"/v1/subscriptions/{known}")
        again = await refused(school, f"DELETE /v1/subscriptions/{known}")

    assert again.code == "not-found"


@pytest.mark.anyio
async def test_nobody_touches_the_subscription_of_another_unit(told: Told) -> None:
    known = SUBSCRIPTION.format(0)
    body = {"endpoint": f"{told.service.url}/fremd"}
    async with told.world.hub(POLICE) as police:
        put = await refused(police, f"PUT /v1/subscriptions/{known}", body)
        ended = await refused(police, f"DELETE /v1/subscriptions/{known}")

    assert (put.code, ended.code) == ("not-found", "not-found")


@pytest.mark.anyio
@pytest.mark.parametrize(
    "endpoint",
    [
        "https://169.254.169.254/latest/meta-data",
        "https://example.invalid/push",
        "https://10.0.0.1/push",
        "http://fcm.googleapis.com/x",
        "file:///etc/passwd",
    ],
)
async def test_the_hub_cannot_be_aimed_at_what_stands_beside_it(told: Told, endpoint: str) -> None:
    path = f"PUT /v1/subscriptions/{SUBSCRIPTION.format(8)}"
    async with told.world.hub(SCHOOL) as school:
        answer = await refused(school, path, {"endpoint": endpoint})

    assert (answer.code, answer.pointers) == ("not-a-message", ("/endpoint",))
    assert endpoint not in str(answer)


@pytest.mark.anyio
@pytest.mark.parametrize("body", [{}, {"endpoint": 1}, {"endpoint": "https://x", "keys": {}}, []])
async def test_what_is_no_subscription_is_refused(told: Told, body: object) -> None:
    path = f"PUT /v1/subscriptions/{SUBSCRIPTION.format(8)}"
    async with told.world.hub(SCHOOL) as school:
        assert (await refused(school, path, body)).code == "not-a-message"


@pytest.mark.anyio
async def test_a_unit_has_only_so_many_browsers(told: Told) -> None:
    async with told.world.hub(POLICE) as police:
        for number in range(MOST - 1):
            known = f"0193f5f0-0000-7000-8000-0000000001{number:02}"
            await subscribe(police, f"{told.service.url}/viele/{number}", known)
        body = {"endpoint": f"{told.service.url}/viele/mehr"}
        path = f"PUT /v1/subscriptions/{SUBSCRIPTION.format(9)}"
        answer = await refused(police, path, body)

    assert answer.code == "not-permitted"


@pytest.mark.anyio
async def test_a_hub_that_wakes_nobody_says_so(told: Told) -> None:
    node = told.world.node
    before, node.outlets = node.outlets, {}
    try:
        body = {"endpoint": f"{told.service.url}/x"}
        async with told.world.hub(SCHOOL) as school:
            path = f"PUT /v1/subscriptions/{SUBSCRIPTION.format(8)}"
            answer = await refused(school, path, body)
        said = httpx2.get(f"{told.world.url}/.well-known/meldeweg").json()
    finally:
        node.outlets = before

    assert answer.code == "not-permitted"
    assert "push_key" not in said
