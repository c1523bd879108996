# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""What Node says of the browser's program, a real browser says too: keys stay, and proofs hold."""

import json
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any, Final

import pytest

from tests.browser import ROOT, Page, a_page, chromium
from tests.portal.forged import DESK, NOW, Forge
from tests.portal.unbelieved import DIRECTORY
from tests.portal.unsealed import ALL, SENT, honest

PACKAGES: Final = {
    "@hpke/core": "/node_modules/@hpke/core/esm/mod.js",
    "@hpke/common": "/node_modules/@hpke/common/esm/mod.js",
    "@hpke/dhkem-x25519": "/node_modules/@hpke/dhkem-x25519/esm/mod.js",
    "@hpke/hybridkem-x-wing": "/node_modules/@hpke/hybridkem-x-wing/esm/mod.js",
    "mlkem": "/node_modules/mlkem/esm/mod.js",
}
PAGE: Final = (
    "<!doctype html><title>x</title>"
    f"<script type=importmap>{json.dumps({'imports': PACKAGES})}</script>"
)
BEGIN: Final = """
const vaults = await import("/hub/web/static/portal/vault/index.js");
const trust = await import("/hub/web/static/portal/trust/index.js");
const shelf = await vaults.openShelf("probe");
"""
PERSON: Final = "0193504f-7c2a-7d41-8e5b-0000000000aa"
SOME: Final = 4
"""Every so many of the cases that Node has answered all of."""

pytestmark = pytest.mark.skipif(chromium() is None, reason="there is no Chromium here")


class _Files(SimpleHTTPRequestHandler):
    """Serves the checkout, and one page that says where the packages are."""

    def do_GET(self) -> None:
        if self.path != "/":
            super().do_GET()
            return
        raw = PAGE.encode()
        self.send_response(200)
        self.send_header("content-type", "text/html")
        self.send_header("content-length", str(len(raw)))
        self.end_headers()
        self.wfile.write(raw)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


class Tab:
    """A page of the portal's origin in which its modules are at hand."""

    def __init__(self, page: Page, url: str) -> None:
        self._page = page
        self._url = url

    def give_authenticator(self) -> None:
        self._page.give_authenticator(prf=True)

    def load(self) -> None:
        self._page.open(self._url, width=320)

    def run(self, script: str) -> Any:
        return self._page.evaluate(f"(async () => {{ {BEGIN} {script} }})()")


@pytest.fixture(scope="module")
def tab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tab]:
    profile: Path = tmp_path_factory.mktemp("chromium")
    handler = partial(_Files, directory=str(ROOT))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        with a_page(profile) as page:
            made = Tab(page, f"http://localhost:{server.server_port}/")
            made.load()
            yield made
        server.shutdown()


def test_a_vault_outlives_the_page_and_shows_its_key_to_nobody(tab: Tab) -> None:
    tab.run(f"""
      const kek = await vaults.deviceKek(shelf, "{PERSON}", {{make: true}});
      const lock = {{kind: "device", name: "Rechner", kek}};
      const made = await vaults.makeVault("{PERSON}", lock);
      await vaults.keepVault(shelf, made.vault, {{mark: "m", until: 200}});
      const sealed = await vaults.sealDraft(made.vault, "id", {{text: "Erfunden-Beispiel"}});
      sessionStorage.setItem("kept", JSON.stringify([made.lock, sealed]));
    """)
    tab.load()

    found = tab.run(f"""
      const [lock, sealed] = JSON.parse(sessionStorage.getItem("kept"));
      const session = {{person: "{PERSON}", mark: "m", now: 100}};
      const kept = await vaults.resumeVault(shelf, session);
      const kek = await vaults.deviceKek(shelf, "{PERSON}");
      const again = await vaults.openVault("{PERSON}", [lock], "device", kek);
      const read = [kept, again].map((vault) => vaults.openDraft(vault, "id", sealed));
      const out = (key) => crypto.subtle.exportKey("raw", key).catch((e) => e.name);
      const shown = await Promise.all([kek, kept.secret].map(out));
      return {{read: await Promise.all(read), shown, lasting: shelf.lasting}};
    """)

    assert found["read"] == [{"text": "Erfunden-Beispiel"}] * 2
    assert found["shown"] == ["InvalidAccessError"] * 2
    assert found["lasting"] is True


