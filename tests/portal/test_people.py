# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Who comes in at the portal, and as what?"""

import pytest

from hub import clock
from hub.people.invitations import CODE_LASTS
from hub.sealing.reader import ReaderPrivateKey
from tests.portal.people import Somebody, a_box, joined
from tests.portal.world import PortalWorld
from tests.world import SCHOOL


@pytest.fixture(scope="module")
def owner(portal: PortalWorld) -> Somebody:
    """Whoever came first, made the keys of the house, and saw it join."""
    first = joined(portal, "Schulleitung Erfunden-Beispiel", first=True)
    assert portal.house().state == "wartet"
    portal.confirm()
    return first


def test_the_first_person_makes_the_keys_and_the_house_takes_part(
    portal: PortalWorld, owner: Somebody
) -> None:
    assert portal.house().state == "aktiv"
    said = owner.me()
    assert said["unit"] == SCHOOL
    assert said["vault"]["person_kid"] == owner.person_key.kid
    assert {each["use"] for each in said["house_keys"]} == {"dienst", "leitung"}
    assert said["house"]["fingerprint"] == portal.house().fingerprint


def test_the_portal_has_no_private_key_that_opens(portal: PortalWorld) -> None:
    assert not list(portal.desk.folder.rglob("*.key"))


def test_somebody_who_joins_later_stands_in_the_directory(portal: PortalWorld) -> None:
    teacher = joined(portal, "Lehrkraft Erfunden-Neu", "verfassen")
    entry = portal.world.node.directory.unit(SCHOOL)
    assert entry is not None
    assert teacher.person_key.kid in {key.kid for key in entry.reading if key.use == "person"}


def test_whoever_reads_waits_for_the_desk_key_and_a_colleague_passes_it_on(
    portal: PortalWorld, owner: Somebody
) -> None:
    head = joined(portal, "Stellvertretung Erfunden-Beispiel", "verwalten")
    assert head.me()["house_keys"][0]["share"] is None
    waiting = owner.me()["waiting_shares"]
    mine = next(each for each in waiting if each["kid"] == head.person_key.kid)
    path = f"/portal/api/haus/schluessel/{mine['key']}/{mine['person']}"
    assert owner.send("PUT", path, {"share": "A" * 60}).status_code == 204
    shares = {each["share"] for each in head.me()["house_keys"]}
    assert "A" * 60 in shares


def test_whoever_has_no_desk_key_can_pass_none_on(portal: PortalWorld, owner: Somebody) -> None:
    other = joined(portal, "Sekretariat Erfunden-Vier", "lesen")
    newer = joined(portal, "Sekretariat Erfunden-Fuenf", "lesen")
    key = next(each["kid"] for each in owner.me()["house_keys"] if each["use"] == "dienst")
    path = f"/portal/api/haus/schluessel/{key}/{newer.me()['person']['id']}"
    assert other.send("PUT", path, {"share": "A" * 60}).status_code == 403


def test_a_code_counts_once(portal: PortalWorld) -> None:
    link = portal.link("Lehrkraft Erfunden-Einmal", "verfassen")
    assert Somebody(portal).join(link).status_code == 200
    assert Somebody(portal).join(link).status_code == 401


def test_a_code_ends_after_three_days(portal: PortalWorld) -> None:
    link = portal.link("Lehrkraft Erfunden-Spaet", "verfassen")
    with clock.ahead(CODE_LASTS + 1):
        assert Somebody(portal).join(link).status_code == 401


def test_a_passkey_without_its_users_finger_counts_for_nothing(portal: PortalWorld) -> None:
    person = Somebody(portal)
    person.device.verifies = False
    assert person.join(portal.link("Lehrkraft Erfunden-Ohne", "verfassen")).status_code == 401


def test_an_answer_of_a_passkey_counts_once(portal: PortalWorld) -> None:
    person = joined(portal, "Lehrkraft Erfunden-Zweimal", "verfassen")
    asked = person.post("/portal/anmeldung/passkey/frage", {}).json()
    said = {"credential": person.device.show(asked)}
    assert person.post("/portal/anmeldung/passkey/antwort", said).status_code == 200
    assert person.post("/portal/anmeldung/passkey/antwort", said).status_code == 401


def test_a_stranger_and_a_passkey_that_was_removed_are_told_the_same(
    portal: PortalWorld, owner: Somebody
) -> None:
    stranger = Somebody(portal)
    known = joined(portal, "Lehrkraft Erfunden-Fort", "verfassen")
    owner.send("DELETE", f"/portal/api/haus/personen/{known.me()['person']['id']}")
    refused = [stranger.enter(), known.enter()]
    told = [{k: v for k, v in each.json().items() if k != "trace"} for each in refused]
    assert [each.status_code for each in refused] == [401, 401]
    assert told[0] == told[1]


def test_roles_that_are_taken_back_count_no_more_at_the_next_request(
    portal: PortalWorld, owner: Somebody
) -> None:
    person = joined(portal, "Sekretariat Erfunden-Rolle", "verfassen", "verwalten")
    name = person.me()["person"]["id"]
    assert person.client.get("/portal/api/haus").status_code == 200
    path = f"/portal/api/haus/personen/{name}/rollen"
    assert owner.send("PUT", path, {"roles": ["verfassen"]}).status_code == 204
    assert person.client.get("/portal/api/haus").status_code == 403
    assert person.me()["roles"] == ["verfassen"]


