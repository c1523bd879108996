# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""What is said about a child is nowhere in the hub: no file, no log, no answer, no error.

Every leaf of every content that takes one bears a mark of its own. Both stories are told with
them, and everything that a careless or a curious client might send in the wrong place.
"""

import asyncio
import contextlib
import io
import json
import logging
import socket
import traceback
import zipfile
from base64 import b64encode, urlsafe_b64encode
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import httpx2
import pytest
import structlog

from hub.client import Draft, Hub, Refused
from hub.errors import ContentInvalid
from hub.main.work import turn
from hub.sealing.canonical import jcs, unb64
from hub.telemetry import configure
from hub.trust.jose import sign_token
from tests.databases import IS_POSTGRESQL, server
from tests.journeys.canaries import STEMS, Aviary, found_in
from tests.journeys.copies import copy_of
from tests.journeys.stories import SCHOOL_NOTICE, notify, tell
from tests.world import POLICE, RHEINBERG, SCHOOL, World, a_world

PARTIES = ("schule:999001", "jugendamt:05170032", "polizei:kpb-wesel")
MARK: Final = f"{STEMS[0]}daneben"
"""For what is sent in the wrong place."""
BARE: Final = f"{STEMS[1]}daneben"
"""The same where only ASCII can be sent."""
JSON: Final = "application/json"
JWT: Final = "application/jwt"
RECEIPT: Final = "application/secevent+jwt"
FORM: Final = "application/x-www-form-urlencoded"
TALKATIVE: Final = ("uvicorn", "httpx2", "sqlalchemy", "sqlalchemy.engine", "asyncio", "fastapi")


@dataclass
class Catch:
    """Everything that came out of the hub, by where it was found."""

    marks: list[str] = field(default_factory=list)
    found: dict[str, bytes] = field(default_factory=dict)
    plain: list[dict[str, Any]] = field(default_factory=list)
    """What the senders wrote."""
    answers: list[bytes] = field(default_factory=list)
    errors: list[BaseException] = field(default_factory=list)
    refusals: list[tuple[str, int]] = field(default_factory=list)

    async def note(self, answer: httpx2.Response) -> None:
        """Keep head and body of an answer as it came over the wire."""
        body = await answer.aread()
        head = b"\n".join(name + b": " + value for name, value in answer.headers.raw)
        self.answers.append(head + b"\n\n" + body)
        if answer.is_error:
            self.refusals.append((str(answer.request.url.path), answer.status_code))

    def keep(self, name: str, *data: bytes) -> None:
        self.found[name] = b"\n".join(data)

    def line_of(self, world: World, unit: str) -> Hub:
        """Return a line whose answers are kept."""
        client = httpx2.AsyncClient(event_hooks={"response": [self.note]})
        return Hub(world.url, world.agency(unit), catalogue=world.catalogue, client=client)


@contextlib.contextmanager
def everything_logged() -> Iterator[io.StringIO]:
    """Let everybody log as much as there is, through the telemetry of the hub."""
    root = logging.getLogger()
    handlers, level = root.handlers, root.level
    loggers = [logging.getLogger(name) for name in TALKATIVE]
    levels = [logger.level for logger in loggers]
    stream = io.StringIO()
    configure(stream, "debug")
    for logger in (root, *loggers):
        logger.setLevel(logging.DEBUG)
    try:
        yield stream
    finally:
        structlog.reset_defaults()
        root.handlers, root.level = handlers, level
        for logger, before in zip(loggers, levels, strict=True):
            logger.setLevel(before)


@pytest.fixture(scope="module")
def catch(tmp_path_factory: pytest.TempPathFactory) -> Catch:
    home = tmp_path_factory.mktemp("canary")
    catch, spoken = Catch(), io.StringIO()
    with (
        contextlib.redirect_stdout(spoken),
        contextlib.redirect_stderr(spoken),
        a_world(home, *PARTIES) as world,
        everything_logged() as logged,
    ):
        aviary = Aviary(world.catalogue)
        asyncio.run(live(world, aviary, catch))
        keep_files(world, home, catch)
    keep_agencies(world, catch)
    catch.keep("log", logged.getvalue().encode())
    catch.keep("standard output", spoken.getvalue().encode())
    catch.keep("answers", *catch.answers)
    catch.keep("errors", *("".join(traceback.format_exception(e)).encode() for e in catch.errors))
    catch.marks = aviary.marks
    return catch


async def live(world: World, aviary: Aviary, catch: Catch) -> None:
    """Tell both stories with marked contents, do everything wrong once, and let time pass."""

    def contents(protocol: str, step: str) -> dict[str, Any]:
        content = aviary.content(protocol, step)
        catch.plain.append(json.loads(json.dumps(content)))
        return content

    def line(unit: str) -> Hub:
        return catch.line_of(world, unit)

    drafts = await tell(world, contents, line)
    async with line(SCHOOL) as school, line(RHEINBERG) as office:
        last = await notify(school, SCHOOL_NOTICE, contents=contents)
        await everything_wrong(school, last, contents, catch)
        await look_at_everything(school, office, drafts, catch)
        await turn(world.node, drafts[0].end)
        await look_at_everything(school, office, drafts, catch)
    talk_nonsense(world, catch)


async def look_at_everything(school: Hub, office: Hub, drafts: list[Draft], catch: Catch) -> None:
    """Ask for whatever there is to be asked, and take the evidence apart."""
    for hub in (school, office):
        await hub.directory()
        await hub.events()
        for name in ("checkpoint", "tile/0/000.p/7", "proof?old=1&new=2", "entries/20"):
            await ask(hub, f"GET /v1/log/{name}", catch)
        for draft in drafts:
            await ask(hub, f"GET /v1/messages/{draft.id}", catch)
            await ask(hub, f"GET /v1/conversations/{draft.conversation}", catch)
    for hub, draft in ((school, drafts[0]), (office, drafts[0]), (office, drafts[1])):
        with zipfile.ZipFile(io.BytesIO(await hub.evidence(draft.id))) as archive:
            catch.keep(
                f"evidence for {hub.agency.id} of {draft.step}",
                *(name.encode() + b"\n" + archive.read(name) for name in archive.namelist()),
            )


async def ask(
    hub: Hub, request: str, catch: Catch, content: bytes | None = None, media_type: str = JSON
) -> None:
    """Send something; what is refused is kept with all that its error says."""
    method, _, path = request.partition(" ")
    try:
        await hub.line.send(method, path, content, media_type)
    except Refused as refused:
        catch.errors.append(refused)


async def everything_wrong(school: Hub, draft: Draft, contents: Any, catch: Catch) -> None:
    """Put what belongs into a seal everywhere else."""
    content = contents(SCHOOL_NOTICE, "mitteilung")
    path, whole = f"PUT /v1/messages/{draft.id}", json.loads(draft.body)
    for changed in (
        {**whole, "body": content},
        {**whole, "body": {**whole["body"], MARK: "a"}},
        {**whole, "body": {**whole["body"], "warum_jugendamt": MARK}},
        {**whole, MARK: content},
        {**whole, "keys": [{"kid": BARE, "wrap": MARK}]},
        {**whole, "env": signed(school, whole, name=MARK)},
        {**whole, "env": signed(school, whole, hub=BARE.lower())},
        {**whole, "env": signed(school, whole, lb=BARE.lower())},
        {**whole, "env": signed(school, whole, step=BARE.lower())},
        {**whole, "env": signed(school, whole, proto=f"{BARE.lower()}/1.0.0")},
        {**whole, "env": signed(school, whole, aud=f"jugendamt:{BARE}")},
        {**whole, "env": f"{BARE}.{BARE}.{BARE}"},
        content,
    ):
        await ask(school, path, catch, jcs(changed))
    await ask(school, path, catch, json.dumps(content).encode() + b"{")
    await ask(school, path, catch, (MARK * 20_000).encode())
    await ask(school, path, catch, draft.body, f"text/{BARE}")
    await ask(school, f"PUT /v1/messages/{BARE}", catch, draft.body)
    for place in ("messages", "conversations", "directory", "protocols", "schemas", "log/tile"):
        await ask(school, f"GET /v1/{place}/{BARE}", catch)
    await ask(school, f"GET /{BARE}", catch)
    await ask(school, f"{BARE} /v1/leases", catch)
    await ask(school, f"DELETE /v1/leases/{draft.id}?failed={BARE}", catch)
    await ask(school, f"GET /v1/log/proof?old={BARE}&new=1", catch)
    for body in ({"kids": [MARK]}, {"kids": [BARE], MARK: 1}, [MARK], MARK):
        await ask(school, "POST /v1/leases", catch, json.dumps(body).encode())
    await ask(school, "POST /v1/events/poll", catch, json.dumps({"ack": [MARK]}).encode())
    receipt = f"PUT /v1/messages/{draft.id}/receipts/{draft.conversation}"
    for problems in ([{"code": MARK, "pointers": []}], [{"code": "failure", "pointers": [MARK]}]):
        said = a_receipt(school, draft, problems)
        await ask(school, receipt, catch, said.encode(), RECEIPT)
    await ask(school, receipt, catch, MARK.encode(), RECEIPT)
    await ask(school, f"PUT /v1/messages/{draft.id}/readers/{BARE}", catch, jcs(content))
    await ask(school, "PUT /v1/directory/schule:999001", catch, MARK.encode(), JWT)
    await refuse_to_seal(school, content, catch)


async def refuse_to_seal(school: Hub, content: dict[str, Any], catch: Catch) -> None:
    """What the SDK refuses it refuses without repeating it, too."""
    for changed in ({**content, MARK: 1}, {**content, "kind": MARK}, {"warum_jugendamt": MARK}):
        try:
            school.compose(
                protocol=SCHOOL_NOTICE,
                step="mitteilung",
                to=RHEINBERG,
                urgency="planbar",
                content=changed,
            )
        except ContentInvalid as refused:
            catch.errors.append(refused)


def signed(school: Hub, whole: dict[str, Any], **claims: Any) -> str:
    """Return the envelope of a message with other claims, signed by the true key."""
    said = json.loads(unb64(whole["env"].split(".")[1]))
    return sign_token(school.agency.signing, "meldeweg-message+sd-jwt", {**said, **claims})


def a_receipt(school: Hub, draft: Draft, problems: list[Any]) -> str:
    return sign_token(
        school.agency.signing,
        "secevent+jwt",
        {
            "iss": school.agency.id,
            "aud": school.agency.id,
            "jti": draft.conversation,
            "iat": 1_795_000_000,
            "txn": draft.id,
            "events": {
                "urn:meldeweg:receipt:rejected": {
                    "env": draft.sealed.env_digest,
                    "problems": problems,
                }
            },
        },
    )


def talk_nonsense(world: World, catch: Catch) -> None:
    """Ask without a token, and say what is no HTTP at all."""
    with httpx2.Client(base_url=world.url) as client:
        for answer in (
            client.get(f"/v1/messages/{BARE}", headers={"authorization": f"DPoP {BARE}"}),
            client.get("/v1/events", headers={"user-agent": BARE, "x-forwarded-for": BARE}),
            client.get("/health/live", headers={"host": f"{BARE.lower()}.invalid"}),
            client.post("/oauth/token", content=f"client_assertion={BARE}", headers=kind(FORM)),
            client.post("/oauth/token", content=BARE, headers={**kind(FORM), "dpop": BARE}),
            client.put(
                "/v1/directory/schule:999002",
                content=BARE,
                headers={**kind(JWT), "authorization": f"Enrolment {BARE}"},
            ),
            client.put(
                f"/v1/directory/schule:999002/adoptions/{BARE}/1.0.0", content=MARK.encode()
            ),
        ):
            catch.answers.append(answer.content + str(answer.headers).encode())
            catch.refusals.append((str(answer.request.url.path), answer.status_code))
    host, port = "localhost", int(world.url.rpartition(":")[2])
    for nonsense in (f"{BARE}\r\n\r\n", f"GET /{BARE} HTTP/9.9\r\n{MARK}\r\n\r\n"):
        with socket.create_connection((host, port), timeout=20) as line:
            line.sendall(nonsense.encode())
            catch.answers.append(line.makefile("rb").read())


def kind(media_type: str) -> dict[str, str]:
    return {"content-type": media_type}


def keep_files(world: World, home: Path, catch: Catch) -> None:
    """Keep every file of the hub while it runs, and a backup of its database."""
    for path in sorted(world.data.path.rglob("*")):
        if path.is_file():
            catch.keep(f"file {path.name}", path.read_bytes())
    catch.keep("backup", copy_of(world.data, home / "sicherung.sqlite").read_bytes())
    if IS_POSTGRESQL:
        server().run("CHECKPOINT")
        since = world.data.keys.stat().st_mtime
        for name, files in server().files(world.data.url, since).items():
            catch.keep(name, *(path.read_bytes().strip(b"\0") for path in files))


def keep_agencies(world: World, catch: Catch) -> None:
    """Keep what the units keep for themselves; the content is not among it either."""
    for unit in (SCHOOL, RHEINBERG, POLICE):
        files = [path for path in world.folders[unit].rglob("*") if path.is_file()]
        catch.keep(f"folder of {unit}", *(path.read_bytes() for path in files))


def test_the_marks_stand_in_every_leaf_that_takes_one(catch: Catch) -> None:
    written = json.dumps(catch.plain, ensure_ascii=False)

    for name in ("familienname", "vorname", "rufname", "strasse", "ort", "text", "kennung"):
        assert f'"{name}": "{STEMS[0]}' in written or f'"{name}": "{STEMS[1]}' in written, name
    for name in ("jahr", "datum", "frage", "antwort", "sachverhalt", "gemeindeschluessel"):
        assert f'"{name}": ' in written, name
    assert len(catch.marks) > 30


def test_the_search_finds_every_mark_in_what_the_senders_wrote(catch: Catch) -> None:
    """Otherwise it would find nothing anywhere because it is blind."""
    written = b"\n".join(
        json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()
        + json.dumps(content, ensure_ascii=False).encode()
        for content in catch.plain
    )

    blind = set(catch.marks) - set(found_in(written, catch.marks))
    assert {mark for mark in blind if not mark.startswith('"/')} == set()


@pytest.mark.parametrize(
    "spelled",
    [
        lambda mark: mark.encode(),
        lambda mark: json.dumps({"name": mark}).encode(),
        lambda mark: json.dumps(json.dumps({"name": mark})).encode(),
        lambda mark: repr(mark.encode()).encode(),
        lambda mark: mark.encode().hex().encode(),
        lambda mark: str(httpx2.QueryParams({"q": mark})).encode(),
        lambda mark: b64encode(b"xy" + mark.encode() + b"z"),
        lambda mark: urlsafe_b64encode(b"x" + mark.encode()),
    ],
)
def test_the_search_knows_the_spelling(spelled: Any) -> None:
    mark = f"{STEMS[0]}aaaa"

    assert found_in(b"davor " + spelled(mark) + b" danach", [STEMS[0]])


def test_the_search_finds_what_is_logged_without_our_telemetry(catch: Catch) -> None:
    stream = io.StringIO()
    careless = logging.getLogger("careless")
    careless.setLevel(logging.DEBUG)
    careless.propagate = False
    careless.handlers = [logging.StreamHandler(stream)]

    careless.warning("cannot read %s", catch.plain[0])

    assert found_in(stream.getvalue().encode(), catch.marks)


def test_much_was_tried(catch: Catch) -> None:
    statuses = {status for _, status in catch.refusals}

    assert statuses >= {400, 401, 403, 404, 409, 413, 415, 421, 422}
    assert not {status for status in statuses if status >= 500}
    assert len(catch.refusals) > 40
    assert len(catch.errors) > 40


def test_much_was_logged(catch: Catch) -> None:
    lines = [json.loads(line) for line in catch.found["log"].decode().splitlines()]

    assert {line.get("logger") for line in lines} & {"sqlalchemy.engine.Engine"}
    assert {line["event"] for line in lines} >= {"request.refused"}
    assert len(lines) > 500


DATABASE = (
    ("server tables", "server journal", "server log")
    if IS_POSTGRESQL
    else ("file meldeweg.sqlite", "file meldeweg.sqlite-wal", "file meldeweg.sqlite-shm")
)


def test_there_is_enough_to_search(catch: Catch) -> None:
    names = " ".join(catch.found)

    for part in (
        *DATABASE, "backup", "answers", "errors", "evidence for schule:999001",
        "evidence for jugendamt:05170032.asd", "folder of schule:999001", "standard output",
    ):  # fmt: skip
        assert part in names
    assert len(catch.found[DATABASE[0]]) > 100_000


def test_no_mark_is_found_anywhere(catch: Catch) -> None:
    hits = {
        name: marks for name, data in catch.found.items() if (marks := found_in(data, catch.marks))
    }

    assert hits == {}
