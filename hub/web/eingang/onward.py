# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Where does somebody go on who has just come in? To what they wanted, if it is a page of ours."""

import re
from typing import Final
from urllib.parse import quote

from fastapi import Request

from hub.adapters.inbox.roles import MANAGES, READERS

HOME: Final = "/eingang"
SIGN_IN: Final = "/eingang/anmeldung"
_ONWARD: Final = re.compile(
    r"/eingang(/[A-Za-z0-9_-]{1,64}){0,4}(\.pdf)?(\?[A-Za-z0-9_=&.:-]{0,200})?"
)


def onward(said: str | None) -> str:
    """Return where to go on after signing in: a page of the inbox, whatever was asked for."""
    if not said or not _ONWARD.fullmatch(said) or said.startswith(SIGN_IN):
        return HOME
    return said


def first_page(roles: frozenset[str]) -> str:
    """Return where somebody in these roles has something to do: the list, wherever they read it."""
    if roles & READERS:
        return HOME
    return "/eingang/leute" if MANAGES in roles else "/eingang/lesebuch"


def where_next(wanted: str | None, roles: frozenset[str]) -> str:
    """Return where somebody in these roles goes on who wanted to go to an address."""
    to = onward(wanted)
    return first_page(roles) if to == HOME else to


def here(request: Request) -> str:
    """Return the page that was asked for, as an address to come back to."""
    query = request.url.query
    return onward(request.url.path + (f"?{query}" if query else ""))


def sign_in_address(request: Request) -> str:
    """Return the way in that leads back to the page that was asked for."""
    return f"{SIGN_IN}?weiter={quote(here(request), safe='')}"
