# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""S2, Kreis Wesel: a child whose school lies elsewhere, and who has moved since."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import httpx2
import pytest

from hub.client import Hub
from hub.client.addressing import ResponsibleElsewhere
from hub.errors import ContentInvalid, RecipientUnknown, StepNotAllowed
from tests.journeys.networks.places import a_place, coordinating, listed
from tests.world import FEEDBACK, KREIS, RHEINBERG, SCHOOL, World, example

pytestmark = pytest.mark.anyio

MOERS: Final = "jugendamt:05170024.asd"
MOERS_TELEPHONE: Final = "+49 221 4710 107"
AT_HOME, MOVED_TO, SEAT = "05170032", "05170024", "05170052"
"""Rheinberg, where the child lives; Moers, where the mother went; Xanten, where the school is."""
OWN: Final[dict[str, Any]] = {
    "anruf": {"erfolgt": False},
    "zustaendigkeit": {"grund": "aufenthalt-elternteil", "seit": "2026-03-10"},
    "gefaehrdungseinschaetzung": {"stand": "begonnen"},
    "offene_risiken": ["Wer das Kind am Nachmittag betreut, ist offen."],
    "bisher_getan": "Ein Anruf bei der Mutter, die nach Moers gezogen ist.",
    "schutz_jetzt": "Das Kind ist bis Freitag bei der Großmutter.",
    "gespraech": {"erfolgt": False, "grund": "Das Gespräch ist für morgen vereinbart."},
    "information": {"betroffene_informiert": "ja"},
    "absender": {
        "name": {"familienname": "Fachkraft-Erfunden"},
        "kontakt": {"kanal": "02", "kennung": "0221 4710311"},
    },
}
"""What only the Jugendamt that passes on can say."""
TAKEN_OVER: Final = {"kind", "sorgeberechtigte", "beobachtungen", "hinweise"}


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    home: Path = tmp_path_factory.mktemp("wesel")
    joining = (SCHOOL, "jugendamt:05170032", "jugendamt:05170000", "jugendamt:05170024")
    with a_place(home, "kreis-wesel", "kreis-wesel-fachstellen", joining=joining) as made:
        yield made


def a_notice(**changes: Any) -> dict[str, Any]:
    return {
        "protocol": "schule-mitteilung",
        "step": "mitteilung",
        "to": RHEINBERG,
        "urgency": "unverzueglich",
        "content": example("schule-mitteilung", "mitteilung"),
        **changes,
    }


async def gives_feedback(office: Hub, passed: str) -> None:
    """Have an office that has taken a notice over tell who reported it what it may be told."""
    threads = await office.continued(passed)
    thread = next(each for each in threads if each.protocol.startswith("schule-mitteilung/"))
    await office.directory()
    said = office.compose(
        protocol=thread.protocol,
        step="rueckmeldung",
        to=thread.partner_of(office.agency.id),
        urgency="planbar",
        content=FEEDBACK,
        conversation=thread,
    )
    await office.submit(said)


async def test_each_of_the_13_municipalities_has_one_office_of_each_kind(world: World) -> None:
    async with world.hub(SCHOOL) as school:
        directory = await school.directory()

    within = [
        place
        for place in directory.responsibilities.municipalities
        if place.ags.startswith("05170")
    ]
    offices = {
        kind: {directory.responsible(kind, ags=place.ags).organisation for place in within}
        for kind in ("jugendamt", "polizei", "staatsanwaltschaft")
    }

    assert len(within) == 13
    assert len(offices["jugendamt"]) == 7
    assert offices["polizei"] == {"polizei:kpb-wesel"}
    assert offices["staatsanwaltschaft"] == {
        "staatsanwaltschaft:R1300S",
        "staatsanwaltschaft:R1200S",
    }


async def test_the_home_of_the_child_decides_and_not_the_seat_of_the_school(world: World) -> None:
    async with world.hub(SCHOOL) as school:
        directory = await school.directory()
        with pytest.raises(ResponsibleElsewhere) as elsewhere:
            school.compose(**a_notice(to=KREIS, child_ags=AT_HOME))

    assert directory.responsible("jugendamt", ags=SEAT).id == KREIS
    assert elsewhere.value.office.id == RHEINBERG
    assert "Jugendamt der Stadt Rheinberg" in elsewhere.value.office.reason
    assert "nicht der Sitz der Schule" in elsewhere.value.office.reason


async def test_the_prosecutor_of_rheinberg_is_kleve_and_not_duisburg(world: World) -> None:
    async with world.hub(SCHOOL) as school:
        directory = await school.directory()

    found = {
        ags: directory.responsible("staatsanwaltschaft", ags=ags).organisation
        for ags in (AT_HOME, MOVED_TO, "05170008")
    }

    assert found == {
        AT_HOME: "staatsanwaltschaft:R1300S",
        MOVED_TO: "staatsanwaltschaft:R1300S",
        "05170008": "staatsanwaltschaft:R1200S",
    }


async def test_a_stated_reason_lets_another_office_be_addressed_and_stays_in_the_house(
    world: World,
) -> None:
    """Who is asked why it went elsewhere can say; the hub, which carried it, cannot."""
    async with world.hub(SCHOOL) as school, world.hub(KREIS) as office:
        await school.directory()
        draft = school.compose(**a_notice(to=KREIS, child_ags=AT_HOME, reason="aufenthalt-jetzt"))
        assert "addressed" not in {path.stem for path in (school.agency.path / "state").iterdir()}
        await school.submit(draft)
        [notice] = await office.lease()
        await notice.open()
        await notice.take()

    kept = school.agency.recall("addressed")[draft.id]
    assert (kept["to"], kept["responsible"]) == (KREIS, "jugendamt:05170032")
    assert kept["reason"] == "aufenthalt-jetzt"
    for word in (b"aufenthalt-jetzt", AT_HOME.encode()):
        assert word not in draft.body
        assert word not in json.dumps(vars(notice.envelope), default=str).encode()


