# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
import asyncio

import pytest

from hub.notify.address import NotOutside, is_public, outside


@pytest.mark.parametrize("address", ["8.8.8.8", "93.184.216.34", "2a00:1450:4001::8a"])
def test_an_address_out_there_is_public(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "127.255.255.254",
        "0.0.0.0",  # noqa: S104  nobody listens here
        "10.1.2.3",
        "172.16.0.1",
        "192.168.178.1",
        "169.254.169.254",
        "100.64.0.1",
        "192.0.2.1",
        "224.0.0.1",
        "240.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "fe80::1",
        "fe80::1%eth0",
        "fd00::1",
        "fec0::1",
        "ff02::1",
        "::ffff:10.0.0.1",
        "::ffff:8.8.8.8",
        "64:ff9b::a00:1",
        "2002:0a00:0001::1",
        "2001:0:4136:e378:8000:63bf:3fff:fdd2",
        "2001:db8::1",
        "kein.rechner",
        "",
    ],
)
def test_an_address_of_the_house_or_of_nobody_is_not(address: str) -> None:
    assert not is_public(address)


def test_a_name_of_this_machine_leads_to_this_machine() -> None:
    assert set(asyncio.run(outside("localhost", 80))) <= {"127.0.0.1", "::1"}


def test_another_name_must_not_lead_to_this_machine() -> None:
    with pytest.raises(NotOutside):
        asyncio.run(outside("127.0.0.2", 80))
