# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""The pages of the portal before answers that a test writes: states that are rare in life.

Frame, policy and scripts are the real ones; only what the interface says is written down here.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any, Final

from fastapi import FastAPI, Request, Response
from starlette.responses import HTMLResponse, JSONResponse

from hub.web.portal import assets
from hub.web.portal.shell import shell
from hub.web.server import serving

NOW: Final = 1_795_344_000
"""Sunday, 22 November 2026, 11:40 at the school."""
CNV: Final = "0198f3a0-7c2a-7d41-8e5b-000000000001"
MIA: Final = {"id": "p-1", "name": "Lena Erfunden-Beispiel"}
COLLEAGUE: Final = {"id": "p-2", "name": "Jonas Erfunden-Muster"}
OFFICE: Final = "jugendamt:05170032.asd"
OFFICE_NAME: Final = "Jugendamt Rheinberg, Allgemeiner Sozialer Dienst"


def me(**more: Any) -> dict[str, Any]:
    """Who is signed in: somebody who may do everything, at one school."""
    roles = ["verfassen", "lesen", "verwalten"]
    return {
        "person": MIA,
        "unit": "schule:999001",
        "unit_name": "Erfundene Gesamtschule am Rhein",
        "kind": "schule",
        "roles": roles,
        "houses": [
            {"unit": "schule:999001", "name": "Erfundene Gesamtschule am Rhein", "roles": roles}
        ],
        "seat_ags": None,
        "four_eyes": False,
        "demo": True,
        "now": NOW,
        "session": {"opened_by": "passkey", "ends_at": NOW + 28_800, "idle_ends_at": NOW + 900},
        "marke": "marke-1",
        "pid_year": "2026",
        "hub": {"id": "meldeweg.invalid/test", "url": "", "log": "", "receipt_key": {}},
        "signing": {},
        "vault": {
            "person_kid": "k",
            "person_pub": "p",
            "sealed_seed": "s",
            "locks": [{"kind": "passkey", "name": "Erfundener Schlüssel", "wrapped": "w"}],
            "former": [],
        },
        "house_keys": [],
        "waiting_shares": [],
        "colleagues": [],
    } | more


def filing(number: int, **more: Any) -> dict[str, Any]:
    """An own filing that was accepted a moment ago."""
    made = NOW - 600 * number
    return {
        "id": f"0198f3a0-7c2a-7d41-8e5b-00000000000{number}",
        "cnv": f"0198f3a0-7c2a-7d41-8e5b-00000000000{number}",
        "protocol": "schule-mitteilung/1.1.0",
        "step": "mitteilung",
        "urgency": "unverzueglich",
        "to": OFFICE,
        "to_name": OFFICE_NAME,
        "to_telephone": "0221 4710110",
        "by": MIA,
        "mine": True,
        "made_at": made,
        "accepted_at": made + 1,
        "end": made + 1_209_600,
        "state": "angenommen",
        "state_text": "Angenommen",
        "marks": [],
        "ring": None,
        "events": [said("accepted", made + 1)],
        "due": {"taken": made + 900, "acknowledged": made + 7_200, "overdue": made + 14_400},
        "problem": None,
        "note": None,
        "draft": None,
        "answers": [],
    } | more


def said(word: str, at: int, **more: Any) -> dict[str, Any]:
    """One word about a filing."""
    empty: dict[str, Any] = {"name": None, "telephone": None, "then": []}
    return {"word": word, "text": word, "line": word, "at": at} | empty | more


def letter(number: int, **more: Any) -> dict[str, Any]:
    """A question of the office to the house."""
    return {
        "id": f"0198f3a0-7c2a-7d41-8e5b-00000000010{number}",
        "cnv": CNV,
        "protocol": "schule-mitteilung/1.1.0",
        "step": "rueckfrage",
        "urgency": "planbar",
        "from": OFFICE,
        "from_name": OFFICE_NAME,
        "received_at": NOW - 300 * number,
        "end": NOW + 600_000,
        "classes_now": None,
        "kids": ["d"],
        "for": None,
        "openable": True,
        "state": "neu",
        "state_text": "Neu",
        "about": CNV,
    } | more


def draft(number: int, **more: Any) -> dict[str, Any]:
    """Something that was begun."""
    return {
        "id": f"0198f3a0-7c2a-7d41-8e5b-00000000020{number}",
        "version": 1,
        "changed_at": NOW - 4_000 * number,
        "expires_at": NOW + 600_000,
        "by": MIA,
        "holder": MIA,
        "passed": None,
        "may": ["schreiben", "weitergeben", "bestaetigen", "loeschen"],
        "ciphertext": "AA",
        "wrap": None,
    } | more


def inbox(**more: Any) -> dict[str, Any]:
    """A start page on which nothing is."""
    return {"now": NOW, "reachable": True, "filings": [], "letters": [], "drafts": []} | more


def thread(**more: Any) -> dict[str, Any]:
    """One matter, in which nothing was said yet."""
    return {
        "cnv": CNV,
        "protocol": "schule-mitteilung/1.1.0",
        "closed": False,
        "partner": OFFICE,
        "partner_name": OFFICE_NAME,
        "opener": "schule:999001",
        "pos": 1,
        "env": "e",
        "allowed": [],
        "owed": [],
        "reply_key": None,
        "messages": [],
        "filings": [],
        "letters": [],
        "stale": False,
    } | more


@dataclass
class Lookalike:
    """What the pages are told, and what they said."""

    url: str = ""
    answers: dict[str, Any] = field(default_factory=dict)
    """By path; a number is a status, and what is not named is not found."""
    asked: list[tuple[str, str, bool]] = field(default_factory=list)
    """Method, path, and whether it was asked without prolonging the session."""


@contextmanager
def a_lookalike() -> Iterator[Lookalike]:
    """Serve the pages on a port of this machine."""
    made = Lookalike()
    with serving(_application(made)) as port:
        made.url = f"http://localhost:{port}"
        yield made


def _application(made: Lookalike) -> FastAPI:
    app = FastAPI(openapi_url=None)
    settings = SimpleNamespace(operator="Erfundener Betrieb")
    app.state.edge = SimpleNamespace(desk=SimpleNamespace(is_demonstration=True, settings=settings))
    app.include_router(assets.router)

    @app.get("/portal")
    async def get_start(request: Request) -> Response:
        return shell("portal/start.html", request, page="start")

    @app.get("/portal/vorgang/{conversation}")
    async def get_matter(conversation: str, request: Request) -> Response:
        del conversation
        return shell("portal/vorgang.html", request, page="matter")

    @app.get("/favicon.ico")
    async def get_icon() -> Response:
        return Response(status_code=204)

    @app.get("/portal/anmeldung")
    async def get_sign_in() -> Response:
        # Without any script: what is in the browser afterwards, the page before left there.
        return HTMLResponse("<!doctype html><title>Anmeldung</title>")

    @app.api_route("/portal/{path:path}", methods=["GET", "POST", "PUT", "DELETE"])
    async def answer(path: str, request: Request) -> Response:
        del path
        asked = request.url.path
        made.asked.append((request.method, asked, "x-still" in request.headers))
        found = made.answers.get(f"{request.method} {asked}", made.answers.get(asked, 404))
        if isinstance(found, int):
            problem = {
                "title": "Erfunden",
                "code": "token-invalid" if found == 401 else "not-found",
            }
            return JSONResponse(problem, found)
        return JSONResponse(found)

    return app
