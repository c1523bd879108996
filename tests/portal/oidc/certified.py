# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""A provider that was certified by others, and people who come in through it."""

import json
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import pytest
from pydantic import SecretStr
from sqlalchemy import update

from hub.people.books.tables import session
from hub.people.oidc_fresh import LASTS
from tests.browser import ROOT
from tests.interop.node import node
from tests.portal.arrivals import Look, unseen
from tests.portal.visits import Visit
from tests.portal.world import PortalWorld
from tests.world import free_port

CLIENT: Final = "portal-der-schule"
SECRET: Final = "nur-auf-diesem-rechner-und-lang-genug"
ACR: Final = "urn:meldeweg:acr:zwei-faktoren"
CODE: Final = "123456"
BUTTON: Final = "Beim Schulträger anmelden"
PROGRAM: Final = Path(__file__).with_name("op.mjs")
PACKAGE: Final = ROOT / "node_modules" / "oidc-provider"


@contextmanager
def a_certified_provider(portal_url: str) -> Iterator[dict[str, Any]]:
    """Run it for a portal at this address; gives the settings by which the portal knows it."""
    if not PACKAGE.is_dir():
        pytest.skip("oidc-provider is missing: make sets it up")
    port = free_port()
    said = {
        "port": port,
        "client": CLIENT,
        "secret": SECRET,
        "returns": [f"{portal_url}/portal/anmeldung/oidc/zurueck"],
        "acr": ACR,
    }
    with subprocess.Popen(
        [node(), str(PROGRAM), json.dumps(said)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as child:
        assert child.stdin is not None
        assert child.stdout is not None
        try:
            assert child.stdout.readline() == "bereit\n", "the provider did not start"
            yield {
                "oidc_issuer": f"http://127.0.0.1:{port}",
                "oidc_client_id": CLIENT,
                "oidc_client_secret": SecretStr(SECRET),
                "oidc_acr": ACR,
                "oidc_name": "Erfundener Schulträger",
            }
        finally:
            child.stdin.close()
            child.wait()


def say_who(visit: Visit, account: str, *, code: str = CODE) -> None:
    """Answer the questions of the provider, which is another site."""
    visit.await_text(BUTTON)
    visit.fill("Benutzername", account)
    visit.fill("Zweiter Faktor", code)
    visit.press(BUTTON)


def come_with_account(
    visit: Visit, portal: PortalWorld, folder: Path, account: str, look: Look = unseen
) -> None:
    """Come as the first of a house by a one-time link, with an account and no passkey."""
    visit.go(portal.link("Leitung Erfunden-Konto"))
    look("1 einladung")
    visit.tick("anbieter-anmelden")
    say_who(visit, account)
    visit.await_path("/portal/einrichten")
    look("2 schlüssel")
    visit.press("Schlüssel anlegen")
    visit.await_text("Wiederherstellungsdatei")
    folder.mkdir(exist_ok=True)
    visit.page.download_to(folder)
    visit.press("Datei herunterladen")
    visit.await_text("heruntergeladen")
    visit.press("Fertig")
    visit.await_text("Alles ist eingerichtet")
    look("3 fertig")
    portal.confirm()


def let_time_pass(portal: PortalWorld) -> None:
    """Make every sign-in older than one that counts; the provider's clock goes on as it is."""
    older = update(session).values(auth_time=session.c.auth_time - LASTS - 60)
    portal.desk.books.write_now(lambda connection: connection.execute(older).rowcount)
