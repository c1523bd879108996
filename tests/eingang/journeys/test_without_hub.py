# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""The hub is away for a night: reading goes on, and what is done is kept and sent later."""

import asyncio
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic

import pytest

from hub.main.assembly import create_hub
from tests import databases
from tests.adapters.world import PATIENCE, words
from tests.databases import a_data_dir
from tests.eingang.journeys.guest import Guest, check
from tests.eingang.world import ORGANISATIONS, Inbox
from tests.world import HUB_ID, NETWORK, SCHOOL, World, free_port, running

pytestmark = pytest.mark.interop
AWAY = "Der Hub ist gerade nicht erreichbar"
WAITS = "sobald der Hub antwortet"


@dataclass
class HubProcess:
    """A hub that can be stopped and started again, at the same place."""

    home: Path
    port: int
    running: ExitStack = field(default_factory=ExitStack)

    def start(self, before: World | None = None) -> World:
        """Run the hub; whoever took part before still does."""
        data = a_data_dir(self.home / "hub")
        if before is None:
            create_hub(data, HUB_ID, (NETWORK,))
        world = self.running.enter_context(running(data, self.port, self.home))
        if before is not None:
            world.folders.update(before.folders)
        return world

    def stop(self) -> None:
        self.running.close()


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[HubProcess]:
    process = HubProcess(tmp_path_factory.mktemp("hub"), free_port())
    with databases.given_back(), process.running:
        yield process


@pytest.fixture(scope="module")
def world(hub: HubProcess) -> World:
    """The hub as it is before it goes away."""
    world = hub.start()
    for organisation, protocols in ORGANISATIONS.items():
        world.join(organisation, protocols=protocols)
    return world


def test_reading_goes_on_and_an_acknowledgement_is_sent_when_the_hub_is_back(
    hub: HubProcess, inbox: Inbox, duty: Guest, tmp_path: Path
) -> None:
    notice = inbox.sent["schule"].id
    path = f"/eingang/mitteilung/{notice}"
    hub.stop()
    duty.go_until("/eingang", AWAY)
    duty.look("01 liste ohne hub")
    duty.go(path)
    duty.look("02 mitteilung ohne hub")
    assert duty.sees("Musterkind-Erfunden")

    duty.press("Zur Kenntnis genommen")
    duty.arrive("?getan=")
    duty.look("03 zur kenntnis genommen ohne hub")
    assert duty.sees(WAITS)
    assert duty.sees("110")
    duty.go("/eingang?liste=alle")
    duty.look("04 liste ohne hub, eine wartet")
    duty.go("/eingang/konto")
    duty.look("05 konto ohne hub")
    duty.go(f"{path}/rueckmeldung")
    for field_ in ("anhaltspunkte_bestaetigt", "taetig_geworden", "noch_taetig"):
        duty.pick(field_)
    duty.press("Rückmeldung senden")
    duty.arrive("?getan=")
    duty.look("06 rückmeldung ohne hub")
    assert duty.sees(WAITS)

    again = hub.start(inbox.world)
    _until_said(again, notice)
    duty.go_until(path, WAITS, is_there=False)
    duty.look("07 mitteilung, der hub ist wieder da")
    assert not duty.sees(AWAY)
    check(duty, tmp_path)


def _until_said(world: World, message: str) -> None:
    """Wait until the school knows that a person has taken note, once."""
    end = monotonic() + PATIENCE
    said: list[str] = []
    while monotonic() < end:
        said = asyncio.run(words(world, message, unit=SCHOOL))
        if "acknowledged" in said:
            break
    assert said.count("acknowledged") == 1
