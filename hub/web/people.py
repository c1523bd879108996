# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""How is a page for somebody signed in made? For one person, kept nowhere, with forms to this hub.

A script runs on the pages that ask for a passkey and on no other.
"""

from typing import Any, Final

from fastapi import Request, Response
from starlette.responses import RedirectResponse

from hub.errors import NotPermitted, Refusal
from hub.web.pages import HTML, render
from hub.web.problems import STATUS, Problems
from hub.web.sessions import Visitor

PATHS: Final = ("/anmeldung", "/netzwerk")
"""Below these, people are at the other end, and an error is a page too."""
ROLES: Final = {
    "koordination": "Koordination",
    "betrieb": "Betrieb",
    "datenschutz": "Datenschutz",
    "aufsicht": "Aufsicht",
}
HOME: Final = {"koordination": "/netzwerk", "betrieb": "/netzwerk"}
"""Where somebody in a role has something to do."""
_WANTED: Final = (
    "Diese Seite ist für die Koordination ihres Netzes und für den Betrieb. Bitte melden Sie sich "
    "in dieser Rolle an."
)
_BASE: Final = (
    "default-src 'none'; style-src 'self'; form-action 'self'; frame-ancestors 'none'; "
    "base-uri 'none'; object-src 'none'"
)
POLICY: Final = {
    "content-security-policy": _BASE,
    # With ``no-referrer`` a browser leaves out of a form where it comes from.
    "referrer-policy": "same-origin",
}
ASKING_POLICY: Final = {
    **POLICY,
    "content-security-policy": f"{_BASE}; script-src 'self'; connect-src 'self'",
}


class SignInWanted(NotPermitted):
    """Whoever asks is to sign in, in a role that this page is for."""


def page(
    template: str,
    visitor: Visitor | None,
    *,
    status: int = 200,
    asks: bool = False,
    **shown: Any,
) -> Response:
    """Return a page for this visitor; ``asks`` where its script talks to a passkey."""
    content = render(template, visitor=visitor, role_names=ROLES, home=HOME, **shown)
    return Response(content, status, media_type=HTML, headers=ASKING_POLICY if asks else POLICY)


def go(path: str) -> Response:
    """Lead on to another page, after something was done."""
    return RedirectResponse(path, status_code=303, headers=POLICY)


def is_for_people(request: Request) -> bool:
    """Tell whether an error of this request is read by a person; our script asks for JSON."""
    accepted = request.headers.get("accept", "")
    return request.url.path.startswith(PATHS) and "application/json" not in accepted


def refusal_page(refusal: Refusal, problems: Problems) -> Response:
    """Say on a page what a program would be told as problem details."""
    if isinstance(refusal, SignInWanted):
        return page("anmeldung/anmelden.html", None, status=403, asks=True, wanted=_WANTED)
    text = problems.text_of(refusal.code)
    return page(
        "anmeldung/problem.html",
        None,
        status=STATUS[refusal.code],
        title=text.title if text else "Das geht nicht",
        advice=text.advice if text else "",
    )
