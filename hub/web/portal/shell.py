# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""How is a page of the portal made? A frame from the server; what it shows of people comes later.

No page holds anything of a child: the server does not have it. Scripts run with a nonce, and
nothing can make a script out of text (Trusted Types).
"""

import secrets
from typing import Any, Final

from fastapi import Request, Response

from hub.web.pages import HTML, render
from hub.web.portal.assets import import_map, listed

LANGUAGES: Final = ("de", "en")
_POLICY: Final = (
    "default-src 'none'; script-src 'nonce-{nonce}' 'strict-dynamic'; style-src 'self'; "
    "font-src 'self'; img-src 'self' data:; connect-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'; object-src 'none'; "
    "require-trusted-types-for 'script'; trusted-types 'none'"
)
PERMISSIONS: Final = (
    "accelerometer=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), "
    "microphone=(), midi=(), payment=(), usb=(), "
    "publickey-credentials-get=(self), publickey-credentials-create=(self)"
)


def language_of(request: Request) -> str:
    """Return the language of this visit: asked for now, kept before, or German."""
    for said in (request.query_params.get("lang"), request.cookies.get("sprache")):
        if said in LANGUAGES:
            return str(said)
    return "de"


def shell(
    template: str,
    request: Request,
    *,
    page: str,
    status: int = 200,
    signed_in: bool = True,
    **shown: Any,
) -> Response:
    """Return a page; ``page`` says to the script which part of the program to start."""
    nonce = secrets.token_urlsafe(16)
    language = language_of(request)
    desk = request.app.state.edge.desk
    content = render(
        template,
        page=page,
        nonce=nonce,
        language=language,
        assets=listed(),
        import_map=import_map(),
        signed_in=signed_in,
        demo=desk.is_demonstration,
        operator=desk.settings.operator,
        **shown,
    )
    headers = {
        "content-security-policy": _POLICY.format(nonce=nonce),
        "permissions-policy": PERMISSIONS,
        # With ``no-referrer`` a browser leaves out of a form where it comes from.
        "referrer-policy": "same-origin",
    }
    answer = Response(content, status, media_type=HTML, headers=headers)
    if request.query_params.get("lang") in LANGUAGES:
        answer.set_cookie("sprache", language, max_age=31_536_000, path="/", samesite="lax")
    return answer
