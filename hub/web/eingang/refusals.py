# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""How does a refusal look to somebody at a browser? As a page that says what to do now.

A script hears the same as problem details. Neither repeats what was asked for.
"""

import json
from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from fastapi import FastAPI, Request, Response
from starlette.exceptions import HTTPException

from hub.errors import Failure, Refusal
from hub.web.eingang.edge import render
from hub.web.problems import Problems


class Said(NamedTuple):
    """What a page says of a code."""

    title: str
    advice: str


_AWAY: Final = Said(
    "Das geht gerade nicht",
    "Nichts ist verloren. Versuchen Sie es in einer Minute noch einmal. Ist es eilig, rufen Sie "
    "an.",
)
_LOG: Final = Said(
    "Das Lesebuch lässt sich gerade nicht schreiben",
    "Deshalb wird kein Inhalt gezeigt. Sagen Sie es sofort denen, die den Eingang betreiben. "
    "Ist es eilig, rufen Sie die Stelle an, die gemeldet hat.",
)
TEXTS: Final[Mapping[str, Said]] = {
    "not-found": Said(
        "Das gibt es hier nicht",
        "Vielleicht ist die Mitteilung zu Ende, oder sie gehört zu einer anderen Stelle. In der "
        "Liste steht, was hier liegt.",
    ),
    "not-permitted": Said(
        "Das gehört nicht zu Ihren Rollen",
        "Brauchen Sie es für Ihre Arbeit, dann sprechen Sie die Person an, die bei Ihnen die "
        "Zugänge verwaltet.",
    ),
    "content-erased": Said(
        "Der Inhalt ist gelöscht",
        "Seine Frist ist zu Ende, oder der Absender hat ihn zurückgenommen. Was in Ihrer Akte "
        "steht, bleibt davon unberührt.",
    ),
    "too-many-requests": Said(
        "Das waren zu viele Anfragen",
        "Warten Sie einen Augenblick und laden Sie die Seite dann neu.",
    ),
    "step-not-allowed": Said(
        "Das ist hier nicht mehr vorgesehen",
        "Der Vorgang ist inzwischen weiter. Sehen Sie in der Mitteilung nach, was noch möglich "
        "ist.",
    ),
    "log-unavailable": _LOG,
    "storage-full": _LOG,
    "read-only": _LOG,
    "overloaded": _AWAY,
    "failure": Said(
        "Hier ist etwas schiefgegangen",
        "Was Sie zuletzt abgeschickt haben, steht vielleicht schon fest: Sehen Sie in der "
        "Mitteilung nach. Sagen Sie die Nummer unten denen, die den Eingang betreiben.",
    ),
}
_OTHER: Final = Said(
    "Das wurde nicht angenommen",
    "Gehen Sie zurück, laden Sie die Seite neu und versuchen Sie es noch einmal.",
)


def install(app: FastAPI, problems: Problems) -> None:
    """Have every refusal answered with a page where somebody wants one."""
    problems.install(app)
    for kind in (Refusal, Failure, HTTPException, Exception):
        answer_before = app.exception_handlers[kind]
        app.add_exception_handler(kind, _with_page(answer_before))


def _with_page(answer_before: Any) -> Any:
    async def answer(request: Request, error: Exception) -> Response:
        plain: Response = await answer_before(request, error)
        wants_page = "text/html" in request.headers.get("accept", "")
        return _page(request, plain) if wants_page else plain

    return answer


def _page(request: Request, plain: Response) -> Response:
    said = json.loads(bytes(plain.body) or b"{}")
    title, advice = TEXTS.get(said.get("code", ""), _OTHER)
    page = render(
        request,
        "problem.html",
        status=plain.status_code,
        title=title,
        advice=advice,
        trace=said.get("trace", ""),
    )
    if "retry-after" in plain.headers:
        page.headers["retry-after"] = plain.headers["retry-after"]
    return page
