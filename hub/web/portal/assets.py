# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Which files does a browser get, and how does it know that they are the published ones?

The build gives every file a name that holds its digest, and writes all digests into one list. A
page names them with ``integrity``, so a file that somebody changed on its way is not run.
"""

import gzip
import json
import mimetypes
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from fastapi import APIRouter, Request, Response

from hub.errors import Failure, NotFound
from hub.web.pages import HERE

BUILT: Final = HERE / "static" / "gebaut"
LIST: Final = "dateien.json"
PREFIX: Final = "/portal/dateien"
_YEAR: Final = "public, max-age=31536000, immutable"
_COMPRESSED: Final = frozenset({".js", ".css", ".json", ".svg", ".txt"})
router = APIRouter(prefix=PREFIX, include_in_schema=False)


class NotBuilt(Failure):
    """The files for browsers were not built; ``make run`` builds them."""


@dataclass(frozen=True)
class Asset:
    """One file of the bundle, by the name it has in the source."""

    name: str
    integrity: str

    @property
    def path(self) -> str:
        return f"{PREFIX}/{self.name}"


@cache
def listed() -> dict[str, Asset]:
    """Return the files by what they are in the source: ``main.js``, ``portal.css``."""
    try:
        said = json.loads((BUILT / LIST).read_bytes())
    except FileNotFoundError:
        raise NotBuilt from None
    return {name: Asset(each["file"], each["integrity"]) for name, each in said.items()}


@cache
def import_map() -> dict[str, dict[str, str]]:
    """Return the digest of each part of the program, so that parts loaded later are checked too."""
    parts = [each for each in listed().values() if each.name.endswith(".js")]
    return {"integrity": {each.path: each.integrity for each in parts}}


@cache
def _names() -> frozenset[str]:
    return frozenset(each.name for each in listed().values()) | {LIST}


@cache
def _content(name: str, *, compressed: bool) -> bytes:
    raw = (BUILT / name).read_bytes()
    return gzip.compress(raw, 9, mtime=0) if compressed else raw


@router.get("/{name:path}")
async def get_file(name: str, request: Request) -> Response:
    """Give a file of the bundle; its name changes whenever its content does."""
    if name not in _names():
        raise NotFound
    kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
    wanted = Path(name).suffix in _COMPRESSED
    is_taken = "gzip" in request.headers.get("accept-encoding", "")
    headers = {
        "cache-control": "no-cache" if name == LIST else _YEAR,
        # A school authority may host the same files elsewhere, and the page then asks across.
        "access-control-allow-origin": "*",
        "cross-origin-resource-policy": "cross-origin",
        "vary": "accept-encoding",
    }
    if wanted and is_taken:
        headers["content-encoding"] = "gzip"
    content = _content(name, compressed=wanted and is_taken)
    return Response(content, media_type=kind, headers=headers)
