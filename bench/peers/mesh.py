# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""NHS ``mesh-sandbox``: the API of the English health service's message exchange, with files.

It stores a message as two files and waits for no disk. It checks no signature, no schema and, as it
is started here, no credentials; it gives no receipt that would prove anything.
"""

import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Final

from bench.place import ROOT, free_port, fresh
from bench.process import Process, python
from bench.sender import written

PYTHON: Final = ROOT / ".stamps" / "peers" / "venv" / "bin" / "python"
SENDER: Final = "X26ABC1"
RECIPIENT: Final = "X26ABC2"
INBOX: Final = f"/messageexchange/{RECIPIENT}/inbox"
ACCEPT: Final = "application/vnd.mesh.v2+json"


@contextmanager
def sandbox() -> Iterator[Process | None]:
    """Run the sandbox; gives None, and says so, where it is not installed."""
    if not PYTHON.exists():
        print("  LEFT OUT: mesh-sandbox is not installed (bench/peers/tools.sh)", flush=True)
        yield None
        return
    folder, port = fresh("mesh"), free_port()
    environment = {
        "AUTH_MODE": "none",
        "STORE_MODE": "file",
        "MAILBOXES_DATA_DIR": str(folder),
    }
    arguments = ("mesh_sandbox.api:app", "--port", port, "--no-access-log", "--log-level", "error")
    with python(
        "uvicorn",
        *arguments,
        port=port,
        ready="/health",
        environment=environment,
        interpreter=str(PYTHON),
    ) as process:
        yield process
    shutil.rmtree(folder)


def sends(bodies: Sequence[bytes]) -> list[bytes]:
    """Return a request for each body that sends it."""
    headers = {
        "mex-to": RECIPIENT,
        "mex-workflowid": "BENCH",
        "accept": ACCEPT,
        "content-type": "application/json",
    }
    path = f"/messageexchange/{SENDER}/outbox"
    return [written("POST", path, body, headers) for body in bodies]


def listing() -> bytes:
    """Return the request that lists what waits."""
    return written("GET", f"{INBOX}?max_results=10", b"", {"accept": ACCEPT})


def fetching(name: str) -> bytes:
    """Return the request that fetches one message."""
    return written("GET", f"{INBOX}/{name}", b"", {"accept": ACCEPT})


def acknowledging(name: str) -> bytes:
    """Return the request that takes one message from the list."""
    return written("PUT", f"{INBOX}/{name}/status/acknowledged", b"", {"accept": ACCEPT})
