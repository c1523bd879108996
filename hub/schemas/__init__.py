# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""What may be said: versioned JSON schemas, and where everything that lawyers read is kept.

``vokabular`` holds the parts that several contents share, every other folder the contents of one
protocol. A version that was published never changes; ``published.sha256`` beside it says how it
looked that day. ``hub.protocols.schemas`` reads these files.
"""

from pathlib import Path
from typing import Final

SCHEMAS: Final = Path(__file__).parent
"""Folder of the schemas: ``<name>/<version>/<step>.schema.json``."""

_PACKAGED: Final = SCHEMAS.parent / "specs"

SPECS: Final = _PACKAGED if _PACKAGED.is_dir() else SCHEMAS.parent.parent / "specs"
"""Law, code lists, glossary, protocols: inside the package once installed, else beside it."""
