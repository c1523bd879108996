# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""What does every part of a running portal need? One object, put together at start."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

import httpx2

from hub import clock
from hub.client.agency import Agency
from hub.client.hub import Hub
from hub.client.line import KEPT_OPEN
from hub.client.renewal import folder_of
from hub.model.ids import organisation_of
from hub.people.change import Rules
from hub.people.place import OidcClient
from hub.portal.books.database import Books
from hub.portal.rules import RULES
from hub.portal.settings import PortalSettings
from hub.protocols.catalogue import Catalogue
from hub.trust.passkeys import Questions

HOUSES: Final = "haeuser"
DATABASE: Final = "portal.db"
SIGN_IN: Final = "/portal/anmeldung"


@dataclass
class Desk:
    """A portal at work."""

    settings: PortalSettings
    books: Books
    catalogue: Catalogue
    clock: Callable[[], float] = clock.now
    questions: Questions = field(init=False)
    """Asks browsers at the portal's address for passkeys."""
    rules: Rules = RULES
    sign_in: str = SIGN_IN
    lines: dict[str, Hub] = field(default_factory=dict)
    """By unit: the line of a house to its hub; kept, because its token lives some minutes."""

    def __post_init__(self) -> None:
        self.questions = Questions(self.settings.public_url)

    @property
    def public_url(self) -> str:
        return self.settings.public_url

    @property
    def oidc(self) -> OidcClient | None:
        """As what the identity provider of a school authority knows this portal."""
        return self.settings.oidc

    @property
    def folder(self) -> Path:
        """Where the houses' own folders with their keys are."""
        return self.settings.data_dir / HOUSES

    @property
    def second(self) -> int:
        return int(self.clock())

    @property
    def is_demonstration(self) -> bool:
        """Whether nothing here is real: the settings say so, and the address is this machine."""
        address = urlsplit(self.settings.public_url)
        here = (address.hostname or "") in {"localhost", "127.0.0.1", "::1"}
        return self.settings.demo and here and address.scheme == "http"

    def folder_of(self, unit: str) -> Path:
        """Return the folder of a house; nothing of its name comes from a request unchecked."""
        organisation = organisation_of(unit)
        return folder_of(self.folder / organisation.replace(":", "-"), organisation, unit)

    def line(self, unit: str) -> Hub:
        """Return the line of a house to its hub, opened at the first use.

        Raises ``FileNotFoundError`` where the house has no keys here.
        """
        known = self.lines.get(unit)
        if known is None:
            agency = Agency.load(self.folder_of(unit))
            client = httpx2.AsyncClient(limits=KEPT_OPEN)
            known = Hub(agency.hub.url, agency, catalogue=self.catalogue, client=client)
            self.lines[unit] = known
        return known

    async def close(self) -> None:
        """Close all lines, then the books."""
        for line in self.lines.values():
            await line.__aexit__(None, None, None)
        self.books.close()
