# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""All tables of the portal hang here; each topic brings its own."""

from typing import Final

from sqlalchemy import MetaData

METADATA: Final = MetaData()
