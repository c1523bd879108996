# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""What may appear in a log line: ids, codes, durations and sizes, and nothing else.

A key that is not on the list is dropped, and so is a value that does not look like an id or a
number. Of an exception only its type and its place in the code remain: its text may quote what it
stumbled over, and local variables are what people have sent.
"""

import contextlib
import logging
import re
import sys
from collections.abc import Mapping, MutableMapping
from types import TracebackType
from typing import Any, Final, TextIO, TypeAlias, cast

import structlog

Event: TypeAlias = MutableMapping[str, Any]

KEYS: Final = frozenset(
    {
        # who and what, by id
        "conversation",
        "entry",
        "hub",
        "kid",
        "lease",
        "message",
        "node",
        "organisation",
        "protocol",
        "receipt",
        "step",
        "trace",
        "unit",
        "urgency",
        "word",
        # how it went
        "code",
        "exit_code",
        "finding",
        "kind",
        "method",
        "reason",
        "route",
        "state",
        "status",
        "version",
        # how much and how long
        "attempt",
        "bytes",
        "count",
        "duration_ms",
        "index",
        "pages",
        "port",
        "retry_after",
        "size",
        # what the set-up itself adds
        "event",
        "exception",
        "level",
        "logger",
        "timestamp",
    }
)
"""The short list of keys that may appear in a log."""

_HARMLESS: Final = re.compile(r"[A-Za-z0-9._:/+{}<>-]{1,160}")
_WITHHELD: Final = "[withheld]"
_DEEPEST: Final = 30


def configure(stream: TextIO | None = None, level: str = "info") -> None:
    """Have everything that is logged come out as JSON lines of the allowed keys.

    That includes what other libraries log: of their lines only the logger, the level and the
    place remain, because their texts are not ours to vouch for.
    """
    target = _Unbroken(stream or sys.stderr)
    threshold = logging.getLevelNamesMapping()[level.upper()]
    structlog.configure(
        processors=_PROCESSORS,
        wrapper_class=structlog.make_filtering_bound_logger(threshold),
        logger_factory=structlog.WriteLoggerFactory(cast("TextIO", target)),
        cache_logger_on_first_use=False,
    )
    root = logging.getLogger()
    root.handlers = [_Foreign(target)]
    root.setLevel(max(threshold, logging.WARNING))


def reduce_exception(_: Any, __: str, event: Event) -> Event:
    """Replace an exception by its type and its place in the code."""
    error = event.pop("exc_info", None)
    if error is True:
        error = sys.exc_info()[1]
    elif isinstance(error, tuple):
        error = error[1]
    if isinstance(error, BaseException):
        event["exception"] = _chain(error)
    return event


def keep_allowed(_: Any, __: str, event: Event) -> Event:
    """Drop what is not on the list, and withhold a value that could be anything."""
    return {key: _harmless(key, value) for key, value in event.items() if key in KEYS}


class _Unbroken:
    """A stream of which nobody hears that it is gone.

    A pipe that nobody reads any more, or a full disk behind it, must not end the thread that has
    something to say there: people wait for its answers.
    """

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def write(self, text: str) -> None:
        with contextlib.suppress(OSError, ValueError):
            self._stream.write(text)

    def flush(self) -> None:
        with contextlib.suppress(OSError, ValueError):
            self._stream.flush()


class _Foreign(logging.Handler):
    """Writes what other libraries log, without what they say."""

    def __init__(self, target: _Unbroken) -> None:
        super().__init__()
        self._target = target

    def emit(self, record: logging.LogRecord) -> None:
        event: Event = {
            "event": f"foreign.{record.module}:{record.lineno}",
            "logger": record.name,
            "exc_info": record.exc_info or None,
        }
        for processor in _PROCESSORS[1:]:
            event = processor(None, record.levelname.lower(), event)
        self._target.write(f"{event}\n")
        self._target.flush()


def _harmless(key: str, value: Any) -> Any:
    if key == "exception" or value is None or isinstance(value, (bool, int, float)):
        return value
    if isinstance(value, str) and _HARMLESS.fullmatch(value):
        return value
    return _WITHHELD


def _chain(error: BaseException) -> list[Mapping[str, Any]]:
    chain: list[Mapping[str, Any]] = []
    current: BaseException | None = error
    while current is not None and len(chain) < _DEEPEST:
        chain.append({"type": type(current).__qualname__, "at": _places(current.__traceback__)})
        current = current.__cause__ or current.__context__
    return chain


def _places(traceback: TracebackType | None) -> list[str]:
    places = []
    while traceback is not None:
        code = traceback.tb_frame.f_code
        module = traceback.tb_frame.f_globals.get("__name__", "?")
        places.append(f"{module}:{traceback.tb_lineno}:{code.co_name}")
        traceback = traceback.tb_next
    return places[-_DEEPEST:]


_PROCESSORS: Final[list[Any]] = [
    structlog.contextvars.merge_contextvars,
    structlog.processors.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    reduce_exception,
    keep_allowed,
    structlog.processors.JSONRenderer(sort_keys=True),
]
