# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""A hub whose log is signed by a process of its own and seen by a witness of others.

The witness is the one in JavaScript that shares nothing with the hub.
"""

import contextlib
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.faults.hub import COMMAND, LEASH, PATIENCE, Late, wait_until
from tests.faults.place import Place
from tests.house.source import ROOT
from tests.interop_log.witnesses import Witness, in_javascript


@dataclass
class SignerProcess:
    """``meldeweg signer serve``, again and again, on one folder and one socket."""

    state: Path
    socket: Path
    log: Path
    _process: "subprocess.Popen[bytes] | None" = None

    def start(self) -> None:
        """Start it, and return once it listens."""
        command = ("signer", "serve", "--state", str(self.state), "--socket", str(self.socket))
        with self.log.open("ab") as errors:
            self._process = subprocess.Popen(
                [*LEASH, *COMMAND, *command],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=errors,
                cwd=ROOT,
            )
        wait_until(lambda: self._listens() or self._ended(), "the signer listens")
        if self._ended():
            raise Late(f"the signer ended: {self.log.read_text('utf-8')[-1000:]}")

    def kill(self) -> None:
        """End it as a power switch does; its socket stays behind."""
        if self._process is not None:
            with contextlib.suppress(ProcessLookupError):
                self._process.kill()
            self._process.wait(PATIENCE)
        self.socket.unlink(missing_ok=True)

    def _listens(self) -> bool:
        return self.socket.exists()

    def _ended(self) -> bool:
        return self._process is not None and self._process.poll() is not None


@contextmanager
def a_signer(place: Place) -> Iterator[SignerProcess]:
    """Take the key of the log out of the hub, and let a process of its own sign."""
    signer = SignerProcess(
        place.home / "signer", place.home / "signer.sock", place.home / "signer.log"
    )
    with place.hub() as hub:
        done = hub.run("signer", "adopt", "--state", signer.state, *_where(place))
    if done.returncode != 0:
        raise Late(f"the key was not adopted: {done.stdout}{done.stderr}")
    signer.start()
    try:
        yield signer
    finally:
        signer.kill()


def _where(place: Place) -> tuple[str, ...]:
    database = ("--database", place.data.url) if place.data.url else ()
    return ("--data-dir", str(place.data.path), *database)


@contextmanager
def a_policy(place: Place) -> Iterator[tuple[Path, Witness]]:
    """Run a witness, and give the policy that asks for it."""
    with in_javascript(place.home, place.vkey) as witness:
        policy = place.home / "policy"
        text = f"log {place.vkey}\nwitness js {witness.vkey} {witness.url}\nquorum js\n"
        policy.write_text(text, "utf-8")
        yield policy, witness
