# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""What do all pages with a sign-in know of a browser: its cookie, its origin, its form, its device?

Portal and inbox ask the same of it. A cookie holds 256 random bits and means nothing by itself;
whatever changes something comes from an own page, as the browser itself says, and bears a token.
"""

import hmac
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from ipaddress import ip_address
from typing import Final, Literal
from urllib.parse import parse_qsl, urlsplit

from fastapi import Request, Response

from hub.errors import EnvelopeInvalid, NotPermitted
from hub.sealing.canonical import b64

UNSAFE: Final = frozenset({"DELETE", "PATCH", "POST", "PUT"})
FORM: Final = "application/x-www-form-urlencoded"
MOST_FIELDS: Final = 400
"""Of one form: a list of all that is open is handed over in one."""
_SECRET: Final = re.compile(r"[A-Za-z0-9_-]{43}")


@dataclass(frozen=True)
class Jar:
    """The cookies of one application at one address."""

    public_url: str
    word: str
    """What the cookie of a session is called; part of the token as well."""

    @property
    def is_plain(self) -> bool:
        """Whether the address is reached without TLS, which it is on this machine alone."""
        address = urlsplit(self.public_url)
        return address.scheme == "http" and is_loopback(address.hostname or "")

    def name(self, word: str = "") -> str:
        """Return what a cookie is called; with ``__Host-`` no other host or path can set it.

        Browsers take such a name over TLS alone, and so an address on loopback has another.
        """
        named = word or self.word
        return named if self.is_plain else f"__Host-{named}"

    def secret(self, request: Request) -> str:
        """Return the secret of a session as the browser shows it; empty for none."""
        shown = request.cookies.get(self.name(), "")
        return shown if _SECRET.fullmatch(shown) else ""

    def keep(
        self,
        response: Response,
        value: str,
        lasts: int,
        *,
        word: str = "",
        samesite: Literal["lax", "strict"] = "strict",
    ) -> Response:
        """Give the browser a cookie that no script reads."""
        response.set_cookie(
            self.name(word),
            value,
            max_age=max(0, lasts),
            path="/",
            secure=not self.is_plain,
            httponly=True,
            samesite=samesite,
        )
        return response

    def drop(
        self, response: Response, *, word: str = "", samesite: Literal["lax", "strict"] = "strict"
    ) -> Response:
        """Take a cookie out of the browser."""
        response.delete_cookie(
            self.name(word),
            path="/",
            secure=not self.is_plain,
            httponly=True,
            samesite=samesite,
        )
        return response

    def marke(self, secret: str) -> str:
        """Return the token of a session; it is in no cookie, and does not lead to the secret."""
        return b64(sha256(f"{self.word} {secret}".encode()).digest())

    def check_own_page(self, request: Request) -> None:
        """Refuse what no page of ours has sent; browsers of these years say where it comes from.

        Where one says neither, it is none that could be tricked, and none that signs in here.
        """
        site, origin = request.headers.get("sec-fetch-site"), request.headers.get("origin")
        address = urlsplit(self.public_url)
        ours = f"{address.scheme}://{address.netloc}"
        if site not in {None, "same-origin"} or origin not in {None, ours}:
            raise NotPermitted("The request comes from no page of this address.")
        if site is None and origin is None:
            raise NotPermitted("The request does not say where it comes from.")


@dataclass(frozen=True)
class Form:
    """The fields that a page has sent, each with all its values, without blanks around them."""

    fields: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def one(self, name: str) -> str:
        """Return the first value of a field; empty where there is none."""
        return self.all(name)[0] if self.all(name) else ""

    def all(self, name: str) -> tuple[str, ...]:
        """Return every value of a field."""
        return self.fields.get(name, ())

    def has(self, name: str) -> bool:
        """Tell whether a field was sent, as a box is that was ticked."""
        return name in self.fields

    def without(self, *names: str) -> "Form":
        """Return the form without some fields."""
        return Form({name: each for name, each in self.fields.items() if name not in names})


async def read_form(request: Request) -> Form:
    """Read the fields of a form; raises ``EnvelopeInvalid`` for what is none."""
    try:
        pairs = parse_qsl(
            (await request.body()).decode("ascii"),
            keep_blank_values=True,
            errors="strict",
            max_num_fields=MOST_FIELDS,
        )
    except ValueError:
        raise EnvelopeInvalid("The body is not a form.") from None
    found: dict[str, tuple[str, ...]] = {}
    for name, value in pairs:
        found[name] = (*found.get(name, ()), value.strip())
    return Form(found)


def is_form(request: Request) -> bool:
    """Tell whether a request brings a form, and not what a script has put together."""
    return request.headers.get("content-type", "").partition(";")[0].strip() == FORM


def check_marke(shown: str, marke: str) -> None:
    """Refuse what does not bear the token of its session."""
    if not hmac.compare_digest(shown.encode(), marke.encode()):
        raise NotPermitted("The request belongs to another session.")


def is_loopback(host: str) -> bool:
    """Tell whether a name or an address is that of this machine to itself."""
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def peer_of(request: Request) -> str:
    """Return the address that a request came from."""
    return request.client.host if request.client else ""


def device_of(request: Request) -> str:
    """Return what the owner of a session will know a device by; nothing that tells two apart."""
    said = request.headers.get("user-agent", "")[:400]
    system = next((name for word, name in _SYSTEMS if word in said), "")
    browser = next((name for word, name in _BROWSERS if word in said), "Browser")
    return f"{browser}, {system}" if system else browser


_SYSTEMS: Final = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS X", "Mac"),
    ("Linux", "Linux"),
)
# Each names those below it as well, so the order decides.
_BROWSERS: Final = (
    ("Edg/", "Edge"),
    ("OPR/", "Opera"),
    ("Firefox/", "Firefox"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
