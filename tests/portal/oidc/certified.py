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

from tests.browser import ROOT
from tests.interop.node import node
from tests.portal.visits import Visit
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