def test_a_passkey_opens_what_it_locked_and_another_passkey_does_not(tab: Tab) -> None:
    tab.give_authenticator()

    found = tab.run(f"""
      const fresh = () => crypto.getRandomValues(new Uint8Array(32));
      const wanted = (name) => ({{
        rp: {{name: "x"}},
        user: {{id: fresh(), name, displayName: name}},
        challenge: fresh(),
        pubKeyCredParams: [{{type: "public-key", alg: -7}}],
        authenticatorSelection: {{userVerification: "required", residentKey: "required"}},
        extensions: vaults.prfExtension(),
      }});
      const made = (name) => navigator.credentials.create({{publicKey: wanted(name)}});
      const shown = ({{rawId: id}}) => navigator.credentials.get({{publicKey: {{
        challenge: fresh(),
        allowCredentials: [{{type: "public-key", id}}],
        userVerification: "required",
        extensions: vaults.prfExtension(),
      }}}});
      const kekOf = async (key) => vaults.passkeyKek(vaults.prfOf(await shown(key)));
      const [own, other] = [await made("Erfunden"), await made("Erfunden-Beispiel")];
      const lock = {{kind: "passkey", name: own.id, kek: await kekOf(own)}};
      const vault = await vaults.makeVault("{PERSON}", lock);
      const tried = async (key) =>
        vaults.openVault("{PERSON}", [vault.lock], "passkey", await kekOf(key));
      return [
        (await tried(own)).person,
        await tried(other).then(() => "", (refusal) => refusal.code),
      ];
    """)

    assert found == [PERSON, "vault-closed"]


def test_a_change_that_fails_leaves_what_was_there(tab: Tab) -> None:
    found = tab.run("""
      await shelf.put("x", 1);
      const fail = () => { throw new Error("no"); };
      const failed = await shelf.revise("x", fail).catch((e) => e.message);
      const raised = await Promise.all([1, 2, 3].map(() => shelf.revise("x", (kept) => kept + 1)));
      const kept = await shelf.get("x");
      await shelf.remove("x");
      const gone = (await shelf.get("x")) === undefined;
      await shelf.put("y", 1);
      await shelf.clear();
      return {failed, raised, kept, gone, cleared: (await shelf.get("y")) === undefined};
    """)

    assert found == {
        "failed": "no",
        "raised": [2, 3, 4],
        "kept": 4,
        "gone": True,
        "cleared": True,
    }


def test_an_honest_hub_is_believed_and_its_receipt_is(tab: Tab) -> None:
    forge = Forge()
    readers = tab.run(f"""
      const said = {json.dumps(forge.case())};
      const own = trust.trustIn(said.hub, vaults.memoryShelf());
      const directory = await own.directory(said.list, said.organisations, said.now);
      const about = {{classes: {json.dumps(ALL)}}};
      await own.accepted({json.dumps(forge.answer())}, {json.dumps(SENT)});
      return trust.checkReaders("{DESK}", {json.dumps(honest(forge))}, directory, {NOW}, about);
    """)

    assert [each["kid"] for each in readers] == [each["kid"] for each in honest(forge)]


def test_whatever_is_pinned_stays_pinned_from_page_to_page(tab: Tab) -> None:
    forge = Forge()
    first = forge.case()
    forge.entries["schule:999001"]["version"] = 2
    ask = """
      const said = %s;
      const own = trust.trustIn(said.hub, shelf);
      return own.directory(said.list, said.organisations, said.now).then(() => "", (e) => e.reason);
    """
    assert tab.run(ask % json.dumps(first)) == ""
    tab.load()

    assert tab.run(ask % json.dumps(forge.case())) == "entry-older"
    assert tab.run(ask % json.dumps(first)) == ""


@pytest.mark.parametrize("name", [*DIRECTORY][::SOME])
def test_what_node_doubts_a_browser_doubts(tab: Tab, name: str) -> None:
    reason, case = DIRECTORY[name]
    found = tab.run(f"""
      const said = {json.dumps(case(Forge()))};
      const own = trust.trustIn(said.hub, vaults.memoryShelf());
      const ask = (it) => own.directory(it.list, it.organisations, it.now);
      for (const earlier of said.before ?? []) await ask(earlier);
      return ask(said).then(() => "", (doubt) => doubt.reason);
    """)

    assert found == reason
