# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""What all nouns have in common: they are frozen and closed."""

from pydantic import BaseModel, ConfigDict


class Noun(BaseModel):
    """A value that never changes and has no members beyond those named."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, populate_by_name=True)
