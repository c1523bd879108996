# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""S4, Kreis Soest: an agreement of four Jugendämter and the police that begins, is used, ends."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Final

import httpx2
import pytest

from hub.enrol.agreements import expire
from hub.protocols.agreement_copy import PartyMissing, copied
from hub.protocols.agreement_file import load_agreement
from hub.protocols.agreements import standing, today
from tests.greedy import Greedy, seal_anyway
from tests.journeys.networks.agreed import AGREEMENTS, TEMPLATE, conclude, from_template
from tests.journeys.networks.places import a_place
from tests.journeys.protocols.wishes import a_wish
from tests.law.shipped import the_protocol
from tests.world import Clock, World

POLICE: Final = "polizei:kpb-soest"
WARSTEIN: Final = "jugendamt:05974044.bereitschaft"
OTHER_KREIS: Final = "jugendamt:05958000.asd"
PROSECUTOR: Final = "staatsanwaltschaft:R1900S.dezernat"
JUGENDAEMTER: Final = tuple(f"jugendamt:059740{place}" for place in ("00", "28", "40", "44"))
PARTIES: Final = (*JUGENDAEMTER, POLICE)
DAY: Final = 86_400
YEAR: Final = timedelta(days=365)


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    home: Path = tmp_path_factory.mktemp("soest")
    others = ("jugendamt:05958000", "polizei:kpb-hochsauerlandkreis", "staatsanwaltschaft:R1900S")
    with a_place(home, "kreis-soest", joining=(*PARTIES, *others)) as made:
        yield made


def tells(police: Greedy, office: Greedy) -> httpx2.Response:
    """Have the police tell an office of domestic violence at which a child was present."""
    protocol = the_protocol("polizei-mitteilung")
    assert protocol.agreement
    opening = next(step for step in protocol.steps if step.opens)
    return police.submit(seal_anyway(a_wish(police, office, protocol, opening)))


def code(answer: httpx2.Response) -> str:
    return str(answer.json().get("code", answer.status_code))


@pytest.mark.anyio
async def test_it_begins_is_used_and_expires(
    world: World, greedy: Callable[[str], Greedy], clock: Clock
) -> None:
    """A term switches the protocol on on its first day, and off after its last."""
    police, office = greedy(POLICE), greedy(WARSTEIN)
    agreement = from_template(world, PARTIES, days=1, lasting=9)

    assert code(tells(police, office)) == "no-agreement"
    conclude(world, agreement, *PARTIES[:-1])
    clock.ahead = 2 * DAY
    assert code(tells(police, office)) == "no-agreement", "one has not signed yet"
    clock.ahead = 0
    conclude(world, agreement, *PARTIES)
    assert code(tells(police, office)) == "no-agreement", "its first day is tomorrow"

    clock.ahead = 2 * DAY
    used = tells(police, office)
    assert used.status_code == httpx2.codes.CREATED, used.text
    assert code(tells(police, greedy(OTHER_KREIS))) == "no-agreement", "of another Kreis"

    clock.ahead = 12 * DAY
    assert code(tells(police, office)) == "no-agreement"
    [concluded] = [
        each for each in world.node.directory.agreements if each.agreement.id == agreement.id
    ]
    known = world.node.directory.agreements
    assert standing(concluded, today(world.clock()), known) == "expired"
    # The end stands in the log, once.
    assert await expire(world.node, world.clock()) == 1
    assert await expire(world.node, world.clock()) == 0


def test_what_is_taken_over_is_the_template_without_what_only_its_parties_said(
    world: World,
) -> None:
    template = load_agreement(AGREEMENTS / f"{TEMPLATE}.yaml")
    taken_over = from_template(world, PARTIES, days=0, lasting=30)

    assert taken_over.template_of == template.name
    assert taken_over.parties == PARTIES
    assert [each.occasions for each in taken_over.protocols] == [
        each.occasions for each in template.protocols
    ]
    assert not any(contact.telephone for contact in taken_over.contacts)
    assert not set(template.parties) & {contact.party for contact in taken_over.contacts}
    with pytest.raises(PartyMissing):
        copied(template, "kreis-soest-probe", {"jugendamt:05958000": JUGENDAEMTER})


def test_the_agreement_that_is_shipped_names_its_template_and_the_parties_of_the_kreis() -> None:
    shipped = load_agreement(AGREEMENTS / "kreis-soest-polizei.yaml")

    assert shipped.demo
    assert shipped.parties == PARTIES
    assert shipped.template_of == f"{TEMPLATE}/1"
    assert shipped.valid_until - shipped.valid_from > 4 * YEAR


def test_what_the_law_commands_waits_for_no_agreement(
    world: World, greedy: Callable[[str], Greedy]
) -> None:
    """§ 5 KKG: a prosecutor informs at once, whatever the police have agreed on."""
    prosecutor, office = greedy(PROSECUTOR), greedy(WARSTEIN)
    protocol = the_protocol("justiz-mitteilung")
    opening = next(step for step in protocol.steps if step.opens)
    answer = prosecutor.submit(seal_anyway(a_wish(prosecutor, office, protocol, opening)))

    assert not protocol.agreement
    assert answer.status_code == httpx2.codes.CREATED, answer.text
    assert not any(
        {PROSECUTOR.partition(".")[0]} & set(each.agreement.parties)
        for each in world.node.directory.agreements
    )


def test_there_is_no_feedback_for_the_police(greedy: Callable[[str], Greedy]) -> None:
    """§ 4 Abs. 4 KKG names the persons of Abs. 1, and the police are none of them."""
    police, office = greedy(POLICE), greedy(WARSTEIN)
    protocol = the_protocol("polizei-mitteilung")
    opening = next(step for step in protocol.steps if step.opens)
    wish = a_wish(office, police, protocol, opening).saying(step="rueckmeldung")
    answer = office.submit(seal_anyway(wish))

    assert code(answer) == "step-not-allowed"
    assert answer.json()["basis"] == "§ 4 Abs. 4 KKG"


@pytest.mark.anyio
async def test_a_child_in_lippstadt_is_of_paderborn_and_one_in_warstein_of_arnsberg(
    world: World,
) -> None:
    async with world.hub(POLICE) as police:
        directory = await police.directory()
    found = {
        ags: directory.responsible("staatsanwaltschaft", ags=ags).organisation
        for ags in ("05974028", "05974044")
    }

    assert found == {
        "05974028": "staatsanwaltschaft:R2800S",
        "05974044": "staatsanwaltschaft:R1900S",
    }
