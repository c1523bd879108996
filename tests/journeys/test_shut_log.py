# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Where the log cannot be written, nothing is done and nothing is shown that it has to know of.

The database itself refuses: its writing connection is read-only, or the log takes no row while all
else would.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any, Final, TypeAlias

import httpx2
import pytest
from sqlalchemy import Connection

from hub.client.ledger import day_of
from hub.errors import Failure
from hub.main.acts import ACTS
from hub.sealing.canonical import digest
from hub.trust.jose import sign_token
from hub.trust.kinds import RECONCILIATION
from tests.databases import IS_POSTGRESQL
from tests.greedy import Greedy, seal_anyway
from tests.journeys.books import books
from tests.world import RHEINBERG, SCHOOL, World

Client: TypeAlias = Callable[[str], Greedy]
Ask: TypeAlias = Callable[["Scene"], httpx2.Response]
NOWHERE: Final = "0193504f-7c2a-7d41-8e5b-00000000000f"
REFUSED: Final = {"log-unavailable", "read-only"}
_FUNCTION: Final = """CREATE FUNCTION shut() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION USING MESSAGE = 'shut', ERRCODE = 'insufficient_privilege';
END $$"""
_TRIGGER: Final = "CREATE TRIGGER shut BEFORE INSERT ON audit_event"
SHUT: Final = (
    (_FUNCTION, f"{_TRIGGER} FOR EACH ROW EXECUTE FUNCTION shut()")
    if IS_POSTGRESQL
    else (f"{_TRIGGER} BEGIN SELECT RAISE(ABORT, 'shut'); END",)
)
OPENED: Final = (
    ("DROP TRIGGER shut ON audit_event", "DROP FUNCTION shut()")
    if IS_POSTGRESQL
    else ("DROP TRIGGER shut",)
)
READ_ONLY, WRITABLE = (
    tuple(f"SET SESSION CHARACTERISTICS AS TRANSACTION READ {how}" for how in ("ONLY", "WRITE"))
    if IS_POSTGRESQL
    else ("PRAGMA query_only=ON", "PRAGMA query_only=OFF")
)


class Scene:
    """One message that waits and one that the office holds, with everybody signed in."""

    def __init__(self, world: World, school: Greedy, office: Greedy) -> None:
        self.world, self.school, self.office = world, school, office
        self.held = school.say(RHEINBERG).id
        self.lease = str(office.lease()[0]["lease"])
        self.waiting = school.say(RHEINBERG).id
        self.draft = seal_anyway(school.wish(RHEINBERG, "mitteilung"))
        self.opened, self.taken = (office.receipt(self.held, word) for word in ("opened", "taken"))
        self.withdrawn = school.receipt(self.waiting, "withdrawn")
        self.list = sign_token(
            school.agency.signing,
            RECONCILIATION.typ,
            {
                "iss": SCHOOL,
                "hub": world.node.hub_id,
                "iat": int(world.clock()),
                "day": day_of(int(world.clock()) - 86_400),
                "receipts": [],
            },
        )


def _incident(scene: Scene) -> httpx2.Response:
    body = f'{{"v":1,"draft":"{digest("draft")}"}}'.encode()
    return scene.school.send("PUT", f"/v1/messages/{scene.held}/incidents/{NOWHERE}", body)


def _evidence(scene: Scene) -> httpx2.Response:
    return scene.school.send("GET", f"/v1/messages/{scene.held}/evidence")


def _lease(scene: Scene) -> httpx2.Response:
    body = f'{{"kids":["{scene.office.agency.desk[0].kid}"],"max":5,"wait":0,"ttl":60}}'
    return scene.office.send("POST", "/v1/leases", body.encode())


def _reconcile(scene: Scene) -> httpx2.Response:
    return scene.school.send("POST", "/v1/reconciliation", scene.list.encode(), "application/jwt")


def _refused(scene: Scene) -> httpx2.Response:
    return scene.school.submit(b"{}", scene.waiting)


def _denied(scene: Scene) -> httpx2.Response:
    return scene.school.hand_in(scene.waiting, scene.taken)


ENTERED: Final[dict[str, Ask]] = {
    "submit": lambda scene: scene.school.submit(scene.draft),
    "submit what is none": _refused,
    "open": lambda scene: scene.office.hand_in(scene.held, scene.opened),
    "take": lambda scene: scene.office.hand_in(scene.held, scene.taken),
    "withdraw": lambda scene: scene.school.hand_in(scene.waiting, scene.withdrawn),
    "say what is not one's to say": _denied,
    "report an incident": _incident,
    "take evidence away": _evidence,
    "compare receipts": _reconcile,
}
"""Requests that leave an entry."""
OTHERS: Final[dict[str, Ask]] = {
    "lease": _lease,
    "give back": lambda scene: scene.office.send("DELETE", f"/v1/leases/{scene.lease}"),
    "look": lambda scene: scene.school.send("GET", f"/v1/messages/{scene.held}"),
    "poll": lambda scene: scene.school.send("POST", "/v1/events/poll", b'{"ack":[]}'),
    "read an entry": lambda scene: scene.school.send("GET", "/v1/log/entries/1"),
    "sign in": lambda scene: scene.school.ask_for_token(),
}
"""Requests that write something else, and so need a database that takes it."""
OPERATING: Final[dict[str, dict[str, str]]] = {
    "contract": {
        "organisation": "schule:999001",
        "by": "Erfunden",
        "dated": "2026-01-01",
        "reference": "1",
    },
    "suspend": {"organisation": "schule:999001", "by": "Erfunden", "reason": "Probe"},
    "people-add": {"name": "Erfunden", "role": "betrieb"},
    "incident-open": {"paper": digest("paper")},
    "backup": {"id": NOWHERE, "digest": digest("copy"), "size": "1"},
    "sample": {"count": "2"},
    "hold": {"ty": "entries", "subject": "0-1", "law": "bdsg-76-3", "reason": "Probe"},
    "audit-export": {"purpose": "eigenueberwachung", "entries": "yes"},
}
"""What the operator does, by command."""


