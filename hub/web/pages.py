# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""How is a public page made? Text and one style sheet; no script, and nothing of the request.

Everything that a template shows is escaped; a name that it does not know is an error and not an
empty place.
"""

from pathlib import Path
from typing import Any, Final

from fastapi import Request, Response
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from hub.protocols.wording import INFORMED, STANDING, URGENCY, cite, span, spoken
from hub.sealing.canonical import digest
from hub.web.german import clock, day, moment, plain

HERE: Final = Path(__file__).parent
POLICY: Final = (
    "default-src 'none'; style-src 'self'; frame-ancestors 'none'; base-uri 'none'; "
    "form-action 'none'; object-src 'none'"
)
HTML: Final = "text/html; charset=utf-8"
_PARAGRAPH: Final = "§\N{NO-BREAK SPACE}"
_ABSATZ: Final = "\N{NO-BREAK SPACE}Abs.\N{NO-BREAK SPACE}"
_CACHE: Final = "public, max-age=300"


def _kept_together(shown: Any) -> Any:
    """Keep a citation on one line: „§“ at its end means nothing."""
    if not isinstance(shown, str):
        return shown
    return shown.replace("§ ", _PARAGRAPH).replace(" Abs. ", _ABSATZ)


def typed(said: Any) -> Markup:
    """Return what somebody has typed so that their browser reads it back exactly, no-break or not.

    A space that is written as a reference is none that is looked for above.
    """
    shown = str(escape(said))
    for kept in ("§ ", " Abs. "):
        shown = shown.replace(kept, kept.replace(" ", "&#32;"))
    return Markup(shown)  # noqa: S704  escaped above


def _environment() -> Environment:
    made = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_kept_together,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters.update(
        cite=cite,
        span=span,
        spoken=spoken,
        day=day,
        moment=moment,
        clock=clock,
        plain=plain,
        typed=typed,
    )
    made.globals.update(standing=STANDING, informed=INFORMED, urgency_word=URGENCY)
    return made


_PAGES: Final = _environment()


def render(template: str, **shown: Any) -> bytes:
    """Return a page as it goes over the line."""
    return _PAGES.get_template(template).render(shown).encode()


def answer(
    request: Request, content: bytes, media_type: str = HTML, policy: str = POLICY
) -> Response:
    """Answer with a page that anybody may keep for a while, and with 304 whoever has it already."""
    headers = {
        "content-security-policy": policy,
        "cache-control": _CACHE,
        "etag": f'"{digest(content)}"',
    }
    known = {
        each.strip().removeprefix("W/")
        for each in request.headers.get("if-none-match", "").split(",")
    }
    # A proxy that compresses weakens the tag (RFC 9110 § 13.1.2); the page is the same one.
    if known & {headers["etag"], "*"}:
        return Response(status_code=304, headers=headers)
    return Response(content, media_type=media_type, headers=headers)
