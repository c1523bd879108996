# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""A witness over HTTP says what C2SP has it say, with the right status and type."""

from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest

from hub.audit.witness.shelf import name_of
from hub.web.server import serving
from hub.web.witness import LONGEST, create_witness
from tests.unit.audit.builders import ORIGIN
from tests.unit.audit.witnesses import Office, Watched


@pytest.fixture
def office(tmp_path: Path) -> Office:
    made = Office(tmp_path)
    made.watch(Watched())
    return made


@pytest.fixture
def client(office: Office) -> Iterator[httpx2.Client]:
    with (
        serving(create_witness(office.open())) as port,
        httpx2.Client(base_url=f"http://localhost:{port}") as client,
    ):
        yield client


def add(client: httpx2.Client, body: bytes) -> httpx2.Response:
    return client.post("/add-checkpoint", content=body)


def test_both_calls_of_the_protocol_are_there(client: httpx2.Client) -> None:
    log, place = Watched(), f"/{name_of(ORIGIN)}/checkpoint"
    assert client.get(place).status_code == 404

    answer = add(client, log.request(0, 3))

    assert answer.status_code == 200
    assert answer.text.startswith("\u2014 zeuge.invalid/1 ")
    newest = client.get(place)
    assert newest.text == log.note(3) + answer.text
    assert newest.headers["content-type"] == "text/plain; charset=utf-8"


def test_a_conflict_says_the_size_in_its_own_type(client: httpx2.Client) -> None:
    log = Watched()
    add(client, log.request(0, 3))

    answer = add(client, log.request(0, 5))

    assert (answer.status_code, answer.content) == (409, b"3\n")
    assert answer.headers["content-type"] == "text/x.tlog.size"


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"old x\n\n", 400),
        (Watched(forked_at=0).request(0, 3).replace(ORIGIN.encode(), b"a.invalid"), 404),
        (b"x" * (LONGEST + 1), 413),
    ],
)
def test_what_is_no_growth_of_a_known_log_is_refused(
    client: httpx2.Client, body: bytes, status: int
) -> None:
    assert add(client, body).status_code == status


def test_nothing_else_is_served(client: httpx2.Client) -> None:
    assert client.get("/add-checkpoint").status_code == 405
    assert client.get("/").status_code == 404
    assert client.get("/..%2fkeys%2fed25519.pem/checkpoint").status_code == 404


def test_a_witness_that_cannot_keep_anything_signs_nothing(
    client: httpx2.Client, office: Office
) -> None:
    (office.folder / "logs" / name_of(ORIGIN) / "checkpoint.neu").mkdir()

    answer = add(client, Watched().request(0, 3))

    assert answer.status_code == 503
    assert "\u2014" not in answer.text
