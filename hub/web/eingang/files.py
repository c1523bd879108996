# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Which files does a browser get of the inbox? Style, letters and small scripts; nothing of a case.

They come out of the same build as those of the portal, with their digests in their names.
"""

from functools import cache
from typing import Final

from fastapi import APIRouter, Request, Response

from hub.web.portal.assets import Asset, get_file, listed

PREFIX: Final = "/eingang/static"
router = APIRouter(prefix=PREFIX, include_in_schema=False)


class File(Asset):
    """A file as the pages of the inbox name it."""

    @property
    def path(self) -> str:
        return f"{PREFIX}/{self.name}"


@cache
def files() -> dict[str, File]:
    """Return the files by what they are in the source: ``eingang.css``, ``eingang/liste.js``."""
    return {name: File(each.name, each.integrity) for name, each in listed().items()}


@router.get("/{name:path}")
async def get(name: str, request: Request) -> Response:
    """Give a file of the bundle; its name changes whenever its content does."""
    return await get_file(name, request)
