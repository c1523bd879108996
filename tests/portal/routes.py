# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Every route of the portal, and what it is: for anybody, for whoever is signed in, about what.

A route that is in no list here fails a test, so nobody adds one without saying whom it is for.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from fastapi.routing import APIRoute

from tests.portal.world import PortalWorld

UNSAFE: Final = frozenset({"POST", "PUT", "DELETE", "PATCH"})
FOR_ANYBODY: Final = frozenset(
    {
        "GET /",
        # Frames of pages: nothing of anybody stands in them.
        "GET /portal",
        "GET /portal/mitteilung",
        "GET /portal/vorgang/{conversation}",
        "GET /portal/konto",
        "GET /portal/einrichten",
        "GET /portal/haus",
        "GET /portal/anmeldung",
        "GET /portal/anmeldung/einmal",
        "GET /portal/hilfe",
        "GET /portal/leichte-sprache",
        "GET /portal/datenschutz",
        "GET /portal/barrierefreiheit",
        "GET /barrierefreiheit",
        # Whoever meets a barrier may say so without an account.
        "POST /barrierefreiheit",
        "POST /portal/barrierefreiheit",
        "GET /portal/papier",
        "GET /portal/papier/{protocol}/{step}",
        "GET /portal/dateien/{name:path}",
        "GET /portal/api/formulare/{protocol}/{version}/{step}",
        "GET /health/live",
        "GET /health/ready",
    }
)
SIGN_IN: Final = frozenset(
    {
        "POST /portal/anmeldung/einmal",
        "POST /portal/anmeldung/einmal/frage",
        "POST /portal/anmeldung/passkey",
        "POST /portal/anmeldung/passkey/neu",
        "POST /portal/anmeldung/passkey/frage",
        "POST /portal/anmeldung/passkey/antwort",
        "GET /portal/anmeldung/oidc",
        "POST /portal/anmeldung/oidc",
        "GET /portal/anmeldung/oidc/zurueck",
    }
)
"""Nobody is signed in yet; whoever asks still has to come from a page of this portal."""
OWN: Final = frozenset(
    {
        "POST /portal/anmeldung/abmelden",
        "GET /portal/api/ich",
        "GET /portal/api/konto",
        "DELETE /portal/api/konto/sitzungen",
        "POST /portal/api/konto/passkeys/frage",
        "POST /portal/api/konto/passkeys",
        "POST /portal/api/konto/nachweis/frage",
        "POST /portal/api/konto/nachweis",
        "PUT /portal/api/konto/mail",
        "POST /portal/api/konto/beitritt",
        "GET /portal/api/haus",
        "POST /portal/api/haus/personen",
        "PUT /portal/api/haus/regeln",
        "PUT /portal/api/haus/schluessel",
        "POST /portal/api/haus/einmalcode",
        "POST /portal/api/haus/verfahren",
        "PUT /portal/api/tresor",
        "POST /portal/api/tresor/schloesser",
        "POST /portal/api/tresor/neu",
        "GET /portal/api/formulare",
        "GET /portal/api/verzeichnis",
        "GET /portal/api/stellen/{unit}",
        "GET /portal/api/eingang",
        "GET /portal/api/entwuerfe",
        "POST /portal/api/bestaetigung",
    }
)
"""About the person and the house of the session alone; no name in the path is anybody's."""
NAMED: Final = frozenset(
    {
        "DELETE /portal/api/konto/sitzungen/{digest}",
        "DELETE /portal/api/konto/passkeys/{credential}",
        "PUT /portal/api/haus/personen/{person}/rollen",
        "POST /portal/api/haus/personen/{person}/einladung",
        "POST /portal/api/haus/personen/{person}/wiederherstellung",
        "DELETE /portal/api/haus/personen/{person}",
        "POST /portal/api/haus/wechsel",
        "PUT /portal/api/haus/schluessel/{kid}/{person}",
        "GET /portal/api/entwuerfe/{draft_id}",
        "PUT /portal/api/entwuerfe/{draft_id}",
        "DELETE /portal/api/entwuerfe/{draft_id}",
        "POST /portal/api/entwuerfe/{draft_id}/weitergabe",
        "DELETE /portal/api/entwuerfe/{draft_id}/weitergabe",
        "GET /portal/api/mitteilungen/{message_id}",
        "PUT /portal/api/mitteilungen/{message_id}",
        "GET /portal/api/mitteilungen/{message_id}/quittung.pdf",
        "GET /portal/api/briefe/{letter_id}",
        "POST /portal/api/briefe/{letter_id}/geoeffnet",
        "POST /portal/api/briefe/{letter_id}/bestaetigt",
        "POST /portal/api/briefe/{letter_id}/abgelehnt",
        "POST /portal/api/briefe/{letter_id}/geloescht",
        "POST /portal/api/mitteilungen/{message_id}/zurueckziehen",
        "GET /portal/api/vorgaenge/{conversation_id}",
    }
)
"""About a thing that a name in the path says; of another house it is as if it were not there."""


def routes(portal: PortalWorld) -> frozenset[str]:
    """Return every route of the application, as method and path."""
    app: Any = portal.application
    while not hasattr(app, "routes"):
        app = app._app
    return frozenset(_all(app.routes))


def _all(listed: Iterable[Any], prefix: str = "") -> Iterator[str]:
    """Return routes, also those of routers that an application only refers to."""
    for route in listed:
        router = getattr(route, "original_router", None)
        if router is None:
            assert isinstance(route, APIRoute), "otherwise something is served that nobody listed"
            for method in (route.methods or set()) - {"HEAD"}:
                yield f"{method} {prefix}{route.path}"
        else:
            yield from _all(router.routes, prefix + route.include_context.prefix)


def filled(path: str, names: Mapping[str, str]) -> str:
    """Return a path with names in their places."""
    return path.format(**{each: names.get(each, "x") for each in _names(path)})


def _names(path: str) -> list[str]:
    return [part.split("}")[0] for part in path.split("{")[1:]]
