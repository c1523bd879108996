# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Is every address of the inbox shut to strangers, and to everybody whose role is another one?

A route that somebody adds stands in the table below, or these tests fail.
"""

import pkgutil
import re
from collections.abc import Iterator
from importlib import import_module

import httpx2
import pytest
from fastapi.routing import APIRoute, APIRouter

from hub.adapters.inbox.roles import LEADS, MANAGES, READERS, ROLES, WATCHES
from hub.web import eingang
from tests.eingang.people import Somebody, joined
from tests.eingang.world import Inbox

MISSING = "01990000-0000-7000-8000-000000000000"
_PART = re.compile(r"\{(\w+)(?::\w+)?\}")
OPEN = frozenset({
    "/",
    "/eingang/anmeldung",
    "/eingang/barrierefreiheit",
    "/eingang/datenschutz",
    "/eingang/static",
    "/health",
})  # fmt: skip
"""Below these anybody may ask: nothing there is about a case, or about a person."""
ACCESS = {
    "/eingang": READERS,
    "/eingang/abmelden": frozenset(ROLES),
    "/eingang/konto": frozenset(ROLES),
    "/eingang/lesebuch": frozenset({WATCHES}),
    "/eingang/leute": frozenset({MANAGES}),
    "/eingang/mitteilung": READERS,
    "/eingang/stand": READERS,
    "/eingang/uebergabe": READERS,
    "/eingang/zustand": frozenset({MANAGES, LEADS}),
}
NEEDS_MORE = ("/anvertraut", "/benennung")
"""A role alone does not open these: they are for whoever has taken the matter over."""
SHUT = frozenset({httpx2.codes.FORBIDDEN, httpx2.codes.UNAUTHORIZED})
REFUSED = SHUT | {httpx2.codes.BAD_REQUEST}


def routes() -> Iterator[tuple[str, str]]:
    """Yield method and path of everything that the modules of the inbox answer to."""
    for module in pkgutil.iter_modules(eingang.__path__):
        held = vars(import_module(f"hub.web.eingang.{module.name}")).values()
        for router in (each for each in held if isinstance(each, APIRouter)):
            for route in (each for each in router.routes if isinstance(each, APIRoute)):
                yield from ((method, route.path) for method in route.methods or ())


def place(path: str) -> str:
    """Return the longest entry of the tables above under which a path falls."""
    known = (OPEN - {"/"}) | ACCESS.keys()
    found = [each for each in known if path == each or path.startswith(f"{each}/")]
    exact = path in {"/", "/eingang"}
    below = [each for each in found if each != "/eingang"]
    assert exact or below, f"{path} stands in no table"
    return path if exact else max(below, key=len)


ROUTES = sorted(set(routes()))
GUARDED = [(method, path, place(path)) for method, path in ROUTES if place(path) not in OPEN]


def guarded(inbox: Inbox) -> Iterator[tuple[str, str, str]]:
    """Yield the shut routes with a notice that is there, and where each stands in the table."""
    known = {"message": inbox.sent["schule"].id, "step": "rueckmeldung"}
    for method, path, where in GUARDED:
        yield method, _PART.sub(lambda part: known.get(part[1], MISSING), path), where


def test_every_way_into_the_inbox_is_known() -> None:
    assert {place(path) for _, path in ROUTES} >= ACCESS.keys()


def test_a_stranger_is_let_in_nowhere(inbox: Inbox) -> None:
    stranger = Somebody(inbox)
    for method, path, _ in guarded(inbox):
        page = stranger.client.request(method, path)
        to = page.headers.get("location", "")
        assert page.status_code in SHUT or "/eingang/anmeldung?weiter=" in to, (method, path)
        script = stranger.client.request(method, path, headers={"accept": "application/json"})
        assert script.status_code == httpx2.codes.UNAUTHORIZED, (method, path)


@pytest.mark.parametrize("role", ROLES)
def test_a_role_opens_what_it_is_for_and_nothing_else(inbox: Inbox, role: str) -> None:
    person = joined(inbox, f"Rolle Erfunden-{role}", role)
    marke = person.marke
    for method, path, where in guarded(inbox):
        if path == "/eingang/abmelden":
            continue
        said = {"marke": marke} if method == "POST" else None
        answer = person.client.request(method, path, data=said)
        if role in ACCESS[where]:
            needs_more = path.endswith(NEEDS_MORE)
            assert needs_more or answer.status_code not in REFUSED, (
                method,
                path,
                answer.text[:200],
            )
        elif path == "/eingang":
            # The door leads whoever reads no notice to what they are here for.
            assert answer.headers["location"] in {"/eingang/leute", "/eingang/lesebuch"}
        else:
            assert answer.status_code == httpx2.codes.FORBIDDEN, (method, path)


def test_nothing_is_changed_without_the_token_of_the_session(inbox: Inbox) -> None:
    person = joined(inbox, "Rolle Erfunden-alle", *ROLES)
    for method, path, _ in guarded(inbox):
        if method != "GET":
            for said in ({}, {"marke": "A" * 43}):
                answer = person.client.request(method, path, data=said)
                assert answer.status_code == httpx2.codes.FORBIDDEN, (method, path)
    assert person.get("/eingang/konto").status_code == httpx2.codes.OK
