# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""A node that is killed while it tells people forgets nobody, and tells nobody three times."""

import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from hub.alert.sending import AT_ONCE
from hub.announce import announce
from hub.main.assembly import create_hub, open_node
from hub.main.folder import DataDir
from hub.model.contact import Reached
from hub.node import Node
from hub.notify.smtp import Mail, Mailserver
from hub.store.notifications import count_notifications
from tests.databases import a_data_dir
from tests.receivers import a_mailbox
from tests.world import HUB_ID

ADDRESSES = 4 * AT_ONCE
KILLS = [at * AT_ONCE + AT_ONCE // 2 for at in range(3)]
"""So many addresses have heard when the process is killed: each time in the midst of a batch."""


@contextmanager
def a_node(data: DataDir, port: int) -> Iterator[Node]:
    with open_node(data, "http://localhost") as node:
        server = Mailserver.parse(f"smtp://localhost:{port}")
        node.outlets = {"email": Mail(server, "meldeweg@hub.invalid")}
        yield node


def queue(node: Node, number: int) -> None:
    node.writer.commit_now(
        lambda connection: announce(
            node,
            connection,
            unit="jugendamt:05170032.asd",
            message_id=f"m{number:03}",
            urgency="sofort",
            occasion="waiting",
            reached=Reached(email=(f"stelle{number:03}@asd.invalid",)),
            now=node.clock(),
        )
    )


def alerting(data: DataDir, port: int) -> "subprocess.Popen[bytes]":
    command = [sys.executable, "-m", "tests.journeys.alerting"]
    return subprocess.Popen([*command, str(data.path), data.url, str(port)])


def test_killed_in_the_midst_it_forgets_nobody_and_tells_nobody_three_times(tmp_path: Path) -> None:
    data = a_data_dir(tmp_path / "hub")
    create_hub(data, HUB_ID, ())
    with a_mailbox() as mailbox:
        with a_node(data, mailbox.port) as node:
            for number in range(ADDRESSES):
                queue(node, number)
        for heard in KILLS:
            # It cannot finish the batch: the server takes mails for so many addresses only.
            mailbox.most = heard
            mailbox.let_go.clear()
            process = alerting(data, mailbox.port)
            assert mailbox.wait_for(heard, 60)
            process.kill()
            assert process.wait(20) == -signal.SIGKILL
            mailbox.let_go.set()
        mailbox.most = 1_000_000
        process = alerting(data, mailbox.port)
        assert mailbox.wait_for(ADDRESSES, 60)
        process.kill()
        process.wait(20)

        times = Counter(to for to, _ in mailbox.mails)
        ids = {to: {mail["Message-ID"] for mail in mailbox.got(to)} for to in times}

    assert len(times) == ADDRESSES
    assert max(times.values()) == 2, "in the midst of a batch something must have gone twice"
    assert all(len(each) == 1 for each in ids.values()), "whoever gets it twice can tell"
    with a_node(data, 1) as node:
        waiting = node.readers.run_now(lambda connection: count_notifications(connection, 0))
        assert sum(waiting.values()) == ADDRESSES
