# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""The operator's socket answers every request, also one that makes no sense."""

import asyncio
import json
from typing import Any

import pytest

from hub.main.betrieb import listening
from tests.world import World

pytestmark = pytest.mark.anyio
NOWHERE = "0193504f-7c2a-7d41-8e5b-00000000000f"


async def ask(world: World, request: bytes) -> dict[str, Any]:
    reader, writer = await asyncio.open_unix_connection(world.data.socket)
    writer.write(request + b"\n")
    answer: dict[str, Any] = json.loads(await asyncio.wait_for(reader.readline(), 20))
    writer.close()
    return answer


@pytest.mark.parametrize(
    "request_",
    [
        b"",
        b"kein JSON",
        b"[]",
        b"3",
        b"{}",
        b'{"act":"release"}',
        b'{"act":"release","message":3}',
        b'{"act":"release","message":{}}',
        b'{"act":"invite","organisation":[]}',
        b'{"act":"erfunden","organisation":"schule:999001"}',
        json.dumps({"act": "release", "message": NOWHERE}).encode(),
    ],
)
async def test_what_makes_no_sense_is_refused_and_not_left_without_an_answer(
    world: World, request_: bytes
) -> None:
    async with listening(world.data, world.node):
        assert "refused" in await ask(world, request_)
