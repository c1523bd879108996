# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Case software puts down an order; it is sent once, or a report says why not."""

import asyncio
import json
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2
import pytest

from hub.adapters.connector.house import House, a_house
from hub.adapters.sending.composing import send
from hub.adapters.sending.order import MOST
from hub.adapters.sending.running import TOKEN_FILE, Sender
from hub.client import Draft, Refused
from tests.adapters.world import MEMORY, configured, until
from tests.world import RHEINBERG, SCHOOL, World, example

SENDING = """
[sending]
folder = "ausgang"
every = 0.02
port = 0
"""


@dataclass
class Desk:
    """Where the case software of a school puts down what it wants to send."""

    house: House
    sender: Sender
    folder: Path

    def put(self, name: str, said: object) -> Path:
        """Put a file down as software does that writes it in one go."""
        raw = said if isinstance(said, bytes) else json.dumps(said).encode()
        (self.folder / name).write_bytes(raw)
        return self.folder / name

    async def report(self, name: str) -> dict[str, Any]:
        file = self.folder / f"{name}.bericht.json"
        await until(file.exists)
        said: dict[str, Any] = json.loads(file.read_bytes())
        return said

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.sender.port}/senden"

    @property
    def word(self) -> dict[str, str]:
        token = (self.house.state / TOKEN_FILE).read_text("ascii").strip()
        return {"authorization": f"Bearer {token}"}


def an_order(**changed: Any) -> dict[str, Any]:
    said = {
        "protocol": "schule-mitteilung",
        "step": "mitteilung",
        "to": RHEINBERG,
        "urgency": "unverzueglich",
        "content": example("schule-mitteilung", "mitteilung"),
    }
    return {name: value for name, value in (said | changed).items() if value is not None}


@asynccontextmanager
async def a_desk(world: World, home: Path) -> AsyncIterator[Desk]:
    (home / "ausgang").mkdir(exist_ok=True)
    configuration = configured(f'data_dir = "{home}"\n{MEMORY}{SENDING}', home)
    async with world.hub(SCHOOL) as hub:
        with a_house(configuration, world.agency(SCHOOL), world.catalogue, hub) as house:
            sender = Sender(house)
            running = asyncio.create_task(sender.run())
            await until(lambda: sender.port is not None)
            try:
                yield Desk(house, sender, home / "ausgang")
            finally:
                sender.stop()
                await running


async def accepted(world: World, message: str) -> dict[str, Any]:
    async with world.hub(SCHOOL) as school:
        return await school.state(message)


def test_what_is_put_down_is_sent_and_reported(world: World, tmp_path: Path) -> None:
    async def go() -> None:
        async with a_desk(world, tmp_path) as desk:
            file = desk.put("fall 12.json", an_order())
            said = await desk.report("fall 12")
            assert said["ergebnis"] == "angenommen"
            assert (await accepted(world, said["nachricht"]))["state"] == "accepted"
            assert not file.exists()
            await until(lambda: not list((desk.folder / ".in-arbeit").iterdir()))

    asyncio.run(go())


def test_the_responsible_office_is_found_by_the_place_alone(world: World, tmp_path: Path) -> None:
    async def go() -> None:
        async with a_desk(world, tmp_path) as desk:
            desk.put("ort.json", an_order(to=None, ags="05170032"))
            said = await desk.report("ort")
            assert said["ergebnis"] == "angenommen", said
            assert (await accepted(world, said["nachricht"]))["recipient"] == RHEINBERG

    asyncio.run(go())


UNFIT: dict[str, tuple[str, object, str, list[str]]] = {
    "no JSON": ("a", b"{", "order-unfit", []),
    "no text": ("k", b"\xff\xfe\x00{", "order-unfit", []),
    "empty": ("l", b"", "order-unfit", []),
    "a list": ("b", [], "order-unfit", []),
    "too large": ("c", b'{"a": "' + b"x" * MOST + b'"}', "order-unfit", []),
    "too deep": ("d", b"[" * 100_000, "order-unfit", []),
    "a member twice": ("e", b'{"step": "a", "step": "b"}', "order-unfit", []),
    "no addressee": ("f", an_order(to=None), "order-unfit", ["/to"]),
    "an unknown member": ("g", an_order(Erfunden="x"), "order-unfit", []),
    "a content that lacks all": ("h", an_order(content={}), "content-invalid", ["/content"]),
    "an unknown step": ("i", an_order(step="Erfunden"), "step-not-allowed", []),
    "an unknown office": ("j", an_order(to="jugendamt:99999999.asd"), "recipient-unknown", []),
}


def test_what_does_not_fit_is_stopped_with_a_reason_and_without_a_value(
    world: World, tmp_path: Path
) -> None:
    async def go() -> None:
        before = await _count(world)
        async with a_desk(world, tmp_path) as desk:
            for name, said, _, _ in UNFIT.values():
                desk.put(f"{name}.json", said)
            for what, (name, _, code, pointers) in UNFIT.items():
                report = await desk.report(name)
                text = json.dumps(report, ensure_ascii=False)
                assert (report["ergebnis"], report["code"]) == ("abgewiesen", code), what
                found = report.get("stellen", [])
                assert all(any(p.startswith(each) for p in found) for each in pointers), what
                assert report["text"].endswith("."), what
                assert "Erfunden" not in text, what
                await until((desk.folder / f"{name}.json.abgewiesen").exists)
            assert not tuple(desk.house.hub.outbox)
            assert await _count(world) == before

    asyncio.run(go())


