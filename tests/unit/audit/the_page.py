# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""The page for auditors: what in it follows from other files, and how it gets there.

The closed lists are those of ``verify.py``; what the page may run and how it may look, its own
policy names by digest. After a change: ``python -m tests.unit.audit.the_page``.
"""

import base64
import json
import re
from hashlib import sha256
from pathlib import Path
from typing import Final

from hub.audit import verify

PAGE: Final = Path(verify.__file__).with_name("pruefen.html")
_SCRIPT: Final = re.compile(r"<script>(.*?)</script>", re.DOTALL)
_STYLE: Final = re.compile(r"<style>(.*?)</style>", re.DOTALL)
_WORDS: Final = re.compile(
    r'(<script type="application/json" id="woerter">).*?(</script>)', re.DOTALL
)
_POLICY: Final = re.compile(r'(http-equiv="Content-Security-Policy" content=").*?(")')


def words() -> str:
    """Return the closed lists, as the page holds them."""
    lists = {
        "kinds": verify.KINDS,
        "messages": verify.MESSAGE_KINDS,
        "kept": verify.KEPT,
        "roles": verify.ROLES,
        "objects": verify.OBJECTS,
        "reasons": verify.REASONS,
        "readings": verify.READING_KINDS,
        "readingRoles": verify.READING_ROLES,
        "readingClasses": verify.READING_CLASSES,
        "readingGrounds": verify.READING_GROUNDS,
    }
    return json.dumps({name: sorted(each) for name, each in lists.items()}, indent=1)


def policy(text: str) -> str:
    """Return what the page may do: its own script, its own style, and nothing else."""
    script, style = _only(_SCRIPT, text), _only(_STYLE, text)
    return (
        f"default-src 'none'; script-src '{_digest(script)}'; style-src '{_digest(style)}';"
        " connect-src 'none'; base-uri 'none'; form-action 'none'"
    )


def renewed(text: str) -> str:
    """Return the page with the lists and the policy that it has to have."""
    text = _WORDS.sub(lambda found: f"{found[1]}\n{words()}\n{found[2]}", text)
    return _POLICY.sub(lambda found: f"{found[1]}{policy(text)}{found[2]}", text)


def _only(pattern: re.Pattern[str], text: str) -> str:
    (found,) = pattern.findall(text)
    return str(found)


def _digest(text: str) -> str:
    return f"sha256-{base64.b64encode(sha256(text.encode()).digest()).decode()}"


if __name__ == "__main__":
    PAGE.write_text(renewed(PAGE.read_text("utf-8")), "utf-8")
