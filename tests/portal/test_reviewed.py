# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""What somebody could try who is let in at the portal, or who leads another one to it."""

import asyncio
import json
import re
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection

from hub.portal.books.database import Books
from hub.portal.books.mail_filings import StoredFiling, add_filing, read_filing
from hub.portal.books.people_houses import WORKS, add_house
from hub.portal.books.people_keys import read_person_key, shares_for
from hub.portal.delivery import turn
from hub.portal.desk import Desk
from hub.portal.filings_sending import _change_waiting
from hub.portal.settings import PortalSettings
from hub.portal.vault import MOST_RENEWED
from hub.sealing.reader import ReaderPrivateKey
from hub.web.portal.assets import BUILT, LIST, PREFIX
from tests.portal.people import Somebody, a_box, joined
from tests.portal.visits import visiting
from tests.portal.world import PortalWorld
from tests.world import SCHOOL

_LOOK = """await new Promise((done) => {
  const asked = indexedDB.open("meldeweg-portal");
  asked.onsuccess = () => {
    const kept = asked.result.transaction("shelf").objectStore("shelf").getAllKeys();
    kept.onsuccess = () => done(kept.result.includes("vault") ? "open" : "shut");
  };
})"""
"""Whether the key of a vault lies open in this browser."""


@pytest.fixture(scope="module")
def owner(portal: PortalWorld) -> Somebody:
    """Whoever came first, made the keys of the house, and saw it join."""
    first = joined(portal, "Schulleitung Erfunden-Beispiel", first=True)
    portal.confirm()
    return first


def _share_of(portal: PortalWorld, somebody: Somebody, kid: str) -> str | None:
    person = somebody.me()["person"]["id"]

    def shared(connection: object) -> dict[str, str]:
        key = read_person_key(connection, SCHOOL, person)  # type: ignore[arg-type]
        assert key is not None
        return shares_for(connection, key.kid)  # type: ignore[arg-type]

    return portal.desk.books.read_now(shared).get(kid)


def test_nobody_takes_a_desk_key_from_a_colleague_by_passing_on_another(
    portal: PortalWorld, owner: Somebody
) -> None:
    reader = joined(portal, "Lehrkraft Erfunden-Liest", "lesen")
    kid = next(each["kid"] for each in owner.me()["house_keys"] if each["use"] == "dienst")
    path = f"/portal/api/haus/schluessel/{kid}/{reader.me()['person']['id']}"
    first, second = a_box(), a_box()

    assert owner.send("PUT", path, {"share": first}).status_code == 204
    assert owner.send("PUT", path, {"share": second}).status_code == 204

    assert _share_of(portal, reader, kid) == first


def test_a_key_that_has_a_place_is_nobodys_own_one(portal: PortalWorld, owner: Somebody) -> None:
    taken = [*owner.me()["house_keys"], {"pub": owner.person_key.public.b64}]
    somebody = Somebody(portal)
    somebody.join(portal.link("Lehrkraft Erfunden-Doppelt", "verfassen")).raise_for_status()

    said = [
        somebody.send("PUT", "/portal/api/tresor", somebody.boxes() | {"person_pub": each["pub"]})
        for each in taken
    ]

    assert [each.json()["code"] for each in said] == ["id-reused"] * 3


def test_nobody_fills_the_entry_of_the_house_with_ever_new_keys(
    portal: PortalWorld, owner: Somebody
) -> None:
    assert owner.me()
    somebody = joined(portal, "Lehrkraft Erfunden-Rastlos", "verfassen")

    def renewed() -> int:
        made = somebody.boxes() | {"person_pub": ReaderPrivateKey.generate().public.b64}
        return somebody.send("POST", "/portal/api/tresor/neu", made).status_code

    assert [renewed() for _ in range(MOST_RENEWED)] == [201] * MOST_RENEWED
    before = somebody.me()["vault"]
    assert renewed() == 429
    # Who is refused goes on with the key that there is.
    assert somebody.me()["vault"] == before


