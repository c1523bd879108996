# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Is what a browser shows HTML as it should be? Asked of html-validate, with the rules we chose."""

import json
import os
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from tests.browser import ROOT, Page

CHECKER: Final = ROOT / "node_modules" / "html-validate" / "bin" / "html-validate.mjs"
CONFIG: Final = ROOT / ".htmlvalidate.json"
_SHOWN: Final = "'<!DOCTYPE html>\\n' + document.documentElement.outerHTML"


def shown(page: Page) -> str:
    """Return the page as it stands in the browser now, with all that scripts put into it."""
    return str(page.evaluate(_SHOWN))


def faults(pages: Mapping[str, str], folder: Path) -> list[str]:
    """Return what is wrong with each page: its name, the rule, the place and the reason."""
    assert pages, "otherwise nothing was looked at"
    names = {}
    for number, (name, html) in enumerate(pages.items()):
        path = folder / f"{number}.html"
        path.write_text(html, "utf-8")
        names[str(path)] = name
    # Into a file: the program ends before a pipe has taken all that it has to say.
    said_in = folder / "faults.json"
    with said_in.open("wb") as output:
        done = subprocess.run(
            ["node", CHECKER, "--config", CONFIG, "--formatter", "json", *names],
            cwd=ROOT,
            env={**os.environ, "PATH": f"{ROOT / '.venv' / 'bin'}:{os.environ['PATH']}"},
            stdout=output,
            stderr=subprocess.PIPE,
            check=False,
        )
    assert not done.stderr, done.stderr.decode()
    return [
        f"{names[each['filePath']]}: {said['ruleId']} at {said.get('selector')}: {said['message']}"
        for each in json.loads(said_in.read_bytes())
        for said in each["messages"]
    ]
