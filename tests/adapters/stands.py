# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""The counterparts of the shipped adapters: real folders and real servers on loopback, spoilable.

Each is a factory for ``hub.adapters.contract``, as somebody would write one for an own adapter.
"""

import os
import subprocess
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack, asynccontextmanager, contextmanager, suppress
from pathlib import Path
from typing import Any

from hub.adapters.base import Adapter, Surroundings, TargetTrouble
from hub.adapters.memory import MemoryAdapter
from hub.adapters.registry import make_adapter, read_target
from hub.adapters.settings import TargetSettings
from hub.adapters.stand import Spoiling
from tests.adapters.case_software import CaseSoftware, a_case_software
from tests.adapters.sftp_server import SftpServer, an_sftp_server
from tests.receivers import Certificates, Mailbox, a_mailbox, certificates, free_port

FORMS = ["xml", "json"]
PATIENCE, SHORT = 20, 0.4
"""Seconds; a busy machine decides nothing, and whoever is slow on purpose is not waited for."""


class Made:
    """What all stands have: settings, and adapters made from them as a new process would."""

    spoilings: frozenset[Spoiling] = frozenset()

    def __init__(self, surroundings: Surroundings, said: dict[str, Any]) -> None:
        self._surroundings = surroundings
        self.settings = read_target({"patience": PATIENCE, **said})
        self.is_slow = False

    def adapter(self) -> Adapter:
        patience = SHORT if self.is_slow else PATIENCE
        settings = self.settings.model_copy(update={"patience": patience})
        return make_adapter(settings, self._surroundings)

    def fetch(self) -> None:
        """Nobody takes anything away."""


class Watched(Made):
    """A folder, and a reader who takes files away and knows how often each came."""

    def __init__(self, surroundings: Surroundings, said: dict[str, Any], inbox: Path) -> None:
        super().__init__(surroundings, said)
        self.inbox = inbox
        self.fetched: Counter[str] = Counter()

    def effects(self, message_id: str) -> int:
        lying = Counter(each.name for each in self.inbox.glob(f"{message_id}.*"))
        counts = {(lying + self.fetched)[f"{message_id}.{form}"] for form in FORMS}
        return counts.pop() if len(counts) == 1 else -1

    def fetch(self) -> None:
        for each in self.inbox.glob("[!.]*"):
            self.fetched[each.name] += 1
            each.unlink()

    def visible(self) -> str:
        return "\n".join(map(str, self.inbox.rglob("*")))


class FolderStand(Watched):
    spoilings = frozenset({"failing", "away"})

    @contextmanager
    def spoiled(self, how: Spoiling) -> Iterator[None]:
        if how == "full":
            with filled(self.inbox):
                yield
            return
        elsewhere = self.inbox.with_name("anderswo")
        self.inbox.rename(elsewhere)
        if how == "failing":
            # A link in place of the folder: nobody knows where it leads.
            self.inbox.symlink_to(elsewhere)
        try:
            yield
        finally:
            self.inbox.unlink(missing_ok=True)
            elsewhere.rename(self.inbox)


class SmallFolderStand(FolderStand):
    """A folder on a disk of its own that gets full; only where one may be mounted."""

    spoilings = frozenset({"full"})


class SftpStand(Watched):
    spoilings = frozenset({"slow", "failing", "cut", "full", "lying", "away"})

    def __init__(
        self, surroundings: Surroundings, said: dict[str, Any], server: SftpServer
    ) -> None:
        super().__init__(surroundings, said, server.folder)
        self._server = server

    @contextmanager
    def spoiled(self, how: Spoiling) -> Iterator[None]:
        self._server.weather = how
        self.is_slow = how == "slow"
        if how == "away":
            self._server.hang_up()
        try:
            yield
        finally:
            self._server.weather, self.is_slow = None, False
            self._server.let_go.set()


class HttpsStand(Made):
    spoilings = frozenset({"slow", "failing", "cut", "full", "lying", "away"})

    def __init__(
        self, surroundings: Surroundings, said: dict[str, Any], system: CaseSoftware
    ) -> None:
        super().__init__(surroundings, said)
        self.system = system

    def effects(self, message_id: str) -> int:
        return self.system.cases.count(message_id)

    def visible(self) -> str:
        return "\n".join(f"{path} {head}" for path, head in self.system.heads)

    @contextmanager
    def spoiled(self, how: Spoiling) -> Iterator[None]:
        self.system.weather, self.is_slow = how, how == "slow"
        try:
            yield
        finally:
            self.system.weather, self.is_slow = None, False
            self.system.let_go.set()


class MailStand(Made):
    spoilings = frozenset({"slow", "failing", "full", "away"})

    def __init__(self, surroundings: Surroundings, said: dict[str, Any], port: int) -> None:
        super().__init__(surroundings, said)
        self._port = port
        self._running = ExitStack()
        self._before: list[Mailbox] = []
        self.open()

    def open(self) -> None:
        self.mailbox = self._running.enter_context(a_mailbox(port=self._port))
        self._before.append(self.mailbox)

    def close(self) -> None:
        self._running.close()

    def effects(self, message_id: str) -> int:
        """Count different mails: the same one twice is recognised by its ``Message-ID``."""
        mails = [(to, m["Message-ID"]) for box in self._before for to, m in box.mails]
        about = [each for each in mails if message_id in str(each[1])]
        counts = {len({mail for to, mail in about if to == each}) for each in self._settings_to()}
        return counts.pop() if len(counts) == 1 else -1

    def visible(self) -> str:
        return "\n".join(raw.decode() for box in self._before for raw in box.raw)

    @contextmanager
    def spoiled(self, how: Spoiling) -> Iterator[None]:
        answers = {"failing": "451 4.3.0 spaeter", "full": "452 4.3.1 voll"}
        self.is_slow = how == "slow"
        if how == "away":
            self._running.close()
        elif how == "slow":
            self.mailbox.most = len(self.mailbox.reached())
        else:
            self.mailbox.to_data = [answers[how]] * 4
        try:
            yield
        finally:
            self.is_slow = False
            self.mailbox.most, self.mailbox.to_data = 1_000_000, []
            self.mailbox.let_go.set()
            if how == "away":
                self.open()

    def _settings_to(self) -> tuple[str, ...]:
        return tuple(self.settings.model_dump()["to"])


class MemoryStand(Made):
    spoilings = frozenset({"failing"})

    def __init__(self, surroundings: Surroundings) -> None:
        super().__init__(surroundings, {"kind": "memory"})
        self._one = MemoryAdapter(TargetSettings(kind="memory"), surroundings)

    def adapter(self) -> Adapter:
        # What it holds is gone with it, so there is one.
        return self._one

    def effects(self, message_id: str) -> int:
        return int(message_id in self._one.held)

    def visible(self) -> str:
        return "\n".join(self._one.held)

    @contextmanager
    def spoiled(self, how: Spoiling) -> Iterator[None]:
        self._one.weather.append(TargetTrouble("failing", f"Das Ziel ist gestört ({how})."))
        yield
        self._one.weather.clear()


class InboxStand(Made):
    """The marks that deliveries lie before the people of this office; the spool is not its own."""

    spoilings = frozenset({"failing", "away"})

    def __init__(self, surroundings: Surroundings) -> None:
        super().__init__(surroundings, {"kind": "inbox"})
        self._marks = surroundings.state

    def effects(self, message_id: str) -> int:
        return len(list(self._marks.glob(f"{message_id}.json")))

    def visible(self) -> str:
        return "\n".join(each.read_text("utf-8") for each in self._marks.glob("*"))

    @contextmanager
    def spoiled(self, how: Spoiling) -> Iterator[None]:
        if how == "full":
            with filled(self._marks):
                yield
            return
        elsewhere = self._marks.with_name("anderswo")
        if self._marks.exists():
            self._marks.rename(elsewhere)
        self._marks.write_text("kein Ordner", "utf-8")
        try:
            yield
        finally:
            self._marks.unlink()
            if elsewhere.exists():
                elsewhere.rename(self._marks)


class SmallInboxStand(InboxStand):
    """The same on a disk of its own that can be filled."""

    spoilings = frozenset({"full"})


@asynccontextmanager
async def inbox_stand(_folder: Path, surroundings: Surroundings) -> AsyncIterator[InboxStand]:
    yield InboxStand(surroundings)


@asynccontextmanager
async def small_inbox_stand(
    _folder: Path, surroundings: Surroundings
) -> AsyncIterator[SmallInboxStand]:
    surroundings.state.mkdir(mode=0o700)
    with a_small_disk(surroundings.state):
        yield SmallInboxStand(surroundings)


@asynccontextmanager
async def folder_stand(folder: Path, surroundings: Surroundings) -> AsyncIterator[FolderStand]:
    inbox = folder / "eingang"
    inbox.mkdir(mode=0o750)
    yield FolderStand(surroundings, {"kind": "folder", "path": "eingang", "forms": FORMS}, inbox)


@asynccontextmanager
async def small_folder_stand(
    folder: Path, surroundings: Surroundings
) -> AsyncIterator[SmallFolderStand]:
    inbox = folder / "eingang"
    inbox.mkdir(mode=0o750)
    with a_small_disk(inbox):
        said = {"kind": "folder", "path": "eingang", "forms": FORMS, "spare": 0}
        yield SmallFolderStand(surroundings, said, inbox)


@asynccontextmanager
async def sftp_stand(folder: Path, surroundings: Surroundings) -> AsyncIterator[SftpStand]:
    async with an_sftp_server(folder) as server:
        said = {**server.settings(), "forms": FORMS}
        yield SftpStand(surroundings, said, server)


@asynccontextmanager
async def https_stand(folder: Path, surroundings: Surroundings) -> AsyncIterator[HttpsStand]:
    made = certificates(folder / "zertifikate")
    with a_case_software(made) as system:
        yield HttpsStand(surroundings, system.settings(folder), system)


@asynccontextmanager
async def asking_https_stand(folder: Path, surroundings: Surroundings) -> AsyncIterator[HttpsStand]:
    """The same where it is asked what was kept: a liar who repeats id and digest is found out."""
    made: Certificates = certificates(folder / "zertifikate")
    with a_case_software(made, repeats_whatever=True) as system:
        said = {**system.settings(folder), "confirm": "lookup", "networks": ["127.0.0.0/8", "::1"]}
        yield HttpsStand(surroundings, said, system)


@asynccontextmanager
async def mail_stand(folder: Path, surroundings: Surroundings) -> AsyncIterator[MailStand]:
    port = free_port()
    (folder / "mailserver").write_text(f"smtp://localhost:{port}\n", "utf-8")
    said = {
        "kind": "mail",
        "server": "mailserver",
        "sender": "eingang@jugendamt.invalid",
        "to": ["dienst@jugendamt.invalid", "leitung@jugendamt.invalid"],
    }
    stand = MailStand(surroundings, said, port)
    try:
        yield stand
    finally:
        stand.close()


@asynccontextmanager
async def memory_stand(_folder: Path, surroundings: Surroundings) -> AsyncIterator[MemoryStand]:
    yield MemoryStand(surroundings)


@contextmanager
def a_small_disk(at: Path, size: str = "256k") -> Iterator[None]:
    """Mount a small disk there; raises ``OSError`` where this may not be done."""
    options = ["-t", "tmpfs", "-o", f"size={size},mode=0750", "tmpfs", str(at)]
    made = subprocess.run(["mount", *options], check=False, capture_output=True)
    if made.returncode:
        raise PermissionError("nothing may be mounted here")
    try:
        yield
    finally:
        subprocess.run(["umount", "--lazy", str(at)], check=False)


@contextmanager
def filled(folder: Path) -> Iterator[None]:
    """Leave no room in a small folder."""
    filler = folder / ".fuellung"
    with suppress(OSError), filler.open("wb", buffering=0) as file:
        while True:
            file.write(os.urandom(4096))
    try:
        yield
    finally:
        filler.unlink()
