# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""A process that forgets a conversation and is killed on the way.

``python -m tests.journeys.killed_forgetting FOLDER URL CONVERSATION POINT``; the point says behind
which step the process ends as if the power had gone.
"""

import os
import signal
import sys
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from hub.audit.openings.store import Openings
from hub.erase import Wish, begin, finish
from hub.main.assembly import open_node
from hub.main.folder import DataDir


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


class Deadly(Openings):
    """Ends the process as soon as the keys are gone."""

    def destroy(self, key_ids: Sequence[str]) -> None:
        super().destroy(key_ids)
        die()


def main(folder: str, url: str, conversation: str, point: str) -> None:
    data = DataDir(Path(folder), url)
    with open_node(data, "http://localhost") as node:
        if point != "before":
            node.writer.commit_now(partial(begin, Wish(conversation, "dsgvo-17"), node))
        if point == "key":
            node.openings = Deadly(data.openings)
        if point in {"key", "all"}:
            node.writer.commit_now(partial(finish, node))
        die()


if __name__ == "__main__":
    main(*sys.argv[1:])