def test_a_page_elsewhere_binds_nobodys_account_to_an_invitation(portal: PortalWorld) -> None:
    link = portal.link("Lehrkraft Erfunden-Fremd", "verfassen")
    code = {"code": link.partition("code=")[2]}
    client = Somebody(portal).client

    said = {
        site: client.post(
            "/portal/anmeldung/oidc", json=code, headers={"sec-fetch-site": site}
        ).json()["code"]
        for site in ("cross-site", "same-site", "none", "same-origin")
    }

    # This portal has no provider: who comes from its own page hears that.
    assert said == dict.fromkeys(("cross-site", "same-site", "none"), "not-permitted") | {
        "same-origin": "not-found"
    }


def test_every_part_of_the_program_is_checked_and_not_the_first_alone(portal: PortalWorld) -> None:
    page = Somebody(portal).client.get("/portal/anmeldung").text
    found = re.search(r'<script type="importmap" nonce="[^"]+">(.+?)</script>', page)
    assert found is not None

    built = json.loads((BUILT / LIST).read_bytes()).values()
    parts = {each["file"]: each["integrity"] for each in built if each["file"].endswith(".js")}
    assert len(parts) > 1
    assert json.loads(found[1])["integrity"] == {
        f"{PREFIX}/{name}": integrity for name, integrity in parts.items()
    }


def test_a_page_that_was_shut_without_signing_out_leaves_no_open_vault_to_the_next(
    portal: PortalWorld, owner: Somebody, tmp_path: Path
) -> None:
    assert owner.me()
    with visiting(tmp_path, portal.url, "lehrkraft") as visit:
        visit.go(portal.link("Lehrkraft Erfunden-Eilig", "verfassen"))
        visit.press("Passkey einrichten und anmelden")
        visit.await_path("/portal/einrichten")
        visit.press("Schlüssel anlegen")
        visit.await_text("Alles ist eingerichtet")
        visit.page.wait_for(_LOOK, "open")

        visit.go("/portal/anmeldung")

        visit.page.wait_for(_LOOK, "shut")


def test_one_broken_house_ends_the_turn_of_no_other(tmp_path: Path, portal: PortalWorld) -> None:
    settings = PortalSettings(data_dir=tmp_path)
    desk = Desk(settings, Books(tmp_path / "portal.db"), portal.desk.catalogue)
    desk.folder_of(SCHOOL).mkdir(parents=True)
    (desk.folder_of(SCHOOL) / "stelle.json").write_text("{")

    here = portal.house()
    desk.books.write_now(lambda connection: add_house(connection, replace(here, state=WORKS)))

    with pytest.raises(ValueError, match="property name"):
        desk.line(SCHOOL)
    asyncio.run(turn(desk))

    desk.books.close()


def test_what_one_attempt_leaves_open_no_other_one_shuts(tmp_path: Path) -> None:
    """Otherwise a notice that has arrived would be called not sent, and be filed twice."""
    books = Books(tmp_path / "portal.db")
    row = a_filing()
    books.write_now(lambda connection: add_filing(connection, row))

    def attempt(tries: int, *, is_unsure: bool) -> bool:
        values = {"is_unsure": is_unsure, "tries": tries + 1}

        def work(connection: Connection) -> bool:
            _change_waiting(connection, replace(row, tries=tries), values)
            known = read_filing(connection, row.id)
            assert known is not None
            return known.is_unsure

        return books.write_now(work)

    assert attempt(0, is_unsure=False) is False
    assert attempt(1, is_unsure=True) is True
    assert attempt(1, is_unsure=False) is True
    books.close()


def a_filing() -> StoredFiling:
    """Return a filing that waits for the hub."""
    words = (field.name for field in fields(StoredFiling) if field.type in {str, "str"})
    numbers = ("made_at", "ends_at", "sendable_until", "due_at", "tries")
    members: dict[str, Any] = {
        **dict.fromkeys(words, "x"),
        **dict.fromkeys(numbers, 0),
        **dict.fromkeys(("answer", "problem", "note", "draft")),
        "message": b"x",
        "state": "wartet",
        "is_unsure": False,
    }
    return StoredFiling(**members)
