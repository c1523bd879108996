# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""How much may a request be, and how many of them, before anybody reads it?"""

import math
from collections import OrderedDict
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from typing import Final

from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from hub.errors import (
    Failure,
    MediaTypeUnsupported,
    Overloaded,
    Refusal,
    TooLarge,
    TooManyRequests,
)
from hub.web.crowd import Crowd, Place
from hub.web.headers import SecurityHeaders
from hub.web.problems import Problems, Unbroken

MESSAGE_BYTES: Final = 262_144
HEAD_BYTES: Final = 16_384
METHODS: Final = ("DELETE", "GET", "HEAD", "PATCH", "POST", "PUT")
_MOST_KNOWN: Final = 10_000


def guard(
    app: ASGIApp,
    *,
    problems: Problems,
    hosts: Collection[str],
    limit_of: Callable[[str], int] = lambda _: MESSAGE_BYTES,
    trouble_of: Callable[[str, str], Failure | None] = lambda _, __: None,
    crowd: Crowd | None = None,
    is_open: Callable[[str], bool] = lambda _: False,
) -> ASGIApp:
    """Put around an application what every request passes and every answer bears.

    ``hosts`` are the names this hub answers to, without ports; ``limit_of`` gives the largest
    body for a path, ``trouble_of`` why a method and path are not served just now, and ``is_open``
    whether the body of a path is read before it is known who asks.
    """
    limited = RequestLimits(
        app,
        problems=problems,
        hosts=hosts,
        limit_of=limit_of,
        trouble_of=trouble_of,
        crowd=crowd or Crowd(),
        is_open=is_open,
    )
    return SecurityHeaders(Unbroken(limited, problems))


class RequestLimits:
    """Refuses by method, host, size of the head, content coding, size of the body, and crowd.

    The body is counted while it comes. A length that a client announces only saves the wait; one
    that it does not announce, or a wrong one, changes nothing.
    """

    def __init__(
        self,
        app: ASGIApp,
        *,
        problems: Problems,
        hosts: Collection[str],
        limit_of: Callable[[str], int],
        trouble_of: Callable[[str, str], Failure | None],
        crowd: Crowd,
        is_open: Callable[[str], bool],
    ) -> None:
        self._app = app
        self._problems = problems
        self._hosts = frozenset(host.lower() for host in hosts)
        self._limit_of = limit_of
        self._trouble_of = trouble_of
        self._crowd = crowd
        self._is_open = is_open

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        limit = self._limit_of(scope["path"])
        refused = self._refuse(scope, limit) or self._turn_away(scope)
        if refused is not None:
            await refused(scope, receive, send)
            return
        address = scope["client"][0] if scope.get("client") else ""
        place = self._crowd.enter(address, is_stranger=self._is_open(scope["path"]))
        try:
            await self._count(scope, _CountedBody(limit, place, receive, send))
        finally:
            place.leave()

    async def _count(self, scope: Scope, counted: "_CountedBody") -> None:
        try:
            await self._app(scope, counted.receive, counted.send)
        except Exception:
            # Cut off in the middle of a body, an application may fail in any way; the client hears
            # the reason below. Every other failure goes on.
            if not counted.is_refused:
                raise
        if counted.is_refused and counted.refusal is not None:
            refusal = self._problems.response(counted.refusal)
            await refusal(scope, counted.receive, counted.answer)

    def _refuse(self, scope: Scope, limit: int) -> Response | None:
        headers: list[tuple[bytes, bytes]] = scope["headers"]
        if scope["method"] not in METHODS:
            allow = {"Allow": ", ".join(METHODS)}
            return self._problems.plain("method-not-allowed", headers=allow)
        if not self._is_own(_values(headers, b"host")):
            return self._problems.plain("host-unknown")
        if _head_bytes(scope) > HEAD_BYTES:
            return self._problems.response(TooLarge("The head of the request is too large."))
        if any(coding.lower() != b"identity" for coding in _values(headers, b"content-encoding")):
            return self._problems.response(MediaTypeUnsupported("Send the body uncompressed."))
        if any(int(length) > limit for length in _values(headers, b"content-length")):
            return self._problems.response(TooLarge())
        return None

    def _turn_away(self, scope: Scope) -> Response | None:
        trouble = self._trouble_of(scope["method"], scope["path"])
        return None if trouble is None else self._problems.response(trouble)

    def _is_own(self, hosts: list[bytes]) -> bool:
        return len(hosts) == 1 and _name_of(hosts[0].decode("latin-1")) in self._hosts


