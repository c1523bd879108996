# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""How does the inbox come into the process of the connector? The table ``[inbox]`` asks for it."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from hub.adapters.connector.configuration import Configuration
from hub.adapters.connector.house import House
from hub.adapters.connector.running import Worker
from hub.adapters.inbox.opening import a_room, beside
from hub.main.problems import problem_texts
from hub.web.eingang.serving import InboxServer, listener_of
from hub.web.problems import Problems


@contextmanager
def an_inbox(configuration: Configuration, houses: Sequence[House]) -> Iterator[Sequence[Worker]]:
    """Open the room of these houses and a server for it."""
    with a_room(configuration, houses) as room:
        problems = Problems(room.settings.public_url, problem_texts())
        server = InboxServer(room, problems, listener_of(configuration))
        yield [server, *beside(room)]
