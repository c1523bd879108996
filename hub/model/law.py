# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""The law as data: a legal basis, and how sure we are of it."""

from datetime import date
from typing import Annotated, Literal

from pydantic import StringConstraints

from hub.model.noun import Noun

BasisCode = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9.-]{1,39}$")]


class LegalBasis(Noun):
    """One place in a statute, with its meaning in our own words."""

    code: BasisCode
    """Statute, paragraph, Absatz: ``kkg-4-3``."""
    citation: str
    """As shown to people: ``§ 4 Abs. 3 KKG``."""
    statute: str
    meaning: str
    """German, in our words; the statute's decisive word in quotation marks."""
    pruefstand: Literal["geprueft", "sinngemaess", "ungeprueft"]
    stand: date
    """The day the wording was checked."""
    source: str
    remark: str = ""
    kjsg: str = ""
    """German: what the Act of 2021 to strengthen children and young people (KJSG) changed here."""
