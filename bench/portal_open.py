# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""How soon can somebody use the portal who opens it for the first time on this browser?

From the request to the moment at which the program of the page says that it is ready, in a real
Chromium on the same machine, with nothing kept from before; by turns with the sign-in page, whose
program is smaller. The size is that of the page which somebody gets first: the sign-in page. The
start page behind it also fetches what waits and the table of places.
"""

import statistics
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from bench.ground import Ground
from bench.options import Options
from bench.portal_ground import both_running, found_portal
from bench.result import Ratio, Result
from tests.browser import Page, a_page, chromium

GOAL_MS: Final = 1000
BUDGET_KB: Final = 150
TIMES: Final = 7
_READY: Final = "performance.getEntriesByName('bereit').length ? 'ready' : ''"
_WHEN: Final = "performance.getEntriesByName('bereit')[0].startTime"
_BYTES: Final = (
    "performance.getEntriesByType('resource').filter(each => !each.name.endsWith('.woff2'))"
    ".concat(performance.getEntriesByType('navigation'))"
    ".reduce((sum, each) => sum + each.encodedBodySize, 0)"
)


def portal_open(ground: Ground, options: Options) -> Result:
    """Open the start page and the sign-in page by turns, each as if for the first time."""
    del ground  # It has a hub of its own.
    if chromium() is None:
        raise RuntimeError("Chromium is missing")
    own = found_portal(1)
    (person,) = own.people
    session = dict(person.client.cookies)["portal"]
    start: list[float] = []
    stranger: list[float] = []
    with both_running(own) as (_, at), TemporaryDirectory() as folder, a_page(Path(folder)) as page:
        url = f"http://localhost:{at.port}/portal"
        for _ in range(3 if options.is_quick else TIMES):
            page.keep_cookie("portal", session, url)
            start.append(_opened(page, url))
            later = float(page.evaluate(_BYTES)) / 1000
            page.forget_cookies()
            stranger.append(_opened(page, f"{url}/anmeldung"))
            size = float(page.evaluate(_BYTES)) / 1000
    ready = statistics.median(start)
    print(f"  {ready:.0f} ms, {size:.0f} kB; sign-in {statistics.median(stranger):.0f} ms")
    return Result(
        "portal-open",
        [
            Ratio("portal start page ready", ready, GOAL_MS, "at most", unit=" ms"),
            Ratio("portal first page without fonts", size, BUDGET_KB, "at most", unit=" kB"),
        ],
        {
            "start_ms": start,
            "sign_in_ms": stranger,
            "kilobytes": size,
            "kilobytes of the start page": later,
        },
    )


def _opened(page: Page, url: str) -> float:
    """Open a page with nothing kept, and return after how many milliseconds it was ready."""
    page.forget_cache()
    page.open(url, width=1280)
    page.wait_for(_READY, "ready")
    return float(page.evaluate(_WHEN))
