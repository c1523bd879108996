# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""The life of a participant: invited by one, confirmed by another, suspended, succeeded."""

import json
import time
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest

from hub.audit.verify import verify_db
from hub.client import Draft, Hub, Refused
from hub.client.enrolment import enrol
from hub.enrol.acts import missing_contracts, statements
from hub.enrol.life import BERLIN
from hub.errors import NotPermitted, ParticipantSuspended, RecipientUnknown
from hub.main import diagnosis
from hub.main.picture import read_picture
from hub.model.network import ListedOrganisation
from tests.journeys.books import books, entries
from tests.journeys.copies import copy_of
from tests.journeys.operating import operated
from tests.journeys.stories import SCHOOL_NOTICE, notify, take
from tests.journeys.tampering import opened
from tests.world import OTHER_SCHOOL, RHEINBERG, SCHOOL, World, a_world, example

pytestmark = pytest.mark.anyio
OFFICE, KREIS = "jugendamt:05170032", "jugendamt:05170000"


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    home = tmp_path_factory.mktemp("participants")
    with a_world(home, SCHOOL, OTHER_SCHOOL, OFFICE, KREIS) as world:
        yield world


@pytest.fixture
def real(world: World) -> Iterator[World]:
    """The same hub with a network that is no demonstration."""
    demo = world.node.networks
    world.node.networks = tuple(each.model_copy(update={"demo": False}) for each in demo)
    yield world
    world.node.networks = demo


def proposed(world: World, number: int) -> str:
    """Propose one more school; returns its id."""
    organisation = f"schule:{number}"
    unit = {"id": organisation, "name": "Schule", "roles": ["schule"], "telephone": "0221 4710199"}
    school = {"id": organisation, "name": "Schule Erfunden", "units": [unit]}
    listed = ListedOrganisation.model_validate_json(json.dumps(school))
    network = world.node.networks[0].model_copy(
        update={"participants": (listed,), "responsibilities": (), "districts": ()}
    )
    operated(world, "import", network=network.model_dump_json())
    return organisation


def invited(world: World, organisation: str, by: str) -> str:
    """Invite an organisation and let it hand in its entry; returns its fingerprint."""
    code = operated(world, "invite", organisation=organisation, by=by)["code"]
    return enrol(world.home / organisation[-6:], organisation, world.url, code).fingerprint


def newest(world: World, since: int) -> tuple[str, str, str]:
    """Return kind, object and organisation of the one entry since then."""
    (entry,) = entries(world, since)
    return entry["k"], entry["obj"]["id"], "".join(entry["rcp"])


def test_whoever_invited_does_not_confirm(real: World) -> None:
    organisation = proposed(real, 999901)
    said = {"organisation": organisation}
    said["fingerprint"] = invited(real, organisation, "anna.erfunden")

    with pytest.raises(NotPermitted, match="zweite Person"):
        operated(real, "confirm", **said, by=" Anna.Erfunden ")
    assert not real.node.directory.is_active(organisation)
    operated(real, "confirm", **said, by="bernd.erfunden")

    assert real.node.directory.is_active(organisation)
    found = read_picture(real.data, organisation)
    assert found is not None
    assert [(each.act, each.by) for each in found.acts] == [
        ("invited", "anna.erfunden"),
        ("confirmed", "bernd.erfunden"),
    ]
    assert said["fingerprint"] == found.acts[-1].facts["fingerprint"]


def test_one_person_alone_confirms_with_a_reason_that_stays(real: World) -> None:
    organisation = proposed(real, 999902)
    said = {"organisation": organisation, "by": "anna.erfunden"}
    said["fingerprint"] = invited(real, organisation, "anna.erfunden")

    operated(real, "confirm", **said, alone="Vertretung krank")

    done = real.node.readers.run_now(lambda connection: statements(connection, organisation))
    assert done[-1].facts["alone"] == "Vertretung krank"


