# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
import asyncio
import itertools
import time
from collections.abc import Iterator

import pytest

from hub.alert import alerting
from hub.alert.retries import GIVEN_UP
from hub.alert.sending import AT_ONCE, KEPT, send_due
from hub.announce import TOGETHER, announce
from hub.main.assembly import create_hub, open_node
from hub.model.contact import Reached
from hub.model.notification import Notification, Occasion, Subscription
from hub.node import Node
from hub.notify.push import Push, Vapid
from hub.notify.sms import ShortMessages
from hub.notify.smtp import Mail, Mailserver
from hub.sealing.canonical import b64, unb64
from hub.store.notifications import (
    count_notifications,
    endpoints_of,
    forget_finished,
    put_subscription,
    take_up,
)
from hub.trust.keys import PrivateSigningKey
from tests.databases import a_data_dir
from tests.receivers import Desk, Mailbox, a_desk, a_mailbox, free_port
from tests.world import HUB_ID, NETWORK, Clock

UNIT = "jugendamt:05170032.asd"
DESK = "bereitschaft@asd.invalid"
HEAD = "leitung@asd.invalid"
MOBILE = "+491713920001"
IDS = itertools.count(1)


@pytest.fixture(scope="module")
def clock() -> Clock:
    return Clock()


@pytest.fixture(scope="module")
def node(tmp_path_factory: pytest.TempPathFactory, clock: Clock) -> Iterator[Node]:
    data = a_data_dir(tmp_path_factory.mktemp("alert") / "hub")
    create_hub(data, HUB_ID, (NETWORK,))
    with open_node(data, "http://localhost", clock) as node:
        yield node


@pytest.fixture
def mailbox(node: Node) -> Iterator[Mailbox]:
    with a_mailbox() as mailbox:
        node.outlets = {"email": a_mail(mailbox.port)}
        yield mailbox


@pytest.fixture(autouse=True)
def _tidy(node: Node) -> Iterator[None]:
    yield
    node.outlets = {}
    node.writer.commit_now(
        lambda connection: connection.exec_driver_sql("DELETE FROM notification").close()
    )


def a_mail(port: int) -> Mail:
    return Mail(Mailserver.parse(f"smtp://localhost:{port}"), "meldeweg@hub.invalid")


def tell(
    node: Node,
    *addresses: str,
    message_id: str = "",
    occasion: Occasion = "waiting",
    urgency: str = "sofort",
    number: int = 0,
) -> int:
    """Queue a notification, as the line does that causes it."""
    reached = Reached(
        email=tuple(one for one in addresses if "@" in one),
        sms=tuple(one for one in addresses if one.startswith("+")),
    )
    return node.writer.commit_now(
        lambda connection: announce(
            node,
            connection,
            unit=UNIT,
            message_id=message_id or f"m{next(IDS)}",
            urgency=urgency,
            occasion=occasion,
            reached=reached,
            now=node.clock(),
            number=number,
        )
    )


def keep(node: Node, subscription: Subscription) -> None:
    node.writer.commit_now(lambda connection: put_subscription(connection, subscription))


def send(node: Node, *channels: str) -> bool:
    """Send one batch on each channel."""
    chosen = [one for name, one in node.outlets.items() if not channels or name in channels]

    async def each() -> bool:
        return any([await send_due(node, channel) for channel in chosen])

    return asyncio.run(each())


def counted(node: Node) -> dict[tuple[str, str], int]:
    return node.readers.run_now(lambda connection: count_notifications(connection, 0))


def test_where_nothing_is_set_up_nothing_is_queued(node: Node) -> None:
    assert tell(node, DESK, MOBILE) == 0
    assert counted(node) == {}


def test_only_ways_that_there_are_get_something_to_do(node: Node, mailbox: Mailbox) -> None:
    assert mailbox.port
    assert tell(node, DESK, MOBILE) == 1
    assert counted(node) == {("email", "open"): 1}


def test_what_is_due_is_sent_once(node: Node, mailbox: Mailbox) -> None:
    tell(node, DESK, HEAD)

    assert send(node)
    assert not send(node)
    assert sorted(to for to, _ in mailbox.mails) == [DESK, HEAD]
    assert counted(node) == {("email", "sent"): 2}


def test_the_same_occasion_is_told_once_however_often_it_is_said(
    node: Node, mailbox: Mailbox
) -> None:
    tells = [tell(node, DESK, message_id="m", number=number) for number in (1, 1, 2)]
    send(node)

    assert tells == [1, 0, 1]
    assert tell(node, DESK, message_id="m", number=1) == 0, "also once it was sent"
    assert len(mailbox.mails) == 1, "both at once go into one mail"


def test_several_for_one_address_go_into_one_mail(node: Node, mailbox: Mailbox) -> None:
    for _ in range(3):
        tell(node, DESK)
    send(node)

    ((_, mail),) = mailbox.mails
    assert mail["Subject"] == "3 Mitteilungen"


