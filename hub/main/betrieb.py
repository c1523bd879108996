# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""The operator's way into a hub that runs: a socket in its data directory.

One process writes to the database and the log, so a command on the same machine asks it to; where
none runs, the command opens the hub itself. Only the owner of the data directory can do either.
"""

import asyncio
import json
import os
import socket
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from functools import partial
from time import monotonic
from typing import Final

from hub.enrol.snapshot import refresh
from hub.errors import Failure, NotPermitted, Refusal
from hub.main.acts import ACTS, Answer
from hub.main.assembly import open_node
from hub.main.demotime import demonstrated
from hub.main.folder import DataDir
from hub.main.keeping import LOOKS
from hub.node import Node

LONGEST: Final = 4_194_304
"""Bytes of one request; a table of all schools of a Kreis is one."""
PROMPT: Final = 3
"""Seconds for a hub to say how it is."""


def operate(data: DataDir, public_url: str, request: Mapping[str, str]) -> Answer:
    """Carry out one act of the operator, in the running hub or in one opened for it.

    Raises ``Refusal`` with what was refused.
    """
    try:
        answer = _ask(data, request)
    except (FileNotFoundError, ConnectionRefusedError):
        with demonstrated(data, public_url), open_node(data, public_url) as node:
            answer = _act_now(node, request)
    if "refused" in answer:
        raise NotPermitted(str(answer["refused"]))
    return answer


@asynccontextmanager
async def listening(data: DataDir, node: Node) -> AsyncIterator[None]:
    """Listen for the operator's commands for as long as the block lasts."""
    data.socket.unlink(missing_ok=True)

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            request = _read(await reader.readline())
            answer = await asyncio.to_thread(_act_now, node, request)
        except (ValueError, TypeError, KeyError):
            answer = {"refused": "not a request"}
        writer.write(json.dumps(answer).encode() + b"\n")
        await writer.drain()
        writer.close()

    before = os.umask(0o177)
    try:
        server = await asyncio.start_unix_server(talk, data.socket, limit=LONGEST)
    finally:
        os.umask(before)
    try:
        yield
    finally:
        server.close()
        await server.wait_closed()
        data.socket.unlink(missing_ok=True)


def state_of(data: DataDir) -> Answer | None:
    """Return what the running hub says of itself, or None where none runs.

    Raises ``TimeoutError`` where one is there and does not answer.
    """
    try:
        return _ask(data, {"act": "state"}, seconds=PROMPT)
    except (FileNotFoundError, ConnectionRefusedError):
        return None


def _ask(data: DataDir, request: Mapping[str, str], seconds: float = 30) -> Answer:
    with socket.socket(socket.AF_UNIX) as line:
        line.settimeout(seconds)
        line.connect(str(data.socket))
        line.sendall(json.dumps(request).encode() + b"\n")
        with line.makefile("rb") as answer:
            said: Answer = json.loads(answer.readline())
    return said


def _read(line: bytes) -> dict[str, str]:
    request = json.loads(line)
    if not isinstance(request, dict) or not all(isinstance(each, str) for each in request.values()):
        raise TypeError("a request is an object of strings")
    return request


def _act_now(node: Node, request: Mapping[str, str]) -> Answer:
    try:
        return _act(node, request)
    except (Refusal, Failure) as trouble:
        return {"refused": str(trouble) or trouble.code, "code": trouble.code}


def _act(node: Node, request: Mapping[str, str]) -> Answer:
    if request["act"] == "state":
        return _state(node)
    act = ACTS.get(request["act"])
    if act is None:
        raise NotPermitted("There is no such act.")
    if (look := LOOKS.get(request["act"])) is not None:
        request = {**request, **node.readers.run_now(partial(look, node, request))}
    said: Answer = node.writer.commit_now(partial(act, node, request))
    # Whoever was shut out, and every key that was ended, is out with the next request.
    node.readers.run_now(partial(refresh, node))
    return said


def _state(node: Node) -> Answer:
    """Say what keeps the node from being ready; nothing is written, so it is said also then."""
    troubles = [*node.troubles(), *([] if node.writer.is_well else ["not-writing"])]
    turn = None if node.last_turn is None else round(monotonic() - node.last_turn)
    said: Answer = {"troubles": troubles, "last_turn": turn, "entries": node.log.size}
    if node.policy.least:
        # The numbers to watch: how far the log is witnessed, and how old the rest of it is.
        age = round(node.tail.age(node.clock()))
        said["witnessed"] = {"size": node.tail.size, "unwitnessed_seconds": age}
        said["witnesses"] = dict(node.tail.troubles)
    return said
