# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Rules of procedure: what a network has given itself, and who has not accepted it yet?"""

from datetime import date
from typing import Annotated

from pydantic import Field, StringConstraints

from hub.model.ids import Party
from hub.model.noun import Noun

Line = Annotated[str, StringConstraints(min_length=1, max_length=400, pattern=r"^\S(.*\S)?$")]


class RulesVersion(Noun):
    """One version of rules of procedure, as it was put out to the members."""

    version: Annotated[str, StringConstraints(pattern=r"^[1-9][0-9]{0,3}$")]
    valid_from: date
    summary: Line
    not_accepted: tuple[Party, ...] = ()
    """Members whose acceptance is still open; everybody else of the network has accepted."""


class RulesOfProcedure(Noun):
    """A Geschaeftsordnung: it binds its members and gives nobody a legal basis for anything."""

    id: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]{1,39}$")]
    title: Line
    versions: Annotated[tuple[RulesVersion, ...], Field(min_length=1, max_length=99)]
    """From the oldest to the newest."""