def test_what_a_sender_has_to_hear_goes_by_itself(node: Node, mailbox: Mailbox) -> None:
    tell(node, DESK)
    tell(node, DESK, occasion="overdue")
    send(node)

    assert len(mailbox.got(DESK)) == 2


def test_what_is_not_urgent_waits_a_moment_for_company(
    node: Node, mailbox: Mailbox, clock: Clock
) -> None:
    tell(node, DESK, urgency="planbar")

    assert not send(node)
    clock.ahead += TOGETHER + 1
    assert send(node)
    assert len(mailbox.mails) == 1


def test_a_greylisted_mail_comes_a_moment_later(node: Node, mailbox: Mailbox, clock: Clock) -> None:
    mailbox.to_address[DESK] = ["451 Greylisted"] * 2
    tell(node, DESK)

    assert send(node)
    assert not send(node), "not at once"
    clock.ahead += 3
    assert send(node)
    clock.ahead += 8
    assert send(node)
    assert len(mailbox.got(DESK)) == 1
    assert counted(node) == {("email", "sent"): 1}


def test_an_address_that_nobody_has_is_given_up_and_seen(node: Node, mailbox: Mailbox) -> None:
    mailbox.to_address[DESK] = ["550 No such user"]
    tell(node, DESK, HEAD)
    send(node)

    assert counted(node) == {("email", "refused"): 1, ("email", "sent"): 1}
    assert not send(node)


def test_while_the_server_is_away_nothing_is_lost(node: Node, clock: Clock) -> None:
    port = free_port()
    node.outlets = {"email": a_mail(port)}
    tell(node, DESK, HEAD)
    for pause in (0, 3, 8, 40, 150):
        clock.ahead += pause
        assert send(node)
    with a_mailbox(port=port) as mailbox:
        clock.ahead += 400
        assert send(node)

        assert mailbox.reached() == {DESK, HEAD}
    assert counted(node) == {("email", "sent"): 2}


def test_after_a_day_it_is_given_up_and_seen(node: Node, clock: Clock) -> None:
    node.outlets = {"email": a_mail(free_port())}
    tell(node, DESK)
    send(node)
    clock.ahead += GIVEN_UP + 60
    send(node)

    assert counted(node) == {("email", "too-late"): 1}


def test_a_clock_that_is_put_back_holds_nothing_up(
    node: Node, mailbox: Mailbox, clock: Clock
) -> None:
    clock.ahead += 7200
    tell(node, DESK, urgency="planbar")
    clock.ahead -= 7200

    assert send(node)
    assert mailbox.got(DESK)


def test_no_more_is_under_way_than_may_be_sent_twice(node: Node, mailbox: Mailbox) -> None:
    for number in range(AT_ONCE + 1):
        tell(node, f"stelle{number}@asd.invalid")
    send(node)

    assert len(mailbox.mails) == AT_ONCE


def test_a_short_message_goes_beside_the_mail(node: Node, mailbox: Mailbox) -> None:
    with a_desk() as gateway:
        node.outlets["sms"] = ShortMessages(gateway.url, "token")
        tell(node, DESK, MOBILE)
        send(node)

        assert [body["to"] for body in gateway.bodies()] == [MOBILE]
    assert mailbox.got(DESK)


@pytest.fixture
def service(node: Node) -> Iterator[Desk]:
    key = PrivateSigningKey.generate("ES256")
    public = b64(b"\x04" + unb64(key.jwk.x) + unb64(key.jwk.y or ""))
    with a_desk() as desk:
        vapid = Vapid(public, "mailto:betrieb@hub.invalid", key.sign, time.time)
        node.outlets = {"push": Push(vapid, ("localhost",))}
        yield desk


def test_every_browser_of_the_unit_is_woken_and_one_that_is_gone_is_forgotten(
    node: Node, service: Desk
) -> None:
    ends = [f"{service.url}/{name}" for name in ("eins", "zwei")]
    for number, endpoint in enumerate(ends):
        keep(node, Subscription(f"s{number}", UNIT, endpoint, 0))
    service.answers["/eins"] = [(410, {})]
    tell(node)
    send(node)

    assert sorted(path for path, _, _ in service.asked) == ["/eins", "/zwei"]
    assert node.readers.run_now(lambda c: endpoints_of(c, UNIT)) == (ends[1],)
    assert counted(node) == {("push", "refused"): 1, ("push", "sent"): 1}


def test_one_browser_is_woken_once_however_much_there_is(node: Node, service: Desk) -> None:
    keep(node, Subscription("s9", UNIT, f"{service.url}/drei", 0))
    before = len(service.asked)
    for _ in range(3):
        tell(node)
    send(node)

    assert [path for path, _, _ in service.asked[before:]].count("/drei") == 1


