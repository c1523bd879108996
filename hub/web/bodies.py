# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""How is a body read the strict way, and an answer written, whoever it is that serves?"""

import json
from typing import Any, Final, TypeVar

from fastapi import Request, Response
from pydantic import BaseModel, ValidationError

from hub.errors import MediaTypeUnsupported, NotAMessage, NotFound
from hub.model.ids import UUID

M = TypeVar("M", bound=BaseModel)
JSON: Final = "application/json"


def check_media_type(request: Request, expected: str) -> None:
    if request.headers.getlist("content-type") != [expected]:
        raise MediaTypeUnsupported(f"This address takes {expected}.")


def uuid_in_path(value: str) -> str:
    """Return an id from an address; what is no id is nothing that could be found."""
    if not UUID.fullmatch(value):
        raise NotFound
    return value


async def body_as(request: Request, model: type[M]) -> M:
    """Read a JSON body into a closed model; pointers on refusal, never values."""
    check_media_type(request, JSON)
    raw = await request.body()
    try:
        _check_names_once(raw)
        return model.model_validate_json(raw)
    except ValidationError as unfit:
        places = sorted({_pointer(error) for error in unfit.errors(include_input=False)})
    except (ValueError, RecursionError):
        places = [""]
    raise NotAMessage("The body is not what this address takes.", pointers=places)


def _check_names_once(raw: bytes) -> None:
    """Raise ``ValueError`` for a name that comes twice: pydantic would take the last of them."""

    def members(pairs: list[tuple[str, object]]) -> None:
        if len(dict(pairs)) != len(pairs):
            raise ValueError("a name twice")

    json.loads(raw, object_pairs_hook=members)


def _pointer(error: Any) -> str:
    # The name of a member that nobody knows is the sender's word, so its parent is named.
    place = error["loc"][:-1] if error["type"] == "extra_forbidden" else error["loc"]
    return "".join(f"/{part}" for part in place)


def json_response(content: object, status: int = 200, **headers: str) -> Response:
    raw = (
        content if isinstance(content, bytes) else json.dumps(content, ensure_ascii=False).encode()
    )
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Response(raw, status, media_type=JSON, headers=named)
