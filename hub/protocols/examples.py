# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Do the examples of a protocol say what its schemas and rules say?

``<step>.valid.<word>.json`` has to hold and ``<step>.invalid.<word>.json`` has to fail: an example
of what must not be said shows that it cannot be.
"""

import json
from collections.abc import Iterator
from itertools import product
from pathlib import Path
from typing import Final

from hub.errors import ContentInvalid
from hub.model.protocol import Protocol, Step
from hub.protocols.catalogue import Catalogue
from hub.protocols.check import Finding
from hub.protocols.reading import read_text
from hub.protocols.rules import Saying, check_rules
from hub.sealing.content import check_content

KINDS: Final = ("valid", "invalid")


def example_findings(
    protocol: Protocol, catalogue: Catalogue, schemas: Path
) -> tuple[Finding, ...]:
    """Return which examples are missing, and which say the contrary of their names."""
    return tuple(
        finding
        for step in protocol.steps
        for finding in _about_step(step, catalogue, schemas / f"{step.schema_name}.schema.json")
    )


def _about_step(step: Step, catalogue: Catalogue, schema: Path) -> Iterator[Finding]:
    name = schema.name.partition(".")[0]
    for kind in KINDS:
        found = sorted((schema.parent / "examples").glob(f"{name}.{kind}.*.json"))
        if not found:
            yield Finding(f"steps/{step.id}", f"ohne Beispiel: examples/{name}.{kind}.….json")
        for path in found:
            reason = _refused(path, step, catalogue)
            if kind == "valid" and reason:
                yield Finding(f"examples/{path.name}", f"müsste passen: {reason}")
            if kind == "invalid" and not reason:
                yield Finding(f"examples/{path.name}", "müsste scheitern und passt")


def _refused(path: Path, step: Step, catalogue: Catalogue) -> str:
    """Return why a content may not be sent, whatever basis and urgency; empty where it may."""
    try:
        content = json.loads(read_text(path))
        check_content(catalogue.schemas.by_digest(step.schema_digest), content)
    except ContentInvalid as invalid:
        return _said(invalid)
    except (ValueError, RecursionError):
        return "kein JSON"
    reasons = [
        _broken(step, Saying(content, basis, urgency), catalogue)
        for basis, urgency in product(step.bases_of(step.sender), step.urgencies)
    ]
    return "" if "" in reasons else reasons[0]


def _broken(step: Step, saying: Saying, catalogue: Catalogue) -> str:
    try:
        check_rules(step.rules, saying, catalogue.cite)
    except ContentInvalid as invalid:
        return _said(invalid)
    return ""


def _said(invalid: ContentInvalid) -> str:
    places = ", ".join(invalid.pointers)
    return f"{invalid.detail} {places}".strip() or "passt nicht zum Schema"