class _CountedBody:
    """The two ways of a request past the application, with the bytes of its body counted."""

    def __init__(self, limit: int, place: Place, receive: Receive, send: Send) -> None:
        self.refusal: Refusal | Failure | None = None
        self.answer = send
        self._left = limit
        self._place = place
        self._receive = receive
        self._is_started = False

    @property
    def is_refused(self) -> bool:
        return self.refusal is not None and not self._is_started

    async def receive(self) -> Message:
        if self.refusal is not None:
            raise self.refusal
        message = await self._receive()
        try:
            self._count(len(message.get("body", b"")))
        except (TooLarge, Overloaded) as refusal:
            self.refusal = refusal
            raise
        return message

    async def send(self, message: Message) -> None:
        # Whatever the application makes of the refusal, the client hears ours.
        if not self.is_refused:
            self._is_started = True
            await self.answer(message)

    def _count(self, size: int) -> None:
        self._left -= size
        if self._left < 0:
            raise TooLarge
        self._place.hold(size)


@dataclass(frozen=True)
class Rate:
    """How fast one client may ask; ``reserved`` is kept for what is ``sofort``."""

    per_second: float
    burst: int
    reserved: int = 0


@dataclass
class _Level:
    """What is left to one client."""

    common: float
    reserved: float
    at: float


class Buckets:
    """A token bucket for each client unit, per node and in memory."""

    def __init__(self, rate: Rate) -> None:
        self._rate = rate
        self._levels: OrderedDict[str, _Level] = OrderedDict()

    def check_rate(self, unit: str, now: float, *, is_urgent: bool = False) -> None:
        """Refuse one request too many, and say when the next one may come.

        ``now`` comes from a monotonic clock. An urgent request that finds the common bucket
        empty takes from the reserved one, so a run of the ordinary never holds up a child in
        danger.
        """
        level = self._level(unit, now)
        if level.common >= 1:
            level.common -= 1
        elif is_urgent and level.reserved >= 1:
            level.reserved -= 1
        else:
            refusal = TooManyRequests()
            refusal.retry_after = math.ceil((1 - level.common) / self._rate.per_second)
            raise refusal

    def _level(self, unit: str, now: float) -> _Level:
        full = _Level(self._rate.burst, self._rate.reserved, now)
        level = self._levels.setdefault(unit, full)
        self._levels.move_to_end(unit)
        if len(self._levels) > _MOST_KNOWN:
            # The one that has asked least recently has its bucket full again anyway.
            self._levels.popitem(last=False)
        gained = max(0.0, now - level.at) * self._rate.per_second
        level.common = min(self._rate.burst, level.common + gained)
        level.reserved = min(self._rate.reserved, level.reserved + gained)
        level.at = now
        return level


def _values(headers: Iterable[tuple[bytes, bytes]], name: bytes) -> list[bytes]:
    return [value for header, value in headers if header == name]


def _head_bytes(scope: Scope) -> int:
    line = len(scope["method"]) + len(scope.get("raw_path") or b"") + len(scope["query_string"])
    return line + sum(len(name) + len(value) + len(b": \r\n") for name, value in scope["headers"])


def _name_of(host: str) -> str:
    """Return the name in a ``Host`` header, without the port."""
    if host.startswith("["):
        return host.partition("]")[0].lower() + "]"
    return host.partition(":")[0].lower()
