# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""P05: the police tell at night, are asked once, and hear no more than receipts."""

import pytest

from tests.journeys.protocols.cast import ASD, POLICE
from tests.journeys.protocols.notices import comes_back_as_receipts_only
from tests.journeys.protocols.telling import telling
from tests.world import World

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize("version", ["1.0.0", "1.1.0"])
async def test_a_notice_of_the_police_is_asked_about_once(everybody: World, version: str) -> None:
    async with telling(everybody, "polizei-mitteilung", POLICE, ASD, version) as tale:
        await comes_back_as_receipts_only(tale)
