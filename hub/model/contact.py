# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""How a body is named and reached: functions and numbers, never a person's name."""

from typing import Annotated

from pydantic import Field, StringConstraints

from hub.model.noun import Noun

Text = Annotated[str, StringConstraints(min_length=1, max_length=400, pattern=r"^\S(.*\S)?$")]
Telephone = Annotated[str, StringConstraints(pattern=r"^[+0-9][0-9 /()-]{1,38}[0-9]$")]
Mailbox = Annotated[
    str,
    StringConstraints(
        max_length=120, pattern=r"^[a-z0-9][a-z0-9._-]{0,63}@[a-z0-9-]+(\.[a-z0-9-]+)+$"
    ),
]
"""Address of a function (``bereitschaft@…``), in the plain form that every server takes."""
Mobile = Annotated[str, StringConstraints(pattern=r"^\+[1-9][0-9]{6,14}$")]
"""Number that takes short messages, as E.164 writes it."""


class Reached(Noun):
    """Where to say that something is there; what it is never goes this way."""

    email: Annotated[tuple[Mailbox, ...], Field(max_length=4)] = ()
    sms: Annotated[tuple[Mobile, ...], Field(max_length=4)] = ()