def test_whoever_leaves_is_out_and_their_key_is_listed_no_more(
    portal: PortalWorld, owner: Somebody
) -> None:
    """They have filed nothing: so nothing that this key opens can be under way."""
    person = joined(portal, "Lehrkraft Erfunden-Abschied", "verfassen")
    kid = person.person_key.kid
    path = f"/portal/api/haus/personen/{person.me()['person']['id']}"
    before = portal.world.node.directory.unit(SCHOOL)
    assert before is not None
    assert kid in {each.kid for each in before.reading}
    assert owner.send("DELETE", path).status_code == 204
    assert person.client.get("/portal/api/ich").status_code == 401
    unit = portal.world.node.directory.unit(SCHOOL)
    assert unit is not None
    assert kid not in {each.kid for each in unit.reading}


def test_somebody_always_manages_the_house(owner: Somebody) -> None:
    people = owner.client.get("/portal/api/haus").json()["people"]
    me = owner.me()["person"]["id"]
    for each in people:
        if "verwalten" in each["roles"] and each["person"] != me:
            owner.send("DELETE", f"/portal/api/haus/personen/{each['person']}")
    path = f"/portal/api/haus/personen/{me}/rollen"
    assert owner.send("PUT", path, {"roles": ["lesen"]}).status_code == 403


def test_recovery_takes_another_person_and_ends_everything_before(
    portal: PortalWorld, owner: Somebody
) -> None:
    person = joined(portal, "Lehrkraft Erfunden-Verloren", "verfassen")
    name, before = person.me()["person"]["id"], person.person_key.kid
    path = f"/portal/api/haus/personen/{name}/wiederherstellung"
    mine = f"/portal/api/haus/personen/{owner.me()['person']['id']}/wiederherstellung"
    assert owner.send("POST", mine).status_code == 403
    given = owner.send("POST", path)
    assert given.status_code == 201
    assert person.client.get("/portal/api/ich").status_code == 401
    assert person.enter().status_code == 401
    again = Somebody(portal)
    assert again.join(given.json()["link"]).json()["to"] == "/portal/einrichten"
    assert again.me()["vault"] is None
    again.set_up().raise_for_status()
    assert again.me()["person"]["id"] == name
    unit = portal.world.node.directory.unit(SCHOOL)
    assert unit is not None
    # Nothing was ever filed with the key before, so nothing that it opens can come.
    assert before not in {each.kid for each in unit.reading}
    counting = {each.kid for each in unit.reading if each.not_after is None}
    assert again.person_key.kid in counting


def test_no_link_is_made_for_somebody_who_is_in(portal: PortalWorld, owner: Somebody) -> None:
    person = joined(portal, "Lehrkraft Erfunden-Drin", "verfassen")
    path = f"/portal/api/haus/personen/{person.me()['person']['id']}/einladung"
    assert owner.send("POST", path).status_code == 403


def test_a_new_desk_key_takes_the_place_of_the_old_one(
    portal: PortalWorld, owner: Somebody
) -> None:
    before = next(each for each in owner.me()["house_keys"] if each["use"] == "dienst")
    new = ReaderPrivateKey.generate()
    said = {"use": "dienst", "pub": new.public.b64, "share": a_box()}
    assert owner.send("PUT", "/portal/api/haus/schluessel", said).status_code == 201
    unit = portal.world.node.directory.unit(SCHOOL)
    assert unit is not None
    ends = {each.kid: each.not_after for each in unit.reading}
    assert ends[before["kid"]] is not None
    assert ends[new.kid] is None


def test_the_file_of_the_head_opens_for_whoever_manages_and_for_nobody_else(
    portal: PortalWorld, owner: Somebody
) -> None:
    reader = joined(portal, "Sekretariat Erfunden-Datei", "lesen")
    key = next(each["kid"] for each in owner.me()["house_keys"] if each["use"] == "leitung")
    answers = [
        each.send(
            "PUT",
            f"/portal/api/haus/schluessel/{key}/{each.me()['person']['id']}",
            {"share": "A" * 60},
        ).status_code
        for each in (owner, reader)
    ]
    assert answers == [204, 403]


def test_whoever_begins_anew_has_another_key_and_an_empty_vault(
    portal: PortalWorld, owner: Somebody
) -> None:
    person = joined(portal, "Lehrkraft Erfunden-Leer", "verfassen")
    before, person.person_key = person.person_key.kid, ReaderPrivateKey.generate()
    made = person.boxes()
    assert person.send("PUT", "/portal/api/tresor", made).status_code == 409
    assert person.send("POST", "/portal/api/tresor/neu", made).status_code == 201
    said = person.me()["vault"]
    assert said["person_kid"] == person.person_key.kid
    assert [each["wrapped"] for each in said["locks"]] == [made["lock"]["wrapped"]]
    assert [each["kid"] for each in said["former"]] == [before]
    assert owner.client.get("/portal/api/ich").status_code == 200
