# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Where in what was sent does an error of a model lie?

A JSON pointer (RFC 6901) leads into what is there and into names that the models have. It never
repeats a name that somebody else made up.
"""

from collections.abc import Mapping, Sequence
from typing import Any


def pointer_of(error: Mapping[str, Any], value: Any) -> str:
    """Return the pointer of one error of a model, held against the value that was to be read.

    Where a member takes one of several forms, the error names the form among its steps; what leads
    nowhere in the value is left out.
    """
    place = error["loc"][:-1] if error["type"] == "extra_forbidden" else error["loc"]
    pointer = ""
    for step in place:
        if _leads_on(step, value):
            value = value[step]
            pointer += f"/{step}"
    return f"{pointer}/{place[-1]}" if error["type"] == "missing" else pointer


def _leads_on(step: int | str, value: Any) -> bool:
    if isinstance(step, int):
        is_list = isinstance(value, Sequence) and not isinstance(value, str | bytes)
        return is_list and step < len(value)
    return isinstance(value, Mapping) and step in value