def test_in_a_demonstration_one_person_is_enough(world: World) -> None:
    organisation = proposed(world, 999903)
    said = {"organisation": organisation, "by": "anna.erfunden"}
    said["fingerprint"] = invited(world, organisation, "anna.erfunden")

    assert operated(world, "confirm", **said)["status"] == "valid"


def test_what_the_operator_says_stands_in_the_log_by_its_digest_alone(world: World) -> None:
    """Names of people and reasons are words, and the log outlives everybody's right to them."""
    since = books(world).log
    reason = {"organisation": SCHOOL, "reason": "Umzug der Schule", "by": "anna.erfunden"}
    operated(world, "suspend", **reason)
    operated(world, "resume", **reason)

    said = entries(world, since)
    assert [entry["k"] for entry in said] == ["participant.suspended", "participant.resumed"]
    assert "erfunden" not in json.dumps(said)
    assert "Umzug" not in json.dumps(said)
    assert all(entry["act"]["role"] == "betrieb" for entry in said)


async def test_a_suspended_school_gets_no_token_and_its_token_is_refused(world: World) -> None:
    async with world.hub(SCHOOL) as known:
        draft = await notify(known, SCHOOL_NOTICE)
        operated(world, "suspend", organisation=SCHOOL, reason="Verdacht", by="anna.erfunden")
        try:
            with pytest.raises(Refused) as token:
                await known.state(draft.id)
            with pytest.raises(Refused) as sent:
                await known.submit(await composed(known))
            with pytest.raises(Refused) as leased:
                await known.lease()
            async with world.hub(SCHOOL) as fresh:
                with pytest.raises(Refused) as signed_in:
                    await fresh.state(draft.id)
        finally:
            operated(world, "resume", organisation=SCHOOL, reason="geklärt", by="anna.erfunden")
        assert (await known.state(draft.id))["state"] == "accepted"

    assert {token.value.code, sent.value.code, leased.value.code} == {"participant-suspended"}
    assert signed_in.value.status in {400, 401, 403}


async def composed(hub: Hub) -> Draft:
    return hub.compose(
        protocol=SCHOOL_NOTICE,
        step="mitteilung",
        to=RHEINBERG,
        urgency="planbar",
        content=example(SCHOOL_NOTICE, "mitteilung"),
    )


async def test_the_sdk_seals_nothing_to_a_suspended_office(world: World) -> None:
    operated(world, "suspend", organisation=OFFICE, reason="Verdacht", by="anna.erfunden")
    try:
        async with world.hub(SCHOOL) as school:
            with pytest.raises(ParticipantSuspended):
                await notify(school, SCHOOL_NOTICE)
    finally:
        operated(world, "resume", organisation=OFFICE, reason="geklärt", by="anna.erfunden")


@pytest.mark.parametrize(
    ("act", "more", "why"),
    [
        ("suspend", {"reason": " "}, "Grund"),
        ("suspend", {"reason": "zwei\nZeilen"}, "Zeile"),
        ("resume", {"reason": "Versehen"}, "nicht gesperrt"),
        ("succeed", {"successor": SCHOOL, "on": "2027-01-01"}, "selbst"),
        ("succeed", {"successor": OFFICE, "on": "2027-01-01"}, "derselben Art"),
        ("succeed", {"successor": "schule:999003", "on": "2027-01-01"}, "nimmt nicht teil"),
        ("succeed", {"successor": OTHER_SCHOOL, "on": "1.1.2027"}, "JJJJ-MM-TT"),
        ("contract", {"dated": "2126-01-01", "reference": "1/26"}, "noch nicht"),
        ("contract", {"dated": "2026-01-01", "reference": ""}, "Aktenzeichen"),
        ("revoke-key", {"kid": "x", "reason": "compromised"}, "keinen solchen"),
        ("revoke-key", {"kid": "x", "reason": "langweilig"}, "Grund"),
    ],
)
def test_what_may_not_be_done_is_refused_in_german_and_leaves_nothing(
    world: World, act: str, more: dict[str, str], why: str
) -> None:
    before = books(world)

    with pytest.raises(NotPermitted, match=why):
        operated(world, act, organisation=SCHOOL, by="anna.erfunden", **more)

    assert books(world) == before


