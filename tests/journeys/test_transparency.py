# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""A hub that lies about keys is found out by the SDK, and by the organisation whose key it is.

The hub's database is really changed, or a line in between really answers something else.
"""

import json
import shutil
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final

import httpx2
import pytest
from sqlalchemy import Connection, update

from hub.client import Agency, Hub, Refused, Untrustworthy
from hub.client.directory import FRESH
from hub.client.enrolment import publish
from hub.client.line import Line
from hub.client.rotation import revoke
from hub.client.watching import Watch, load_watched
from hub.enrol.snapshot import refresh
from hub.main.watching import ADVICE
from hub.model.participant import DirectoryEntry
from hub.sealing.canonical import digest, unb64
from hub.store.participants import directory_entry
from hub.trust.jose import sign_token
from hub.trust.keys import PrivateSigningKey
from hub.trust.kinds import DIRECTORY_ENTRY, DIRECTORY_LIST
from tests.journeys.operating import operated
from tests.journeys.stories import SCHOOL_NOTICE, notify
from tests.world import RHEINBERG, SCHOOL, World, a_world

pytestmark = pytest.mark.anyio
OFFICE: Final = "jugendamt:05170032"
Lie = Callable[[str, bytes], bytes]


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """A hub of its own for each lie: none of them can be taken back."""
    with a_world(tmp_path, SCHOOL, OFFICE) as world:
        yield world


class Lying(httpx2.AsyncHTTPTransport):
    """A line to the hub that answers something else where the lie has something to say."""

    def __init__(self, lie: Lie) -> None:
        super().__init__()
        self._lie = lie

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        answer = await super().handle_async_request(request)
        said = self._lie(request.url.path, await answer.aread())
        return httpx2.Response(answer.status_code, content=said)


@asynccontextmanager
async def through(world: World, unit: str, lie: Lie) -> AsyncIterator[Hub]:
    """Return a unit's line to the hub, with somebody on it who lies."""
    client = httpx2.AsyncClient(transport=Lying(lie))
    async with Hub(world.url, world.agency(unit), catalogue=world.catalogue, client=client) as hub:
        yield hub


def entry_of(world: World) -> tuple[DirectoryEntry, str]:
    known = world.node.directory.organisation(OFFICE)
    assert known is not None
    assert known.entry is not None
    assert known.entry_jws is not None
    return known.entry, known.entry_jws


def signed(entry: DirectoryEntry, root: PrivateSigningKey) -> str:
    claims = entry.model_dump(mode="json", exclude_none=True)
    return sign_token(root, DIRECTORY_ENTRY.typ, claims)


def substituted(world: World, root: PrivateSigningKey) -> str:
    """Return the office's entry with another desk key, signed with some root key."""
    entry, _ = entry_of(world)
    foreign = world.node.directory.unit(SCHOOL)
    assert foreign is not None
    unit = entry.units[0]
    key = foreign.reading[0].model_copy(update={"use": "desk"})
    units = (unit.model_copy(update={"reading": (key, key)}), *entry.units[1:])
    return signed(entry.model_copy(update={"units": units}), root)


def written(world: World, change: Callable[[Connection], object]) -> None:
    """Change the hub's database behind its back, and have the hub believe it."""
    world.node.writer.commit_now(change)
    world.node.readers.run_now(lambda connection: refresh(world.node, connection))


def replaced(world: World, jws: str) -> None:
    """Put another text in the place of the office's entry."""
    values = {"jws": jws, "digest": digest(jws)}
    row = directory_entry.c.organisation == OFFICE
    written(world, lambda c: c.execute(update(directory_entry).where(row).values(**values)))


async def test_a_hub_that_puts_its_own_key_for_another_is_found_out(world: World) -> None:
    """Root key and all: the hub signs the entry anew, lists its digest, and has no proof of it."""
    forger = PrivateSigningKey.generate()
    entry, _ = entry_of(world)
    forged = entry.model_copy(update={"root": forger.public(entry.root.not_before)})
    async with world.hub(SCHOOL) as school:
        await school.directory()
        replaced(world, signed(forged, forger))

        with pytest.raises(Untrustworthy):
            await school.directory()
    async with world.hub(SCHOOL) as fresh:
        with pytest.raises(Untrustworthy):
            await notify(fresh, SCHOOL_NOTICE)


async def test_a_key_put_in_under_the_old_signature_is_found_out(world: World) -> None:
    replaced(world, substituted(world, PrivateSigningKey.generate()))

    async with world.hub(SCHOOL) as school:
        with pytest.raises(Untrustworthy, match="root key"):
            await notify(school, SCHOOL_NOTICE)


async def test_an_entry_that_is_not_in_the_log_is_found_out(world: World) -> None:
    """It is genuinely signed; the hub shows the proof of the version before."""
    root = PrivateSigningKey.load(world.home / "jugendamt-05170032" / "root.pem")
    entry, jws = entry_of(world)
    later = entry.model_copy(update={"version": 2, "prv": digest(jws), "iat": entry.iat + 1})
    replaced(world, signed(later, root))

    async with world.hub(SCHOOL) as school:
        with pytest.raises(Untrustworthy, match="the log proves an entry about something else"):
            await notify(school, SCHOOL_NOTICE)


async def test_a_list_of_the_day_before_yesterday_is_not_believed(world: World) -> None:
    world.clock.ahead = -FRESH - 60
    async with world.hub(SCHOOL) as school:
        with pytest.raises(Untrustworthy, match="too old"):
            await notify(school, SCHOOL_NOTICE)


