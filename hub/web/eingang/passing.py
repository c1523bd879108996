# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""A notice is passed on to the competent Jugendamt (§ 8a Abs. 6 SGB VIII).

What the notice says of the child goes on, and no file; what a professional judges and has done they
write themselves. The place of the child stands in no address: it is asked for by POST.
"""

import asyncio
from dataclasses import dataclass
from typing import Final

from fastapi import APIRouter, Request, Response
from starlette.responses import RedirectResponse

from hub.adapters.connector.spool import SpoolSpoiled
from hub.adapters.forms.labelled import Group, labelled
from hub.adapters.inbox.acts_doing import Wanted
from hub.adapters.inbox.acts_form import Sheet, sheet_of
from hub.adapters.inbox.acts_given import given_of
from hub.adapters.inbox.acts_offices import Found, directory_of, offices_for, place_of, units_of
from hub.adapters.inbox.acts_preset import person
from hub.adapters.inbox.thread import way_of_passing
from hub.client.passing import taken_over
from hub.directory.kinds import roles_of_kind
from hub.errors import NotFound
from hub.forms.form import fields_of_step
from hub.model.json import JsonObject
from hub.web.browsers import Form
from hub.web.eingang.doing import SEE_OTHER, Desk, TheDesk, act_of, attempted, page
from hub.web.eingang.edge import HOME
from hub.web.eingang.visitor import TheForm

_WHERE: Final = "Bitte wählen Sie, an welches Jugendamt die Mitteilung geht."
router = APIRouter(prefix=f"{HOME}/mitteilung/{{message}}", include_in_schema=False)
UNFIT: Final = 422
_TO, _OTHER, _PLACE, _SEARCH = "stelle", "andere_stelle", "ort_des_kindes", "suchen"
_KIND: Final = "weitergabe"


@dataclass(frozen=True)
class Offices:
    """The offices to choose from, and the one that was chosen."""

    place: str
    found: Found
    others: tuple[tuple[str, str], ...]
    chosen: str = ""
    is_away: bool = False
    """The hub does not answer, and the directory was never fetched."""

    @property
    def named(self) -> dict[str, str]:
        near = {each.id: each.name for each in self.found.offices if each.takes_part}
        return dict(self.others) | near


@router.get("/weitergabe")
async def get_passing(request: Request, desk: TheDesk) -> Response:
    """The form to pass a notice on: to which office, what goes on, and what is added."""
    if not await _is_offered(desk):
        return RedirectResponse(desk.path, SEE_OTHER)
    content = await _content(desk)
    known: JsonObject = {"absender": {"name": person(desk.visitor.name)}}
    given = given_of(
        fields_of_step(desk.room.catalogue, way_of_passing(desk.room.catalogue)[1]), known
    )
    given["dringlichkeit_der_nachricht"] = (desk.row.urgency,)
    sheet = _sheet(desk, content, Form(given))
    return await _page(request, desk, sheet, await _offices(desk, content, Form()))


@router.post("/weitergabe")
async def post_passing(request: Request, desk: TheDesk, form: TheForm) -> Response:
    """Look for the office, or pass the notice on to it."""
    content = await _content(desk)
    sheet, offices = _sheet(desk, content, form), await _offices(desk, content, form)
    if form.has(_SEARCH) or form.has("mehr"):
        return await _page(request, desk, sheet, offices)
    written = sheet.read()
    if sheet.unfit:
        # What was taken over cannot be said so; then it is asked for, filled in as it came.
        sheet = _sheet(desk, content, form, sheet.unfit)
        sheet.read()
    if offices.chosen not in offices.named:
        sheet.filled.wrong = {_TO: _WHERE} | sheet.wrong
    if written is None or sheet.wrong:
        return await _page(request, desk, sheet, offices, status=UNFIT)
    wanted = Wanted(
        act_of(form),
        _KIND,
        written=written.as_json(),
        recipient=(offices.chosen, offices.named[offices.chosen]),
    )
    return await attempted(request, desk, form, wanted)


async def _is_offered(desk: Desk) -> bool:
    return any(each.kind == _KIND for each in (await desk.standing()).next)


async def _content(desk: Desk) -> JsonObject:
    """Return what the notice says, once the log of reading has it."""
    await desk.note(await desk.standing())
    try:
        kept = await asyncio.to_thread(desk.house.spool.read, desk.row.id)
    except (FileNotFoundError, SpoolSpoiled):
        raise NotFound from None
    return dict(kept.delivery.content)


def _sheet(
    desk: Desk, content: JsonObject, form: Form, asked: frozenset[str] = frozenset()
) -> Sheet:
    """Return the form without what is taken over, but for what cannot be said as it came."""
    catalogue, base = desk.room.catalogue, taken_over(content)
    fields = fields_of_step(catalogue, way_of_passing(catalogue)[1])
    missing = frozenset(name for name, said in base.items() if not said)
    shown = frozenset(name for name in base if any(f.startswith(f"{name}-") for f in form.fields))
    out = asked | missing | shown
    as_came = given_of(fields, {name: base[name] for name in asked})
    kept = {name: said for name, said in base.items() if name not in out}
    return sheet_of(
        catalogue,
        way_of_passing(catalogue),
        roles_of_kind(desk.house.agency.id),
        as_came | dict(form.fields),
        base=kept,
    )


async def _offices(desk: Desk, content: JsonObject, form: Form) -> Offices:
    view, unit = await directory_of(desk.house), desk.house.agency.id
    place = form.one(_PLACE) or place_of(content)
    if view is None:
        return Offices(place, Found(), (), is_away=True)
    found = offices_for(place, view, unit) if place else Found()
    near = [each.id for each in found.offices if each.takes_part]
    chosen = form.one(_OTHER) or form.one(_TO) or (near[0] if len(near) == 1 else "")
    return Offices(place, found, units_of(view, unit), chosen)


async def _page(
    request: Request, desk: Desk, sheet: Sheet, offices: Offices, *, status: int = 200
) -> Response:
    return page(
        request,
        "weitergabe.html",
        desk,
        status=status,
        sheet=sheet,
        offices=offices,
        taken=_taken(sheet),
        standing=await desk.standing(),
    )


def _taken(sheet: Sheet) -> Group:
    """Return what goes on as it came, readable."""
    schema = sheet.catalogue.schemas.by_name(sheet.step.schema_name)
    return labelled(sheet.base, schema.resolved)
