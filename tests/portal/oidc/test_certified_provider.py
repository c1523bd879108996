# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Somebody with an account at their school authority, at a provider that others have certified."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from hub.portal.books.mail_tables import filing
from tests import databases
from tests.browser import chromium
from tests.portal import notices
from tests.portal.arrivals import check
from tests.portal.oidc.certified import (
    a_certified_provider,
    come_with_account,
    let_time_pass,
    say_who,
)
from tests.portal.visits import Visit, visiting
from tests.portal.world import PortalWorld, a_portal
from tests.world import SCHOOL, free_port

ACCOUNT = "leitung-eins"


@pytest.fixture(scope="module")
def portal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PortalWorld]:
    if chromium() is None:
        pytest.skip("no Chromium on this machine")
    home, port = tmp_path_factory.mktemp("certified"), free_port()
    with (
        databases.given_back(),
        a_certified_provider(f"http://localhost:{port}") as said,
        a_portal(home, SCHOOL, port=port, **said) as made,
    ):
        yield made


@pytest.fixture(scope="module")
def head(portal: PortalWorld, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Visit]:
    """The first of a school, who has no passkey and comes with an account."""
    place = tmp_path_factory.mktemp("browser")
    with visiting(place / "leitung", portal.url, "konto") as visit:
        come_with_account(visit, portal, place / "ablage", ACCOUNT, visit.look)
        yield visit


def test_an_account_comes_into_the_house_and_makes_its_keys(head: Visit, tmp_path: Path) -> None:
    me = head.page.evaluate("fetch('/portal/api/ich').then((a) => a.json())")

    assert me["session"]["opened_by"] == "oidc"
    assert [each["kind"] for each in me["vault"]["locks"]] == ["device"]
    check(tmp_path, head)


def test_who_signs_out_comes_in_again_by_the_account_alone(head: Visit) -> None:
    head.go("/portal")
    head.press("Abmelden")
    head.await_path("/portal/anmeldung")
    head.tick("anbieter-anmelden")
    # Whoever is still signed in there is not asked again, and comes straight back.
    head.await_path("/portal")
    head.await_text("Neue Mitteilung")

    assert "code=" not in str(head.page.evaluate("location.href"))


def test_a_notice_is_confirmed_by_the_account_and_the_hub_knows_how(
    head: Visit, portal: PortalWorld, tmp_path: Path
) -> None:
    """The page is left for the provider and comes back to the notice; nothing is typed twice."""
    head.seen.clear()
    notices.begin(head)
    notices.write(head)
    let_time_pass(portal)
    head.press("Jetzt an")
    say_who(head, ACCOUNT)
    head.await_path("/portal/mitteilung")
    head.await_text(notices.REVIEW)
    head.press("Jetzt an")
    head.await_text("Ihre Mitteilung ist angenommen")
    number = re.search(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", head.text)
    content = portal.fetched()
    confirmed = portal.desk.books.read_now(
        lambda connection: connection.execute(select(filing.c.confirmed)).scalars().all()
    )
    check(tmp_path, head)

    assert number is not None
    assert [each.partition(":")[0] for each in confirmed] == ["oidc"]
    assert content["kind"]["name"]["familienname"] == notices.FAMILY


def test_a_wrong_second_factor_lets_nobody_in(
    portal: PortalWorld, head: Visit, tmp_path: Path
) -> None:
    link = portal.link("Lehrkraft Erfunden-Zwei", "verfassen")
    with visiting(tmp_path / "fremd", portal.url, "fremd") as visit:
        visit.go(link)
        visit.tick("anbieter-anmelden")
        say_who(visit, "lehrkraft-zwei", code="000000")
        visit.await_text("Der zweite Faktor stimmt nicht")
        visit.page.open(f"{portal.url}/portal", width=1280)
        visit.await_path("/portal/anmeldung")

    assert head.page is not None


def test_an_account_that_nobody_named_is_told_what_to_do(
    portal: PortalWorld, head: Visit, tmp_path: Path
) -> None:
    with visiting(tmp_path / "unbekannt", portal.url, "unbekannt") as visit:
        visit.go("/portal/anmeldung")
        visit.tick("anbieter-anmelden")
        say_who(visit, "niemand")
        visit.await_text("Öffnen Sie dann zuerst den Link")
        visit.look("unbekannt")
        check(tmp_path, visit)

    assert head.page is not None
