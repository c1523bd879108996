# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""People at a hub, as tests need them: named by the operator, signed in, with a form in hand."""

import re
from typing import Any, Final

import httpx2

from hub.main.acts import ACTS
from tests.world import World

COORDINATION: Final = "koordination:05170"
OTHERS: Final = "koordination:05566"
HTML: Final = {"accept": "text/html"}


def act(world: World, word: str, **said: str) -> dict[str, Any]:
    """Do what the operator's command asks for."""
    done: dict[str, Any] = world.node.writer.commit_now(
        lambda connection: ACTS[word](world.node, {"act": word, **said}, connection)
    )
    return done


def named(
    world: World,
    role: str = "koordination",
    organisation: str = COORDINATION,
    name: str = "Koordination Erfunden-Netz",
    **more: str,
) -> dict[str, Any]:
    """Let somebody in; returns the id and the one-time link."""
    said = {"name": name, "role": role, "organisation": organisation, **more}
    return act(world, "people-add", **said)


def code_of(made: dict[str, Any]) -> str:
    return str(made["link"]).partition("code=")[2]


def a_browser(world: World) -> httpx2.Client:
    """Return what keeps cookies and says where it comes from, and follows nothing by itself."""
    headers = {**HTML, "origin": world.url, "sec-fetch-site": "same-origin"}
    # A connection for each request, so that none is left open where a test ends.
    limits = httpx2.Limits(max_keepalive_connections=0)
    return httpx2.Client(base_url=world.url, headers=headers, limits=limits)


def entered(world: World, made: dict[str, Any]) -> httpx2.Client:
    """Return a browser in which somebody is signed in by their one-time link."""
    browser = a_browser(world)
    answer = browser.post("/anmeldung/einmal", data={"code": code_of(made)})
    assert answer.status_code == 303, answer.text
    return browser


def token_of(browser: httpx2.Client, path: str = "/anmeldung") -> str:
    """Return the token that the forms of this session bear."""
    found = re.search(r'name="marke" value="([^"]+)"', browser.get(path).text)
    assert found is not None
    return found[1]


def filled(browser: httpx2.Client, path: str, **fields: str | list[str]) -> httpx2.Response:
    """Send a form of this session."""
    return browser.post(path, data={"marke": token_of(browser), **fields})
