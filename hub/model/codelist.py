# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""A code list: what may be chosen from, where it comes from, and what it is called elsewhere."""

from typing import Annotated, Final, Literal

from pydantic import Field, StringConstraints

from hub.model.noun import Noun

OWN: Final = "urn:meldeweg:codeliste"
"""Where lists stand that nobody else has given a name."""

Code = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9]+(-[A-Za-z0-9]+)*$")]
CodeListId = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$")]


class CodeValue(Noun):
    """One thing that can be chosen."""

    code: Code
    """A word of ours, or the official key."""
    title: Annotated[str, StringConstraints(min_length=1)]
    """German, as a form shows it."""
    xjustiz: str | None = None
    """The key of the same thing in XJustiz."""


class CodeList(Noun):
    """One version of a list; a list that changes what a code means is another list."""

    id: CodeListId
    title: str
    version: Annotated[str, StringConstraints(pattern=r"^[0-9]{1,4}\.[0-9]{1,4}\.[0-9]{1,4}$")]
    """Of our file."""
    status: Literal["geprueft", "teilweise", "eigen"]
    urn: Annotated[str, StringConstraints(pattern=r"^urn:[a-z0-9][a-z0-9-]{1,31}:\S+$")] | None = (
        None
    )
    """Of the official list, where there is one."""
    list_version: str | None = None
    """Of the official list, as far as it was seen."""
    part: bool = False
    """Holds only some of the values of the official list."""
    source: Annotated[str, StringConstraints(min_length=1)]
    """German: who made it, or where it was read."""
    remark: str = ""
    used_for: str = ""
    """German: what a list is for that no schema names."""
    values: Annotated[tuple[CodeValue, ...], Field(min_length=1)]

    @property
    def is_official(self) -> bool:
        """Whether it may be published under the name of the official list: whole, not in parts."""
        return self.urn is not None and not self.part

    @property
    def canonical_uri(self) -> str:
        return self.urn if self.urn and self.is_official else f"{OWN}:{self.id}"

    @property
    def canonical_version(self) -> str:
        return self.list_version if self.list_version and self.is_official else self.version
