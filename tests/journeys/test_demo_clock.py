# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""A demonstration is put ahead: hub and participants go on as if the time had passed.

The hub is a process of its own, as its operator runs it. And whatever is no demonstration keeps
the time of the machine.
"""

import json
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from hub import clock
from hub.client import Hub
from hub.client.agency import PinnedHub
from hub.main.assembly import create_hub
from hub.main.democlock import FILE
from tests.databases import a_data_dir, given_back, sqlite_only
from tests.faults.books import read_books
from tests.faults.hub import HubProcess, a_hub, steady_port, wait_until
from tests.faults.place import Place, found
from tests.world import HUB_ID, NETWORK, RHEINBERG, SCHOOL, example

pytestmark = [pytest.mark.anyio, sqlite_only]
HOUR = 3600
REAL = """\
title: Netz
demo: false
participants:
  - id: schule:999001
    name: Erfundene Schule
    units:
      - {id: "schule:999001", name: Schule, roles: [schule], telephone: "+49 221 4710 999"}
"""


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    with given_back():
        yield found(tmp_path_factory.mktemp("demo-clock"))


@pytest.fixture
def hub(place: Place) -> Iterator[HubProcess]:
    """The hub of the place, which lives by the file in its data directory; not started."""
    with place.hub(settings={clock.VARIABLE: str(place.data.path / FILE)}) as process:
        yield process


def put(hub: HubProcess, *arguments: str) -> tuple[int, str]:
    ran = hub.run("demo-clock", *arguments, "--data-dir", hub.data)
    return ran.returncode, ran.stdout + ran.stderr


async def send(line: Hub) -> str:
    """Send what cannot wait, and return its id."""
    draft = line.compose(
        protocol="schule-mitteilung",
        step="mitteilung",
        to=RHEINBERG,
        urgency="sofort",
        content=example("schule-mitteilung", "mitteilung"),
    )
    await line.submit(draft)
    return draft.id


async def test_a_line_goes_on_when_the_clock_was_put(place: Place, hub: HubProcess) -> None:
    """Tokens from before are over, and are asked for anew without anybody noticing."""
    hub.start_and_wait()
    with clock.lived_by(clock.DemoClock(place.data.path / FILE)):
        async with place.line(SCHOOL) as line:
            await line.directory()
            before = await send(line)
            assert put(hub, "advance", "PT5H")[0] == 0
            after = await send(line)

    assert hub.stop() == 0
    books, _ = read_books(place)
    assert {before, after} <= books.requests.keys()


async def test_what_is_due_happens_at_once_and_the_jump_stands_in_the_log(
    place: Place, hub: HubProcess
) -> None:
    hub.start_and_wait()
    with clock.lived_by(clock.DemoClock(place.data.path / FILE)):
        async with place.line(SCHOOL) as line:
            await line.directory()
            message = await send(line)
            assert put(hub, "advance", "PT11M")[0] == 0
            began = time.monotonic()
            wait_until(lambda: "message.overdue" in kinds(place, message), "the sender is told")

    assert time.monotonic() - began < 10, "a turn comes when the clock was put, not some time later"
    assert hub.is_ready(), "whoever puts the clock of a demonstration means it"
    hub.stop()
    books, _ = read_books(place)
    assert "clock.adjusted" in {entry["k"] for entry in books.entries}
    ran = hub.run("doctor", "--quick", "--data-dir", hub.data, "--json")
    [about_the_clock] = [each for each in json.loads(ran.stdout) if each["id"] == "uhr-protokoll"]
    assert about_the_clock["level"] == "gut", "commands live by the clock of the demonstration too"


def kinds(place: Place, message: str) -> set[str]:
    books, _ = read_books(place)
    return {entry["k"] for entry in books.entries if entry["obj"].get("id") == message}


def test_the_clock_is_set_by_the_clocks_on_the_walls(hub: HubProcess) -> None:
    year = time.localtime().tm_year + 2
    code, said = put(hub, "set", f"{year}-10-24 21:52", "--json")

    assert code == 0
    assert json.loads(said)["now"] == f"{year}-10-24T21:52:00+02:00"
    assert put(hub, "show")[1].startswith("In der Vorführung ist es ")


def test_the_clock_is_never_put_before_the_newest_entry(hub: HubProcess) -> None:
    code, said = put(hub, "set", "2020-01-01 12:00")

    assert code == 1
    assert "Das Protokoll reicht bis" in said


def test_what_is_no_duration_is_refused(hub: HubProcess) -> None:
    assert put(hub, "advance", "morgen")[0] == 2


@pytest.mark.parametrize("host", ["127.0.0.1", "0.0.0.0"])  # noqa: S104  that is what is refused
def test_a_hub_that_is_no_demonstration_does_not_start_with_such_a_clock(
    host: str, tmp_path: Path
) -> None:
    network = tmp_path / "network.yaml"
    network.write_text(REAL if host == "127.0.0.1" else NETWORK.read_text("utf-8"), "utf-8")
    with given_back():
        data, port = a_data_dir(tmp_path / "hub"), steady_port()
        create_hub(data, HUB_ID, (network,))
        settings = {clock.VARIABLE: str(tmp_path / FILE), "MELDEWEG_HOST": host}
        what = {"port": port, "url": f"http://localhost:{port}", "log": tmp_path / "log"}
        with a_hub(data=data.path, settings=settings, **what) as process:
            process.start()
            code = process.wait()
            refused, text = put(process, "advance", "PT1H")

    assert code == 78
    assert clock.VARIABLE in process.said
    assert (refused, (tmp_path / FILE).exists()) == (1, False)
    assert "nicht stellen" in text


def test_an_agency_of_a_real_hub_keeps_the_time_of_the_machine(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / FILE).write_text("86400\n")
    monkeypatch.setenv(clock.VARIABLE, str(tmp_path / FILE))
    monkeypatch.setattr(clock, "_lived_by", [time.time])
    said = {
        "hub": "meldeweg.example/nrw",
        "issuer": "https://hub.example",
        "log": "vkey",
        "receipt_key": None,
    }

    with pytest.raises(ValueError, match="SigningKey"):
        PinnedHub.of("https://hub.example", said)
    assert abs(clock.now() - time.time()) < HOUR

    with pytest.raises(ValueError, match="SigningKey"):
        PinnedHub.of("https://hub.example", said | {"hub": HUB_ID})
    assert clock.now() - time.time() > 23 * HOUR, "that hub is a demonstration"

    with pytest.raises(PermissionError):
        PinnedHub.of("https://hub.example", said)


def test_a_file_that_cannot_be_read_changes_nothing(tmp_path: Path) -> None:
    file = tmp_path / FILE
    file.write_text("3600\n")
    source = clock.DemoClock(file)
    assert source.ahead == HOUR

    file.write_text("eine Stunde\n")
    assert source.ahead == HOUR
    file.unlink()
    assert source.ahead == HOUR


def test_two_clocks_do_not_take_each_other_away() -> None:
    first, second = clock.Hands(HOUR), clock.Hands(HOUR)
    with clock.lived_by(first):
        with clock.lived_by(second), clock.ahead(HOUR):
            assert clock.now() - time.time() > HOUR + 1
        first.ahead = 2 * HOUR
        assert clock.now() - time.time() > HOUR + 1
    assert abs(clock.now() - time.time()) < 60
