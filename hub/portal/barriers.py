# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Whom can somebody tell that a page shuts them out, and by when is there an answer?

§ 10b Abs. 2 BGG NRW asks for a form, § 5 Abs. 2 BITVNRW for an answer. What is told is kept in the
portal's books; the mail to whoever runs it says that something is there, and not what.
"""

from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any, Final, Literal

from ruamel.yaml import YAML
from sqlalchemy import Connection
from uuid_utils.compat import uuid7

from hub.errors import StorageFull
from hub.portal.books.barriers import (
    StoredBarrier,
    add_barrier,
    count_open,
    remove_old_barriers,
)
from hub.portal.books.mail_notices import StoredNotice, add_notices
from hub.portal.settings import PortalSettings
from hub.schemas import SPECS

FILE: Final = "portal/barrierefreiheit.yaml"
DAY: Final = 86_400
MOST_OPEN: Final = 500
"""Told and not answered; beyond, somebody fills the books and not in a hole."""
Conformance = Literal["vollstaendig", "teilweise", "nicht"]


@dataclass(frozen=True)
class Statement:
    """What the statement about accessibility says of the program."""

    standard: str
    beyond: str
    conformance: Conformance
    made_on: date
    checked_on: date
    method: str
    method_detail: dict[str, str]
    barriers: list[dict[str, dict[str, str]]]
    """What, why and what instead, each by language."""
    ombuds: dict[str, str]
    answer_weeks: int
    kept_days: int


@dataclass(frozen=True)
class Told:
    """What somebody filled into the form."""

    page: str
    said: str
    answer_to: str


@cache
def statement() -> Statement:
    """Return the statement as ``specs/portal/barrierefreiheit.yaml`` has it."""
    said: dict[str, Any] = YAML(typ="safe", pure=True).load((SPECS / FILE).read_text("utf-8"))
    return Statement(**said)


def tell(connection: Connection, told: Told, settings: PortalSettings, second: int) -> str:
    """Keep what was told, and let the operator know; returns under which number."""
    forget_old(connection, second)
    if count_open(connection) >= MOST_OPEN:
        raise StorageFull
    made = StoredBarrier(
        id=str(uuid7()),
        told_at=second,
        due_at=second + statement().answer_weeks * 7 * DAY,
        page=told.page,
        said=told.said,
        answer_to=told.answer_to,
    )
    add_barrier(connection, made)
    if settings.operator_mail:
        notice = StoredNotice(str(uuid7()), settings.operator_mail, "barriere", second, second, 0)
        add_notices(connection, [notice])
    return made.id


def forget_old(connection: Connection, second: int) -> int:
    """Remove what was told too long ago."""
    return remove_old_barriers(connection, second - statement().kept_days * DAY)
