# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""People at a portal, as tests need them without a browser: each with a device and a cookie jar."""

import secrets
from typing import Any, Final

import httpx2

from hub.people.proving import WANTED
from hub.sealing.canonical import b64
from hub.sealing.reader import ReaderPrivateKey
from tests.portal.authenticator import Authenticator
from tests.portal.world import PortalWorld

JSON: Final = {"accept": "application/json"}


def a_box() -> str:
    """Return something that looks sealed."""
    return b64(secrets.token_bytes(80))


class Somebody:
    """One person with one device; knows no more than a browser does."""

    def __init__(self, portal: PortalWorld, *, system: str = "Windows NT 10.0") -> None:
        self.portal = portal
        self.device = Authenticator(portal.url)
        self.person_key = ReaderPrivateKey.generate()
        headers = {
            **JSON,
            "origin": portal.url,
            "sec-fetch-site": "same-origin",
            "user-agent": f"Mozilla/5.0 ({system}) Firefox/140.0",
        }
        # A connection for each request, so that none is left open where a test ends.
        limits = httpx2.Limits(max_keepalive_connections=0)
        self.client = httpx2.Client(base_url=portal.url, headers=headers, limits=limits, timeout=30)

    @property
    def cookie(self) -> str:
        return str(self.client.cookies.get("portal") or "")

    def join(self, link: str) -> httpx2.Response:
        """Make a passkey with a one-time link, which opens the first session."""
        code = link.partition("code=")[2]
        asked = self.post("/portal/anmeldung/passkey/neu", {"code": code})
        if asked.is_error:
            return asked
        made = self.device.make(asked.json())
        said = {"code": code, "credential": made, "label": "Dienstrechner", "prf": True}
        return self.post("/portal/anmeldung/passkey", said)

    def enter(self, onward: str = "") -> httpx2.Response:
        """Sign in with the passkey."""
        asked = self.post("/portal/anmeldung/passkey/frage", {})
        said = {"credential": self.device.show(asked.json()), "onward": onward}
        return self.post("/portal/anmeldung/passkey/antwort", said)

    def me(self) -> dict[str, Any]:
        said: dict[str, Any] = self.client.get("/portal/api/ich").raise_for_status().json()
        return said

    def post(self, path: str, said: Any = None, method: str = "POST") -> httpx2.Response:
        """Send something as a page of the portal does that nobody is signed in at."""
        return self.client.request(method, path, json=said)

    def send(self, method: str, path: str, said: Any = None) -> httpx2.Response:
        """Send something as a page of this session does, with a proof where one is wanted."""
        answer = self.send_once(method, path, said)
        if answer.status_code == 403 and answer.json()["detail"] == WANTED:
            self.prove().raise_for_status()
            answer = self.send_once(method, path, said)
        return answer

    def send_once(self, method: str, path: str, said: Any = None) -> httpx2.Response:
        """Send something as a page of this session does, and nothing besides."""
        marke = self.me()["marke"]
        return self.client.request(method, path, json=said, headers={"x-marke": marke})

    def prove(self) -> httpx2.Response:
        """Show the passkey once more."""
        asked = self.send_once("POST", "/portal/api/konto/nachweis/frage").json()
        shown = {"credential": self.device.show(asked["publicKey"])}
        return self.send_once("POST", "/portal/api/konto/nachweis", shown)

    def boxes(self, *, first: bool = False) -> dict[str, Any]:
        """Return what a browser makes when somebody begins; no key of it leaves this test."""
        said: dict[str, Any] = {
            "person_pub": self.person_key.public.b64,
            "sealed_seed": a_box(),
            "lock": {"kind": "passkey", "name": self.device.id, "wrapped": a_box()},
        }
        if first:
            said["house_keys"] = [
                {"use": use, "pub": ReaderPrivateKey.generate().public.b64, "share": share}
                for use, share in (("dienst", a_box()), ("leitung", None))
            ]
        return said

    def set_up(self, *, first: bool = False) -> httpx2.Response:
        return self.send("PUT", "/portal/api/tresor", self.boxes(first=first))


def joined(
    portal: PortalWorld, name: str, *roles: str, first: bool = False, **more: str
) -> Somebody:
    """Return somebody who was invited, came in and made their keys."""
    person = Somebody(portal)
    person.join(portal.link(name, *roles, **more)).raise_for_status()
    person.set_up(first=first).raise_for_status()
    return person
