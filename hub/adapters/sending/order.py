# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""What does case software put down? One JSON object that says what is to be sent to whom."""

import json
from typing import Any, Final

from pydantic import Field, ValidationError

from hub.adapters.settings import Strict

MOST: Final = 256 * 1024
"""Bytes of an order; a message has 64 KiB at most."""


class OrderUnfit(Exception):  # noqa: N818  an answer to whoever put it down
    """What was put down is not an order; ``pointers`` say where, and nothing says what."""

    code: Final = "order-unfit"

    def __init__(self, detail: str, pointers: tuple[str, ...] = ()) -> None:
        self.detail = detail
        self.pointers = pointers
        super().__init__(detail)


class Order(Strict):
    """An order as it was put down; what the content may say, the schema of the step decides."""

    protocol: str = Field(max_length=100)
    step: str = Field(max_length=60)
    urgency: str = Field(max_length=20)
    content: dict[str, Any] = Field(repr=False)
    to: str | None = Field(default=None, max_length=200)
    """Unit that it goes to; without one the office that is responsible for ``ags``."""
    ags: str | None = Field(default=None, pattern=r"^[0-9]{8}$", repr=False)
    """Municipality where the child is; asked of the directory here, and never sent."""
    kind: str = Field(default="jugendamt", max_length=40)
    """Of which kind the responsible office is, where ``ags`` names the place alone."""
    conversation: str | None = Field(default=None, max_length=36)
    cause: str | None = Field(default=None, max_length=36)
    basis: str | None = Field(default=None, max_length=60)
    reason: str | None = Field(default=None, max_length=40)
    """Why another office than the responsible one is addressed."""
    hints_seen: bool = False


def read_order(raw: bytes) -> Order:
    """Read an order; raises ``OrderUnfit`` with pointers and no value."""
    if len(raw) > MOST:
        raise OrderUnfit("Die Datei ist größer, als ein Auftrag sein kann.")
    try:
        said = json.loads(raw.decode("utf-8-sig"), object_pairs_hook=_without_twins)
    except (ValueError, RecursionError):
        raise OrderUnfit("Das ist kein lesbares JSON in UTF-8.") from None
    if not isinstance(said, dict):
        raise OrderUnfit("Ein Auftrag ist ein JSON-Objekt.")
    try:
        order = Order.model_validate(said)
    except ValidationError as error:
        raise OrderUnfit(
            "Diese Angaben fehlen oder passen nicht.", pointers=_places(error)
        ) from None
    if order.to is None and order.ags is None and order.conversation is None:
        raise OrderUnfit(
            "An wen es geht, fehlt: „to“, „ags“ oder „conversation“.", pointers=("/to",)
        )
    return order


def _places(error: ValidationError) -> tuple[str, ...]:
    """Point at what is wrong; of an unknown member at what it stands in, never at its name."""
    places = []
    for each in error.errors(include_input=False, include_url=False, include_context=False):
        parts = each["loc"][:-1] if each["type"] == "extra_forbidden" else each["loc"]
        places.append("".join(f"/{part}" for part in parts))
    return tuple(dict.fromkeys(places))


def _without_twins(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a member stands there twice")
    return found
