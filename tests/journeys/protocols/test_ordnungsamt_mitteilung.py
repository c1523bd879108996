# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""P18c: the Ordnungsamt tells what it saw, is asked once, and hears no more."""

import pytest

from tests.journeys.protocols.cast import ASD, ORDNUNGSAMT
from tests.journeys.protocols.notices import comes_back_as_receipts_only
from tests.journeys.protocols.telling import telling
from tests.world import World

pytestmark = pytest.mark.anyio


async def test_a_notice_of_the_ordnungsamt_is_asked_about_once(everybody: World) -> None:
    async with telling(everybody, "ordnungsamt-mitteilung", ORDNUNGSAMT, ASD) as tale:
        await comes_back_as_receipts_only(tale)
