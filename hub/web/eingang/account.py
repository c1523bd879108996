# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""One's own account: passkeys, sessions and where they are open, and the office one works for."""

from typing import Annotated, Any, Final

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import RedirectResponse

from hub.adapters.inbox.room import Room
from hub.errors import NotFound, NotPermitted, TokenInvalid
from hub.people.books.people import has_identity, passkeys_of
from hub.people.books.sessions import end_sessions
from hub.people.invitations import digest_of, join_with
from hub.people.passkeys import MOST, Shown, begin_another, forget_passkey, keep_another
from hub.people.place import changing
from hub.people.sessions import change_house, leave, own_sessions
from hub.web.bodies import body_as, json_response
from hub.web.browsers import device_of
from hub.web.eingang import proof
from hub.web.eingang.edge import TheRoom, render
from hub.web.eingang.onward import SIGN_IN
from hub.web.eingang.proof import TheProven
from hub.web.eingang.visitor import TheForm, TheVisitor, Visitor, jar_of, remember

router = APIRouter(include_in_schema=False)
router.include_router(proof.router)
PAGE: Final = "/eingang/konto"
SAID: Final = {
    "passkey": "Der neue Passkey ist eingerichtet. Sie können sich ab sofort damit anmelden.",
    "entfernt": "Der Passkey ist entfernt, und was mit ihm geöffnet war, ist beendet.",
    "beendet": "Die Anmeldung ist beendet.",
    "andere": "Alle anderen Anmeldungen sind beendet.",
    "dazu": "Der Zugang ist zu Ihrem Konto genommen. Unter „Stelle“ wechseln Sie dorthin.",
    "stelle": "Sie arbeiten jetzt für diese Stelle.",
}
TROUBLE: Final = {
    "letzter": "Das ist Ihr einziger Weg hinein. Richten Sie zuerst einen weiteren Passkey ein.",
    "code": "Der Einmal-Code gilt nicht oder nicht mehr. Bitten Sie um einen neuen.",
}
_OPENED_BY: Final = {"passkey": "mit Passkey", "code": "mit Einmal-Link (Vorführung)"}


class _Made(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)
    credential: dict[str, Any]
    label: Annotated[str, Field(max_length=60)] = ""


@router.get(PAGE)
async def get_account(
    request: Request, room: TheRoom, visitor: TheVisitor, getan: str = "", fehler: str = ""
) -> Response:
    """One's passkeys, sessions and offices; only their owner sees them."""
    passkeys, has_account = await room.books.read(
        lambda connection: (
            passkeys_of(connection, visitor.person),
            has_identity(connection, visitor.person),
        )
    )
    return render(
        request,
        "konto.html",
        passkeys=passkeys,
        may_add=len(passkeys) < MOST,
        may_remove=len(passkeys) > 1 or has_account,
        sessions=await _sessions(room, visitor),
        units=[(unit, room.name_of(unit)) for unit in visitor.units if unit in room.houses],
        provider=room.oidc.name if room.oidc and has_account else "",
        said=SAID.get(getan, ""),
        trouble=TROUBLE.get(fehler, ""),
    )


@router.post(f"{PAGE}/sitzung")
async def post_end(room: TheRoom, visitor: TheVisitor, form: TheForm) -> Response:
    """End one of one's own sessions; this one, and the browser forgets it too."""
    digest = form.one("sitzung")
    await leave(visitor.person, digest, room)
    if digest == visitor.session.digest:
        return jar_of(room).drop(RedirectResponse(f"{SIGN_IN}?abgemeldet=1", status_code=303))
    return _back("getan=beendet")


@router.post(f"{PAGE}/sitzungen")
async def post_end_others(room: TheRoom, visitor: TheVisitor) -> Response:
    """End all of one's sessions but this one."""
    here = visitor.session.digest
    await room.books.write(lambda connection: end_sessions(connection, visitor.person, but=here))
    return _back("getan=andere")


@router.post(f"{PAGE}/passkey/frage")
async def ask_for_another(room: TheRoom, visitor: TheProven) -> Response:
    """Ask for one more passkey of whoever is signed in."""
    return json_response(await begin_another(visitor.known, room))


@router.post(f"{PAGE}/passkey")
async def post_passkey(request: Request, room: TheRoom, visitor: TheProven) -> Response:
    """Keep one more passkey; the session goes on under a new secret."""
    made = await body_as(request, _Made)
    shown = Shown(made.credential, made.label.strip(), device=device_of(request))
    opened = await keep_another(visitor.known, shown, room)
    return remember(json_response({"to": f"{PAGE}?getan=passkey"}, 201), opened, room)


@router.post(f"{PAGE}/passkey/entfernen")
async def post_removal(room: TheRoom, visitor: TheProven, form: TheForm) -> Response:
    """Remove a passkey, but never the only way in."""
    try:
        await forget_passkey(visitor.known, form.one("passkey"), room)
    except NotPermitted:
        return _back("fehler=letzter")
    return _back("getan=entfernt")


@router.post(f"{PAGE}/stelle")
async def post_change(room: TheRoom, visitor: TheVisitor, form: TheForm) -> Response:
    """Go on at another of one's offices, in a session with a new secret."""
    unit = form.one("stelle")
    if unit not in room.houses:
        raise NotFound
    opened = await change_house(visitor.known, unit, room)
    return remember(_back("getan=stelle"), opened, room)


@router.post(f"{PAGE}/beitritt")
async def post_joining(room: TheRoom, visitor: TheVisitor, form: TheForm) -> Response:
    """Take a one-time code of another office for the account that one has."""
    digest = digest_of(form.one("code"))
    try:
        await changing(
            room, visitor.person, lambda change: join_with(change, digest, visitor.person)
        )
    except TokenInvalid:
        return _back("fehler=code")
    return _back("getan=dazu")


async def _sessions(room: Room, visitor: Visitor) -> list[dict[str, Any]]:
    return [
        {
            "digest": each.digest,
            "device": each.device or "Browser",
            "opened_by": _OPENED_BY.get(each.opened_by, "mit dem Dienstkonto"),
            "created_at": each.created_at,
            "seen_at": each.seen_at,
            "is_here": each.digest == visitor.session.digest,
        }
        for each in await own_sessions(visitor.known, room)
    ]


def _back(query: str) -> Response:
    return RedirectResponse(f"{PAGE}?{query}", status_code=303)
