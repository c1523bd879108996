# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Whatever is asked for, the hub knows it or does not; it never fails over a question."""

from collections.abc import Callable
from typing import Final

import pytest

from tests.greedy import Greedy
from tests.journeys.books import CANARY, No, books, check_left_nothing, check_said
from tests.world import RHEINBERG, SCHOOL, World

Client = Callable[[str], Greedy]
NOWHERE: Final = (
    "/v1/messages/%00",
    f"/v1/messages/{CANARY}",
    f"/v1/messages/{CANARY}/evidence",
    "/v1/conversations/%F0%9F%98%80",
    "/v1/log/entries/-1",
    "/v1/log/entries/1e3",
    "/v1/log/entries/%D9%A3",
    f"/v1/log/entries/{CANARY}",
    "/v1/log/entries/999999",
    "/v1/log/entries/99999999999999999999999999",
    "/v1/log/proof?old=5&new=2",
    "/v1/log/proof?old=0&new=9007199254740991",
    "/v1/log/tile/%00",
    f"/v1/log/tile/{CANARY}",
    "/v1/log/tile/0/999",
    "/v1/log/tile/8/999",
    "/v1/log/tile/63/000",
    "/v1/log/tile/0/x999/x999/x999/x999/x999/999",
    "/v1/log/tile/entries/000",
    "/v1/protocols/%00",
    f"/v1/protocols/{CANARY}/1.0.0",
    "/v1/directory/%00",
    f"/v1/directory/{CANARY}",
    f"/v1/{CANARY}",
    f"/{CANARY}",
)


@pytest.mark.parametrize("path", NOWHERE)
def test_what_is_not_there_is_not_found(world: World, greedy: Client, path: str) -> None:
    before = books(world)

    answer = greedy(SCHOOL).send("GET", path)

    check_said(answer, No(404, "not-found"))
    assert CANARY not in answer.text
    check_left_nothing(world, before)


@pytest.mark.parametrize(
    ("path", "no"),
    [
        (f"/v1/schemas/{CANARY}", No(422, "schema-unknown")),
        (f"/v1/log/proof?old={CANARY}&new=1", No(400, "request-invalid")),
        ("/v1/log/proof", No(400, "request-invalid")),
    ],
)
def test_what_anybody_may_ask_is_answered_without_an_entry(
    world: World, greedy: Client, path: str, no: No
) -> None:
    before = books(world)

    answer = greedy(SCHOOL).http.get(path)

    check_said(answer, no)
    assert CANARY not in answer.text
    check_left_nothing(world, before)


@pytest.mark.parametrize("method", ["TRACE", "OPTIONS", "PATCH", "DELETE", "POST"])
def test_a_method_that_an_address_does_not_have_is_refused(
    world: World, greedy: Client, method: str
) -> None:
    before = books(world)

    answer = greedy(SCHOOL).send(method, f"/v1/messages/{CANARY}")

    check_said(answer, No(405, "method-not-allowed"))
    check_left_nothing(world, before)


def test_an_entry_is_shown_to_a_party_to_it_and_to_nobody_else(
    world: World, greedy: Client
) -> None:
    """The log of others begins with the question whether there is anything to log about them."""
    school, office = greedy(SCHOOL), greedy(RHEINBERG)
    index = books(world).log
    notice = school.say(RHEINBERG)
    office.lease_one(notice.id)
    office.utter(notice.id, "opened")
    accepted, opened = (f"/v1/log/entries/{at}" for at in (index, index + 1))

    assert school.send("GET", accepted).json()["entry"]["k"] == "message.accepted"
    assert office.send("GET", accepted).status_code == 200
    assert office.send("GET", opened).json()["entry"]["k"] == "message.opened"
    check_said(school.send("GET", opened), No(404, "not-found"))
    check_said(greedy("schule:999002").send("GET", accepted), No(404, "not-found"))
