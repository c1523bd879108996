# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""One's own account: sessions and where they are open, passkeys, another house."""

from typing import Annotated, Any

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from hub.people.books.people import change_mail, has_identity, passkeys_of
from hub.people.books.sessions import end_sessions
from hub.people.invitations import digest_of, join_with
from hub.people.naming import checked_mail
from hub.people.passkeys import Shown, begin_another, forget_passkey, keep_another
from hub.people.place import changing
from hub.people.sessions import leave, own_sessions
from hub.web.browsers import device_of
from hub.web.edge import body_as, json_response
from hub.web.portal.edge import TheDesk
from hub.web.portal.proof import TheProven
from hub.web.portal.shell import shell
from hub.web.portal.visitor import TheVisitor, remember

router = APIRouter(include_in_schema=False)
API = "/portal/api/konto"


class _Closed(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class _Made(_Closed):
    credential: dict[str, Any]
    label: Annotated[str, Field(max_length=60)] = ""
    prf: bool = False


class _Mail(_Closed):
    mail: str | None


class _Code(_Closed):
    code: Annotated[str, Field(max_length=100)]


@router.get("/portal/konto")
async def get_page(request: Request) -> Response:
    """The page; what stands on it its script asks for."""
    return shell("portal/konto.html", request, page="account")


@router.get("/portal/einrichten")
async def get_set_up(request: Request) -> Response:
    """Where a browser makes a vault and the keys of whoever begins."""
    return shell("portal/einrichten.html", request, page="setup")


@router.get(API)
async def get_account(desk: TheDesk, visitor: TheVisitor) -> Response:
    """One's open sessions and passkeys."""
    sessions = await own_sessions(visitor.known, desk)
    passkeys, has_account = await desk.books.read(
        lambda connection: (
            passkeys_of(connection, visitor.person),
            has_identity(connection, visitor.person),
        )
    )
    return json_response(
        {
            "mail": visitor.known.person.mail,
            "has_account": has_account,
            "sessions": [
                {
                    "id": each.digest,
                    "device": each.device,
                    "opened_by": each.opened_by,
                    "created_at": each.created_at,
                    "seen_at": each.seen_at,
                    "ends_at": each.idle_ends_at,
                    "here": each.digest == visitor.session.digest,
                }
                for each in sessions
            ],
            "passkeys": [
                {
                    "id": each.id,
                    "label": each.label,
                    "prf": each.has_prf,
                    "created_at": each.created_at,
                    "used_at": each.used_at,
                }
                for each in passkeys
            ],
        }
    )


@router.delete(f"{API}/sitzungen/{{digest}}")
async def delete_session(digest: str, desk: TheDesk, visitor: TheVisitor) -> Response:
    """End one of one's own sessions."""
    await leave(visitor.person, digest, desk)
    return Response(status_code=204)


@router.delete(f"{API}/sitzungen")
async def delete_others(desk: TheDesk, visitor: TheVisitor) -> Response:
    """End all of one's sessions but this one."""
    here = visitor.session.digest
    await desk.books.write(lambda connection: end_sessions(connection, visitor.person, but=here))
    return Response(status_code=204)


@router.post(f"{API}/passkeys/frage")
async def ask_for_another(desk: TheDesk, visitor: TheProven) -> Response:
    """Ask for one more passkey of whoever is signed in."""
    return json_response(await begin_another(visitor.known, desk))


@router.post(f"{API}/passkeys")
async def post_passkey(request: Request, desk: TheDesk, visitor: TheProven) -> Response:
    """Keep one more passkey; the session goes on under a new secret."""
    made = await body_as(request, _Made)
    shown = Shown(made.credential, made.label.strip(), made.prf, device_of(request))
    opened = await keep_another(visitor.known, shown, desk)
    return remember(Response(status_code=201), opened, desk)


@router.delete(f"{API}/passkeys/{{credential}}")
async def delete_passkey(credential: str, desk: TheDesk, visitor: TheProven) -> Response:
    """Remove a passkey, but never the only way in."""
    await forget_passkey(visitor.known, credential, desk)
    return Response(status_code=204)


@router.put(f"{API}/mail")
async def put_mail(request: Request, desk: TheDesk, visitor: TheVisitor) -> Response:
    """Say where to be told that something has come; nothing of its content is ever sent."""
    mail = checked_mail((await body_as(request, _Mail)).mail)
    await desk.books.write(lambda connection: change_mail(connection, visitor.person, mail))
    return Response(status_code=204)


@router.post(f"{API}/beitritt")
async def post_joining(request: Request, desk: TheDesk, visitor: TheVisitor) -> Response:
    """Take a one-time code of another house for the account that one has."""
    digest = digest_of((await body_as(request, _Code)).code)

    unit = await changing(
        desk, visitor.person, lambda change: join_with(change, digest, visitor.person)
    )
    return json_response({"unit": unit}, 201)
