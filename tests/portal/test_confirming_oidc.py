# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Whoever comes from an identity provider confirms by having shown themselves there just now."""

from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from deploy.demo.portal_client import Notice, Person
from hub.people.oidc_fresh import LASTS
from hub.portal.books.mail_filings import read_filing
from hub.sealing.canonical import digest
from tests import databases
from tests.portal.filing import a_notice
from tests.portal.people import Somebody, joined
from tests.portal.provider import CLIENT, SECRET, Provider, a_provider
from tests.portal.test_confirming import signer
from tests.portal.test_filings import code_of
from tests.portal.test_oidc import begun, entered, returned
from tests.portal.world import PortalWorld, a_portal

ACCOUNT = "lehrkraft-bestaetigt"


@pytest.fixture(scope="module")
def provider() -> Iterator[Provider]:
    with a_provider() as running:
        yield running


@pytest.fixture(scope="module")
def school(tmp_path_factory: pytest.TempPathFactory, provider: Provider) -> Iterator[PortalWorld]:
    home: Path = tmp_path_factory.mktemp("oidc")
    said = {
        "oidc_issuer": provider.issuer,
        "oidc_client_id": CLIENT,
        "oidc_client_secret": SecretStr(SECRET),
    }
    with databases.given_back(), a_portal(home, **said) as made:
        joined(made, "Schulleitung Erfunden-Beispiel", first=True)
        made.confirm()
        yield made


@pytest.fixture(scope="module")
def device(school: PortalWorld, provider: Provider) -> Somebody:
    somebody = entered(school, provider, ACCOUNT)
    somebody.set_up().raise_for_status()
    return somebody


@pytest.fixture(scope="module")
def teacher(school: PortalWorld, device: Somebody) -> Person:
    return signer(school, device).person


def submit(person: Person, notice: Notice) -> Any:
    said = {
        "payload": notice.payload,
        "body": notice.body,
        "keys": notice.keys,
        "confirmation": {"kind": "oidc"},
        "note": None,
        "draft": None,
    }
    return person.ask("PUT", f"/portal/api/mitteilungen/{notice.id}", said)


def asked(person: Person, notice: Notice) -> Any:
    return person.ask("POST", "/portal/api/bestaetigung", {"digest": notice.digest})


def test_a_sign_in_of_just_now_confirms_and_its_digest_stands_in_the_log(
    school: PortalWorld, teacher: Person
) -> None:
    notice = teacher.prepare(a_notice())

    assert asked(teacher, notice)["fresh"]
    act = submit(teacher, notice)["answer"]["entry"]["act"]
    kept = school.desk.books.read_now(lambda connection: read_filing(connection, notice.id))
    assert kept is not None
    # The token lies with the filing as it came, so what the log has can be reckoned again.
    assert act["auth"] == f"oidc:{digest(kept.proof)}"
    assert kept.proof.count(".") == 2
    assert act["role"] == "verfassen"


def test_a_sign_in_of_some_time_ago_confirms_nothing_until_it_is_repeated(
    school: PortalWorld, provider: Provider, device: Somebody, teacher: Person
) -> None:
    school.world.hands.ahead += LASTS + 1
    notice = teacher.prepare(a_notice())

    said = asked(teacher, notice)
    assert (said["kind"], said["fresh"]) == ("oidc", False)
    assert code_of(partial(submit, teacher, notice)) == "token-invalid"
    again = provider.signed_in(begun(device, frisch="1"), ACCOUNT)
    assert returned(device, again).status_code == 200
    teacher.refresh()
    assert submit(teacher, notice)["state"] == "angenommen"
