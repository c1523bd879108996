# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""What may everybody read: help, plain language, data protection, accessibility?

These pages need no script, and the form about barriers works without one.
"""

from collections.abc import Mapping
from functools import partial
from typing import Any, Final, Literal
from urllib.parse import parse_qsl

from fastapi import APIRouter, Request, Response
from starlette.responses import RedirectResponse

from hub.errors import EnvelopeInvalid
from hub.portal.barriers import Told, statement, tell
from hub.portal.books.people_sessions import IDLE, LONGEST
from hub.portal.desk import Desk
from hub.portal.drafts import LASTS
from hub.portal.expiry import KNOWN_FOR, LETTERS_LAST
from hub.portal.invitations import CODE_LASTS
from hub.web.edge import check_media_type
from hub.web.portal.edge import TheDesk
from hub.web.portal.shell import language_of, shell
from hub.web.portal.visitor import MaybeVisitor, Visitor, check_own_page, check_stranger
from hub.web.sessions import FORM

router = APIRouter(include_in_schema=False)
Language = Literal["de", "en"]
STATEMENT: Final = "/barrierefreiheit"
LONGEST_SAID: Final = 4000
LONGEST_LINE: Final = 200
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
_MINUTE: Final = 60
_HOUR: Final = 3600
_DAY: Final = 86_400
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
    told = Told(*(said[name] for name in _FIELDS))
    kept = partial(tell, told=told, settings=desk.settings, second=desk.second)
    number = await desk.books.write(kept)
    return RedirectResponse(f"{STATEMENT}?eingang={number}#danke", status_code=303)


@router.get("/portal/leichte-sprache")
async def get_plain(request: Request, visitor: MaybeVisitor) -> Response:
    """How to file, in short sentences; German only, because that is what plain German is."""
    return _page("leichte-sprache", request, visitor)


@router.get("/portal/hilfe")
async def get_help(request: Request, visitor: MaybeVisitor) -> Response:
    """What to do when something does not go on."""
    return _page("hilfe", request, visitor, lasts=_lasts())


@router.get("/portal/datenschutz")
async def get_privacy(request: Request, desk: TheDesk, visitor: MaybeVisitor) -> Response:
    """What is kept of those who use the portal (Art. 13 DSGVO), and what of a notice."""
    return _page(
        "datenschutz",
        request,
        visitor,
        lasts=_lasts(),
        kept_days=statement().kept_days,
        protocols=_protocols(desk),
        has_oidc=bool(desk.settings.oidc_issuer),
        oidc_name=desk.settings.oidc_name,
        has_mail=bool(desk.settings.smtp_url.get_secret_value()),
        hub=desk.settings.hub,
    )


def _page(
    name: str, request: Request, visitor: Visitor | None, status: int = 200, **shown: Any
) -> Response:
    settings = request.app.state.edge.desk.settings
    return shell(
        f"portal/{name}.html",
        request,
        page="public",
        status=status,
        signed_in=visitor is not None,
        mail=settings.operator_mail,
        telephone=settings.operator_telephone,
        # A number that breaks at the end of a line is dialled wrong.
        telephone_shown=settings.operator_telephone.replace(" ", "\N{NO-BREAK SPACE}"),
        **shown,
    )


def _statement(
    request: Request,
    visitor: Visitor | None,
    *,
    said: Mapping[str, str] | None = None,
    wrong: Mapping[str, str] | None = None,
    number: str = "",
    status: int = 200,
) -> Response:
    return _page(
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


def _lasts() -> dict[str, int]:
    """Return how long things last, from where it is decided."""
    return {
        "idle": IDLE // _MINUTE,
        "session": LONGEST // _HOUR,
        "draft": LASTS // _DAY,
        "code": CODE_LASTS // _HOUR,
        "letter": LETTERS_LAST // _DAY,
        "filing": KNOWN_FOR // _DAY,
    }


def _protocols(desk: Desk) -> list[dict[str, Any]]:
    """Return what may be opened and on which basis: the newest version of each protocol."""
    newest = {each.id: each for each in desk.catalogue.all() if each.status != "zurueckgezogen"}
    return [
        {
            "title": each.title,
            "purpose": each.purpose,
            "retention": each.retention,
            "standing": each.status,
            "steps": [
                (step.title, [desk.catalogue.law[code] for code in step.basis_sender])
                for step in each.steps
                if step.opens
            ],
        }
        for each in newest.values()
    ]
