# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""What has a program that people sign in to? Its books, its address, its rules, its clock.

Portal and inbox each put it together in their own way; the people's part asks for no more.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Protocol, TypeVar

from sqlalchemy import Connection

from hub.people.change import Change, Rules
from hub.store.books import Books
from hub.trust.passkeys import Questions

T = TypeVar("T")


@dataclass(frozen=True)
class OidcClient:
    """A program as the identity provider of its people knows it."""

    issuer: str
    client: str
    secret: str = field(default="", repr=False)
    name: str = ""
    """How the button calls the provider."""
    acr: tuple[str, ...] = ()
    """Which ``acr`` counts as two factors; without any, ``amr`` must say so."""


class Place(Protocol):
    """Where people work, as the people's part sees it."""

    @property
    def books(self) -> Books: ...
    @property
    def rules(self) -> Rules: ...
    @property
    def questions(self) -> Questions:
        """Asks browsers at this address for passkeys."""

    @property
    def public_url(self) -> str:
        """Address at which browsers find it; passkeys are bound to its host."""

    @property
    def sign_in(self) -> str:
        """Path of the way in."""

    @property
    def oidc(self) -> OidcClient | None:
        """Without one there are passkeys alone."""

    @property
    def second(self) -> int: ...
    @property
    def is_demonstration(self) -> bool:
        """Whether nothing here is real, so that a one-time link lets somebody in by itself."""


async def changing(place: Place, by: str, work: Callable[[Change], T]) -> T:
    """Change something about people in one transaction."""
    return await place.books.write(partial(_changed, place, by, work))


def changing_now(place: Place, by: str, work: Callable[[Change], T]) -> T:
    """Do the same from a thread that may wait (commands, tests)."""
    return place.books.write_now(partial(_changed, place, by, work))


def address_of(place: Place, path: str) -> str:
    """Return the address of something below the way in."""
    return f"{place.public_url.rstrip('/')}{place.sign_in}/{path}"


def _changed(place: Place, by: str, work: Callable[[Change], T], connection: Connection) -> T:
    return work(Change(connection, place.rules, by, place.second))
