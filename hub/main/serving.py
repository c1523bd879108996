# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""``meldeweg serve``: one node, from the data directory to the socket and back to nothing."""

import asyncio
import resource
import signal
from collections.abc import AsyncIterator, Iterator
from contextlib import (
    AbstractAsyncContextManager,
    asynccontextmanager,
    contextmanager,
    nullcontext,
)
from functools import partial
from types import FrameType
from typing import Any, Final
from urllib.parse import urlsplit

import structlog

from hub.directory.holidays import public_holidays
from hub.errors import Failure, ReadOnly
from hub.main.assembly import open_node
from hub.main.betrieb import listening
from hub.main.folder import DataDir
from hub.main.lastresort import LastResort
from hub.main.notifying import channels_of
from hub.main.problems import problem_texts
from hub.main.registering import register
from hub.main.space import Space
from hub.main.stamping import stamped
from hub.main.witnessing import witnesses
from hub.main.work import EVERY, note, working
from hub.node import Node
from hub.protocols.agreements import today
from hub.settings import Settings
from hub.store.leases import give_back_all
from hub.trust.tokens import AuthorizationServer
from hub.web.app import create_app
from hub.web.problems import Problems
from hub.web.server import Listener, Patience, Told, serve

LAND: Final = "nw"
"""Whose public holidays the shipped calendar knows."""
LONGEST_STOP: Final = 29
"""Seconds from the signal to the end of the process, beside the drain; then it is cut off."""
FILES: Final = 8192
"""File descriptors that a hub would like to have; one connection takes one."""
OWN_FILES: Final = 128
_BESIDE: Final = (
    "Was neben dem Hub läuft, ist nicht angelaufen; ist betrieb.sock von jemand anderem?"
)
_log = structlog.stdlib.get_logger()


class DiskFailed(ReadOnly):
    """The disk has failed; what it keeps, nobody knows until the database is opened anew."""


class NotStarted(Failure):
    """Something that runs beside the hub did not start; the messages above say what."""


class SetBack(ReadOnly):
    """The database was set back while the hub ran."""


def run(data: DataDir, settings: Settings, *, is_strict: bool = False) -> None:
    """Serve until SIGTERM or SIGINT; returns when everything under way has ended.

    A hub whose database was set back reads on and writes nothing, unless it ``is_strict``: then it
    does not start, or ends.

    Raises ``DiskFailed`` where the hub has ended by itself: only a new process may write again.
    """
    data.check_socket()
    last_resort = LastResort(LONGEST_STOP + settings.drain_seconds)
    opened = open_node(
        data,
        settings.public_url,
        own_protocols=settings.protocols_dir,
        on_doubt="end" if is_strict else "forbid",
    )
    with _signals_heard(last_resort), opened as node:
        if not data.url:
            # The disk of a server is its own operator's.
            node.is_short_of_space = Space(data.path, settings.disk_floor).is_short
        told = Told(
            on_stop=partial(_stop, node, last_resort),
            on_signal=last_resort.arm,
            must_stop=lambda: node.writer.has_failed or (is_strict and node.is_set_back()),
        )
        node.outlets = channels_of(settings, data)
        patience = Patience(drain_seconds=settings.drain_seconds, connections=_most_connections())
        with _start_failed():
            app = application(node, data, settings=settings)
            serve(app, listener_of(settings), patience=patience, told=told)
        _return_leases(node)
        has_failed, is_set_back = node.writer.has_failed, node.is_set_back()
    if has_failed:
        raise DiskFailed
    if is_set_back and is_strict:
        raise SetBack


def listener_of(settings: Settings) -> Listener:
    """Return where the hub listens by these settings."""
    return Listener(
        host=settings.host,
        port=settings.port,
        certificate=settings.certificate,
        private_key=settings.private_key,
        proxies=frozenset(filter(None, [settings.behind_proxy])),
    )


def application(
    node: Node, data: DataDir | None, *, every: float = EVERY, settings: Settings | None = None
) -> Any:
    """Return the node's application with everything that runs beside it.

    Its witnesses are shown the log where ``settings`` are given.
    """

    @asynccontextmanager
    async def lifespan(_app: Any) -> AsyncIterator[None]:
        newest = node.log.newest.timestamp() if node.log.size else None
        getting_ready = asyncio.create_task(asyncio.to_thread(_know_the_holidays, node))
        await _note_start(node)
        await _note_protocols(node)
        await getting_ready
        beside = _witnessed(node, settings), _stamped(node, settings)
        async with working(node, every, newest), beside[0], beside[1]:
            if data is None:
                yield
                return
            async with listening(data, node):
                yield

    server = AuthorizationServer(node.public_url, node.keys.token)
    problems = Problems(node.public_url, problem_texts())
    names = {urlsplit(node.public_url).hostname or "", "localhost", "127.0.0.1"}
    return create_app(node, server, problems, names, lifespan)


def _witnessed(node: Node, settings: Settings | None) -> AbstractAsyncContextManager[None]:
    return nullcontext() if settings is None else witnesses(node, settings)


def _stamped(node: Node, settings: Settings | None) -> AbstractAsyncContextManager[None]:
    return nullcontext() if settings is None else stamped(node, settings)


def _know_the_holidays(node: Node) -> None:
    """Work out this year's and the next one's, so that the first message does not wait for it."""
    this_year = today(node.clock()).year
    for year in (this_year, this_year + 1):
        public_holidays(LAND, year)


@contextmanager
def _signals_heard(last_resort: LastResort) -> Iterator[None]:
    """Stop in order also before the hub listens, and once only after it has ceased to.

    While it listens the server hears the signals itself.
    """

    def end(number: int, frame: FrameType | None) -> None:
        del number, frame
        if not last_resort.is_armed:
            last_resort.arm()
            raise SystemExit(0)

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, end)
    yield


@contextmanager
def _start_failed() -> Iterator[None]:
    """Say with our own code that what runs beside the hub did not start; uvicorn has another."""
    try:
        yield
    except SystemExit as ended:
        if ended.code:
            raise NotStarted(_BESIDE) from None
        raise


def _stop(node: Node, last_resort: LastResort) -> None:
    last_resort.arm()
    node.stop()


def _return_leases(node: Node) -> None:
    """Let others fetch what was lent; where that cannot be written, the leases run out."""
    try:
        node.writer.commit_now(give_back_all)
    except Failure as trouble:
        _log.warning("leases.not-returned", code=trouble.code)


async def _note_start(node: Node) -> None:
    """Enter that the hub has started; on a full disk it starts all the same, and reads."""
    try:
        await note(node, "software.started")
    except Failure as trouble:
        _log.warning("start.not-noted", code=trouble.code)


async def _note_protocols(node: Node) -> None:
    """Enter which protocol versions are new here; what cannot be written, the next start enters."""
    try:
        await node.writer.commit(partial(register, node))
    except Failure as trouble:
        _log.warning("protocols.not-noted", code=trouble.code)


def _most_connections() -> int:
    """Take as many file descriptors as the system gives, and return what is left for clients."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = FILES if hard == resource.RLIM_INFINITY else min(FILES, hard)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
        soft = wanted
    return min(Patience.connections, max(1, wanted - OWN_FILES))
