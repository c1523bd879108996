# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""An office whose people come with passkeys, and somebody on duty at a telephone; one a module."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.browser import chromium
from tests.eingang.journeys.guest import Guest, arrived, at_a_browser
from tests.eingang.world import Inbox, an_inbox, with_notices
from tests.world import World

DUTY = "Bereitschaft Erfunden-Nacht"


@pytest.fixture(scope="module")
def inbox(world: World, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Inbox]:
    """The inbox of an office, with a notice of a school and one of the police taken in."""
    with an_inbox(world, tmp_path_factory.mktemp("stelle"), "demo = false") as made:
        yield with_notices(made)


@pytest.fixture(scope="module")
def profile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the browser keeps what it keeps."""
    return tmp_path_factory.mktemp("telefon")


@pytest.fixture(scope="module")
def guest(inbox: Inbox, profile: Path) -> Iterator[Guest]:
    """Somebody at a browser who has not come in yet."""
    if chromium() is None:
        pytest.skip("no Chromium on this machine")
    with at_a_browser(profile, inbox.url) as made:
        yield made


@pytest.fixture(scope="module")
def duty(inbox: Inbox, guest: Guest) -> Guest:
    """Whoever is on duty tonight, come in by a link."""
    return arrived(guest, inbox, DUTY, "bereitschaft", "fachkraft")
