# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""One line to one SFTP server, opened when it is needed and again when it broke."""

import asyncio
from contextlib import suppress
from pathlib import Path
from typing import Final

import asyncssh

from hub.adapters.base import TargetTrouble

KEEPALIVE: Final = 30
_SAID: Final[tuple[tuple[type[Exception], str, str], ...]] = (
    (
        asyncssh.HostKeyNotVerifiable,
        "host-key",
        "Der Server weist sich mit einem anderen Schlüssel aus als hinterlegt.",
    ),
    (asyncssh.PermissionDenied, "login-refused", "Der Server nimmt unseren Schlüssel nicht an."),
    (asyncssh.KeyImportError, "own-key", "Der eigene SSH-Schlüssel ist nicht lesbar."),
    (asyncssh.SFTPNoSpaceOnFilesystem, "disk-full", "Der Speicher am Ziel ist voll."),
    (asyncssh.SFTPQuotaExceeded, "disk-full", "Das Kontingent am Ziel ist erschöpft."),
    (asyncssh.SFTPPermissionDenied, "no-access", "Der Server verweigert den Zugriff."),
    (asyncssh.SFTPWriteProtect, "read-only", "Der Zielordner lässt sich nur lesen."),
    (asyncssh.SFTPNoSuchFile, "folder-missing", "Den Zielordner gibt es auf dem Server nicht."),
    (asyncssh.SFTPNoSuchPath, "folder-missing", "Den Zielordner gibt es auf dem Server nicht."),
    (asyncssh.SFTPConnectionLost, "line-cut", "Die Verbindung zum Server ist abgerissen."),
    (asyncssh.SFTPNoConnection, "line-cut", "Die Verbindung zum Server ist abgerissen."),
    # Whatever an old server cannot say otherwise: a full disk most of all.
    (asyncssh.SFTPError, "sftp-failed", "Der Server hat die Datei nicht angenommen."),
    (asyncssh.ConnectionLost, "line-cut", "Die Verbindung zum Server ist abgerissen."),
    (asyncssh.DisconnectError, "line-cut", "Der Server hat die Verbindung beendet."),
    (asyncssh.Error, "ssh-failed", "Mit dem Server kam keine SSH-Verbindung zustande."),
    (TimeoutError, "timeout", "Der Server hat nicht rechtzeitig geantwortet."),
    (OSError, "unreachable", "Der Server ist nicht zu erreichen."),
)
"""The first that fits; a text of the server is never repeated."""


class Line:
    """A connection that several deliveries share."""

    def __init__(self, host: str, port: int, user: str, known: Path, key: Path) -> None:
        self._host = host
        self._port = port
        self._user = user
        self._known = known
        self._key = key
        self._connection: asyncssh.SSHClientConnection | None = None
        self._sftp: asyncssh.SFTPClient | None = None
        self._opening = asyncio.Lock()

    async def sftp(self) -> asyncssh.SFTPClient:
        """Return the open line, or open one."""
        async with self._opening:
            if self._sftp is None or self._connection is None or self._connection.is_closed():
                await self._drop()
                self._connection = await self._connect()
                self._sftp = await self._connection.start_sftp_client()
            return self._sftp

    async def close(self) -> None:
        """Let go of the line; the next who needs one opens another."""
        await self._drop()

    async def _connect(self) -> asyncssh.SSHClientConnection:
        # Nothing of this machine's own SSH settings or agents decides: what holds stands in the
        # connector's file.
        return await asyncssh.connect(
            self._host,
            self._port,
            username=self._user,
            client_keys=[str(self._key)],
            known_hosts=str(self._known),
            config=None,
            agent_path=None,
            preferred_auth=("publickey",),
            gss_host=None,
            keepalive_interval=KEEPALIVE,
        )

    async def _drop(self) -> None:
        connection, self._connection, self._sftp = self._connection, None, None
        if connection is not None:
            connection.abort()
            with suppress(OSError, asyncssh.Error):
                await connection.wait_closed()


def is_about_the_line(error: Exception) -> bool:
    """Tell whether the line is of no use any more; a refused file leaves it as it is."""
    lost = (asyncssh.SFTPConnectionLost, asyncssh.SFTPNoConnection)
    return isinstance(error, lost) or not isinstance(error, asyncssh.SFTPError)


def trouble_of(error: Exception) -> TargetTrouble:
    """Return the trouble that an error of the line is."""
    for kind, code, reason in _SAID:
        if isinstance(error, kind):
            return TargetTrouble(code, reason)
    raise error
