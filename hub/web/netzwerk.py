# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""The pages of whoever coordinates a network: members, contacts, agreements, rules, meetings.

There is no way from here to a message. What a page shows comes from the directory and from what
the network has written down about itself.
"""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Request, Response

from hub.inquire.network import (
    Affairs,
    Member,
    Place,
    affairs_of,
    agreements_of,
    members_of,
    place_of,
    places,
)
from hub.inquire.ways import ways_among
from hub.model.agreement import Concluded, Standing
from hub.node import Node
from hub.protocols.agreements import today
from hub.protocols.matrix import Matrix
from hub.protocols.matrix_svg import as_svg
from hub.protocols.words import role_words
from hub.web.edge import TheEdge
from hub.web.netzwerk_words import KINDS, STANDINGS, STATUS, Task, must_accept, tasks
from hub.web.pages import answer
from hub.web.people import POLICY, SignInWanted, go, page
from hub.web.sessions import TheVisitor, Visitor
from hub.web.verfahren import CSS, PICTURE_POLICY, SVG

router = APIRouter(include_in_schema=False)
inner = APIRouter(prefix="/netzwerk/{key}", include_in_schema=False)
STATIC: Final = Path(__file__).parent / "static"
PAGES: Final = (
    ("", "Übersicht"),
    ("/mitglieder", "Mitglieder"),
    ("/kontakte", "Kontakte"),
    ("/bereitschaft", "Bereitschaft"),
    ("/vereinbarungen", "Vereinbarungen"),
    ("/geschaeftsordnung", "Geschäftsordnung"),
    ("/kalender", "Kalender"),
    ("/wege", "Mitteilungswege"),
    ("/auswertung", "Auswertung"),
)


@dataclass(frozen=True)
class Hall:
    """One network, and who looks at it."""

    place: Place
    visitor: Visitor
    node: Node

    @property
    def path(self) -> str:
        return f"/netzwerk/{self.place.key}"

    @cached_property
    def members(self) -> tuple[Member, ...]:
        return members_of(self.place, self.node.directory)

    @cached_property
    def asked(self) -> tuple[Member, ...]:
        """The members before whom rules of procedure are put."""
        return tuple(each for each in self.members if must_accept(each))

    @cached_property
    def names(self) -> dict[str, str]:
        return {each.organisation: each.name for each in self.members}

    @cached_property
    def words(self) -> dict[str, str]:
        return dict(role_words(self.node.catalogue.all()))

    @cached_property
    def roles(self) -> dict[str, str]:
        """The roles that are held here, in the order of the protocols."""
        held = {role for each in self.members for role in each.roles}
        return {role: word for role, word in self.words.items() if role in held}

    @cached_property
    def agreements(self) -> tuple[tuple[Concluded, Standing], ...]:
        return agreements_of(self.members, self.node)

    @cached_property
    def ways(self) -> Matrix:
        in_force = [each for each, standing in self.agreements if standing == "in-force"]
        return ways_among(self.members, in_force, self.node)

    def may_see(self, others: tuple[Place, ...]) -> tuple[Place, ...]:
        return tuple(each for each in others if _may_see(self.visitor, each.key))


def hall_of(key: str, edge: TheEdge, visitor: TheVisitor) -> Hall:
    """Let in who coordinates this network, or runs the hub; everybody else is to sign in.

    A network that there is not looks like one that is none of the visitor's.
    """
    if visitor is None or not _may_see(visitor, key):
        raise SignInWanted
    return Hall(place_of(key, edge.node), visitor, edge.node)


TheHall = Annotated[Hall, Depends(hall_of)]


def shown(template: str, hall: Hall, here: str, *, status: int = 200, **values: Any) -> Response:
    """Return a page of a network."""
    return page(
        f"netzwerk/{template}.html",
        hall.visitor,
        status=status,
        hall=hall,
        here=here,
        menu=PAGES,
        networks=hall.may_see(places(hall.node)),
        kinds=KINDS,
        status_words=STATUS,
        standings=STANDINGS,
        today=today(hall.node.clock()),
        **values,
    )


@router.get("/netzwerk")
def get_networks(edge: TheEdge, visitor: TheVisitor) -> Response:
    """Lead to the one network, or let the operator choose."""
    if visitor is None or visitor.known.role not in {"koordination", "betrieb"}:
        raise SignInWanted
    own = [each for each in places(edge.node) if _may_see(visitor, each.key)]
    if len(own) == 1:
        return go(f"/netzwerk/{own[0].key}")
    return page("netzwerk/netze.html", visitor, networks=own)


@inner.get("")
async def get_overview(hall: TheHall) -> Response:
    """What there is, and what is to be done next."""
    affairs = await affairs_of(hall.place, hall.node)
    waiting = _tasks(hall, affairs)
    return shown("uebersicht", hall, "", affairs=affairs, tasks=waiting, asked=hall.asked)


@inner.get("/mitglieder")
async def get_members(hall: TheHall) -> Response:
    """Organisations and units, how each stands, and which rules it has accepted."""
    affairs = await affairs_of(hall.place, hall.node)
    return shown("mitglieder", hall, "/mitglieder", current=affairs.current)


@inner.get("/kontakte")
def get_contacts(hall: TheHall) -> Response:
    """Whom one calls, by role."""
    return shown("kontakte", hall, "/kontakte")


@inner.get("/vereinbarungen")
def get_agreements(hall: TheHall) -> Response:
    """Who has agreed with whom on what, and until when."""
    return shown("vereinbarungen", hall, "/vereinbarungen")


@inner.get("/wege")
def get_ways(hall: TheHall) -> Response:
    """Who may tell whom what in this network today."""
    return shown("wege", hall, "/wege", matrix=hall.ways)


@inner.get("/wege.svg")
def get_ways_as_picture(hall: TheHall) -> Response:
    """The same as a picture, to be shown to the members."""
    headers = {**POLICY, "content-security-policy": PICTURE_POLICY}
    return Response(as_svg(hall.ways), media_type=SVG, headers=headers)


@router.get("/static/netzwerk.css")
def get_style(request: Request) -> Response:
    """The style sheet of the pages for people."""
    return answer(request, (STATIC / "netzwerk.css").read_bytes(), CSS)


def _may_see(visitor: Visitor, key: str) -> bool:
    known = visitor.known
    if known.role == "betrieb":
        return True
    # By the key of the Kreis, or by the AGS of a town that is none of a Kreis (Krefeld: 05114000).
    own = known.organisation.partition(":")[2]
    return known.role == "koordination" and own in {key, f"{key}000"}


def _tasks(hall: Hall, affairs: Affairs) -> tuple[Task, ...]:
    return tasks(hall.members, affairs, hall.agreements, hall.node.clock())


router.include_router(inner)
