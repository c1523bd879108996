# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""What stands in a mapping?"""

import re
from collections.abc import Mapping as MappingOf
from pathlib import Path
from typing import Annotated, Final, Literal, Self

from pydantic import Field, StringConstraints, ValidationError, model_validator

from hub.adapters.registry import unfit_text
from hub.adapters.settings import Strict
from hub.protocols.reading import Unreadable, read_yaml

Output = Literal["json", "csv", "xml"]
Encoding = Literal["utf-8", "windows-1252", "iso-8859-15"]
DateForm = Literal["TT.MM.JJJJ", "JJJJ-MM-TT", "JJJJMMTT", "TT.MM.JJJJ HH:MM", "HH:MM"]
Partial = Literal["nullen", "leer"]
"""What becomes of a date of which only the year is known: ``00.00.2014``, or nothing."""
FACTS: Final = (
    "id", "conversation", "position", "cause", "protocol", "step", "urgency", "sender",
    "sender_name", "recipient", "basis", "issued", "received", "ends", "env",
)  # fmt: skip
"""What can be named as ``@id``; whatever is not part of the content."""
MOMENTS: Final = ("issued", "received", "ends")
_SOURCE: Final = r"^(@[a-z_]{2,20}|(/([a-z][A-Za-z0-9_]{0,39}|[0-9]{1,2}|\*)){1,8})$"
_TARGET: Final = r"^[A-Za-zÄÖÜäöüß_][A-Za-z0-9ÄÖÜäöüß_-]{0,39}(\.[A-Za-zÄÖÜäöüß_][\w-]{0,39}){0,5}$"

Source = Annotated[str, StringConstraints(pattern=_SOURCE)]
"""A pointer into the content, ``*`` for each entry of a list; or ``@`` and a fact."""
Target = Annotated[str, StringConstraints(pattern=_TARGET)]
"""Name of a field over there; points divide what is nested."""
Text = Annotated[str, StringConstraints(min_length=1, max_length=400)]


class MappingUnfit(Exception):  # noqa: N818  a state of the file
    """The file is no mapping; the text is German and says where."""


class TheirField(Strict):
    """One field over there, and from what it is filled."""

    to: Target
    source: Source | tuple[Source, ...] | None = Field(default=None, alias="from")
    """Of several the first that is said."""
    join: tuple[Source, ...] = ()
    """All that are said, one after the other."""
    between: str = Field(default=" ", max_length=10)
    constant: str | int | bool | None = None
    words: bool = False
    """The words for a code, and a date as people say it, instead of what was sent."""
    date: DateForm | None = None
    partial: Partial = "nullen"
    codes: str | None = None
    """Name of a table below."""
    yes: str | int | None = None
    no: str | int | None = None
    required: bool = False
    """The product refuses what leaves this out."""
    default: str | int | None = None
    max: int | None = Field(default=None, ge=1, le=100_000)
    """Characters that fit."""
    cut: bool = False
    """What is longer is cut; the whole stands in another form of the same delivery."""
    remark: str = ""

    @model_validator(mode="after")
    def _has_one_origin(self) -> Self:
        origins = (self.source is not None, bool(self.join), self.constant is not None)
        if sum(origins) != 1:
            raise ValueError("Ein Feld hat genau eine Herkunft: from, join oder constant.")
        return self

    @property
    def sources(self) -> tuple[str, ...]:
        """Return everything that may fill the field."""
        alternatives = (self.source,) if isinstance(self.source, str) else self.source or ()
        return (*alternatives, *self.join)

    @property
    def pointers(self) -> tuple[str, ...]:
        """Return where in the content that stands; facts about the message stand in none."""
        return tuple(each for each in self.sources if each.startswith("/"))


class CodeTable(Strict):
    """Which code of theirs stands for one of ours."""

    of: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]{1,59}$")]
    """The code list of ours, or ``dringlichkeit``."""
    values: MappingOf[str, str | int]
    otherwise: str | int | None = None
    """For each code that is not listed; without it such a delivery is refused."""


class Confirmation(Strict):
    """Who of the maker has said that the mapping is right."""

    by: Text
    on: Annotated[str, StringConstraints(pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$")]


class Mapping(Strict):
    """A product's fields, filled from ours."""

    id: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]{1,39}$")]
    product: Text
    vendor: Text
    version: Annotated[str, StringConstraints(pattern=r"^[0-9]{1,4}\.[0-9]{1,4}\.[0-9]{1,4}$")]
    standing: Text
    confirmed: Confirmation | None = None
    remark: str = ""
    steps: tuple[Annotated[str, StringConstraints(pattern=r"^[a-z-]+/[a-z-]+$")], ...] = Field(
        min_length=1
    )
    """``polizei-mitteilung/mitteilung``; in every version."""
    output: Output = "json"
    root: Target = "Meldung"
    """Outermost element, for XML."""
    encoding: Encoding = "utf-8"
    needs: tuple[Target, ...] = ()
    """Fields without which the product takes nothing."""
    fields: tuple[TheirField, ...] = Field(min_length=1, max_length=400)
    tables: MappingOf[str, CodeTable] = Field(default_factory=dict)

    @property
    def label(self) -> str:
        """How this mapping is called where somebody chooses it."""
        return f"{self.product} ({self.vendor}), {self.standing}"

    @property
    def ending(self) -> str:
        """Of the names of files that are written by it."""
        return f"{self.id}.{self.output}"

    def covers(self, protocol: str, step: str) -> bool:
        """Tell whether it says something for a step; ``protocol`` without its version."""
        return f"{protocol}/{step}" in self.steps


def read_mapping(path: Path) -> Mapping:
    """Read a mapping; raises ``MappingUnfit``, or ``OSError`` where there is no such file."""
    try:
        said = read_yaml(path)
    except Unreadable as unreadable:
        raise MappingUnfit(f"{path.name}: {unreadable}") from None
    try:
        made = Mapping.model_validate(said)
    except ValidationError as error:
        raise MappingUnfit(f"{path.name}: {unfit_text(error)}") from None
    unknown = {each.codes for each in made.fields if each.codes} - made.tables.keys()
    if unknown:
        raise MappingUnfit(f"{path.name}: /fields: Eine Codetabelle, die genannt ist, fehlt.")
    return made


def template(pointer: str) -> str:
    """Return a pointer with ``*`` for each place in a list."""
    return re.sub(r"/[0-9]+(?=/|$)", "/*", pointer)
