# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""A page in a real Chromium, where there is one: how it looks, and what the browser objects to.

Spoken to through a pipe in the protocol of its developer tools, so nothing listens and nothing else
has to be installed.
"""

import base64
import json
import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from select import select
from time import monotonic
from typing import Any, Final

PATIENCE: Final = 60
"""Seconds within which the browser answers, on a machine that is busy."""
FLAGS: Final = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--hide-scrollbars",
    "--no-first-run",
    "--remote-debugging-pipe",
)
ROOT: Final = Path(__file__).parents[1]
AXE: Final = ROOT / "node_modules" / "axe-core" / "axe.min.js"
_ASK_AXE: Final = "axe.run(document, %s).then(found => JSON.stringify(found))"
_MOST_STOPS: Final = 200
KEYS: Final = {
    "Tab": (9, ""),
    "Enter": (13, "\r"),
    " ": (32, " "),
    "Escape": (27, ""),
    "ArrowLeft": (37, ""),
    "ArrowUp": (38, ""),
    "ArrowRight": (39, ""),
    "ArrowDown": (40, ""),
}
"""Number of a key, and what it writes."""
# A name, and how far down it stands; None once the focus has left the page.
_FOCUSED: Final = """(() => {
  const at = document.activeElement;
  if (!at || at === document.body || window.besucht.some(each => each.at === at)) return null;
  window.besucht.push({at, top: Math.round(at.getBoundingClientRect().top + scrollY)});
  const label = at.labels && at.labels[0] ? at.labels[0].textContent : at.textContent;
  return label.trim().replace(/\\s+/g, " ");
})()"""
_WIDTH_OF_PAGE: Final = "document.documentElement.scrollWidth"


def chromium() -> str | None:
    """Return the browser of this machine, if it has one."""
    return shutil.which("chromium") or shutil.which("chromium-browser")


@dataclass
class Page:
    """One tab; what the browser objects to is kept until asked for."""

    _reading: int
    _writing: int
    objections: list[str] = field(default_factory=list)
    """What violates the page's own policy, and what could not be loaded."""
    _session: str = ""
    _asked: int = 0
    _events: list[dict[str, Any]] = field(default_factory=list)
    _rest: bytes = b""
    _authenticator: str = ""
    _process: "subprocess.Popen[bytes] | None" = None
    _heard: Callable[[dict[str, Any]], None] = lambda _event: None

    def begin(self) -> None:
        target = self._ask("Target.createTarget", url="about:blank")["targetId"]
        attached = self._ask("Target.attachToTarget", targetId=target, flatten=True)
        self._session = attached["sessionId"]
        for domain in ("Page", "Log", "Runtime", "Audits"):
            self._ask(f"{domain}.enable")

    def tell(self, method: str, **params: Any) -> dict[str, Any]:
        """Say something in the protocol of the developer tools, and return the answer."""
        return self._ask(method, **params)

    def listen(self, hear: Callable[[dict[str, Any]], None]) -> None:
        """Have every event that the browser reports from now on told to somebody."""
        self._heard = hear

    def crash(self) -> None:
        """End the browser as a failure of the machine would: with no time to write anything."""
        assert self._process is not None
        self._process.kill()
        self._process.wait()

    def open(self, url: str, *, width: int, height: int = 900) -> None:
        """Show an address on a screen of this width, and wait until it is there."""
        self._events.clear()
        self.resize(width, height)
        self._ask("Page.navigate", url=url)
        while not any(each["method"] == "Page.loadEventFired" for each in self._events):
            self._take()

    def resize(self, width: int, height: int = 900) -> None:
        """Be as wide as another screen, with all that stands on the page."""
        self._ask(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=height,
            deviceScaleFactor=1,
            mobile=False,
        )

    def prefer(self, scheme: str, *, forced: bool = False, medium: str = "") -> None:
        """Be the browser of somebody who prefers ``light`` or ``dark``, or who forces colours."""
        wishes = {"prefers-color-scheme": scheme, "forced-colors": "active" if forced else "none"}
        features = [{"name": name, "value": value} for name, value in wishes.items()]
        self._ask("Emulation.setEmulatedMedia", media=medium, features=features)

    def download_to(self, folder: Path) -> None:
        """Put what a page lets one keep into a folder."""
        where = {"downloadPath": str(folder), "eventsEnabled": True}
        self._ask("Browser.setDownloadBehavior", behavior="allow", **where)

    def connect(self, *, is_connected: bool) -> None:
        """Pull the plug of the network, or put it in again."""
        self._ask("Network.enable")
        without = {"latency": 0, "downloadThroughput": -1, "uploadThroughput": -1}
        self._ask("Network.emulateNetworkConditions", offline=not is_connected, **without)

    def evaluate(self, expression: str) -> Any:
        """Return what an expression is worth in the page, whose own policy does not bind us."""
        answer = self._ask(
            "Runtime.evaluate", expression=expression, awaitPromise=True, returnByValue=True
        )
        assert "exceptionDetails" not in answer, answer
        return answer["result"].get("value")

    def give_authenticator(self, *, verifies: bool = True, prf: bool = False) -> None:
        """Put a virtual authenticator in, in the place of one that may be there.

        With ``prf`` it also keeps a secret for whoever asks with one of its passkeys.
        """
        self._ask("WebAuthn.enable")
        if self._authenticator:
            self._ask("WebAuthn.removeVirtualAuthenticator", authenticatorId=self._authenticator)
        options = {
            "protocol": "ctap2",
            "transport": "internal",
            "hasResidentKey": True,
            "hasUserVerification": True,
            "isUserVerified": verifies,
            "automaticPresenceSimulation": True,
        }
        if prf:
            options |= {"ctap2Version": "ctap2_1", "hasPrf": True}
        made = self._ask("WebAuthn.addVirtualAuthenticator", options=options)
        self._authenticator = made["authenticatorId"]

    def passkeys(self) -> list[dict[str, Any]]:
        """Return the passkeys in the authenticator, to be put into another one."""
        asked = {"authenticatorId": self._authenticator}
        found: list[dict[str, Any]] = self._ask("WebAuthn.getCredentials", **asked)["credentials"]
        return found

    def put_passkeys(self, passkeys: list[dict[str, Any]]) -> None:
        """Put passkeys in; the secrets that a PRF asks for do not come along."""
        for each in passkeys:
            self._ask(
                "WebAuthn.addCredential", authenticatorId=self._authenticator, credential=each
            )

    def press(self, selector: str, *, until: str) -> None:
        """Click, and wait until the page at this path is there."""
        self.evaluate(f"document.querySelector({json.dumps(selector)}).click();0")
        state = "location.pathname + (document.readyState == 'complete' ? '' : ' …')"
        self.wait_for(state, until)

    def wait_for(self, expression: str, part: str) -> str:
        """Ask until the answer holds ``part``; pages come and go meanwhile."""
        asked = f"new Promise(done => setTimeout(async () => done(String({expression})), 50))"
        found = ""
        end = monotonic() + PATIENCE
        while monotonic() < end:
            with suppress(AssertionError):
                found = str(self.evaluate(asked))
            if part in found and not found.endswith("…"):
                return found
        raise AssertionError(f"{part} was to come, and {found} is there")

    def settle(self) -> None:
        """Hear all that the browser has to say of the page before."""
        for _ in range(3):
            self.evaluate("0")

    def tab_through(self) -> list[str]:
        """Press the tab key until it comes round, and return what had the focus, as it is called.

        Where each stood on the page is kept there as ``besucht``.
        """
        self.evaluate("window.besucht = [];0")
        names: list[str] = []
        for _ in range(_MOST_STOPS):
            self.hit("Tab")
            name = self.evaluate(_FOCUSED)
            if name is None:
                break
            names.append(name)
        return names

    def hit(self, key: str) -> None:
        """Press one key that is no letter, and let it go."""
        code, text = KEYS[key]
        said = {"key": key, "code": key if key != " " else "Space", "windowsVirtualKeyCode": code}
        down = {**said, "text": text} if text else said
        self._ask("Input.dispatchKeyEvent", type="keyDown", **down)
        self._ask("Input.dispatchKeyEvent", type="keyUp", **said)

    def type(self, text: str) -> None:
        """Write at the place that has the focus, as a keyboard would."""
        self._ask("Input.insertText", text=text)

    def cookies(self) -> list[tuple[str, bool, bool, str, str]]:
        """Return of each cookie: name, whether HttpOnly, whether Secure, SameSite, path."""
        return [
            (each["name"], each["httpOnly"], each["secure"], each["sameSite"], each["path"])
            for each in self._ask("Network.getCookies")["cookies"]
        ]

    def keep_cookie(self, name: str, value: str, url: str) -> None:
        """Give the browser a cookie, as if an address had set it."""
        self._ask("Network.setCookie", name=name, value=value, url=url, httpOnly=True)

    def forget_cookies(self) -> None:
        """Be the browser of a stranger."""
        self._ask("Network.clearBrowserCookies")

    def forget_cache(self) -> None:
        """Be a browser that was never here."""
        self._ask("Network.enable")
        self._ask("Network.clearBrowserCache")

    def axe(self, *rules: str) -> list[str]:
        """Return what axe-core finds wrong for people who cannot see or point.

        With ``rules`` it looks at these alone, as where nothing has changed but colours.
        """
        if not self.evaluate("'axe' in window"):
            self.evaluate(AXE.read_text("utf-8") + ";0")
        asked = {"preload": False, **({"runOnly": rules} if rules else {})}
        found = json.loads(self.evaluate(_ASK_AXE % json.dumps(asked)))
        assert found["passes"], "otherwise nothing was looked at"
        return [
            f"{each['id']}: {each['help']} at {node['target']}"
            for each in found["violations"]
            for node in each["nodes"]
        ]

    def overflow(self, width: int) -> int:
        """Return by how many pixels the page is wider than the screen."""
        return max(0, int(self.evaluate(_WIDTH_OF_PAGE)) - width)

    def screenshot(self, path: Path) -> None:
        """Write all of the page, however long, as a PNG."""
        shot = self._ask("Page.captureScreenshot", captureBeyondViewport=True)
        path.write_bytes(base64.b64decode(shot["data"]))

    def _ask(self, method: str, **params: Any) -> dict[str, Any]:
        self._asked += 1
        said = {"id": self._asked, "method": method, "params": params}
        if self._session:
            said["sessionId"] = self._session
        os.write(self._writing, json.dumps(said).encode() + b"\0")
        while True:
            answer = self._take()
            if answer.get("id") == self._asked:
                assert "error" not in answer, answer
                result: dict[str, Any] = answer["result"]
                return result

    def _take(self) -> dict[str, Any]:
        """Return the next thing that the browser says."""
        while b"\0" not in self._rest:
            ready, _, _ = select([self._reading], [], [], PATIENCE)
            assert ready, "the browser does not answer"
            more = os.read(self._reading, 1 << 20)
            assert more, "the browser has ended"
            self._rest += more
        raw, _, self._rest = self._rest.partition(b"\0")
        said: dict[str, Any] = json.loads(raw)
        if "method" in said:
            self._events.append(said)
            self._note(said)
            self._heard(said)
        return said

    def _note(self, event: dict[str, Any]) -> None:
        if event["method"] == "Log.entryAdded":
            self.objections.append(event["params"]["entry"]["text"])
        if event["method"] == "Audits.issueAdded":
            self.objections.append(event["params"]["issue"]["code"])


@contextmanager
def a_page(profile: Path) -> Iterator[Page]:
    """Start a browser with one empty tab; it ends with the block."""
    program = chromium()
    assert program is not None
    theirs_in, ours_out = os.pipe()
    ours_in, theirs_out = os.pipe()
    # The browser expects the two ends as descriptors 3 and 4, which may be taken here.
    started = ["bash", "-c", f'exec "$@" 3<&{theirs_in} 4>&{theirs_out}', "-", program, *FLAGS]
    with (profile / "chromium.log").open("ab") as log:
        child = subprocess.Popen(
            [*started, f"--user-data-dir={profile}"],
            stdout=log,
            stderr=log,
            pass_fds=(theirs_in, theirs_out),
        )
    os.close(theirs_in)
    os.close(theirs_out)
    page = Page(ours_in, ours_out, _process=child)
    try:
        page.begin()
        yield page
    finally:
        os.close(ours_out)
        os.close(ours_in)
        child.terminate()
        child.wait()
