# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""What a controller gets to see of a protocol before it signs."""

from typing import Any

import httpx2
import pytest

from hub.sealing.canonical import digest, jcs
from tests.world import PROTOCOLS, World


@pytest.mark.parametrize("name", PROTOCOLS)
def test_a_controller_counts_the_digest_that_it_signs(world: World, name: str) -> None:
    """An operator could show one thing and have another signed."""
    answer = httpx2.get(f"{world.url}/v1/protocols/{name}")

    shown: dict[str, Any] = answer.json()
    told = (shown.pop("digest"), shown.pop("status"))
    standing = (shown.pop("status_reason"), tuple(shown.pop("open_points")))
    protocol = world.catalogue.known(name)
    assert standing == (protocol.status_reason, protocol.open_points)
    assert told == (digest(jcs(shown)), protocol.status)
    assert told[0] == protocol.digest


def test_a_version_that_comes_into_force_is_fetched_anew(world: World) -> None:
    """The digest stays, and the answer does not."""
    for name in PROTOCOLS:
        answer = httpx2.get(f"{world.url}/v1/protocols/{name}")

        assert answer.headers["etag"] == f'"{digest(jcs(answer.json()))}"'


def test_every_schema_that_a_protocol_names_is_shown_under_its_digest(world: World) -> None:
    shown = httpx2.get(f"{world.url}/v1/protocols/{PROTOCOLS[0]}").json()

    for step in shown["steps"]:
        schema = httpx2.get(f"{world.url}/v1/schemas/{step['schema_digest']}").json()
        assert schema["name"] == step["schema_name"]
        assert digest(jcs(schema["plain"])) == step["schema_digest"]


def test_an_unknown_version_is_not_found(world: World) -> None:
    answer = httpx2.get(f"{world.url}/v1/protocols/schule-mitteilung/9.9.9")

    assert answer.status_code == httpx2.codes.NOT_FOUND
