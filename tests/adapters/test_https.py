# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""The interface of case software: what each answer means, and who is called at all."""

import asyncio
import json
from base64 import b64decode, b64encode
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import load_der_private_key

from hub.adapters.base import HandedOver, TargetRefused, TargetTrouble
from hub.adapters.http_signature import signature_base
from hub.adapters.registry import SettingsUnfit, make_adapter, read_target
from hub.adapters.stand import MARKED, a_delivery, surroundings_in
from hub.protocols.compiled import load_compiled
from tests.adapters.case_software import CaseSoftware, a_case_software
from tests.receivers import certificates

CATALOGUE = load_compiled()
Answer = tuple[int, dict[str, str], bytes]


def handed(home: Path, answer: Answer | None = None, **said: Any) -> tuple[HandedOver, Any]:
    with a_case_software(certificates(home / "zertifikate")) as system:
        system.answer = answer
        return asyncio.run(_handed(home, system, said)), system


async def _handed(home: Path, system: CaseSoftware, said: dict[str, Any]) -> HandedOver:
    settings = read_target({**system.settings(home), "patience": 20, **said})
    adapter = make_adapter(settings, surroundings_in(home, CATALOGUE))
    try:
        return await adapter.hand_over(a_delivery())
    finally:
        await adapter.close()


def test_the_signature_is_that_of_the_standard() -> None:
    """RFC 9421 appendix B.2.6, with its key."""
    raw = b64decode("MC4CAQAwBQYDK2VwBCIEIJ+DYvh6SEqVTm50DFtMDoQikTmiCqirVv9mWG9qfSnF")
    key = load_der_private_key(raw, None)
    assert isinstance(key, Ed25519PrivateKey)
    names = ("date", "@method", "@path", "@authority", "content-type", "content-length")
    listed = " ".join(f'"{name}"' for name in names)
    parameters = f'({listed});created=1618884473;keyid="test-key-ed25519"'
    headers = {
        "date": "Tue, 20 Apr 2021 02:07:55 GMT",
        "content-type": "application/json",
        "content-length": "18",
    }
    base = signature_base(names, parameters, "POST", "https://example.com/foo", headers)

    assert b64encode(key.sign(base)).decode() == (
        "wqcAqbmYJ2ji2glfAMaRy4gruYYnx2nEFN2HN6jrnDnQCK1u02Gb04v9EDgwUPiu4A0w6vuQv5lIp5WPpBKRCw=="
    )


def test_the_other_side_verifies_what_it_got(tmp_path: Path) -> None:
    given, system = handed(tmp_path)

    assert given.reference == a_delivery().id
    assert system.unsigned == 0
    [(_, head)] = system.heads
    assert head["idempotency-key"] == f'"{a_delivery().id}"'
    assert head["authorization"] == "Bearer erfundenes-token"


@pytest.mark.parametrize(
    ("status", "error", "code"),
    [
        (301, TargetTrouble, "redirect"),
        (400, TargetRefused, "target-refused"),
        (401, TargetTrouble, "login-refused"),
        (404, TargetTrouble, "no-interface"),
        (409, TargetTrouble, "still-working"),
        (413, TargetRefused, "too-large"),
        (422, TargetRefused, "target-refused"),
        (429, TargetTrouble, "too-many"),
        (503, TargetTrouble, "http-503"),
        (507, TargetTrouble, "disk-full"),
    ],
)
def test_an_answer_is_a_no_or_a_not_now(
    tmp_path: Path, status: int, error: type[Exception], code: str
) -> None:
    head = {"retry-after": "7", "location": "https://localhost:1/"}
    with pytest.raises(error) as said:
        handed(tmp_path, (status, head, b'{"detail": "Erfunden-Merkmal"}'))

    assert getattr(said.value, "code", "") == code
    assert not any(word in str(said.value) for word in MARKED)
    if status in {429, 503}:
        assert getattr(said.value, "retry_after", 0) == 7


def test_of_a_refusal_only_places_are_kept_that_are_in_what_was_sent(tmp_path: Path) -> None:
    places = ["/content/kind/name/familienname", "/content/Erfunden-Merkmal", "/gibt_es_nicht", 7]
    body = json.dumps({"errors": [{"pointer": each} for each in places]}).encode()
    with pytest.raises(TargetRefused) as refused:
        handed(tmp_path, (422, {}, body))

    assert refused.value.pointers == ("/content/kind/name/familienname",)


@pytest.mark.parametrize("body", [b"", b"OK", b"[]", b'{"id": "x"}', b" " * 5000])
def test_a_yes_that_does_not_say_what_was_kept_is_none(tmp_path: Path, body: bytes) -> None:
    with pytest.raises(TargetTrouble, match="not-confirmed"):
        handed(tmp_path, (200, {}, body))


def test_a_system_that_can_say_nothing_is_believed_where_the_settings_want_it(
    tmp_path: Path,
) -> None:
    given, _ = handed(tmp_path, (200, {}, b""), confirm="status")

    assert given.reference == a_delivery().id


def test_a_name_that_leads_into_another_network_is_not_called(tmp_path: Path) -> None:
    with pytest.raises(TargetTrouble, match="elsewhere"):
        handed(tmp_path, networks=["10.0.0.0/8"])


def test_a_server_of_another_authority_gets_nothing(tmp_path: Path) -> None:
    certificates(tmp_path / "andere")
    with pytest.raises(TargetTrouble, match="unreachable"):
        handed(tmp_path, ca="andere/authority.pem")


@pytest.mark.parametrize(
    "said",
    [
        {"url": "http://localhost/x"},
        {"url": "https://user:geheim@localhost/x"},
        {"hosts": ["anderswo"]},
        {"signing_key": "gibt-es-nicht"},
        {"ca": "gibt-es-nicht"},
        {"networks": ["geheim"]},
    ],
)
def test_settings_that_do_not_fit_are_refused(tmp_path: Path, said: dict[str, Any]) -> None:
    with pytest.raises(SettingsUnfit) as unfit:
        handed(tmp_path, **said)
    assert "geheim" not in str(unfit.value)
