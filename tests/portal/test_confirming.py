# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""A passkey confirms exactly the claims that are signed, once, and as the person whose it is."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

import pytest

from deploy.demo.portal_client import Notice, Person
from hub.portal.books.mail_filings import read_filing
from hub.sealing.canonical import b64, digest, jcs, unb64
from tests.portal.filing import a_notice
from tests.portal.people import Somebody, joined
from tests.portal.test_filings import code_of
from tests.portal.world import PortalWorld


@dataclass
class Signer:
    """Somebody with a passkey, who seals as a browser does."""

    device: Somebody
    person: Person

    def confirm(self, notice: Notice, what: str = "") -> dict[str, Any]:
        """Have the passkey answer to what the portal asks about a digest."""
        asked = {"digest": what or notice.digest}
        said = self.person.ask("POST", "/portal/api/bestaetigung", asked)
        assert said["kind"] == "passkey"
        return self.device.device.show(said["publicKey"])

    def submit(self, notice: Notice, confirmation: dict[str, Any]) -> Any:
        said = {
            "payload": notice.payload,
            "body": notice.body,
            "keys": notice.keys,
            "confirmation": confirmation,
            "note": None,
            "draft": None,
        }
        return self.person.ask("PUT", f"/portal/api/mitteilungen/{notice.id}", said)

    def notice(self) -> Notice:
        return self.person.prepare(a_notice())


def signer(portal: PortalWorld, device: Somebody) -> Signer:
    person = Person(portal.url, portal.desk.catalogue, client=device.client)
    person.own = device.person_key
    person.refresh()
    return Signer(device, person)


@pytest.fixture(scope="module")
def head(portal: PortalWorld) -> Signer:
    device = joined(portal, "Schulleitung Erfunden-Beispiel", first=True)
    portal.confirm()
    return signer(portal, device)


@pytest.fixture(scope="module")
def teacher(portal: PortalWorld, head: Signer) -> Signer:
    del head
    return signer(portal, joined(portal, "Lehrkraft Erfunden-Neu", "verfassen"))


def test_the_question_is_the_digest_of_the_claims_and_asks_for_the_person(head: Signer) -> None:
    notice = head.notice()

    said = head.person.ask("POST", "/portal/api/bestaetigung", {"digest": notice.digest})

    options = said["publicKey"]
    assert options["challenge"] == notice.digest
    assert options["userVerification"] == "required"
    assert [each["id"] for each in options["allowCredentials"]] == [head.device.device.id]


def test_what_a_passkey_confirmed_is_sent_and_its_digest_stands_in_the_log(
    portal: PortalWorld, head: Signer
) -> None:
    notice = head.notice()
    shown = head.confirm(notice)

    said = head.submit(notice, {"kind": "passkey", "credential": shown})

    act = said["answer"]["entry"]["act"]
    assert act["auth"] == f"passkey:{digest(jcs(shown))}"
    row = portal.desk.books.read_now(partial(read_filing, message_id=notice.id))
    assert row is not None
    assert json.loads(row.proof) == shown
    client = json.loads(unb64(json.loads(row.proof)["response"]["clientDataJSON"]))
    assert client["challenge"] == b64(unb64(digest(unb64(row.env.split(".")[1]))))


def test_an_answer_to_other_claims_confirms_nothing(head: Signer) -> None:
    notice, other = head.notice(), head.notice()
    shown = head.confirm(notice, other.digest)

    wrong = partial(head.submit, notice, {"kind": "passkey", "credential": shown})
    assert code_of(wrong) == "token-invalid"


def test_a_claim_that_is_changed_after_the_confirmation_is_not_signed(head: Signer) -> None:
    notice = head.notice()
    shown = head.confirm(notice)
    notice.payload["urg"] = "planbar"

    wrong = partial(head.submit, notice, {"kind": "passkey", "credential": shown})
    assert code_of(wrong) == "token-invalid"


def test_nobody_confirms_with_the_passkey_of_a_colleague(head: Signer, teacher: Signer) -> None:
    notice = teacher.notice()
    said = teacher.person.ask("POST", "/portal/api/bestaetigung", {"digest": notice.digest})
    shown = head.device.device.show(said["publicKey"])

    wrong = partial(teacher.submit, notice, {"kind": "passkey", "credential": shown})
    assert code_of(wrong) == "token-invalid"


def test_without_asking_for_the_person_a_passkey_confirms_nothing(teacher: Signer) -> None:
    notice = teacher.notice()
    teacher.device.device.verifies = False
    shown = teacher.confirm(notice)
    teacher.device.device.verifies = True

    wrong = partial(teacher.submit, notice, {"kind": "passkey", "credential": shown})
    assert code_of(wrong) == "token-invalid"


def test_a_confirmation_of_a_demonstration_counts_nowhere_else(head: Signer) -> None:
    for kind in ("code", "oidc", "passkey", "erfunden"):
        refused: Callable[[], Any] = partial(head.submit, head.notice(), {"kind": kind})
        assert code_of(refused) == "not-a-message"


def test_what_failed_after_its_confirmation_is_confirmed_anew(head: Signer) -> None:
    notice = head.notice()
    shown = head.confirm(notice)
    head.submit(notice, {"kind": "passkey", "credential": shown})

    again = head.submit(notice, {"kind": "passkey", "credential": shown})
    assert again["state"] == "angenommen"
    other = head.notice()
    wrong = partial(head.submit, other, {"kind": "passkey", "credential": shown})
    assert code_of(wrong) == "token-invalid"
