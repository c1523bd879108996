# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""The inbox as one more worker of the connector's process: listens, and stops with the others."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

from hub.adapters.connector.configuration import Configuration
from hub.adapters.inbox.room import Room
from hub.adapters.inbox.settings import InboxSettings
from hub.web.eingang.app import create_inbox
from hub.web.problems import Problems
from hub.web.server import Listener, Patience, Server, bind, make_server


class Guest(Server):
    """A server in somebody else's loop, whose signals are somebody else's."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave the signals to the process."""
        yield


class InboxServer:
    """Serves the pages until it is told to stop."""

    def __init__(self, room: Room, problems: Problems, listener: Listener) -> None:
        """Take the port at once, so that whoever starts the process hears that it is in use."""
        names = {urlsplit(room.settings.public_url).hostname or "", "localhost", listener.host}
        app = create_inbox(room, problems, names)
        self._server = make_server(app, listener, patience=Patience(), kind=Guest)
        self._bound: socket.socket = bind(listener)
        self.port: int = self._bound.getsockname()[1]

    async def run(self) -> None:
        """Answer until ``stop``; what is under way comes to its end."""
        try:
            await self._server.serve(sockets=[self._bound])
        finally:
            self._bound.close()

    def stop(self) -> None:
        """Let nobody in any more."""
        self._server.should_exit = True


def listener_of(configuration: Configuration) -> Listener:
    """Return where the file says to listen; its paths begin in its own folder."""
    settings = configuration.settings.inbox or InboxSettings()
    certificate, private_key = settings.certificate, settings.private_key
    return Listener(
        host=settings.host,
        port=settings.port,
        certificate=configuration.path(certificate) if certificate else None,
        private_key=configuration.path(private_key) if private_key else None,
        proxies=frozenset(filter(None, [settings.behind_proxy])),
    )
