# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""A real SFTP server in this process, with a key of its own, that can have bad days."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import asyncssh

from hub.adapters.stand import Spoiling

USER = "meldeweg"


@dataclass
class SftpServer:
    """What the server is doing, and where it keeps what it gets."""

    home: Path
    weather: Spoiling | None = None
    cut_at: int = 0
    """With the so-manieth request from now on the line ends; 0 for never."""
    answers_before_cut: bool = False
    port: int = 0
    let_go: asyncio.Event = field(default_factory=asyncio.Event)
    shown: Callable[[], None] = lambda: None

    @property
    def folder(self) -> Path:
        return self.home / "eingang"

    def settings(self) -> dict[str, Any]:
        return {
            "kind": "sftp",
            "host": "localhost",
            "port": self.port,
            "user": USER,
            "key": str(self.home / "client"),
            "known_hosts": str(self.home / "known_hosts"),
            "folder": "/eingang",
        }

    lines: list[asyncssh.SSHServerConnection] = field(default_factory=list)

    def hang_up(self) -> None:
        """End all lines, without a word."""
        for each in self.lines:
            each.abort()

    def counted(self) -> bool:
        """Count a request down; tells whether the line ends now."""
        if not self.cut_at:
            return False
        self.cut_at -= 1
        return self.cut_at == 0


class _Files(asyncssh.SFTPServer):
    """The files of one login; every request passes ``_before``."""

    def __init__(self, channel: asyncssh.SSHServerChannel[bytes], server: SftpServer) -> None:
        super().__init__(channel, chroot=str(server.home).encode())
        self._server = server

    async def open(self, path: bytes, pflags: int, attrs: asyncssh.SFTPAttrs) -> object:
        await self._before()
        return super().open(path, pflags, attrs)

    async def write(self, file_obj: object, offset: int, data: bytes) -> int:
        if self._server.weather == "full":
            raise asyncssh.SFTPNoSpaceOnFilesystem("No space left: Merkmalsatz")
        if self._server.weather == "failing":
            raise asyncssh.SFTPFailure("Failure: Erfunden-Merkmal")
        await self._before()
        is_lying = self._server.weather == "lying"
        super().write(file_obj, offset, data[: len(data) // 2] if is_lying else data)
        return len(data)

    async def lstat(self, path: bytes) -> Any:
        await self._before()
        return super().lstat(path)

    async def stat(self, path: bytes) -> Any:
        await self._before()
        return super().stat(path)

    async def posix_rename(self, oldpath: bytes, newpath: bytes) -> None:
        if self._server.counted():
            # Done, and nobody hears of it.
            super().posix_rename(oldpath, newpath)
            self._end()
        await self._before()
        super().posix_rename(oldpath, newpath)
        self._server.shown()

    async def _before(self) -> None:
        if self._server.weather == "slow":
            await self._server.let_go.wait()
        if self._server.weather == "cut" or self._server.counted():
            self._end()

    def _end(self) -> None:
        self.channel.get_connection().abort()
        raise asyncssh.SFTPConnectionLost("cut")


class _Door(asyncssh.SSHServer):
    """Who comes in."""

    def __init__(self, server: SftpServer) -> None:
        self._server = server

    def connection_made(self, conn: asyncssh.SSHServerConnection) -> None:
        self._server.lines.append(conn)
        if self._server.weather == "away":
            conn.abort()


@asynccontextmanager
async def an_sftp_server(
    home: Path, port: int = 0, shown: Callable[[], None] = lambda: None
) -> AsyncIterator[SftpServer]:
    """Run a server for as long as the block lasts; ``shown`` is called once a file has its name."""
    server = SftpServer(home, shown=shown)
    server.folder.mkdir(mode=0o750, exist_ok=True)
    host_key = make_keys(home)
    listening = await asyncssh.listen(
        "localhost",
        port,
        server_host_keys=[host_key],
        authorized_client_keys=str(home / "authorized"),
        server_factory=lambda: _Door(server),
        sftp_factory=lambda channel: _Files(channel, server),
        allow_scp=False,
    )
    server.port = listening.get_port()
    public = host_key.export_public_key().decode()
    (home / "known_hosts").write_text(f"[localhost]:{server.port} {public}")
    try:
        yield server
    finally:
        server.weather = None
        server.let_go.set()
        server.hang_up()
        listening.close()
        await listening.wait_closed()


def make_keys(home: Path) -> asyncssh.SSHKey:
    """Return the key of the server; it and that of its client are made once."""
    if not (home / "host").exists():
        host_key, client_key = (asyncssh.generate_private_key("ssh-ed25519") for _ in range(2))
        client_key.write_private_key(home / "client")
        (home / "client").chmod(0o600)
        client_key.write_public_key(home / "authorized")
        host_key.write_private_key(home / "host")
        host_key.write_public_key(home / "host.pub")
    return asyncssh.read_private_key(home / "host")
