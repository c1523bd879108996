# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""The address in ``type`` of every problem leads to a page that a person can read."""

import httpx2
import pytest

from hub.web.problems import STATUS
from tests.world import World


@pytest.mark.parametrize("code", sorted(STATUS))
def test_every_code_has_a_page_in_german_and_english(world: World, code: str) -> None:
    page = httpx2.get(f"{world.url}/probleme/{code}")

    assert page.status_code == 200
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert '<html lang="de">' in page.text
    assert '<section lang="en">' in page.text
    assert "$" not in page.text
    assert "<script" not in page.text


def test_a_page_shows_nothing_of_its_address(world: World) -> None:
    page = httpx2.get(f"{world.url}/probleme/Kevin<script>")

    assert page.status_code == 404
    assert "Kevin" not in page.text


def test_the_style_sheet_is_all_that_a_page_may_load(world: World) -> None:
    page = httpx2.get(f"{world.url}/probleme/not-found")
    style = httpx2.get(f"{world.url}/static/seite.css")

    assert page.headers["content-security-policy"].startswith(
        "default-src 'none'; style-src 'self'"
    )
    assert style.headers["content-type"] == "text/css; charset=utf-8"
