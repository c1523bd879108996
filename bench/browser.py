# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""A page in Chromium, where it is there: the question goes in, the times come out."""

import json
import shutil
import subprocess
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from queue import Empty, SimpleQueue
from threading import Thread
from typing import Any

from bench.place import ROOT, VAR, fresh
from bench.process import end

PATIENCE = 120
"""Seconds until the page has to have answered."""
Times = dict[str, list[float]]


def in_chromium(question: dict[str, Any], page: str = "bench/seal.html") -> Times | None:
    """Return what a page measured; None where there is no Chromium."""
    program = shutil.which("chromium") or shutil.which("chromium-browser")
    if program is None:
        return None
    answers: SimpleQueue[dict[str, Any]] = SimpleQueue()
    handler = partial(_Page, json.dumps(question).encode(), answers)
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        url = f"http://localhost:{server.server_port}/{page}"
        said = _visit(program, url, answers)
        server.shutdown()
    return said


def _visit(program: str, url: str, answers: "SimpleQueue[dict[str, Any]]") -> Times:
    profile = f"--user-data-dir={fresh('chromium')}"
    flags = ("--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", profile)
    with (VAR / "children.log").open("ab") as log:
        child = subprocess.Popen([program, *flags, url], stdout=log, stderr=log)
    try:
        said = answers.get(timeout=PATIENCE)
    except Empty:
        raise RuntimeError("the page did not answer") from None
    finally:
        end(child)
    if "error" in said:
        raise RuntimeError(said["error"])
    return said


class _Page(SimpleHTTPRequestHandler):
    """Serves the checkout on loopback, the question, and takes the answer."""

    def __init__(
        self, question: bytes, answers: "SimpleQueue[dict[str, Any]]", *arguments: Any
    ) -> None:
        self._question = question
        self._answers = answers
        super().__init__(*arguments, directory=str(ROOT))

    def do_GET(self) -> None:
        if self.path != "/question":
            super().do_GET()
            return
        self._say(self._question)

    def do_POST(self) -> None:
        raw = self.rfile.read(int(self.headers["content-length"]))
        self._say(b"{}")
        self._answers.put(json.loads(raw))

    def _say(self, raw: bytes) -> None:
        self.send_response(200)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(raw)))
        self.end_headers()
        self.wfile.write(raw)

    def log_message(self, *_: object) -> None:
        """Say nothing; the times are what counts."""
