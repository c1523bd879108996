# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""A hub in service is cosigned by a witness that shares nothing with it, and does not wait."""

import time
from hashlib import sha256
from http.client import HTTPConnection
from pathlib import Path

import pytest

from hub.audit.cosignature import cosigned, parse_witness_key
from hub.audit.note import parse_note
from tests.faults.hub import HubProcess, wait_until
from tests.faults.place import found
from tests.interop_log.witnesses import in_javascript

SECONDS = 30


def fetched(hub: HubProcess, path: str) -> tuple[int, str]:
    line = HTTPConnection("127.0.0.1", hub.port, timeout=10)
    try:
        line.request("GET", path, headers={"host": f"localhost:{hub.port}"})
        said = line.getresponse()
        return said.status, said.read().decode("utf-8", "replace")
    finally:
        line.close()


@pytest.mark.interop
def test_a_hub_is_cosigned_by_the_witness_in_javascript(tmp_path: Path) -> None:
    """Both tell it: the hub its visitors, and the witness those who do not believe the hub."""
    place = found(tmp_path / "place")
    policy = tmp_path / "policy"
    origin = place.vkey.partition("+")[0]
    with in_javascript(tmp_path, place.vkey) as witness:
        policy.write_text(
            f"log {place.vkey}\nwitness js {witness.vkey} {witness.url}\nquorum js\n", "utf-8"
        )
        settings = {"MELDEWEG_WITNESS_POLICY": str(policy), "MELDEWEG_WITNESS_EVERY": "1"}
        with place.hub(settings=settings) as hub:
            hub.start_and_wait()
            began = time.time()
            wait_until(
                lambda: fetched(hub, "/v1/log/checkpoint/witnessed")[0] == 200, "it is cosigned"
            )
            note = fetched(hub, "/v1/log/checkpoint/witnessed")[1]
            seen = witness.ask("GET", f"/{sha256(origin.encode()).hexdigest()}/checkpoint")
            hub.stop()

    key = parse_witness_key(witness.vkey)
    at = cosigned(parse_note(note), [key])[key.label]
    assert began - SECONDS < at < time.time() + 1
    assert seen.body.split("\n")[0] == origin
