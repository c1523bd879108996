# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""A name that goes into the log on every way there is does not come out."""

import io
import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest
import structlog

from hub import telemetry

CANARY = "Kevin Beispielkind"


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    root = logging.getLogger()
    handlers, level = root.handlers, root.level
    stream = io.StringIO()
    telemetry.configure(stream)
    yield stream
    structlog.reset_defaults()
    structlog.contextvars.clear_contextvars()
    root.handlers, root.level = handlers, level


def lines(log: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in log.getvalue().splitlines()]


def test_ids_codes_and_sizes_come_out_as_one_line_of_json(log: io.StringIO) -> None:
    structlog.get_logger().info(
        "message.accepted", unit="jugendamt:05978040.asd", code="too-large", bytes=12, status=413
    )

    [line] = lines(log)
    assert line.pop("timestamp").endswith("Z")
    assert line == {
        "event": "message.accepted",
        "level": "info",
        "unit": "jugendamt:05978040.asd",
        "code": "too-large",
        "bytes": 12,
        "status": 413,
    }


def a_secret_failure() -> None:
    name = CANARY
    raise ValueError(f"cannot parse {name}")


def by_an_unknown_key() -> None:
    structlog.get_logger().info("message.accepted", child=CANARY, body={"name": CANARY})


def by_a_known_key() -> None:
    structlog.get_logger().info("message.accepted", unit=CANARY, reason=[CANARY])


def by_the_event() -> None:
    structlog.get_logger().info(f"accepted {CANARY}")


def by_a_placeholder() -> None:
    structlog.get_logger().info("accepted %s", CANARY)


def by_the_context() -> None:
    structlog.contextvars.bind_contextvars(child=CANARY, unit=CANARY)
    structlog.get_logger().info("message.accepted")


def by_an_exception() -> None:
    try:
        a_secret_failure()
    except ValueError:
        structlog.get_logger().exception("request.failed", trace="0123456789abcdef")


def by_the_cause_of_an_exception() -> None:
    try:
        try:
            a_secret_failure()
        except ValueError as cause:
            raise RuntimeError(CANARY) from cause
    except RuntimeError as error:
        structlog.get_logger().error("request.failed", exc_info=error)


def by_another_library() -> None:
    logging.getLogger("uvicorn.error").error("Exception for %s", CANARY)


def by_the_exception_of_another_library() -> None:
    try:
        a_secret_failure()
    except ValueError:
        logging.getLogger("asyncio").exception("Fatal error: %s", CANARY)


def by_the_stack() -> None:
    structlog.get_logger().info("message.accepted", stack_info=True, extra={"x": CANARY})


WAYS = [
    by_an_unknown_key,
    by_a_known_key,
    by_the_event,
    by_a_placeholder,
    by_the_context,
    by_an_exception,
    by_the_cause_of_an_exception,
    by_another_library,
    by_the_exception_of_another_library,
    by_the_stack,
]


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__)
def test_a_name_never_comes_out(way: Any, log: io.StringIO) -> None:
    way()

    assert len(lines(log)) == 1
    for part in CANARY.split():
        assert part not in log.getvalue()


def test_of_an_exception_its_type_and_place_remain(log: io.StringIO) -> None:
    by_the_cause_of_an_exception()

    [line] = lines(log)
    outer, inner = line["exception"]
    assert (outer["type"], inner["type"]) == ("RuntimeError", "ValueError")
    assert inner["at"][-1].endswith(":a_secret_failure")


def test_of_anothers_line_the_place_remains(log: io.StringIO) -> None:
    by_another_library()

    [line] = lines(log)
    assert line["logger"] == "uvicorn.error"
    assert line["level"] == "error"
    assert line["event"].startswith("foreign.test_telemetry:")


def test_a_line_feed_begins_no_line(log: io.StringIO) -> None:
    structlog.get_logger().info("message.accepted", code='x\n{"event":"forged"}')

    [line] = lines(log)
    assert line["code"] == "[withheld]"


def test_what_is_below_the_level_is_not_written(log: io.StringIO) -> None:
    structlog.get_logger().debug("message.seen")

    assert lines(log) == []


def test_no_key_on_the_list_is_for_something_personal() -> None:
    personal = {"name", "child", "person", "address", "client_ip", "url", "query", "body", "user"}

    assert telemetry.KEYS.isdisjoint(personal)


def test_a_stream_that_is_gone_ends_nobody(log: io.StringIO) -> None:
    """A writer that dies of a line in the log leaves everybody waiting who asked it."""
    log.close()

    structlog.get_logger().warning("group.failed", count=1)
    logging.getLogger("foreign").warning("gone")
