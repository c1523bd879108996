# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""People of an office, as tests need them without a browser: each with a device and cookies."""

import re
from typing import Any, Final

import httpx2

from hub.people.change import OPERATOR
from hub.people.grants import Naming
from hub.people.invitations import invite, link_of
from hub.people.place import changing_now
from tests.eingang.world import Inbox, words_of
from tests.portal.authenticator import Authenticator

SIGN_IN: Final = "/eingang/anmeldung"
_MARKE: Final = re.compile(r'name="marke" value="([A-Za-z0-9_-]{43})"')


def link_for(inbox: Inbox, name: str, *roles: str, unit: str = "", until: int | None = None) -> str:
    """Have the operator let somebody in; returns the one-time link."""
    naming = Naming(name, tuple(roles), unit or inbox.unit, until=until)
    code = changing_now(inbox.room, OPERATOR, lambda change: invite(change, naming))
    return link_of(code, inbox.room)


class Somebody:
    """One person with one device; knows no more than a browser does."""

    def __init__(self, inbox: Inbox, *, system: str = "Windows NT 10.0") -> None:
        self.inbox = inbox
        self.device = Authenticator(inbox.url)
        headers = {
            "accept": "text/html,application/xhtml+xml",
            "origin": inbox.url,
            "sec-fetch-site": "same-origin",
            "user-agent": f"Mozilla/5.0 ({system}) Firefox/140.0",
        }
        # A connection for each request, so that none is left open where a test ends.
        limits = httpx2.Limits(max_keepalive_connections=0)
        self.client = httpx2.Client(base_url=inbox.url, headers=headers, limits=limits, timeout=30)

    @property
    def cookie(self) -> str:
        return str(self.client.cookies.get("eingang") or "")

    @property
    def id(self) -> str:
        """Who this is in the books."""
        known = self.inbox.room.people.read_now(
            lambda connection: connection.exec_driver_sql(
                "SELECT person FROM passkey WHERE id = ?", (self.device.id,)
            ).scalar_one()
        )
        return str(known)

    def ask(self, path: str, said: Any, **headers: str) -> httpx2.Response:
        """Send JSON as a script of ours does."""
        return self.client.post(path, json=said, headers={"accept": "application/json", **headers})

    def join(self, link: str) -> httpx2.Response:
        """Make a passkey with a one-time link, which opens the first session."""
        code = link.partition("code=")[2]
        asked = self.ask(f"{SIGN_IN}/passkey/neu", {"code": code})
        if asked.is_error:
            return asked
        made = {"code": code, "credential": self.device.make(asked.json()), "label": "Telefon"}
        return self.ask(f"{SIGN_IN}/passkey", made)

    def enter(self, onward: str = "") -> httpx2.Response:
        """Sign in with the passkey."""
        asked = self.ask(f"{SIGN_IN}/passkey/frage", {}).json()
        said = {"credential": self.device.show(asked), "onward": onward}
        return self.ask(f"{SIGN_IN}/passkey/antwort", said)

    def get(self, path: str, **headers: str) -> httpx2.Response:
        return self.client.get(path, headers=headers)

    def text(self, path: str) -> str:
        """Return what can be read on a page."""
        answer = self.get(path)
        assert answer.status_code == 200, (path, answer.status_code, answer.headers)
        return words_of(answer.text)

    @property
    def marke(self) -> str:
        """The token of this session, as a page has it."""
        found = _MARKE.search(self.get("/eingang/konto").text)
        assert found, "nobody is signed in"
        return found[1]

    def post(self, path: str, **fields: str | list[str]) -> httpx2.Response:
        """Send a form of this session, with the passkey shown once more where that is wanted."""
        said = {"marke": self.marke, **fields}
        answer = self.client.post(path, data=said)
        if answer.status_code == 403 and "Passkey zeigen und senden" in answer.text:
            self.prove().raise_for_status()
            answer = self.client.post(path, data=said)
        return answer

    def prove(self) -> httpx2.Response:
        """Show the passkey once more."""
        headers = {"x-marke": self.marke}
        asked = self.ask("/eingang/konto/nachweis/frage", {}, **headers).json()
        shown = {"credential": self.device.show(asked["publicKey"])}
        return self.ask("/eingang/konto/nachweis", shown, **headers)


def joined(inbox: Inbox, name: str, *roles: str, system: str = "Windows NT 10.0") -> Somebody:
    """Return somebody who was invited and came in with a passkey."""
    person = Somebody(inbox, system=system)
    person.join(link_for(inbox, name, *roles)).raise_for_status()
    return person
