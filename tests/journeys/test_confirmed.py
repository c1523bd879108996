# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""The log says how a person confirmed a message, in one form, and never who it was."""

from collections.abc import Callable
from pathlib import Path
from typing import Final

import httpx2
import pytest

from hub.audit.verify import verify_db
from hub.sealing.canonical import b64, digest
from tests.greedy import Greedy, claims_of, seal_anyway
from tests.journeys.books import books, check_left_one_entry, entries
from tests.journeys.copies import copy_of
from tests.world import RHEINBERG, SCHOOL, World

PID: Final = b64(bytes(range(16)))
PROOF: Final = digest("eine Bestaetigung")
HEADER: Final = "meldeweg-confirmed"


def confirmed(client: Greedy, raw: bytes, said: str) -> httpx2.Response:
    path = f"/v1/messages/{claims_of(raw)['jti']}"
    return client.send("PUT", path, raw, **{HEADER: said})


@pytest.mark.parametrize(
    ("auth", "role"),
    [
        (f"passkey:{PROOF}", "verfassen"),
        (f"oidc:{PROOF}", "freigeben"),
        ("code", "verfassen"),
    ],
)
def test_the_entry_says_with_what_and_in_which_role_it_was_confirmed(
    world: World, greedy: Callable[[str], Greedy], tmp_path: Path, auth: str, role: str
) -> None:
    client = greedy(SCHOOL)
    raw = seal_anyway(client.wish(RHEINBERG))

    answer = confirmed(client, raw, f"{auth};{role};{PID}")

    assert answer.status_code == 201
    entry = answer.json()["entry"]
    assert entry["act"] == {"org": SCHOOL, "role": role, "pid": PID, "auth": auth}
    assert verify_db(copy_of(world.data, tmp_path / "kopie.sqlite"), world.node.log.vkey) == []


def test_without_a_confirmation_the_entry_names_the_hub_as_before(
    world: World, greedy: Callable[[str], Greedy]
) -> None:
    client = greedy(SCHOOL)

    entry = client.submit(seal_anyway(client.wish(RHEINBERG))).json()["entry"]

    assert entry["act"] == {"org": world.node.hub_id, "role": "", "pid": "", "auth": ""}


def test_the_first_confirmation_of_the_same_bytes_stands(
    greedy: Callable[[str], Greedy],
) -> None:
    client = greedy(SCHOOL)
    raw = seal_anyway(client.wish(RHEINBERG))
    first = confirmed(client, raw, f"passkey:{PROOF};verfassen;{PID}")

    again = confirmed(client, raw, f"oidc:{PROOF};freigeben;{PID}")

    assert (again.status_code, again.content) == (200, first.content)


@pytest.mark.parametrize(
    "said",
    [
        "",
        "passkey",
        f"passkey:{PROOF}",
        f"passkey:{PROOF};verfassen",
        f"passkey:{PROOF};lesen;{PID}",
        f"passkey:{PROOF};verfassen;{PID};",
        f"passkey:{PROOF};verfassen;{PID}=",
        f"passkey:{PROOF[:-1]};verfassen;{PID}",
        f"password:{PROOF};verfassen;{PID}",
        f"code:{PROOF};verfassen;{PID}",
        f"passkey:{PROOF};verfassen;Petra-Erfunden-Leitun",
        f"passkey:{PROOF};verfassen;{PID} x",
    ],
)
def test_any_other_form_is_refused_and_leaves_one_entry_without_a_word_of_it(
    world: World, greedy: Callable[[str], Greedy], said: str
) -> None:
    client, before = greedy(SCHOOL), books(world)
    raw = seal_anyway(client.wish(RHEINBERG))

    answer = confirmed(client, raw, said)

    assert (answer.status_code, answer.json()["code"]) == (400, "not-a-message")
    assert "Erfunden" not in answer.text
    check_left_one_entry(world, before, why="not-a-message")
    assert client.submit(raw).status_code == 201


def test_two_confirmations_are_none(world: World, greedy: Callable[[str], Greedy]) -> None:
    client = greedy(SCHOOL)
    raw = seal_anyway(client.wish(RHEINBERG))
    path, token = f"/v1/messages/{claims_of(raw)['jti']}", client.token()
    said = f"passkey:{PROOF};verfassen;{PID}"

    answer = client.http.put(
        path,
        content=raw,
        headers=[
            ("authorization", f"DPoP {token}"),
            ("dpop", client.proof("PUT", path, token)),
            ("content-type", "application/json"),
            (HEADER, said),
            (HEADER, said),
        ],
    )

    assert (answer.status_code, answer.json()["code"]) == (400, "not-a-message")
    assert all(PID not in str(entry) for entry in entries(world, world.node.log.size - 1))


def test_the_description_of_the_interface_names_the_header_and_its_form(
    greedy: Callable[[str], Greedy],
) -> None:
    told = greedy(SCHOOL).http.get("/openapi.json").json()

    [said] = [
        each
        for each in told["paths"]["/v1/messages/{message_id}"]["put"]["parameters"]
        if each["name"] == HEADER
    ]
    assert said["in"] == "header"
    assert "passkey" in said["schema"]["pattern"]
