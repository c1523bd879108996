# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""A portal holds what its houses were given, and compares it with the hub by itself."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from hub.client.ledger import day_of
from hub.client.reconciling import differing_days
from hub.portal.comparing import turn
from hub.store.reconciliations import read_reconciliations
from tests import databases
from tests.portal.filing import a_notice, somebody
from tests.portal.world import PortalWorld, a_portal
from tests.world import SCHOOL

DAY = 86_400


@pytest.fixture(scope="module")
def portal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PortalWorld]:
    home: Path = tmp_path_factory.mktemp("comparing")
    with databases.given_back(), a_portal(home, SCHOOL, demo=True) as made:
        yield made


def test_what_a_house_was_given_and_heard_is_what_the_hub_has(portal: PortalWorld) -> None:
    day = day_of(int(portal.world.clock()))
    with somebody(portal, "Petra Erfunden-Vergleich") as person:
        person.submit(person.prepare(a_notice()))
        portal.fetched()
        portal.turn()
    agency = portal.desk.line(SCHOOL).agency
    portal.world.hands.ahead += DAY

    portal.run(turn)

    [row] = [
        each
        for each in portal.world.node.readers.run_now(read_reconciliations)
        if (each.unit, each.day) == (SCHOOL, day)
    ]
    assert (row.differences, differing_days(agency)) == (0, ())
    held = {each.word for each in portal.desk.line(SCHOOL).ledger.of_day(day).values()}
    assert held >= {"accepted", "taken", "acknowledged"}


def test_a_house_that_lost_a_receipt_is_named(portal: PortalWorld) -> None:
    day = day_of(int(portal.world.clock()))
    with somebody(portal, "Paul Erfunden-Vergleich") as person:
        person.submit(person.prepare(a_notice()))
    agency = portal.desk.line(SCHOOL).agency
    (agency.path / "state" / "receipts" / f"{day}.jsonl").unlink()
    portal.world.hands.ahead += DAY

    portal.run(turn)

    assert differing_days(agency) == (day,)
