# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""A process that does nothing but tell people, until somebody kills it."""

import asyncio
import sys
from pathlib import Path

from hub.alert import alerting
from hub.main.assembly import open_node
from hub.main.folder import DataDir
from hub.notify.smtp import Mail, Mailserver


async def main(folder: str, database: str, port: str) -> None:
    """Send what is queued in the hub of a folder to the mail server on a port."""
    with open_node(DataDir(Path(folder), database), "http://localhost") as node:
        server = Mailserver.parse(f"smtp://localhost:{port}")
        node.outlets = {"email": Mail(server, "meldeweg@hub.invalid")}
        async with alerting(node):
            await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