async def test_a_list_from_before_a_revocation_is_not_believed_by_who_saw_a_newer(
    world: World,
) -> None:
    """Else whoever stole a key has it sealed to for one more day."""
    world.clock.ahead = -3600
    recorded: dict[str, bytes] = {}

    def record(path: str, said: bytes) -> bytes:
        recorded[path] = said
        return said

    async with through(world, SCHOOL, record) as school:
        await school.directory()
    world.clock.ahead = 0
    async with world.hub(SCHOOL) as school:
        await school.directory()

    def repeat(path: str, said: bytes) -> bytes:
        return recorded["/v1/directory"] if path == "/v1/directory" else said

    async with through(world, SCHOOL, repeat) as school:
        with pytest.raises(Untrustworthy, match="older than one that was shown before"):
            await school.directory()


async def test_an_entry_that_was_replaced_is_not_believed_again(world: World) -> None:
    """The hub signs a fresh list with the digest of the old version, and proves that one."""
    entry, jws = entry_of(world)
    publish(world.home / "jugendamt-05170032")
    async with world.hub(SCHOOL) as school:
        await school.directory()
    newer = (directory_entry.c.organisation == OFFICE) & (directory_entry.c.version == 2)
    written(world, lambda c: c.execute(directory_entry.delete().where(newer)))
    assert entry_of(world)[1] == jws

    async with world.hub(SCHOOL) as school:
        with pytest.raises(Untrustworthy, match="replaced by a newer one"):
            await school.directory()
    assert entry.version == 1


async def test_a_suspended_sender_is_refused_by_the_hub(world: World) -> None:
    async with world.hub(SCHOOL) as school:
        await notify(school, SCHOOL_NOTICE)
        operated(world, "suspend", organisation=SCHOOL, reason="Verdacht", by="anna.erfunden")

        with pytest.raises(Refused) as refused:
            await notify(school, SCHOOL_NOTICE)

    assert refused.value.code == "participant-suspended"


async def seen(folder: Path, lie: Lie = lambda _path, said: said) -> list[str]:
    """Let an organisation look once; returns what it is told."""
    top, agency = load_watched(folder)
    async with httpx2.AsyncClient(transport=Lying(lie)) as client:
        return [alarm.id for alarm in await Watch(top, agency, Line(agency, client)).look()]


async def test_an_organisation_that_published_all_itself_sees_nothing(world: World) -> None:
    folder = world.home / "jugendamt-05170032"
    assert await seen(folder) == []
    publish(folder)
    revoke(folder, Agency.load(folder / "asd").desk[0].kid, "lost")

    assert await seen(folder) == []
    assert await seen(folder / "asd") == []


async def test_whoever_stole_the_root_key_is_seen_by_its_owner(world: World) -> None:
    """Everything about the foreign version is genuine; only its owner can know that it is not."""
    folder, stolen = world.home / "jugendamt-05170032", world.home / "gestohlen"
    shutil.copytree(folder, stolen)
    publish(stolen, new_signing_key=True)

    assert await seen(folder) == ["eintrag-fremd", "fassung-fremd"]
    assert "participants suspend" in ADVICE


async def test_a_foreign_version_is_seen_also_when_ours_stands_behind_it(world: World) -> None:
    folder, stolen = world.home / "jugendamt-05170032", world.home / "gestohlen"
    shutil.copytree(folder, stolen)
    publish(stolen, new_signing_key=True)
    publish(folder)

    assert await seen(folder) == ["fassung-fremd"]


async def test_a_key_that_the_operator_revoked_is_told_to_its_owner(world: World) -> None:
    key = world.agency(RHEINBERG).token.kid
    asked = {"organisation": OFFICE, "kid": key, "reason": "compromised", "by": "anna.erfunden"}
    operated(world, "revoke-key", **asked)

    assert await seen(world.home / "jugendamt-05170032") == ["schluessel-vom-betreiber-widerrufen"]


async def test_a_hub_that_shows_its_owner_another_directory_does_not_hold(world: World) -> None:
    def lie(path: str, said: bytes) -> bytes:
        if path != "/v1/directory":
            return said
        claims = json.loads(unb64(json.loads(said)["list"].split(".")[1]))
        jws = sign_token(PrivateSigningKey.generate(), DIRECTORY_LIST.typ, claims)
        return json.dumps({"list": jws}).encode()

    assert await seen(world.home / "jugendamt-05170032", lie) == ["verzeichnis-haelt-nicht"]


def test_who_has_the_directory_already_is_told_that_nothing_is_new(world: World) -> None:
    with httpx2.Client(base_url=world.url) as client:
        for path in ("/v1/directory", f"/v1/directory/{OFFICE}"):
            first = client.get(path)
            tag = {"if-none-match": first.headers["etag"]}
            again = client.get(path, headers=tag)
            assert (again.status_code, again.content) == (304, b"")
            assert again.headers["etag"] == first.headers["etag"]

            publish(world.home / "jugendamt-05170032")

            anew = client.get(path, headers=tag)
            assert anew.status_code == 200
            assert anew.headers["etag"] != first.headers["etag"]


def test_a_list_that_says_the_same_is_new_after_some_minutes(world: World) -> None:
    """Its freshness is what it says; nobody is to be held up with an old one."""
    with httpx2.Client(base_url=world.url) as client:
        tag = {"if-none-match": client.get("/v1/directory").headers["etag"]}
        world.clock.ahead = 600

        assert client.get("/v1/directory", headers=tag).status_code == 200
