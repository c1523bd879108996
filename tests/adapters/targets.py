# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""The targets of the crash matrix: how each is named in the settings, started, killed and counted.

Each is a real counterpart in a process of its own: case software that watches a folder, an SFTP
server, an HTTPS server, a mail server, and one that deduplicates nothing. The inbox is in the
connector itself.
"""

import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import asyncssh

from hub.adapters.connector.spool import Spool
from hub.client.agency import Agency
from hub.client.wrapped import lock_in, secret_of
from hub.trust.keys import PrivateSigningKey
from tests.adapters.ending import LAST, noted
from tests.adapters.servers import INBOX, TAKEN
from tests.adapters.sftp_server import USER, make_keys
from tests.faults.hub import LEASH, steady_port, wait_until
from tests.house.source import ROOT
from tests.receivers import certificates

FORMS: Final = ("xml", "json")
ADDRESSES: Final = ("dienst@jugendamt.invalid", "leitung@jugendamt.invalid")
Settings = dict[str, Any]


@dataclass
class Counterpart:
    """One target, and the folder in which it keeps what it has."""

    name: str
    home: Path
    settings: Callable[["Counterpart"], Settings]
    count: Callable[["Counterpart", str], int]
    command: tuple[str, ...] = ()
    """Module and words of its process; none where the target is in the connector."""
    port: int = field(default_factory=steady_port)
    _process: "subprocess.Popen[bytes] | None" = field(default=None, repr=False)

    @property
    def table(self) -> str:
        """Return it as the settings name it."""
        said = {"name": self.name, "attempts": 100, **self.settings(self)}
        lines = [f"{name} = {json.dumps(value)}" for name, value in said.items()]
        return "\n".join(["[[target]]", *lines, ""])

    def effects(self, message: str) -> int:
        return self.count(self, message)

    def end_with_next(self) -> None:
        """Let the process end right after its next effect, before it answers."""
        (self.home / LAST).touch()

    def start(self) -> None:
        if self.command:
            self._process = start(self.home, *self.command, self.home, str(self.port))

    def kill(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait(30)

    def wait(self) -> None:
        """Wait until it has ended by itself."""
        assert self._process is not None
        self._process.wait(30)


def start(home: Path, module: str, *arguments: "str | Path") -> "subprocess.Popen[bytes]":
    """Start a module as a process that does not outlive this one."""
    kept = {name: each for name, each in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    own = {"PYTHONPATH": str(ROOT), "PYTHONPYCACHEPREFIX": str(ROOT / "var" / "bytecode")}
    with (home / "stderr.txt").open("ab") as errors:
        return subprocess.Popen(
            [*LEASH, sys.executable, "-m", module, *map(str, arguments)],
            stdout=subprocess.DEVNULL,
            stderr=errors,
            cwd=ROOT,
            env=kept | own,
        )


def targets(home: Path, office: Path) -> dict[str, Counterpart]:
    """Return all targets, each with what it needs and not started yet."""
    made = [
        Counterpart("asked", home, _asked, _noted_once, ("tests.adapters.asked",)),
        Counterpart("folder", home, _folder, _files, (_SERVERS, "reader")),
        Counterpart("sftp", home, _sftp, _files, (_SERVERS, "sftp")),
        Counterpart("https", home, _https, _noted_once, (_SERVERS, "https")),
        Counterpart("mail", home, _mail, _mails, (_SERVERS, "mail")),
        Counterpart("inbox", office, _inbox, _kept),
    ]
    for each in made[:-1]:
        each.home = home / f"ziel-{each.name}"
        _furnish(each)
    return {each.name: each for each in made}


_SERVERS: Final = "tests.adapters.servers"


def _furnish(target: Counterpart) -> None:
    for folder in (target.home, target.home / INBOX, target.home / TAKEN):
        folder.mkdir(mode=0o750)
    if target.name == "sftp":
        make_keys(target.home)
        public = asyncssh.read_public_key(target.home / "host.pub").export_public_key().decode()
        (target.home / "known_hosts").write_text(f"[localhost]:{target.port} {public}")
    elif target.name == "https":
        certificates(target.home / "zertifikate")
        PrivateSigningKey.generate().save(target.home / "signieren.pem")
    elif target.name == "mail":
        (target.home / "mailserver").write_text(f"smtp://localhost:{target.port}\n", "utf-8")


def _asked(target: Counterpart) -> Settings:
    url = f"http://127.0.0.1:{target.port}"
    return {"kind": "tests.adapters.asked:AskedAdapter", "url": url}


def _folder(target: Counterpart) -> Settings:
    path = str(target.home / INBOX)
    # Handed over once somebody took it: so the reader's death is one of the target.
    said = {"kind": "folder", "path": path, "done": "fetched", "look_again": 1}
    return {**said, "forms": FORMS}


def _sftp(target: Counterpart) -> Settings:
    files = {"key": target.home / "client", "known_hosts": target.home / "known_hosts"}
    at = {"host": "localhost", "port": target.port, "user": USER, "folder": f"/{INBOX}"}
    return {"kind": "sftp", "forms": FORMS, **at, **{k: str(file) for k, file in files.items()}}


def _https(target: Counterpart) -> Settings:
    files = {"ca": "zertifikate/authority.pem", "signing_key": "signieren.pem"}
    said = {name: str(target.home / file) for name, file in files.items()}
    return {"kind": "https", "url": f"https://localhost:{target.port}/meldungen", **said}


def _mail(target: Counterpart) -> Settings:
    said = {"kind": "mail", "server": str(target.home / "mailserver")}
    return {**said, "sender": "eingang@jugendamt.invalid", "to": ADDRESSES}


def _inbox(_target: Counterpart) -> Settings:
    return {"kind": "inbox"}


def _noted_once(target: Counterpart, message: str) -> int:
    return sum(line.startswith(message) for line in noted(target.home))


def _files(target: Counterpart, message: str) -> int:
    """Count each form that was fetched; -1 where they are not equally many."""
    inbox, taken = target.home / INBOX, target.home / TAKEN
    # What is on its way from one folder to the other would be counted twice, or not at all.
    wait_until(lambda: not any(inbox.glob("[!.]*")), "the reader has taken away what lies there")
    counted = Counter(file.name.split(".")[1] for file in taken.glob(f"{message}.*"))
    counts = {counted[form] for form in FORMS}
    return counts.pop() if len(counts) == 1 else -1


def _mails(target: Counterpart, message: str) -> int:
    """Count different mails: the same one twice is recognised by its ``Message-ID``."""
    about = {tuple(line.split(" ", 1)) for line in noted(target.home) if message in line}
    counts = {sum(each[0] == address for each in about) for address in ADDRESSES}
    return counts.pop() if len(counts) == 1 else -1


def _kept(target: Counterpart, message: str) -> int:
    """Whether it lies before people: it can be opened in the spool, and its mark is there."""
    state = target.home / "connector"
    locked = lock_in(Agency.load(target.home).keys.folder)
    spool = Spool(state / "spool", secret_of(state / "spool.key", locked))
    is_marked = (state / "targets" / "inbox" / f"{message}.json").exists()
    return int(is_marked and spool.read(message).delivery.id == message)
