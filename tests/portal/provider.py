# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""An identity provider on a loopback port, as far as a portal speaks to one; it can be made to lie.

It is no model of a provider: the journey with one that is certified runs in ``make interop``.
"""

import json
import threading
from base64 import b64decode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Final
from urllib.parse import parse_qs, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from jwt.algorithms import RSAAlgorithm

from hub import clock
from hub.sealing.canonical import b64, digest

CLIENT: Final = "portal-der-schule"
SECRET: Final = "nur-auf-diesem-rechner"
OUTSIDE: Final = 65537


@dataclass
class Provider:
    """What it knows, and how it lies."""

    issuer: str = ""
    key: RSAPrivateKey = field(default_factory=lambda: rsa.generate_private_key(OUTSIDE, 2048))
    kid: str = "schluessel-1"
    lies: dict[str, Any] = field(default_factory=dict)
    """Claims that stand in the next tokens in the place of true ones; ``None`` leaves one out."""
    says: dict[str, Any] = field(default_factory=dict)
    """Of itself, beside the usual."""
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    pushed: dict[str, dict[str, str]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    def metadata(self) -> dict[str, Any]:
        return {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/auth",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/jwks",
            "authorization_response_iss_parameter_supported": True,
            **self.says,
        }

    def jwks(self) -> dict[str, Any]:
        said: dict[str, Any] = RSAAlgorithm.to_jwk(self.key.public_key(), as_dict=True)
        return {"keys": [{**said, "kid": self.kid, "use": "sig", "alg": "RS256"}]}

    def signed_in(self, url: str, subject: str = "lehrkraft-1") -> dict[str, str]:
        """Sign somebody in who was led here; returns what their browser takes back."""
        asked = {name: each[0] for name, each in parse_qs(urlsplit(url).query).items()}
        asked = self.pushed.get(asked.get("request_uri", ""), asked)
        code = b64(f"code {len(self.codes)}".encode())
        self.codes[code] = {**asked, "sub": subject}
        return {"state": asked["state"], "code": code, "iss": self.issuer}

    def token(self, form: dict[str, str], client: str) -> dict[str, Any] | None:
        """Return tokens for a code, once, to the client that proves it began (RFC 7636)."""
        begun = self.codes.pop(form.get("code", ""), None)
        if begun is None or client != f"{CLIENT}:{SECRET}":
            return None
        if digest(form["code_verifier"]) != begun["code_challenge"]:
            return None
        now = int(clock.now())
        claims = {
            "iss": self.issuer,
            "sub": begun["sub"],
            "aud": CLIENT,
            "nonce": begun["nonce"],
            "iat": now,
            "exp": now + 300,
            "auth_time": now,
            "amr": ["pwd", "otp"],
            **self.lies,
        }
        said = {name: each for name, each in claims.items() if each is not None}
        return {"id_token": jwt.encode(said, self.key, "RS256", headers={"kid": self.kid})}


@contextmanager
def a_provider() -> Iterator[Provider]:
    """Run a provider for as long as the block lasts."""
    provider = Provider()
    server = ThreadingHTTPServer(("127.0.0.1", 0), _face(provider))
    provider.issuer = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield provider
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _face(provider: Provider) -> type[BaseHTTPRequestHandler]:
    class Face(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            provider.asked.append(self.path)
            known = {
                "/.well-known/openid-configuration": provider.metadata,
                "/jwks": provider.jwks,
            }
            self._answer(known[self.path]() if self.path in known else None)

        def do_POST(self) -> None:
            provider.asked.append(self.path)
            raw = self.rfile.read(int(self.headers["content-length"])).decode()
            form = {name: each[0] for name, each in parse_qs(raw).items()}
            if self.path == "/par":
                reference = f"urn:pushed:{len(provider.pushed)}"
                provider.pushed[reference] = form
                self._answer({"request_uri": reference, "expires_in": 60})
                return
            shown = self.headers.get("authorization", "").removeprefix("Basic ")
            self._answer(provider.token(form, b64decode(shown).decode()))

        def _answer(self, said: dict[str, Any] | None) -> None:
            raw = json.dumps(said or {"error": "invalid_grant"}).encode()
            self.send_response(200 if said else 400)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(raw)))
            self.end_headers()
            self.wfile.write(raw)

        def log_message(self, *_: object) -> None:
            """Say nothing: a test reads what it asks for."""

    return Face
