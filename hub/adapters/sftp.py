# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Handing over by SFTP, to a server whose key is pinned and with a key of our own.

The same order as in a folder: uploaded under a hidden name, read back, marked here, renamed. A
server that says yes and keeps something else is found out before the name appears.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path, PurePosixPath
from typing import ClassVar, Final

import asyncssh
from asyncssh import FXF_CREAT, FXF_TRUNC, FXF_WRITE
from pydantic import Field

from hub import clock
from hub.adapters.base import HandedOver, Surroundings, TargetTrouble
from hub.adapters.delivery import Delivery
from hub.adapters.forms.chosen import Forms, FormSettings
from hub.adapters.forms.document import Document
from hub.adapters.health import WELL, Health, unwell
from hub.adapters.place import MODE, hidden
from hub.adapters.settings import TargetSettings
from hub.adapters.sftp_line import Line, is_about_the_line, trouble_of
from hub.adapters.traces import Traces
from hub.adapters.turns import Attempts

_GONE: Final = (asyncssh.SFTPNoSuchFile, asyncssh.SFTPNoSuchPath)


class SftpSettings(FormSettings):
    """One folder on one server."""

    host: str = Field(min_length=1, max_length=253)
    port: int = Field(default=22, ge=1, le=65_535)
    user: str = Field(min_length=1, max_length=64)
    key: Path
    """Our private key, in OpenSSH's form; nobody else on this machine may read it."""
    known_hosts: Path
    """The server's key, as ``known_hosts`` has it; another key ends the line before anything is
    said."""
    folder: PurePosixPath = PurePosixPath()
    """Where to; without one the folder in which the login ends."""
    read_back: bool = True
    """Whether what was uploaded is read again; a server that lets us only write cannot be asked."""


class SftpAdapter:
    """Uploads files into one folder of one server."""

    settings_type: ClassVar[type[TargetSettings]] = SftpSettings

    def __init__(self, settings: TargetSettings, surroundings: Surroundings) -> None:
        assert isinstance(settings, SftpSettings)  # noqa: S101  the registry reads its type
        self.name = settings.called
        self._settings = settings
        self._forms = Forms(settings, surroundings)
        self._attempts = Attempts(settings.patience)
        self._traces = Traces(surroundings.state)
        known, key = surroundings.path(settings.known_hosts), surroundings.path(settings.key)
        self._line = Line(settings.host, settings.port, settings.user, known, key)

    async def hand_over(self, delivery: Delivery) -> HandedOver:
        documents = await self._forms.of(delivery)
        return await self._attempts.run(delivery.id, self._put(delivery, documents))

    async def _put(self, delivery: Delivery, documents: tuple[Document, ...]) -> HandedOver:
        async with self._talking() as sftp:
            names = self._traces.of(delivery)
            was_there = names is not None
            if names is None:
                names = await self._prepare(sftp, delivery, documents)
            for name in names:
                was_there &= not await self._show(sftp, name)
            await self._check_sizes(sftp, documents)
            return HandedOver(names[-1], was_there=was_there)

    async def already_there(self, delivery: Delivery) -> HandedOver | None:
        return await self._attempts.run(delivery.id, self._look(delivery))

    async def _look(self, delivery: Delivery) -> HandedOver | None:
        marked = self._traces.of(delivery)
        names = marked or self._forms.names(delivery)
        async with self._talking() as sftp:
            for name in names:
                # Marked and gone means fetched; not marked and gone means never here.
                at = self._at(hidden(name)) if marked else self._at(name)
                if await self._has(sftp, at) == bool(marked):
                    return None
        return HandedOver(names[-1], was_there=True)

    async def check(self) -> Health:
        self._traces.forget(clock.now())
        try:
            async with self._talking() as sftp:
                if not await sftp.isdir(str(self._settings.folder)):
                    return unwell("Den Zielordner gibt es auf dem Server nicht.")
        except TargetTrouble as trouble:
            return unwell(trouble.reason)
        return WELL

    async def close(self) -> None:
        await self._attempts.close()
        await self._line.close()

    async def _prepare(
        self, sftp: asyncssh.SFTPClient, delivery: Delivery, documents: tuple[Document, ...]
    ) -> tuple[str, ...]:
        for document in documents:
            await self._upload(sftp, document)
        names = tuple(each.name for each in documents)
        await asyncio.to_thread(self._traces.note, delivery, names)
        return names

    async def _upload(self, sftp: asyncssh.SFTPClient, document: Document) -> None:
        at = self._at(hidden(document.name))
        flags = FXF_WRITE | FXF_CREAT | FXF_TRUNC
        attributes = asyncssh.SFTPAttrs(permissions=MODE)
        async with sftp.open(at, flags, attributes, encoding=None) as file:
            await file.write(document.content)
            with suppress(asyncssh.SFTPOpUnsupported):
                await file.fsync()
        if await sftp.getsize(at) != len(document.content):
            raise _not_kept()
        if self._settings.read_back:
            async with sftp.open(at, "rb", encoding=None) as file:
                kept: object = await file.read()
            if kept != document.content:
                raise _not_kept()

    async def _show(self, sftp: asyncssh.SFTPClient, name: str) -> bool:
        """Give a document its name; False where that was done before."""
        now, then = self._at(hidden(name)), self._at(name)
        try:
            await sftp.posix_rename(now, then)
        except asyncssh.SFTPOpUnsupported:
            # Of the old kind, which replaces nothing: what lies there is an earlier attempt.
            return await self._show_anew(sftp, now, then)
        except _GONE:
            return False
        return True

    async def _show_anew(self, sftp: asyncssh.SFTPClient, now: str, then: str) -> bool:
        if not await self._has(sftp, now):
            return False
        if await self._has(sftp, then):
            await sftp.remove(then)
        await sftp.rename(now, then)
        return True

    async def _check_sizes(
        self, sftp: asyncssh.SFTPClient, documents: tuple[Document, ...]
    ) -> None:
        """Look at what has its name now; what was fetched already cannot be looked at."""
        for document in documents:
            try:
                size = await sftp.getsize(self._at(document.name))
            except _GONE:
                continue
            if size != len(document.content):
                raise _not_kept()

    async def _has(self, sftp: asyncssh.SFTPClient, at: str) -> bool:
        try:
            about = await sftp.lstat(at)
        except _GONE:
            return False
        return about.type == asyncssh.FILEXFER_TYPE_REGULAR

    def _at(self, name: str) -> str:
        return str(self._settings.folder / name)

    @asynccontextmanager
    async def _talking(self) -> AsyncIterator[asyncssh.SFTPClient]:
        """Use the line for as long as one attempt may take; its errors become trouble."""
        try:
            async with asyncio.timeout(self._settings.patience):
                yield await self._line.sftp()
        except (OSError, asyncssh.Error, TimeoutError) as error:
            if is_about_the_line(error):
                await self._line.close()
            raise trouble_of(error) from None


def _not_kept() -> TargetTrouble:
    return TargetTrouble(
        "not-kept", "Der Server hat etwas anderes gespeichert als hochgeladen wurde."
    )
