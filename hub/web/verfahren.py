# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Who may tell whom what, for everybody to read: the matrix, and a page for each protocol.

§ 9 LKiSchG NRW asks for transparent ways of notification. What stands here is made from the
protocols that this hub carries messages by, and from nothing else.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Request, Response

from hub.errors import NotFound
from hub.model.protocol import Protocol
from hub.protocols.catalogue import Catalogue
from hub.protocols.exchanges import exchanges
from hub.protocols.fields import fields_of
from hub.protocols.matrix import Matrix, make_matrix
from hub.protocols.matrix_data import as_json
from hub.protocols.matrix_svg import STYLE_POLICY, as_svg
from hub.protocols.wording import WHEN_CORRECTED, rule_sentences, sequence
from hub.protocols.words import role_words
from hub.web.edge import JSON, TheEdge
from hub.web.pages import HERE, answer, render

router = APIRouter(tags=["Verfahren"])
READ: Final = ["GET", "HEAD"]
"""What a page answers to (RFC 9110 § 9.1)."""
SVG: Final = "image/svg+xml; charset=utf-8"
CSS: Final = "text/css; charset=utf-8"
PICTURE_POLICY: Final = (
    f"default-src 'none'; style-src {STYLE_POLICY}; frame-ancestors 'none'; base-uri 'none'"
)


@dataclass(frozen=True)
class Site:
    """The pages about one catalogue; each is made when it is first asked for."""

    catalogue: Catalogue
    _made: dict[str, bytes] = field(default_factory=dict, repr=False)

    @cached_property
    def matrix(self) -> Matrix:
        return make_matrix(self.catalogue)

    def kept(self, name: str, make: Callable[[], bytes]) -> bytes:
        """Return a page, made once; names come from what we know and never from a request."""
        if name not in self._made:
            self._made[name] = make()
        return self._made[name]


def site_of(request: Request, edge: TheEdge) -> Site:
    """Return the pages of this hub, begun with the first request."""
    state = request.app.state
    if not hasattr(state, "verfahren"):
        state.verfahren = Site(edge.node.catalogue)
    site: Site = state.verfahren
    return site


TheSite = Annotated[Site, Depends(site_of)]


@router.api_route("/verfahren", methods=READ, include_in_schema=False)
def get_matrix(request: Request, site: TheSite, rolle: str = "") -> Response:
    """Who may tell whom what; with ``rolle``, what one's own agency may say and hear."""
    if rolle and rolle not in site.matrix.roles:
        raise NotFound
    name, shown = ("rolle.html", site.matrix.of(rolle)) if rolle else ("matrix.html", site.matrix)
    page = site.kept(
        f"matrix {rolle}",
        lambda: render(f"verfahren/{name}", matrix=shown, all=site.matrix, role=rolle),
    )
    return answer(request, page)


@router.head("/verfahren/matrix.json", include_in_schema=False)
@router.get("/verfahren/matrix.json")
def get_matrix_as_json(request: Request, site: TheSite) -> Response:
    """The matrix for programs."""
    content = site.kept(
        "json", lambda: json.dumps(as_json(site.matrix), ensure_ascii=False).encode()
    )
    return answer(request, content, JSON)


@router.api_route("/verfahren/matrix.svg", methods=READ, include_in_schema=False)
def get_matrix_as_picture(request: Request, site: TheSite) -> Response:
    """The matrix as one picture."""
    content = site.kept("svg", lambda: as_svg(site.matrix).encode())
    return answer(request, content, SVG, PICTURE_POLICY)


@router.api_route("/verfahren/{name}/{version}", methods=READ, include_in_schema=False)
def get_protocol_page(name: str, version: str, request: Request, site: TheSite) -> Response:
    """One version of a protocol, as those read it who decide whether to adopt it."""
    protocol = site.catalogue.get(f"{name}/{version}")
    if protocol is None:
        raise NotFound
    page = site.kept(f"protocol {protocol.name}", lambda: _protocol_page(protocol, site))
    return answer(request, page)


@router.api_route("/static/verfahren.css", methods=READ, include_in_schema=False)
def get_style(request: Request) -> Response:
    """The style sheet of these pages."""
    return answer(request, (HERE / "static" / "verfahren.css").read_bytes(), CSS)


def _protocol_page(protocol: Protocol, site: Site) -> bytes:
    catalogue = site.catalogue
    schemas = {step.id: catalogue.schemas.by_name(step.schema_name) for step in protocol.steps}
    said = exchanges(protocol)
    called = {step.id: f"„{step.title}“" for step in protocol.steps}
    return render(
        "verfahren/verfahren.html",
        protocol=protocol,
        law=catalogue.law,
        words=role_words((protocol,)),
        versions=[each for each in catalogue.all() if each.id == protocol.id],
        ways={
            step.id: [each for each in said if each.step.id == step.id] for step in protocol.steps
        },
        sequences={step.id: sequence(step, protocol, called) for step in protocol.steps},
        rules={step.id: rule_sentences(step, catalogue.law) for step in protocol.steps},
        fields={each: fields_of(schema.resolved) for each, schema in schemas.items()},
        counts={each: len(schema.leaves) for each, schema in schemas.items()},
        when_corrected=WHEN_CORRECTED,
    )