async def test_from_its_last_day_on_nothing_new_begins_with_an_office(world: World) -> None:
    """What runs goes on until it is closed: the old keys are the only ones that open it."""
    today = datetime.fromtimestamp(time.time(), BERLIN).date()
    asked = {"organisation": OFFICE, "successor": KREIS, "by": "anna.erfunden"}
    async with world.hub(SCHOOL) as school, world.hub(RHEINBERG) as office:
        draft = await notify(school, SCHOOL_NOTICE)
        late = await composed(school)
        operated(world, "succeed", **asked, on=(today + timedelta(days=1)).isoformat())
        await notify(school, SCHOOL_NOTICE)
        operated(world, "succeed", **asked, on=today.isoformat())

        with pytest.raises(Refused) as refused:
            await school.submit(late)
        with pytest.raises(RecipientUnknown) as sealed:
            await notify(school, SCHOOL_NOTICE)
        message = await take(office, draft, "fachkraft")
        await message.answer("rueckfrage", example(SCHOOL_NOTICE, "rueckfrage"))

    assert (refused.value.code, refused.value.allowed) == ("recipient-unknown", (KREIS,))
    assert f"{today:%d.%m.%Y}" in refused.value.detail
    assert sealed.value.allowed == (KREIS,)


def test_a_controller_without_a_contract_is_named_until_there_is_one(world: World) -> None:
    """Who processes for another does so by contract or not at all (Art. 28 DSGVO, § 80 SGB X)."""
    assert SCHOOL in missing(world)
    assert "Stellen ohne Vertrag" in " ".join(map(str, diagnosis.count(world.data)))

    operated(
        world,
        "contract",
        organisation=SCHOOL,
        dated="2026-11-02",
        reference="10-41/2026",
        by="anna.erfunden",
    )

    assert SCHOOL not in missing(world)
    found = read_picture(world.data, SCHOOL)
    assert found is not None
    assert "Vertrag zur Auftragsverarbeitung vom 02.11.2026: 10-41/2026" in "\n".join(found.lines())


def missing(world: World) -> tuple[str, ...]:
    return world.node.readers.run_now(missing_contracts)


def test_all_that_is_known_of_a_school_is_shown(world: World) -> None:
    found = read_picture(world.data, SCHOOL)
    assert found is not None
    shown = "\n".join(found.lines())

    agency = world.agency(SCHOOL)
    kids = {agency.signing.kid, agency.token.kid} | {key.kid for key in agency.readers}
    assert all(kid in shown for kid in kids)
    assert "Signatur" in shown
    assert found.as_json()["keys"][0]["kid"] == agency.signing.kid
    assert "salt" not in json.dumps(found.as_json())


def test_the_auditor_holds_what_the_operator_says_against_the_log(world: World) -> None:
    """A name or a reason that is exchanged afterwards is found, and an act that has gone."""
    operated(world, "suspend", organisation=OTHER_SCHOOL, reason="Verdacht", by="anna.erfunden")
    operated(world, "resume", organisation=OTHER_SCHOOL, reason="geklärt", by="anna.erfunden")
    place = copy_of(world.data, world.home / "kopie.sqlite")
    assert verify_db(place, world.node.log.vkey) == []

    with opened(place) as copy:
        copy.execute(
            "UPDATE participant_act SET statement = replace(statement, 'anna', 'otto')"
            " WHERE act = 'suspended' AND organisation = ?",
            (OTHER_SCHOOL,),
        )
        copy.execute(
            "DELETE FROM participant_act WHERE act = 'resumed' AND organisation = ?",
            (OTHER_SCHOOL,),
        )

    found = verify_db(place, world.node.log.vkey)
    assert {each.table for each in found} == {"participant_act", "audit_event"}
    assert any("fehlt die Zeile in participant_act" in each.text for each in found)
