# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""S3, Kreis Steinfurt: four sectors and five Jugendämter, and who may tell whom what.

One test for each cell. In each, whoever belongs to the sector tries every message that opens a
conversation, of every protocol there is; what goes through is what the protocols let its roles
say, and nothing else.
"""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

import httpx2
import pytest

from hub.client import Refused
from hub.client.receiving import Message
from hub.errors import NotAddressed
from hub.model.protocol import Protocol, Step
from hub.protocols.sides import opening_pairs
from tests.greedy import Greedy, claims_of, seal_anyway
from tests.journeys.networks.agreed import conclude, from_template
from tests.journeys.networks.places import a_place, listed
from tests.journeys.protocols.telling import telling
from tests.journeys.protocols.wishes import a_wish
from tests.law.shipped import the_protocol
from tests.world import World

SECTORS: Final = {
    "justiz": ("gericht:R2715.familiengericht", "staatsanwaltschaft:R2700S.dezernat"),
    "polizei": ("polizei:kpb-steinfurt",),
    "bildung": ("schule:999010", "schulaufsicht:055"),
    "gesundheit": (
        "gesundheit:kinderpraxis-emsdetten-demo",
        "fachkraft:isef-steinfurt-demo",
        "beratung:ratsuchend-steinfurt-demo",
    ),
}
OFFICES: Final = {
    "Kreis Steinfurt": "05566000",
    "Emsdetten": "05566008",
    "Greven": "05566012",
    "Ibbenbüren": "05566028",
    "Rheine": "05566076",
}
CELLS: Final = [(sector, office) for sector in SECTORS for office in OFFICES]
MAY_OPEN: Final = {
    "justiz": {
        "auskunftsersuchen/ersuchen",
        "familiengericht/hinweis",
        "jugendgerichtshilfe/unterrichtung",
        "justiz-mitteilung/mitteilung",
    },
    "polizei": {
        "auskunftsersuchen/ersuchen",
        "inobhutnahme/uebergabe",
        "jugendgerichtshilfe/mitteilung",
        "polizei-mitteilung/mitteilung",
        "vermisste/mitteilung",
    },
    "bildung": {"schule-mitteilung/mitteilung", "schulabsentismus/unterrichtung"},
    "gesundheit": {"gesundheit-mitteilung/mitteilung", "inobhutnahme/uebergabe"},
}
"""What each sector may open with a Jugendamt, written down a second time on purpose."""


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    home: Path = tmp_path_factory.mktemp("steinfurt")
    units = [unit for sector in SECTORS.values() for unit in sector]
    joining = [unit.partition(".")[0] for unit in units]
    joining += [f"jugendamt:{key}" for key in OFFICES.values()]
    with a_place(home, "kreis-steinfurt", joining=joining) as made:
        # Between police and Jugendamt one notice asks for an agreement.
        parties = (*(f"jugendamt:{key}" for key in OFFICES.values()), "polizei:kpb-steinfurt")
        conclude(made, from_template(made, parties, days=0, lasting=365), *parties)
        yield made


def openings(world: World) -> Iterator[tuple[Protocol, Step]]:
    """Go through every message that opens a conversation, in the newest version of each."""
    for name in sorted({each.id for each in world.catalogue.all()}):
        protocol = the_protocol(name)
        yield from ((protocol, step) for step in protocol.steps if step.opens)


def unit_of(office: str, step: Step) -> str:
    """Return the unit of a Jugendamt that a step goes to, if to one: its youth court aid."""
    youth_court = "jugendgerichtshilfe" in step.recipient and "jugendamt" not in step.recipient
    return f"jugendamt:{office}.{'jgh' if youth_court else 'asd'}"


def test_the_network_has_units_in_each_of_the_four_sectors() -> None:
    known = listed("kreis-steinfurt")

    for units in SECTORS.values():
        assert all(unit.partition(".")[0] in known for unit in units)
    assert {f"jugendamt:{key}" for key in OFFICES.values()} <= known.keys()


@pytest.mark.parametrize(("sector", "office"), CELLS, ids=lambda part: part)
def test_a_sector_opens_with_an_office_what_is_its_own_and_nothing_else(
    world: World, greedy: Callable[[str], Greedy], sector: str, office: str
) -> None:
    through: set[str] = set()
    for unit in SECTORS[sector]:
        sender = greedy(unit)
        [role] = world.node.directory.roles(unit)
        for protocol, step in openings(world):
            recipient = greedy(unit_of(OFFICES[office], step))
            [hearing] = world.node.directory.roles(recipient.agency.id)
            answer = sender.submit(seal_anyway(a_wish(sender, recipient, protocol, step)))

            allowed = (role, hearing) in opening_pairs(step, protocol)
            assert answer.status_code in ({201} if allowed else {404, 409}), (
                protocol.name, step.id, unit, answer.text,
            )  # fmt: skip
            if allowed:
                through.add(f"{protocol.id}/{step.id}")

    assert through == MAY_OPEN[sector]


def test_the_family_court_asks_for_no_status(greedy: Callable[[str], Greedy]) -> None:
    """There is no such step in any protocol: what a Jugendamt does is its own (§ 50 SGB VIII)."""
    court, office = greedy("gericht:R2715.familiengericht"), greedy("jugendamt:05566008.asd")
    for name in ("familiengericht", "auskunftsersuchen", "justiz-mitteilung"):
        protocol = the_protocol(name)
        opening = next(step for step in protocol.steps if step.opens)
        wish = a_wish(court, office, protocol, opening).saying(step="sachstand")
        answer = court.submit(seal_anyway(wish))

        assert answer.status_code == httpx2.codes.CONFLICT
        assert answer.json()["code"] == "step-not-allowed"


@pytest.mark.anyio
async def test_what_went_to_emsdetten_cannot_be_had_in_ibbenbueren(
    world: World, greedy: Callable[[str], Greedy]
) -> None:
    practice = greedy("gesundheit:kinderpraxis-emsdetten-demo")
    emsdetten = greedy("jugendamt:05566008.asd")
    protocol = the_protocol("gesundheit-mitteilung")
    notice = next(step for step in protocol.steps if step.opens)
    raw = seal_anyway(a_wish(practice, emsdetten, protocol, notice))
    assert practice.submit(raw).status_code == httpx2.codes.CREATED
    message = claims_of(raw)["jti"]

    async with world.hub("jugendamt:05566028.asd") as ibbenbueren:
        leased = await ibbenbueren.lease(limit=20)
        assert message not in {each.id for each in leased}
        for each in leased:
            await each.give_back()
        with pytest.raises(Refused) as refused:
            await ibbenbueren.state(message)
        assert refused.value.code == "not-found"
        # Even with all the bytes in its hands there is no key of its own among the readers.
        with pytest.raises(NotAddressed):
            await Message(ibbenbueren, "", raw, [])._establish()


@pytest.mark.anyio
async def test_a_paediatrician_asks_for_advice_and_files_a_notice_the_next_day(
    world: World,
) -> None:
    """§ 4 Abs. 2 KKG: nothing ties the pseudonymous question to the notice that follows."""
    seeker, expert = "beratung:ratsuchend-steinfurt-demo", "fachkraft:isef-steinfurt-demo"
    async with telling(world, "fachberatung", seeker, expert) as tale:
        question = await tale.opener.says("frage")
        await tale.partner.says("beratung", about=question)

    practice, office = "gesundheit:kinderpraxis-emsdetten-demo", "jugendamt:05566008.asd"
    async with world.hub(practice) as doctor:
        directory = await doctor.directory()
        assert directory.responsible("jugendamt", ags="05566008").id == office
    async with world.hub(office) as line:
        while leased := await line.lease(limit=20):
            for each in leased:  # What the cells have left behind.
                await each.take()
    async with telling(world, "gesundheit-mitteilung", practice, office) as tale:
        notice = await tale.opener.says("mitteilung", urgency="unverzueglich")

    assert question.conversation not in json.dumps(claims_of(notice.body))
    assert seeker not in json.dumps(claims_of(notice.body))
