# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""The page that says who has to act now, for whoever has to see to it that somebody does."""

from fastapi import APIRouter, Response

from hub.directory.duty_words import dated
from hub.inquire.duties import attendances
from hub.protocols.agreements import today
from hub.web.netzwerk import TheHall, shown

router = APIRouter(prefix="/netzwerk/{key}", include_in_schema=False)


@router.get("/bereitschaft")
def get_duty(hall: TheHall) -> Response:
    """Who acts for each unit now, who follows, and what its roster leaves open."""
    now = int(hall.node.clock())
    there = attendances(hall.members, hall.node.directory, now, today(now))
    return shown("bereitschaft", hall, "/bereitschaft", there=there, now=now, dated=dated)