def test_links_and_names_that_lead_elsewhere_are_stopped(world: World, tmp_path: Path) -> None:
    """What a link points to is neither opened nor sent nor moved."""

    async def go() -> None:
        before = await _count(world)
        async with a_desk(world, tmp_path) as desk:
            secret = tmp_path / "geheim.json"
            secret.write_text(json.dumps(an_order()), "utf-8")
            (desk.folder / "link.json").symlink_to(secret)
            os.link(secret, desk.folder / "hart.json")
            os.mkfifo(desk.folder / "rohr.json")
            desk.put("..\\..\\geheim.json", an_order())
            desk.put("-rf *.json", an_order())
            desk.put("x" * 240 + ".json", an_order())
            for name, why in (
                ("link", "Verknüpfung"),
                ("hart", "Verknüpfung"),
                ("rohr", "keine Datei"),
            ):
                report = await desk.report(name)
                assert report["ergebnis"] == "abgewiesen"
                assert why in report["text"]
            await until(lambda: len(list(desk.folder.glob("datei-*.bericht.json"))) == 3)
            for file in desk.folder.glob("datei-*.bericht.json"):
                said = json.loads(file.read_bytes())
                assert (said["ergebnis"], said["code"]) == ("abgewiesen", "order-unfit")
                assert "Dateiname" in said["text"]
            assert await _count(world) == before
            assert json.loads(secret.read_bytes()) == an_order()
            assert not tuple(desk.house.hub.outbox)

    asyncio.run(go())


def test_a_file_that_still_grows_is_left_alone(world: World, tmp_path: Path) -> None:
    async def go() -> None:
        async with a_desk(world, tmp_path) as desk:
            raw = json.dumps(an_order()).encode()
            with (desk.folder / "langsam.json").open("wb") as file:
                for begin in range(0, len(raw), 64):
                    file.write(raw[begin : begin + 64])
                    file.flush()
                    await asyncio.sleep(0.005)
            assert (await desk.report("langsam"))["ergebnis"] == "angenommen"

    asyncio.run(go())


def test_the_local_address_sends_once_for_one_key(world: World, tmp_path: Path) -> None:
    async def go() -> None:
        async with a_desk(world, tmp_path) as desk, httpx2.AsyncClient() as caller:
            headers = desk.word | {"idempotency-key": "fall-12"}
            first, again = [
                await caller.post(desk.url, json=an_order(), headers=headers) for _ in range(2)
            ]
            assert (first.status_code, again.status_code) == (201, 201)
            assert first.json()["nachricht"] == again.json()["nachricht"]
            other = await caller.post(desk.url, json=an_order(), headers=desk.word)
            assert other.json()["nachricht"] != first.json()["nachricht"]
            unfit = await caller.post(desk.url, json=an_order(content={}), headers=desk.word)
            assert (unfit.status_code, unfit.json()["code"]) == (422, "content-invalid")

    asyncio.run(go())


def test_the_local_address_answers_those_alone_who_know_its_word(
    world: World, tmp_path: Path
) -> None:
    async def go() -> None:
        async with a_desk(world, tmp_path) as desk, httpx2.AsyncClient() as caller:
            codes = [
                (await caller.post(desk.url, json=an_order(), headers=headers)).status_code
                for headers in (
                    {},
                    {"authorization": "Bearer x"},
                    desk.word | {"host": "evil.test"},
                )
            ]
            assert codes == [401, 401, 421]
            large = await caller.post(desk.url, content=b"x" * (MOST + 1), headers=desk.word)
            assert large.status_code == 413
            assert (await caller.get(desk.url, headers=desk.word)).status_code == 405

    asyncio.run(go())


def test_an_order_whose_answer_was_lost_is_not_sent_a_second_time(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The process ends at each boundary of sending: sealed, kept, accepted."""

    async def go() -> None:
        async with a_desk(world, tmp_path) as desk:
            hub, raw = desk.house.hub, json.dumps(an_order()).encode()
            submit = hub.submit

            async def killed_before(draft: Draft) -> Any:
                hub.outbox.keep(draft)
                raise KeyboardInterrupt

            async def killed_after(draft: Draft) -> Any:
                await submit(draft)
                raise KeyboardInterrupt

            for way in (killed_before, killed_after):
                monkeypatch.setattr(hub, "submit", way)
                with pytest.raises(KeyboardInterrupt):
                    await _swallowed(send(raw, way.__name__, desk.house))
                monkeypatch.setattr(hub, "submit", submit)
                before = await _count(world)
                said = await send(raw, way.__name__, desk.house)
                assert said.outcome == "angenommen"
                more = 1 if way is killed_before else 0
                assert await _count(world) == before + more

    asyncio.run(go())


async def _swallowed(act: Any) -> None:
    """Let a kill through that asyncio would take for its own end."""
    try:
        await act
    except KeyboardInterrupt:
        raise
    except Refused:
        pytest.fail("the hub refused")


async def _count(world: World) -> int:
    query = "SELECT count(*) FROM message"
    return world.node.readers.run_now(
        lambda connection: int(connection.exec_driver_sql(query).scalar_one())
    )