async def test_the_responsible_office_needs_no_reason(world: World) -> None:
    async with world.hub(SCHOOL) as school:
        await school.directory()
        draft = school.compose(**a_notice(child_ags=AT_HOME))

    assert draft.deviation is None


async def test_a_municipality_that_nobody_knows_is_not_passed_over(world: World) -> None:
    """An AGS has no check digit, so a slip of the pen shows only here."""
    async with world.hub(SCHOOL) as school:
        await school.directory()
        with pytest.raises(RecipientUnknown) as unknown:
            school.compose(**a_notice(child_ags="05170033"))
        with pytest.raises(ValueError, match="reasons"):
            school.compose(**a_notice(to=KREIS, child_ags=AT_HOME, reason="war-schon-immer-so"))

    assert unknown.value.pointers == ("/ags",)


async def test_a_notice_is_passed_on_in_one_step_and_taken_over_by_name(world: World) -> None:
    """§ 8a Abs. 6 SGB VIII: the mother has moved to Moers, so Rheinberg tells Moers."""
    async with (
        world.hub(SCHOOL) as school,
        world.hub(RHEINBERG) as rheinberg,
        world.hub(MOERS) as moers,
    ):
        await school.directory()
        draft = school.compose(**a_notice(child_ags=AT_HOME))
        await school.submit(draft)

        [notice] = await rheinberg.lease()
        content: dict[str, Any] = dict(await notice.open())
        await notice.take()
        await notice.acknowledge("fachkraft")
        assert (await rheinberg.directory()).responsible("jugendamt", ags=MOVED_TO).id == MOERS
        passed = await notice.pass_on(MOERS, OWN)

        [heard] = await moers.lease()
        told: dict[str, Any] = dict(await heard.open())
        await heard.take()
        await heard.acknowledge("fachkraft")
        taken_over = await heard.answer("uebernahme", example("jugendamt-mitteilung", "uebernahme"))

        [relief] = await rheinberg.lease()
        await relief.open()
        await relief.take()

        assert {name for name in told if name not in OWN} <= TAKEN_OVER
        assert told["kind"] == content["kind"]
        assert [each["text"] for each in told["beobachtungen"]] == [
            each["text"] for each in content["beobachtungen"]
        ]
        assert "eigene" not in {each["quelle"] for each in told["beobachtungen"]}
        assert relief.id == taken_over.id
        assert passed.conversation != draft.conversation
        assert rheinberg.agency.recall("passed-on")[draft.id]["by"] == passed.id

        # The school sees where it went, and still gets what § 4 Abs. 4 KKG grants it, from there.
        shown = await school.sender_view(draft.id)
        assert [each.word for each in shown] == ["accepted", "taken", "acknowledged", "passed-on"]
        assert shown[-1].telephone == MOERS_TELEPHONE
        await gives_feedback(moers, passed.id)
        [feedback] = await school.lease()
        assert await feedback.open() == FEEDBACK
        await feedback.take()


async def test_nothing_is_passed_on_before_a_professional_has_said_what_only_one_can(
    world: World,
) -> None:
    async with world.hub(SCHOOL) as school, world.hub(RHEINBERG) as rheinberg:
        await school.directory()
        await school.submit(school.compose(**a_notice()))
        [notice] = await rheinberg.lease()
        await notice.open()
        await notice.take()
        with pytest.raises(StepNotAllowed):
            await notice.pass_on(MOERS, OWN)
        await notice.acknowledge("fachkraft")
        with pytest.raises(ContentInvalid):
            await notice.pass_on(MOERS)
        assert tuple(rheinberg.outbox) == ()


async def test_who_reported_does_not_go_on(world: World) -> None:
    async with world.hub(SCHOOL) as school, world.hub(RHEINBERG) as rheinberg:
        await school.directory()
        await school.submit(school.compose(**a_notice()))
        [notice] = await rheinberg.lease()
        content = await notice.open()
        await notice.take()
        await notice.acknowledge("fachkraft")
        passed = await notice.pass_on(MOERS, OWN)

    async with world.hub(MOERS) as moers:
        waiting = {message.id: message for message in await moers.lease()}
        told = json.dumps(await waiting[passed.id].open())
        await waiting[passed.id].take()

    assert json.dumps(content["absender"]) not in told
    assert str(world.agency(SCHOOL).person.kid) not in told  # type: ignore[union-attr]


def test_whoever_coordinates_sees_all_seven_and_nothing_of_a_case(world: World) -> None:
    """§ 9 Abs. 3 LKiSchG NRW makes the ways of telling plain, and gives nobody a case to see."""
    seven = [known.name for id_, known in listed("kreis-wesel").items() if "jugendamt:" in id_]
    pages = (
        "",
        "/mitglieder",
        "/kontakte",
        "/geschaeftsordnung",
        "/kalender",
        "/wege",
        "/auswertung",
    )
    with coordinating(world, "koordination:05170") as browser:
        members = browser.get("/netzwerk/05170/mitglieder").text
        shown = "".join(browser.get(f"/netzwerk/05170{page}").text for page in pages)
        elsewhere = browser.get("/netzwerk/05114/mitglieder")

    assert len(seven) == 7
    assert all(name in members for name in seven)
    assert "Musterkind" not in shown
    assert not re.search(r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}", shown), "the id of a message"
    assert elsewhere.status_code == httpx2.codes.FORBIDDEN
