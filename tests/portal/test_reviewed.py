# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""What somebody could try who is let in at the portal, or who leads another one to it."""

import pytest

from hub.portal.books.people_keys import read_person_key, shares_for
from hub.portal.vault import MOST_RENEWED
from hub.sealing.reader import ReaderPrivateKey
from tests.portal.people import Somebody, a_box, joined
from tests.portal.world import PortalWorld
from tests.world import SCHOOL


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
    path = f"/portal/anmeldung/oidc?code={link.partition('code=')[2]}"
    client = Somebody(portal).client

    said = {
        site: client.get(path, headers={"sec-fetch-site": site}).json()["code"]
        for site in ("cross-site", "same-site", "none", "same-origin")
    }

    # This portal has no provider: who comes from its own page hears that.
    assert said == dict.fromkeys(("cross-site", "same-site", "none"), "not-permitted") | {
        "same-origin": "not-found"
    }
