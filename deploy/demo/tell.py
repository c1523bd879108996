# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""How the demo speaks: in German, each event in a few lines, the first with the time."""

import shutil
import textwrap
from datetime import datetime
from typing import Final

from hub import clock

MARGIN: Final = " " * 10
WIDEST: Final = 110


class Failed(Exception):  # noqa: N818  an end that people read about
    """The demo cannot go on; the text says in German why, and what to do."""


def say(event: str, *more: str) -> None:
    """Tell an event with the time in the demo; what else there is to say follows, indented."""
    width = min(WIDEST, shutil.get_terminal_size((WIDEST, 24)).columns)
    first = f"{datetime.fromtimestamp(clock.now(), clock.BERLIN):%H:%M:%S}  "
    for text in (event, *more):
        lines = textwrap.wrap(
            text,
            width,
            initial_indent=first,
            subsequent_indent=MARGIN,
            break_long_words=False,
            break_on_hyphens=False,
        )
        print("\n".join(lines), flush=True)
        first = MARGIN


def heading(text: str) -> None:
    """Begin a new scene."""
    print(f"\n{text}\n{'─' * len(text)}", flush=True)


def verbatim(*lines: str) -> None:
    """Print what somebody may want to copy; never wrapped."""
    print("\n".join(f"{MARGIN}{line}".rstrip() for line in lines), flush=True)
