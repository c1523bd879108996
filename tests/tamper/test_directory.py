# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""No bit of the list of participants, or of an entry, can be changed: nobody gets another's key."""

import asyncio
import json
from dataclasses import replace
from typing import Final

import httpx2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.client import Untrustworthy
from hub.client.directory import DirectoryFetcher
from hub.client.line import Line
from hub.model.participant import DirectoryEntry
from hub.sealing.canonical import jcs
from tests.tamper.bits import draw_flipped
from tests.tamper.examples import thoroughly
from tests.tamper.exchange import Exchange
from tests.world import SCHOOL

LIST: Final = "/v1/directory"
ENTRY: Final = f"/v1/directory/{SCHOOL}"
UNSIGNED: Final = {
    "organisation": "the entry itself says whose it is",
    "proposal": "what a network file says before an organisation has joined",
    "status": "the signed list says it",
}
"""Members beside a signed entry without effect: the client does not read them."""
Known = tuple[int, dict[str, str], list[DirectoryEntry]]


class Recorded(httpx2.AsyncBaseTransport):
    """Answers as a hub once did."""

    def __init__(self, answers: dict[str, bytes]) -> None:
        self._answers = answers

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        return httpx2.Response(200, content=self._answers[request.url.path])


def fetched(exchange: Exchange, **answers: bytes) -> Known:
    """Let the SDK fetch the entry of the school; return all that it then knows."""
    recorded = {LIST: answers.get("listed", exchange.listed)}
    recorded[ENTRY] = answers.get("entry", exchange.entry)

    async def fetch() -> Known:
        async with httpx2.AsyncClient(transport=Recorded(recorded)) as client:
            fetcher = DirectoryFetcher(exchange.office, Line(exchange.office, client))
            view = await fetcher.fetch(frozenset({SCHOOL}))
        return view.issued_at, view.digests, [entry for entry, _ in fetcher._entries.values()]

    return asyncio.run(fetch())


@thoroughly
@given(st.data())
def test_a_list_with_another_bit_is_not_believed(exchange: Exchange, data: st.DataObject) -> None:
    listed = draw_flipped(data, exchange.listed)

    with pytest.raises(Untrustworthy):
        fetched(exchange, listed=listed)


@thoroughly
@given(st.data())
def test_an_entry_with_another_bit_is_not_believed(exchange: Exchange, data: st.DataObject) -> None:
    said = json.loads(exchange.entry)
    signed = jcs({name: said[name] for name in said.keys() - UNSIGNED.keys()})
    assert fetched(exchange, entry=signed) == fetched(exchange)

    with pytest.raises(Untrustworthy):
        fetched(exchange, entry=draw_flipped(data, signed))


@thoroughly
@given(st.data())
def test_what_stands_beside_an_entry_is_without_effect(
    exchange: Exchange, data: st.DataObject
) -> None:
    """Wherever the bit is: the answer is refused, or understood as before."""
    honest = fetched(exchange)
    entry = draw_flipped(data, exchange.entry)

    try:
        known = fetched(exchange, entry=entry)
    except Untrustworthy:
        return
    assert known == honest
    said, before = json.loads(entry), json.loads(exchange.entry)
    assert all(said[name] == before[name] for name in before.keys() - UNSIGNED.keys())


def test_an_entry_of_another_organisation_is_not_believed(exchange: Exchange) -> None:
    other = replace(exchange, entry=exchange.listed)

    with pytest.raises(Untrustworthy):
        fetched(other)
