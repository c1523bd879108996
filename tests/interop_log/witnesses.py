# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Witnesses as their operators run them: processes of their own, asked over HTTP.

Three are alike to whoever asks: the one written for these tests in JavaScript from the texts of
C2SP, ``aics-witness`` that others wrote, and the hub's own.
"""

import subprocess
import sys
from base64 import b64encode
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from hashlib import sha256
from http.client import HTTPConnection
from pathlib import Path
from typing import Final, TypeAlias

from tests.faults.hub import COMMAND, LEASH, steady_port, wait_until
from tests.house.source import ROOT
from tests.interop_log.foreign import HERE, aics, node

MEDIA: Final = "text/x.tlog.size"
"""How a witness marks that it answers with the size that it saw last."""
SEED: Final = sha256(b"witness").hexdigest()


@dataclass(frozen=True)
class Answer:
    """What a witness answered."""

    status: int
    body: str
    media: str


@dataclass(frozen=True)
class Witness:
    """A witness that runs: where it is, and the key by which its word is known."""

    url: str
    vkey: str

    def add(self, old: int, proof: Sequence[bytes], note: str) -> Answer:
        """Offer a checkpoint (C2SP tlog-witness, ``add-checkpoint``)."""
        lines = [f"old {old}", *(b64encode(hashed).decode() for hashed in proof)]
        return self.post("\n".join(lines) + f"\n\n{note}")

    def post(self, body: str) -> Answer:
        return self.ask("POST", "/add-checkpoint", body.encode())

    def latest(self, origin: str) -> Answer:
        """Ask what it cosigned last of a log."""
        return self.ask("GET", f"/{sha256(origin.encode()).hexdigest()}/checkpoint")

    def ask(self, method: str, path: str, body: bytes | None = None) -> Answer:
        line = HTTPConnection(self.url.removeprefix("http://"), timeout=30)
        try:
            line.request(method, path, body)
            said = line.getresponse()
            media = said.getheader("content-type", "").partition(";")[0]
            return Answer(said.status, said.read().decode(), media)
        finally:
            line.close()


@contextmanager
def in_javascript(home: Path, *vkeys: str) -> Iterator[Witness]:
    """Run ``witness.mjs``; what it has seen stays in the folder for the next one."""
    own = ("zeuge.invalid/js", SEED, str(home / "js.json"))
    command = (node(), str(HERE / "witness.mjs"), *own, *vkeys)
    with _running(command, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        port, vkey = process.stdout.readline().decode().split()
        yield Witness(f"http://127.0.0.1:{port}", vkey)


@contextmanager
def of_others(home: Path, *vkeys: str) -> Iterator[Witness]:
    """Run ``aics-witness``; skips where it is not there."""
    program, config, port = str(aics("aics-witness")), str(home / "aics.json"), steady_port()
    if not Path(config).exists():
        own = ("--name", "zeuge.invalid/aics", "--db", "aics.db", "--key-file", "aics.key")
        _run(program, "init", "--config", config, *own)
        for vkey in vkeys:
            origin = vkey.partition("+")[0]
            _run(program, "add-log", "--config", config, "--origin", origin, "--vkey", vkey)
    listen = f"127.0.0.1:{port}"
    said = _run(program, "status", "--config", config).split()
    key = next(word for word in said if word.startswith("zeuge.invalid/aics+"))
    with _running((program, "serve", "--config", config, "--listen", listen)):
        yield _ready(Witness(f"http://{listen}", key))


@contextmanager
def of_the_house(home: Path, *vkeys: str) -> Iterator[Witness]:
    """Run ``meldeweg witness``."""
    state, port = str(home / "house"), steady_port()
    if not Path(state).exists():
        _run(*COMMAND, "witness", "init", "--state", state, "--name", "zeuge.invalid/haus")
        for vkey in vkeys:
            _run(*COMMAND, "witness", "add-log", "--state", state, vkey)
    said = _run(*COMMAND, "witness", "status", "--state", state).split()
    key = next(word for word in said if word.startswith("zeuge.invalid/haus+"))
    with _running((*COMMAND, "witness", "serve", "--state", state, "--port", str(port))):
        yield _ready(Witness(f"http://127.0.0.1:{port}", key))


Kind: TypeAlias = Callable[..., AbstractContextManager[Witness]]
WITNESSES: Final[dict[str, Kind]] = {
    "javascript": in_javascript,
    "others": of_others,
    "house": of_the_house,
}


def _ready(witness: Witness) -> Witness:
    def answers() -> bool:
        try:
            return bool(witness.latest("nobody").status)
        except OSError:
            return False

    wait_until(answers, "the witness listens")
    return witness


def _run(*command: str) -> str:
    done = subprocess.run(
        command, check=False, capture_output=True, text=True, cwd=ROOT, timeout=60
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@contextmanager
def _running(
    command: Sequence[str], stdout: int = subprocess.DEVNULL
) -> Iterator["subprocess.Popen[bytes]"]:
    process = subprocess.Popen(
        [*LEASH, *command], stdin=subprocess.DEVNULL, stdout=stdout, stderr=sys.stderr, cwd=ROOT
    )
    try:
        yield process
    finally:
        process.kill()
        process.wait(30)
        if process.stdout is not None:
            process.stdout.close()
