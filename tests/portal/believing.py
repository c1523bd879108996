# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""What does the browser's own program say? It is asked under Node, line by line."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from tests.interop.node import ROOT, Peer, check_packages, node

PEER: Final = Path(__file__).parent / "js" / "trust_peer.js"


@contextmanager
def a_browser() -> Iterator[Peer]:
    """Start what verifies for the browser; it ends with the block."""
    check_packages()
    with subprocess.Popen(
        [node(), str(PEER)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        yield Peer(process.stdin, process.stdout)
        process.stdin.close()
