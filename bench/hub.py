# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""The hub under load, for as long as a block lasts."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from bench.ground import Ground
from bench.process import Process, python
from hub.main.folder import DataDir


@contextmanager
def hub_running(
    ground: Ground,
    name: str,
    *,
    data: DataDir | None = None,
    port: int | None = None,
    environment: Mapping[str, str] | None = None,
) -> Iterator[Process]:
    """Run a copy of the founded hub, or the hub of a data directory that came of one.

    On another port than the founded one it still bears the same address in proofs of possession:
    copies of one hub have the same keys, so a token of one is good for all.
    """
    where, listens = data or ground.copied(name), port or ground.port
    arguments = (
        *("--data-dir", where.path, "--database", where.url),
        *("--port", listens, "--public-url", ground.url),
    )
    with python(
        "bench.hub_process",
        *arguments,
        port=listens,
        ready="/health/ready",
        environment=environment,
    ) as process:
        yield process
