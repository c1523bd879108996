# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""A witness of a log, in this process or in its own, and the policy that asks for it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Final

from bench.place import free_port
from bench.process import python
from hub import clock
from hub.audit.note import parse_vkey
from hub.audit.witness.watching import Witness
from hub.main.witness_folder import WitnessFolder
from hub.witnessed import Said

NAME: Final = "zeuge.example/1"
NOWHERE: Final = "http://127.0.0.1:9"
"""An address in a policy that is followed in this process alone."""


@dataclass(frozen=True)
class Watched:
    """The folder of a witness that knows one log."""

    path: Path

    @classmethod
    def begin(cls, path: Path, vkey: str) -> "Watched":
        """Make a witness, and have it watch the log of a key."""
        place = WitnessFolder(path)
        place.create(NAME, post_quantum=False)
        place.shelf.add(parse_vkey(vkey))
        watched = cls(path)
        watched.ask_for(NOWHERE)
        return watched

    @property
    def policy(self) -> Path:
        return self.path / "policy"

    def ask_for(self, url: str) -> None:
        """Write the policy that names it at an address."""
        (cosigner,) = WitnessFolder(self.path).cosigners()
        line = f"witness zeuge {cosigner.key.vkey} {url}"
        self.policy.write_text(f"{line}\nquorum zeuge\n", "utf-8")

    @cached_property
    def _witness(self) -> Witness:
        place = WitnessFolder(self.path)
        return Witness(place.cosigners(), place.shelf, place.drawer, clock.now)

    def answer(self, body: bytes) -> int:
        """Answer in this process; returns the status."""
        return self._witness.add(body).status

    async def call(self, _url: str, body: bytes) -> Said:
        """Answer in this process, as over HTTP."""
        answer = self._witness.add(body)
        return Said(answer.status, answer.body)

    @contextmanager
    def serving(self) -> Iterator[str]:
        """Run it as ``meldeweg witness serve`` for as long as the block lasts."""
        port = free_port()
        arguments = ("witness", "serve", "--state", self.path, "--port", port)
        with python("hub", *arguments, port=port, is_pinned=False):
            self.ask_for(url := f"http://127.0.0.1:{port}")
            yield url
