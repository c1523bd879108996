# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Requests made ready before the clock runs: sealed, signed, each with its own proof.

A benchmark measures the hub, so nothing is computed while it runs. To seal is dear, so a school
seals some messages and signs further envelopes around the same sealed bodies, each with an id of
its own: to the hub, which cannot open them, each is a new message and as much work as any.
"""

import http.client
import json
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import cycle
from typing import Any, Final
from urllib.parse import urlencode

from uuid_utils.compat import uuid7

from bench.ground import Ground
from hub.client import Agency
from hub.client.line import JSON
from hub.model.message import WrappedKey
from hub.protocols.catalogue import Catalogue
from hub.protocols.deadlines import latest_end
from hub.sealing.canonical import jcs, unb64
from hub.sealing.envelope import write_message
from hub.sealing.jws import MESSAGE_TYP, write_jws
from hub.sealing.seal import Claims, ReaderChoice, seal
from hub.trust.keys import PrivateSigningKey
from hub.trust.tokens import Request, make_client_assertion, make_dpop_proof

ASSERTION: Final = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
SEALED_EACH: Final = 4
"""Messages that one school seals for each kind; the others have the same body."""
RENEWED: Final = 120
"""Seconds before the end of a token at which another is asked for."""


@dataclass(frozen=True)
class Message:
    """One message as it will be sent."""

    id: str
    raw: bytes


@dataclass
class Sender:
    """One unit with its token."""

    agency: Agency
    ground: Ground
    binding: PrivateSigningKey = field(default_factory=PrivateSigningKey.generate)
    _token: str = ""
    _ends: float = 0
    _sealed: dict[tuple[str, str], list[dict[str, Any]]] = field(default_factory=dict)

    def messages(
        self,
        protocol: str,
        content: Mapping[str, Any],
        count: int,
        to: Agency | None = None,
        duty: Agency | None = None,
    ) -> list[Message]:
        """Return so many messages of one kind, issued now.

        Those that name who has ``duty`` are sealed to it too, and cannot wait.
        """
        office = to or self.ground.office
        kind = (protocol, office.id)
        if kind not in self._sealed:
            sealed = (self.sealed(protocol, content, office, duty) for _ in range(SEALED_EACH))
            self._sealed[kind] = [_parts(raw) for raw in sealed]
        templates = cycle(self._sealed[kind])
        return [self._signed_anew(next(templates)) for _ in range(count)]

    def request(
        self, method: str, path: str, body: bytes | None = None, *, query: str = ""
    ) -> bytes:
        """Return the bytes of one request with token and proof, to be sent within a minute.

        The ``query`` is no part of what is proven (RFC 9449 § 4.2).
        """
        token = self.token()
        asked = Request(method, self.agency.hub.issuer + path)
        proof = make_dpop_proof(self.binding, asked, int(time.time()), access_token=token)
        return written(
            method,
            path + query,
            body or b"",
            {"authorization": f"DPoP {token}", "dpop": proof, "content-type": JSON},
        )

    def token(self) -> str:
        """Return a token that lasts for a round."""
        if time.time() > self._ends - RENEWED:
            said = self._new_token()
            self._token, self._ends = said["access_token"], time.time() + said["expires_in"]
        return self._token

    def _new_token(self) -> dict[str, Any]:
        issuer, now = self.agency.hub.issuer, int(time.time())
        form = {
            "grant_type": "client_credentials",
            "client_assertion_type": ASSERTION,
            "client_assertion": make_client_assertion(
                self.agency.token, self.agency.id, issuer, now
            ),
        }
        proof = make_dpop_proof(self.binding, Request("POST", f"{issuer}/oauth/token"), now)
        headers = {"content-type": "application/x-www-form-urlencoded", "dpop": proof}
        line = http.client.HTTPConnection("localhost", self.ground.port, timeout=30)
        try:
            line.request("POST", "/oauth/token", urlencode(form), headers)
            said: dict[str, Any] = json.loads(line.getresponse().read())
        finally:
            line.close()
        return said

    def sealed(
        self,
        protocol: str,
        content: Mapping[str, Any],
        office: Agency,
        duty: Agency | None = None,
    ) -> bytes:
        """Seal a message as the SDK does; this one can be opened."""
        catalogue: Catalogue = self.ground.catalogue
        step = catalogue.known(protocol).steps[0]
        schema = catalogue.schemas.by_digest(step.schema_digest)
        said = dict(content)
        if "/rueckmeldung_an" in schema.pointers and self.agency.person is not None:
            said["rueckmeldung_an"] = self.agency.person.kid
        name, now = str(uuid7()), int(time.time())
        claims = Claims(
            hub=self.agency.hub.id,
            iss=self.agency.id,
            aud=office.id,
            jti=name,
            iat=now,
            end=latest_end(step, now, frozenset({"jugendamt"})),
            proto=protocol,
            step=step.id,
            cnv=name,
            pos=1,
            urg="sofort" if duty else "unverzueglich",
            lb=step.basis_sender[0],
        )
        keys = [*office.desk, *(duty.desk if duty else ())]
        readers = [ReaderChoice(key.public, schema.classes) for key in keys]
        return seal(schema, said, claims, self.agency.signing, readers).raw

    def _signed_anew(self, template: dict[str, Any]) -> Message:
        name, now = str(uuid7()), int(time.time())
        claims = template["claims"]
        lasts = claims["end"] - claims["iat"]
        own = {**claims, "jti": name, "cnv": name, "iat": now, "end": now + lasts}
        env = write_jws(MESSAGE_TYP, own, self.agency.signing)
        return Message(name, write_message(env, template["body"], template["keys"]))


def _parts(raw: bytes) -> dict[str, Any]:
    """Return the parts of which further messages are made."""
    parts: dict[str, Any] = json.loads(raw)
    return {
        "claims": json.loads(unb64(parts["env"].split(".")[1])),
        "body": jcs(parts["body"]),
        "keys": tuple(WrappedKey(key["kid"], key["wrap"]) for key in parts["keys"]),
    }


def written(method: str, path: str, body: bytes, headers: Mapping[str, str]) -> bytes:
    """Return the bytes of one HTTP/1.1 request."""
    lines = [f"{method} {path} HTTP/1.1", "host: localhost"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    lines += [f"content-length: {len(body)}", "", ""]
    return "\r\n".join(lines).encode("ascii") + body