@pytest.fixture(scope="module")
def scene(world: World, greedy: Client) -> Scene:
    return Scene(world, greedy(SCHOOL), greedy(RHEINBERG))


@pytest.fixture(scope="module")
def person(world: World) -> str:
    return str(_act(world, "people-add", {"name": "Erfunden", "role": "betrieb"})["person"])


def _run(world: World, statements: tuple[str, ...]) -> None:
    def work(connection: Connection) -> None:
        for statement in statements:
            connection.exec_driver_sql(statement)

    world.node.writer.commit_now(work)


def _tell(raw: Any, setting: str) -> None:
    """Set something for the session; in SQLite a commit of nothing is none."""
    raw.execute(setting)
    if IS_POSTGRESQL:
        raw.commit()


@contextmanager
def read_only(world: World) -> Iterator[None]:
    """Let the database take nothing at all from the connection that writes."""
    raw = world.node.writer.commit_now(lambda connection: connection.connection.driver_connection)
    _tell(raw, READ_ONLY)
    try:
        yield
    finally:
        _tell(raw, WRITABLE)


@contextmanager
def shut(world: World) -> Iterator[None]:
    """Let the log alone take nothing."""
    _run(world, SHUT)
    try:
        yield
    finally:
        _run(world, OPENED)


def _act(world: World, word: str, request: dict[str, str]) -> dict[str, str]:
    said: dict[str, str] = world.node.writer.commit_now(partial(ACTS[word], world.node, request))
    return said


def check_refused(answer: httpx2.Response, scene: Scene) -> None:
    """It is a 503 that says why, and of what was asked for there is nothing in it."""
    assert answer.status_code == 503, answer.text
    assert answer.json()["code"] in REFUSED
    for word in (scene.held, scene.waiting, "receipt", "PK\x03\x04", "entry"):
        assert word not in answer.text


@pytest.mark.parametrize("name", [*ENTERED, *OTHERS])
def test_a_database_that_takes_nothing_lets_nothing_out(scene: Scene, name: str) -> None:
    scene.school.token(), scene.office.token()
    before = books(scene.world)

    with read_only(scene.world):
        check_refused((ENTERED | OTHERS)[name](scene), scene)

    assert books(scene.world) == before


@pytest.mark.parametrize("name", ENTERED)
def test_a_log_that_takes_nothing_lets_nothing_happen(scene: Scene, name: str) -> None:
    """Everything else in the database could be written."""
    before = books(scene.world)

    with shut(scene.world):
        check_refused(ENTERED[name](scene), scene)

    assert books(scene.world) == before


@pytest.mark.parametrize("how", [read_only, shut])
@pytest.mark.parametrize("word", OPERATING)
def test_the_operator_does_nothing_that_is_not_entered(
    scene: Scene, word: str, how: Callable[[World], Iterator[None]]
) -> None:
    before = books(scene.world)

    with how(scene.world), pytest.raises(Failure) as refused:  # type: ignore[attr-defined]
        _act(scene.world, word, OPERATING[word])

    assert refused.value.code in REFUSED
    assert books(scene.world) == before


@pytest.mark.parametrize("how", [read_only, shut])
@pytest.mark.parametrize(
    ("word", "request_"),
    [
        ("break-glass", {"role": "betrieb", "reason": "Notfall"}),
        ("people-rename", {"name": "Erfunden-Anders", "reason": "Probe"}),
        ("people-revoke", {"role": "betrieb"}),
    ],
)
def test_nobody_is_let_in_renamed_or_shut_out_without_an_entry(
    scene: Scene,
    person: str,
    word: str,
    request_: dict[str, str],
    how: Callable[[World], Iterator[None]],
) -> None:
    before = books(scene.world)

    with how(scene.world), pytest.raises(Failure):  # type: ignore[attr-defined]
        _act(scene.world, word, {"person": person, **request_})

    assert books(scene.world) == before


def test_what_everybody_may_see_is_still_shown(scene: Scene) -> None:
    with read_only(scene.world):
        for path in ("/v1/log/checkpoint", "/v1/log/tile/0/000.p/1", "/health/live"):
            assert scene.school.http.get(path).status_code == 200


def test_once_the_log_is_there_again_everything_goes_on(scene: Scene) -> None:
    with read_only(scene.world):
        assert ENTERED["submit"](scene).status_code == 503

    assert ENTERED["submit"](scene).status_code == 201
