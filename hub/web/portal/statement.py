# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""The statement about accessibility, and the form in which somebody tells of a barrier.

The form works without a script and without signing in (§ 10b Abs. 2 BGG NRW).
"""

import time
from collections.abc import Mapping
from functools import partial
from typing import Final
from urllib.parse import parse_qsl

from fastapi import APIRouter, Request, Response
from starlette.responses import RedirectResponse

from hub.errors import EnvelopeInvalid
from hub.portal.barriers import Told, statement, tell
from hub.web.browsers import peer_of
from hub.web.edge import check_media_type
from hub.web.limits import Buckets, Rate
from hub.web.portal.edge import TheDesk
from hub.web.portal.public_page import public_page
from hub.web.portal.shell import language_of
from hub.web.portal.visitor import (
    MaybeVisitor,
    Visitor,
    check_own_page,
    check_stranger,
)
from hub.web.sessions import FORM

router = APIRouter(include_in_schema=False)
STATEMENT: Final = "/barrierefreiheit"
LONGEST_SAID: Final = 4000
LONGEST_LINE: Final = 200
REPORTS: Final = Rate(per_second=1 / 60, burst=5)
"""From one address: somebody who tells of barriers tells of a few."""
_FIELDS: Final = ("seite", "barriere", "antwort")
_SAID: Final[dict[str, dict[str, str]]] = {
    "de": {
        "empty": "Was funktioniert nicht? Bitte schreiben Sie es in das Feld.",
        "long": f"Höchstens {LONGEST_SAID} Zeichen.",
        "line": f"Höchstens {LONGEST_LINE} Zeichen in einer Zeile.",
    },
    "en": {
        "empty": "What does not work? Please write it into the field.",
        "long": f"At most {LONGEST_SAID} characters.",
        "line": f"At most {LONGEST_LINE} characters in one line.",
    },
}
_BROKEN: Final = "The body is not a form."


@router.get("/portal/barrierefreiheit")
@router.get(STATEMENT)
async def get_statement(request: Request, visitor: MaybeVisitor) -> Response:
    """The statement about accessibility, with its form (§ 10b Abs. 2 BGG NRW)."""
    return _statement(request, visitor, number=_number(request.query_params.get("eingang")))


@router.post("/portal/barrierefreiheit")
@router.post(STATEMENT)
async def post_barrier(request: Request, desk: TheDesk, visitor: MaybeVisitor) -> Response:
    """Take what somebody tells of a barrier; who it is, nobody has to say."""
    check_stranger(request, "barriere")
    check_own_page(request)
    check_media_type(request, FORM)
    said = _fields(await request.body())
    wrong = _wrong(said, _SAID[language_of(request)])
    if wrong:
        return _statement(request, visitor, said=said, wrong=wrong, status=422)
    _reports(request).check_rate(peer_of(request), time.monotonic())
    told = Told(*(said[name] for name in _FIELDS))
    kept = partial(tell, told=told, settings=desk.settings, second=desk.second)
    number = await desk.books.write(kept)
    return RedirectResponse(f"{STATEMENT}?eingang={number}#danke", status_code=303)


def _statement(
    request: Request,
    visitor: Visitor | None,
    *,
    said: Mapping[str, str] | None = None,
    wrong: Mapping[str, str] | None = None,
    number: str = "",
    status: int = 200,
) -> Response:
    return public_page(
        "barrierefreiheit",
        request,
        visitor,
        status,
        statement=statement(),
        said=said or dict.fromkeys(_FIELDS, ""),
        wrong=wrong or {},
        number=number,
        longest=LONGEST_SAID,
        address=request.app.state.edge.desk.settings.public_url,
    )


def _reports(request: Request) -> Buckets:
    """Return what counts reports by address, one for each running portal."""
    state = request.app.state
    if not hasattr(state, "reports"):
        state.reports = Buckets(REPORTS)
    kept: Buckets = state.reports
    return kept


def _fields(raw: bytes) -> dict[str, str]:
    try:
        pairs = parse_qsl(
            raw.decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=10
        )
    except ValueError:
        raise EnvelopeInvalid(_BROKEN) from None
    filled = {name: value.strip().replace("\r\n", "\n") for name, value in pairs}
    return {name: filled.get(name, "") for name in _FIELDS}


def _wrong(said: Mapping[str, str], texts: Mapping[str, str]) -> dict[str, str]:
    wrong: dict[str, str] = {}
    for name in ("seite", "antwort"):
        if len(said[name]) > LONGEST_LINE or not said[name].isprintable():
            wrong[name] = texts["line"]
    if not said["barriere"]:
        wrong["barriere"] = texts["empty"]
    elif len(said["barriere"]) > LONGEST_SAID or not _is_text(said["barriere"]):
        wrong["barriere"] = texts["long"]
    return wrong


def _is_text(said: str) -> bool:
    return all(each.isprintable() or each in "\n\t" for each in said)


def _number(said: str | None) -> str:
    """Return the number of what was told, if it looks like one; nothing else gets on the page."""
    known = said or ""
    return known if len(known) <= 36 and known.replace("-", "").isalnum() else ""  # noqa: PLR2004
