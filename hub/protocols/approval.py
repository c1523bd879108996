# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Who let a version say more than the one before it, and what did they weigh?

``freigabe.yaml`` beside a version that widens. It approves exact bytes: another digest is another
version, which nobody has approved. Persons are named by their function alone.
"""

from datetime import date
from pathlib import Path
from typing import Annotated, Final

from pydantic import Field, StringConstraints, ValidationError

from hub.model.ids import Digest
from hub.model.noun import Noun
from hub.protocols.reading import Unreadable, read_yaml

FILE: Final = "freigabe.yaml"

Function = Annotated[
    str, StringConstraints(pattern=r"^[^\n]*[Dd]atenschutzbeauftragte[^\n]*$", max_length=160)
]
"""A data protection officer by function and office, never by name."""
Text = Annotated[str, StringConstraints(min_length=3, max_length=4000)]


class Approval(Noun):
    """The recorded approval of one widening version by those who watch over data protection."""

    protocol: str
    """Name and version: ``schule-mitteilung/2.0.0``."""
    digest: Digest
    approved_on: date
    approved_by: Annotated[tuple[Function, ...], Field(min_length=1)]
    reference: Text
    """The file (Aktenzeichen) under which the decision can be read."""
    weighed: Text
    """German: what was weighed against what, and on which basis it may be said."""


class ApprovalInvalid(ValueError):  # noqa: N818  a state of the file, as the refusals are
    """A file of approval does not hold; the text says why, in German."""


def load_approval(folder: Path) -> Approval | None:
    """Read the approval beside a version, or None where there is none."""
    path = folder / FILE
    if not path.exists():
        return None
    try:
        written = read_yaml(path)
        if isinstance(written, dict) and isinstance(written.get("approved_by"), list):
            written = {**written, "approved_by": tuple(written["approved_by"])}
        return Approval.model_validate(written)
    except Unreadable as broken:
        raise ApprovalInvalid(str(broken)) from None
    except ValidationError as wrong:
        places = {str(next(iter(error["loc"]), "Datei")) for error in wrong.errors()}
        raise ApprovalInvalid(f"fehlt oder passt nicht: {', '.join(sorted(places))}") from None
