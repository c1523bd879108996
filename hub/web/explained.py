# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""A page for each problem code: the address in ``type`` of every problem leads here.

Plain text and one style sheet; no script. It explains a code and can explain nothing else, so
nothing of a request comes back on it.
"""

from html import escape
from pathlib import Path
from string import Template
from typing import Final

from fastapi import APIRouter, Response

from hub.errors import NotFound
from hub.web.edge import TheEdge
from hub.web.problems import STATUS

router = APIRouter(include_in_schema=False)
STATIC: Final = Path(__file__).parent / "static"
PAGE: Final = Template((STATIC / "problem.html").read_text("utf-8"))
POLICY: Final = (
    "default-src 'none'; style-src 'self'; frame-ancestors 'none'; base-uri 'none'; "
    "form-action 'none'; object-src 'none'"
)
HEADERS: Final = {"content-security-policy": POLICY, "cache-control": "public, max-age=3600"}


@router.get("/probleme/{code}")
async def get_problem(code: str, edge: TheEdge) -> Response:
    """What a code means and what helps, in German and English."""
    text = edge.problems.text_of(code)
    if text is None:
        raise NotFound
    basis = edge.node.catalogue.cite(text.basis) if text.basis else ""
    page = PAGE.substitute(
        code=escape(code),
        status=STATUS[code],
        title=escape(text.title),
        title_en=escape(text.title_en),
        advice=escape(text.advice),
        basis=f"<p><strong>Grundlage:</strong> {escape(basis)}</p>" if basis else "",
    )
    return Response(page, media_type="text/html; charset=utf-8", headers=HEADERS)


@router.get("/static/seite.css")
async def get_style() -> Response:
    """The style sheet of the plain pages."""
    style = (STATIC / "seite.css").read_bytes()
    return Response(style, media_type="text/css; charset=utf-8", headers=HEADERS)
