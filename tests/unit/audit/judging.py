# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""The page for auditors as somebody uses it: files chosen, a key put in, the button pressed."""

import json
from collections.abc import Sequence
from pathlib import Path

from tests.browser import Page
from tests.unit.audit.the_page import PAGE

VERDICT = "document.getElementById('ergebnis').dataset.urteil ?? '…'"
FOUND = "JSON.stringify([...document.querySelectorAll('#befunde li')].map(li => li.textContent))"
SAID = "document.getElementById('ergebnis').textContent"


def choose(page: Page, field: str, *paths: Path) -> None:
    """Put files, or a folder, into a field, as the dialogue of the browser would."""
    root = page.tell("DOM.getDocument")["root"]["nodeId"]
    node = page.tell("DOM.querySelector", nodeId=root, selector=f"#{field}")["nodeId"]
    page.tell("DOM.setFileInputFiles", nodeId=node, files=[str(path) for path in paths])
    # What lies in a folder the browser finds out by and by.
    page.wait_for(f"document.getElementById('{field}').files.length > 0", "true")


def judged(
    page: Page,
    *paths: Path,
    vkeys: Sequence[str] = (),
    policy: Path | None = None,
    width: int = 1280,
    expects_refusal: bool = False,
) -> list[str]:
    """Return what the page finds, one line each; ``said`` is what it says above them."""
    page.open(PAGE.as_uri(), width=width)
    if paths and paths[0].is_dir():
        choose(page, "ordner", *paths)
    elif paths:
        choose(page, "dateien", *paths)
    if policy is not None:
        choose(page, "richtlinie", policy)
    page.evaluate(f"document.getElementById('vkey').value = {json.dumps(chr(10).join(vkeys))};0")
    page.evaluate("document.getElementById('pruefen').click();0")
    verdict = page.wait_for(VERDICT, "")
    found: list[str] = json.loads(page.evaluate(FOUND))
    assert verdict != "gut" or not found
    assert verdict != "schlecht" or found, said(page)
    assert verdict != "offen" or expects_refusal, said(page)
    return found


def said(page: Page) -> str:
    return str(page.evaluate(SAID))
