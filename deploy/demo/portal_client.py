# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""A person at the portal without a browser: does over HTTP what the pages do, and seals as they do.

It plays the school of the demo, and many schools where the portal is measured. It believes the
portal about keys; that a browser does not, the tests of the pages show.
"""

import hashlib
import json
from dataclasses import dataclass, field
from typing import Any, Final, Self
from urllib.parse import parse_qs, urlsplit

import httpx2
from uuid_utils.compat import uuid7

from deploy.demo.portal_vault import Vault, opened_share, share
from hub import clock
from hub.protocols.catalogue import Catalogue
from hub.protocols.deadlines import latest_end
from hub.sealing.canonical import b64, jcs, unb64
from hub.sealing.envelope import parse_message, parse_payload
from hub.sealing.opening import open_message
from hub.sealing.reader import ReaderPrivateKey, ReaderPublicKey
from hub.sealing.seal import Claims, ReaderChoice, seal
from hub.trust.keys import PrivateSigningKey

REPLY_KEY: Final = "rueckmeldung_an"
HTML: Final = {"accept": "text/html"}


class RefusedByPortal(Exception):  # noqa: N818  a state of affairs, as the refusals are
    """The portal said no; ``problem`` is what it said."""

    def __init__(self, status: int, problem: dict[str, Any]) -> None:
        super().__init__(f"{status} {problem.get('code')}: {problem.get('detail')}")
        self.status = status
        self.problem = problem

    @property
    def code(self) -> str:
        return str(self.problem.get("code", ""))


@dataclass
class Notice:
    """All of a message but its signature."""

    id: str
    payload: dict[str, Any]
    body: Any
    keys: list[Any]

    @property
    def digest(self) -> str:
        """What the person confirms: the very bytes that are signed."""
        return b64(hashlib.sha256(jcs(self.payload)).digest())


@dataclass
class Wish:
    """What somebody wants to say."""

    protocol: str
    step: str
    to: str
    urgency: str
    content: dict[str, Any] = field(repr=False)
    basis: str = ""
    thread: dict[str, Any] | None = None


@dataclass
class Person:
    """Somebody at one browser: cookies, keys, and the catalogue of what can be said."""

    url: str
    catalogue: Catalogue
    client: httpx2.Client = field(default_factory=lambda: httpx2.Client(timeout=60))
    me: dict[str, Any] = field(default_factory=dict)
    own: ReaderPrivateKey | None = None
    desk: dict[str, ReaderPrivateKey] = field(default_factory=dict)
    vault: Vault | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.client.close()

    @property
    def unit(self) -> str:
        return str(self.me["unit"])

    def ask(self, method: str, path: str, said: Any = None, **headers: str) -> Any:
        """Ask as a page does; raises ``RefusedByPortal``."""
        sent = {"origin": self.url, "sec-fetch-site": "same-origin", **headers}
        if self.me:
            sent["x-marke"] = self.me["marke"]
        if said is None:
            answer = self.client.request(method, self.url + path, headers=sent)
        else:
            answer = self.client.request(method, self.url + path, headers=sent, json=said)
        if answer.status_code >= httpx2.codes.BAD_REQUEST:
            raise RefusedByPortal(answer.status_code, _problem(answer))
        return (
            answer.json() if answer.content and "json" in answer.headers["content-type"] else None
        )

    def enter(self, link: str) -> None:
        """Open a session with a one-time link, where the portal is a demonstration."""
        [code] = parse_qs(urlsplit(link).fragment)["code"]
        self.ask("POST", "/portal/anmeldung/einmal", {"code": code})
        self.refresh()

    def refresh(self) -> None:
        self.me = self.ask("GET", "/portal/api/ich")

    def set_up(self) -> None:
        """Make a vault and a key of one's own; the first of a house makes its desk keys too."""
        self.vault = Vault(self.me["person"]["id"])
        self.own = ReaderPrivateKey.generate()
        said: dict[str, Any] = {
            "person_pub": self.own.public.b64,
            "sealed_seed": self.vault.seal_seed(self.own),
            "lock": self.vault.lock(),
        }
        if not self.me["house_keys"] and "verwalten" in self.me["roles"]:
            said["house_keys"] = self._desk_keys(self.own.public.b64)
        self.me = self.ask("PUT", "/portal/api/tresor", said)

    def share_desk(self) -> None:
        """Pass the desk keys on to everybody who waits for one."""
        for each in self.me["waiting_shares"]:
            sealed = share(self.desk_key(each["key"]), self.unit, each["pub"])
            path = f"/portal/api/haus/schluessel/{each['key']}/{each['person']}"
            self.ask("PUT", path, {"share": sealed})

    def desk_key(self, kid: str) -> ReaderPrivateKey:
        """Return a desk key that was made here, or passed on by a colleague."""
        if kid not in self.desk:
            assert self.own is not None  # noqa: S101  set up before
            [shared] = [each["share"] for each in self.me["house_keys"] if each["kid"] == kid]
            self.desk[kid] = opened_share(shared, kid, self.unit, self.own)
        return self.desk[kid]

    # -- saying something ---------------------------------------------------------------------

    def prepare(self, wish: Wish, office: dict[str, Any] | None = None) -> Notice:
        """Seal a content to the readers of an office; the portal signs what comes of it."""
        known = office or self.office(wish)
        protocol = self.catalogue.known(wish.protocol)
        step = protocol.step(wish.step)
        assert step is not None  # noqa: S101  named by the story
        schema = self.catalogue.schemas.by_digest(step.schema_digest)
        at, thread = int(clock.now()), wish.thread
        message = str(uuid7())
        claims = Claims(
            hub=self.me["hub"]["id"],
            iss=self.unit,
            aud=wish.to,
            jti=message,
            iat=at,
            end=latest_end(step, at, frozenset({wish.to.partition(":")[0]})),
            proto=protocol.name,
            step=step.id,
            cnv=thread["cnv"] if thread else message,
            pos=thread["pos"] + 1 if thread else 1,
            prv=thread["env"] if thread else None,
            urg=wish.urgency,
            lb=wish.basis or step.bases_of(frozenset({self.unit.partition(":")[0]}))[0],
        )
        content = dict(wish.content)
        if f"/{REPLY_KEY}" in schema.pointers and self.own is not None:
            content.setdefault(REPLY_KEY, self.own.kid)
        # The signature of this key goes nowhere: the portal signs the same claims for the house.
        sealed = seal(schema, content, claims, PrivateSigningKey.generate(), _readers(known))
        said = json.loads(sealed.raw)
        payload = json.loads(unb64(said["env"].split(".")[1]))
        return Notice(message, payload, said["body"], said["keys"])

    def office(self, wish: Wish) -> dict[str, Any]:
        """Ask whom a message would reach now."""
        asked = f"urgency={wish.urgency}&protocol={wish.protocol}&step={wish.step}"
        known: dict[str, Any] = self.ask("GET", f"/portal/api/stellen/{wish.to}?{asked}")
        return known

    def submit(self, notice: Notice, draft: str | None = None) -> dict[str, Any]:
        """Confirm what was prepared and have it sent."""
        self.ask("POST", "/portal/api/bestaetigung", {"digest": notice.digest})
        said = {
            "payload": notice.payload,
            "body": notice.body,
            "keys": notice.keys,
            "confirmation": {"kind": "code"},
            "note": None,
            "draft": draft,
        }
        answer: dict[str, Any] = self.ask("PUT", f"/portal/api/mitteilungen/{notice.id}", said)
        return answer

    def file(self, wish: Wish) -> tuple[str, dict[str, Any]]:
        """Do all of it; returns the id of the message and what came back."""
        notice = self.prepare(wish)
        return notice.id, self.submit(notice)

    # -- reading ------------------------------------------------------------------------------

    def inbox(self) -> dict[str, Any]:
        known: dict[str, Any] = self.ask("GET", "/portal/api/eingang")
        return known

    def open(self, letter: str) -> dict[str, Any]:
        """Open a letter with the own key or one of the desk, and say that it is open."""
        known = self.ask("GET", f"/portal/api/briefe/{letter}")
        parsed = parse_message(known["raw"].encode(), delivered=True)
        envelope = parse_payload(parsed.payload)
        key = self._key_for({reader.kid for reader in envelope.readers})
        step = self.catalogue.known(envelope.proto).step(envelope.step)
        assert step is not None  # noqa: S101  a protocol that both sides know
        schema = self.catalogue.schemas.by_digest(step.schema_digest)
        opened = open_message(parsed, envelope, schema, key)
        said = {"kid": key.kid, "classes": [*opened.classes]}
        self.ask("POST", f"/portal/api/briefe/{letter}/geoeffnet", said)
        return dict(opened.content or {})

    def acknowledge(self, letter: str) -> None:
        self.ask("POST", f"/portal/api/briefe/{letter}/bestaetigt", {})

    def thread(self, conversation: str) -> dict[str, Any]:
        known: dict[str, Any] = self.ask("GET", f"/portal/api/vorgaenge/{conversation}")
        return known

    def _desk_keys(self, own: str) -> list[dict[str, Any]]:
        desk, head = ReaderPrivateKey.generate(), ReaderPrivateKey.generate()
        self.desk[desk.kid] = desk
        shared = share(desk, self.unit, own)
        return [
            {"use": "dienst", "pub": desk.public.b64, "share": shared},
            # That of the head would be kept offline; here nobody keeps it.
            {"use": "leitung", "pub": head.public.b64},
        ]

    def _key_for(self, kids: set[str]) -> ReaderPrivateKey:
        if self.own is not None and self.own.kid in kids:
            return self.own
        shared = [each["kid"] for each in self.me["house_keys"] if each["share"]]
        return self.desk_key(next(kid for kid in shared if kid in kids))


def _readers(office: dict[str, Any]) -> list[ReaderChoice]:
    return [
        ReaderChoice(ReaderPublicKey.from_b64(each["pub"]), tuple(each["classes"]), each["rel"])
        for each in office["readers"]
    ]


def _problem(answer: httpx2.Response) -> dict[str, Any]:
    try:
        said: dict[str, Any] = answer.json()
    except ValueError:
        return {"code": "", "detail": answer.text[:200]}
    return said
