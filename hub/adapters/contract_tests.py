# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""The contract as tests; ``hub.adapters.contract`` says for which adapter."""

import asyncio
from pathlib import Path

from hub.adapters.promises import Promise
from hub.adapters.stand import MakeStand, surroundings_in
from hub.protocols.compiled import load_compiled


def test_an_adapter_keeps_its_promise(
    promise: Promise, make_stand: MakeStand, tmp_path: Path
) -> None:
    asyncio.run(keep(promise, make_stand, tmp_path))


async def keep(promise: Promise, make_stand: MakeStand, folder: Path) -> None:
    """Put one stand through one promise."""
    async with make_stand(folder, surroundings_in(folder, load_compiled())) as stand:
        await promise(stand)
