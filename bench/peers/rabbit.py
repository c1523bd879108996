# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""RabbitMQ as Debian has it: a broker that confirms once a persistent message is on its disk.

It checks nothing of what it carries: no signature, no schema, no rule; there is no log and no
proof. It is what durable hand-over alone costs in a mature program on several threads.
"""

import asyncio
import os
import pwd
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Final

from bench.peers.amqp import is_there
from bench.place import VAR, free_port
from bench.process import START, Process, end

PROGRAM: Final = Path("/usr/lib/rabbitmq/bin/rabbitmq-server")


@contextmanager
def broker() -> Iterator[Process | None]:
    """Run a broker on loopback with data of its own; gives None, and says so, without RabbitMQ."""
    epmd = shutil.which("epmd")
    if not PROGRAM.exists() or epmd is None:
        print("  LEFT OUT: RabbitMQ is not installed (bench/peers/tools.sh)", flush=True)
        yield None
        return
    folder = Path(tempfile.mkdtemp(prefix="meldeweg-bench-"))
    port, mapper = free_port(), str(free_port())
    with ExitStack() as stack:
        stack.callback(shutil.rmtree, folder, ignore_errors=True)
        prefix = _as_nobody(folder)
        environment = {**os.environ, **_setting(folder, port, mapper)}
        # Erlang would start its port mapper by itself and leave it behind.
        stack.enter_context(
            _child([*prefix, epmd, "-port", mapper, "-address", "127.0.0.1"], environment)
        )
        child = stack.enter_context(_child([*prefix, str(PROGRAM)], environment))
        _await(child, port)
        yield Process(child.pid, port)


def _as_nobody(folder: Path) -> list[str]:
    """Return what comes before a command so that it has no rights; a broker needs none."""
    if os.geteuid() != 0:
        return []
    nobody = pwd.getpwnam("nobody")
    os.chown(folder, nobody.pw_uid, nobody.pw_gid)
    return ["setpriv", "--reuid", "nobody", "--regid", str(nobody.pw_gid), "--clear-groups"]


def _setting(folder: Path, port: int, mapper: str) -> dict[str, str]:
    plugins = folder / "enabled_plugins"
    plugins.write_text("[].\n", "ascii")
    return {
        "HOME": str(folder),
        "ERL_EPMD_PORT": mapper,
        "ERL_EPMD_ADDRESS": "127.0.0.1",
        "RABBITMQ_NODENAME": f"bench{port}@localhost",
        "RABBITMQ_NODE_IP_ADDRESS": "127.0.0.1",
        "RABBITMQ_NODE_PORT": str(port),
        "RABBITMQ_DIST_PORT": str(free_port()),
        "RABBITMQ_MNESIA_BASE": str(folder / "data"),
        "RABBITMQ_LOG_BASE": str(folder / "log"),
        "RABBITMQ_ENABLED_PLUGINS_FILE": str(plugins),
        "RABBITMQ_CONFIG_FILE": str(folder / "rabbitmq"),
        "RABBITMQ_PID_FILE": str(folder / "pid"),
    }


@contextmanager
def _child(command: list[str], environment: dict[str, str]) -> Iterator["subprocess.Popen[bytes]"]:
    with (VAR / "children.log").open("ab") as log:
        child = subprocess.Popen(command, env=environment, stdout=log, stderr=log, cwd="/")
    try:
        yield child
    finally:
        end(child)


def _await(child: "subprocess.Popen[bytes]", port: int) -> None:
    begun = time.monotonic()
    while time.monotonic() - begun < START:
        if child.poll() is not None:
            raise RuntimeError(f"RabbitMQ ended with {child.returncode}")
        if asyncio.run(is_there(port)):
            return
        time.sleep(0.5)
    raise RuntimeError("RabbitMQ is not ready")
