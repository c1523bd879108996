# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""A school comes to the portal: its keys are made in a browser, and passed on from hand to hand."""

from pathlib import Path

import pytest

from tests.browser import chromium
from tests.portal.arrivals import arrive_first, arrive_later, check, invited
from tests.portal.visits import visiting
from tests.portal.world import PortalWorld
from tests.world import SCHOOL

pytestmark = pytest.mark.skipif(chromium() is None, reason="no Chromium on this machine")


def test_the_first_makes_the_keys_and_passes_one_on_to_a_colleague(
    portal: PortalWorld, tmp_path: Path
) -> None:
    """One passkey keeps a secret (PRF), the other does not: then the device itself is a lock."""
    with (
        visiting(tmp_path / "1", portal.url, "erste") as first,
        visiting(tmp_path / "2", portal.url, "zweite", prf=False) as second,
    ):
        file = arrive_first(first, portal, tmp_path / "ablage", "Leitung Erfunden-Eins", first.look)
        first.go("/portal")
        first.look("5 start")
        link = invited(first, "Kollegin Erfunden-Zwei", "lesen")
        first.look("6 eingeladen")
        arrive_later(second, link, second.look)
        first.go("/portal/haus")
        first.look("7 jemand wartet")
        first.press("Schlüssel weitergeben an Kollegin Erfunden-Zwei")
        first.await_text("Der Schlüssel ist weitergegeben")
        first.look("8 weitergegeben")
        first.go("/portal/konto")
        first.look("9 konto")

        mine, hers = (
            visit.page.evaluate("fetch('/portal/api/ich').then((answer) => answer.json())")
            for visit in (first, second)
        )
        cookies = [each for visit in (first, second) for each in visit.page.cookies()]
        check(tmp_path, first, second)

    shares = [{key["use"]: bool(key["share"]) for key in me["house_keys"]} for me in (mine, hers)]
    assert shares == [{"dienst": True, "leitung": False}] * 2
    assert [lock["kind"] for lock in mine["vault"]["locks"]] == ["passkey"]
    assert [lock["kind"] for lock in hers["vault"]["locks"]] == ["device"]
    assert SCHOOL in file.read_text("utf-8")
    # At the portal lies what signs, and nothing that opens.
    lying = [path.name for path in portal.desk.folder.rglob("*") if path.is_file()]
    assert "root.pem" in lying
    assert [name for name in lying if name.endswith(".key")] == []
    assert {(name, http_only, same) for name, http_only, _, same, _ in cookies} == {
        ("portal", True, "Strict")
    }
