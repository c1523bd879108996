# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Receipts are for whoever sends: a connector that sends nothing leaves them where they are."""

import asyncio
from pathlib import Path

import pytest

from hub.adapters.connector.house import a_house
from hub.adapters.connector.in_hand import InHand
from hub.adapters.connector.looking import Looking
from hub.adapters.connector.stopping import Stopping
from tests.adapters.world import MEMORY, an_office, configured, notices, until
from tests.world import SCHOOL, World


@pytest.mark.parametrize(("said", "stays"), [("", True), ("[sending]\nport = 0\n", False)])
def test_receipts_stay_for_other_software_of_the_unit(
    world: World, tmp_path: Path, said: str, stays: bool
) -> None:
    """Once they are acknowledged, the hub tells nobody of them a second time."""

    async def go() -> bool:
        async with an_office(world, tmp_path / "amt") as office:
            (notice,) = await notices(world)
            await until(lambda: office.state(notice.id) == ("handed-over", True))
        home = tmp_path / "schule"
        configuration = configured(f'data_dir = "{home}"\n{MEMORY}{said}', home)
        agency = world.agency(SCHOOL)
        async with world.hub(SCHOOL) as hub:
            with a_house(configuration, agency, world.catalogue, hub) as house:
                stopping = Stopping()
                await Looking(house, InHand(house, stopping), stopping).send_acts()
            return bool(await hub.events())

    assert asyncio.run(go()) is stays
