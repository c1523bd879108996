# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""What may everybody read: help, plain language, data protection, accessibility?

These pages need no script and nobody who is signed in.
"""

from typing import Any, Final

from fastapi import APIRouter, Request, Response

from hub.people.acts import LASTS as ACTS_LAST
from hub.people.books.sessions import IDLE, LONGEST
from hub.people.invitations import CODE_LASTS
from hub.portal.barriers import statement
from hub.portal.desk import Desk
from hub.portal.drafts import LASTS
from hub.portal.expiry import KNOWN_FOR, LETTERS_LAST
from hub.web.portal import statement as about_barriers
from hub.web.portal.edge import TheDesk
from hub.web.portal.public_page import public_page
from hub.web.portal.visitor import MaybeVisitor

router = APIRouter(include_in_schema=False)
router.include_router(about_barriers.router)
_MINUTE: Final = 60
_HOUR: Final = 3600
_DAY: Final = 86_400


@router.get("/portal/leichte-sprache")
async def get_plain(request: Request, visitor: MaybeVisitor) -> Response:
    """How to file, in short sentences; German only, because that is what plain German is."""
    return public_page("leichte-sprache", request, visitor)


@router.get("/portal/hilfe")
async def get_help(request: Request, visitor: MaybeVisitor) -> Response:
    """What to do when something does not go on."""
    return public_page("hilfe", request, visitor, lasts=_lasts())


@router.get("/portal/datenschutz")
async def get_privacy(request: Request, desk: TheDesk, visitor: MaybeVisitor) -> Response:
    """What is kept of those who use the portal (Art. 13 DSGVO), and what of a notice."""
    return public_page(
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
        contact=desk.settings.data_protection_contact,
    )


def _lasts() -> dict[str, int]:
    """Return how long things last, from where it is decided."""
    return {
        "idle": IDLE // _MINUTE,
        "session": LONGEST // _HOUR,
        "draft": LASTS // _DAY,
        "code": CODE_LASTS // _HOUR,
        "letter": LETTERS_LAST // _DAY,
        "acts": ACTS_LAST // _DAY,
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