def test_what_is_urgent_is_out_within_two_seconds(node: Node, mailbox: Mailbox) -> None:
    async def live() -> float:
        async with alerting(node):
            await asyncio.to_thread(tell, node, HEAD)
            assert await asyncio.to_thread(mailbox.wait_for, 1)
            begun = time.monotonic()
            await asyncio.to_thread(tell, node, DESK)
            assert await asyncio.to_thread(mailbox.wait_for, 2)
            return time.monotonic() - begun

    assert asyncio.run(live()) < 2


def test_a_server_that_hangs_holds_up_no_other_way(node: Node, mailbox: Mailbox) -> None:
    """The mail server takes one mail and then says nothing; the gateway is none of its business."""
    mailbox.most = 0
    with a_desk() as gateway:
        was_asked = asyncio.Event()
        node.outlets["sms"] = ShortMessages(gateway.url, "token")

        async def live() -> None:
            loop = asyncio.get_running_loop()
            gateway.before_answer = lambda: loop.call_soon_threadsafe(was_asked.set)
            async with alerting(node):
                await asyncio.to_thread(tell, node, DESK, MOBILE)
                await asyncio.wait_for(was_asked.wait(), 10)
                mailbox.let_go.set()

        asyncio.run(live())
        assert len(gateway.asked) == 1


def test_what_was_under_way_when_the_node_ended_is_sent_after_its_start(
    node: Node, mailbox: Mailbox
) -> None:
    tell(node, DESK)
    rows = node.readers.run_now(
        lambda connection: connection.exec_driver_sql("SELECT id FROM notification").fetchall()
    )
    ends = int(node.clock()) + 600
    node.writer.commit_now(lambda connection: take_up(connection, [rows[0][0]], ends))
    assert not send(node), "whoever took it up may be sending it just now"

    async def live() -> None:
        async with alerting(node):
            assert await asyncio.to_thread(mailbox.wait_for, 1)

    asyncio.run(live())
    assert counted(node) == {("email", "sent"): 1}


def test_a_node_that_stops_sees_through_what_is_under_way(node: Node, mailbox: Mailbox) -> None:
    """Otherwise every orderly stop would send something twice."""
    mailbox.most = 0

    async def live() -> None:
        async with alerting(node):
            await asyncio.to_thread(tell, node, DESK)
            while not mailbox.connections:  # noqa: ASYNC110  the server rings no bell of ours
                await asyncio.sleep(0)
            mailbox.let_go.set()

    asyncio.run(live())

    assert len(mailbox.mails) == 1
    assert counted(node) == {("email", "sent"): 1}


def test_a_mistake_with_one_batch_silences_no_channel(node: Node, mailbox: Mailbox) -> None:
    class Clumsy(Mail):
        has_failed = False

        async def send(self, parcels):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
            if not self.has_failed:
                self.has_failed = True
                raise ZeroDivisionError
            return await super().send(parcels)

    node.outlets = {
        "email": Clumsy(Mailserver.parse(f"smtp://localhost:{mailbox.port}"), "hub@hub.invalid")
    }

    async def live() -> None:
        async with alerting(node):
            await asyncio.to_thread(tell, node, DESK)
            while not node.outlets["email"].has_failed:  # type: ignore[attr-defined]  # noqa: ASYNC110
                await asyncio.sleep(0)
            await asyncio.to_thread(tell, node, HEAD)
            assert await asyncio.to_thread(mailbox.wait_for, 1)

    asyncio.run(live())
    assert mailbox.reached() == {HEAD}


def test_what_was_done_long_ago_is_forgotten_and_what_waits_is_not(
    node: Node, mailbox: Mailbox
) -> None:
    tell(node, DESK)
    send(node)
    mailbox.to_address[HEAD] = ["451 Later"]
    tell(node, HEAD)
    send(node)
    later = int(node.clock()) + KEPT + 60

    gone = node.writer.commit_now(lambda connection: forget_finished(connection, later))

    assert gone == 1
    assert counted(node) == {("email", "open"): 1}


def test_a_row_names_nobody_but_office_and_address() -> None:
    assert set(Notification.__dataclass_fields__) == {
        "id", "message_id", "unit", "occasion", "channel", "address", "created_at", "tries",
    }  # fmt: skip


def test_a_thousand_submissions_pay_next_to_nothing_where_nobody_is_to_be_told(
    node: Node,
) -> None:
    def work(connection: object) -> float:
        begun = time.perf_counter()
        for number in range(1000):
            announce(
                node,
                connection,  # type: ignore[arg-type]
                unit=UNIT,
                message_id=f"m{number}",
                urgency="sofort",
                occasion="waiting",
                reached=Reached(email=(DESK,)),
                now=node.clock(),
            )
        return time.perf_counter() - begun

    assert node.writer.commit_now(work) < 0.1
