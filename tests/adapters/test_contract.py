# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""Every shipped adapter keeps the same promises, against a real counterpart.

The suite is the one that we hand to others; so an adapter that breaks a promise has to fail it.
"""

import asyncio
import subprocess
import sys
from pathlib import Path

import pytest

from hub.adapters.contract_tests import keep
from hub.adapters.promises import PROMISES, Promise
from hub.adapters.stand import MakeStand
from tests.adapters import stands
from tests.house.source import ROOT

STANDS: tuple[MakeStand, ...] = (
    stands.folder_stand,
    stands.small_folder_stand,
    stands.sftp_stand,
    stands.https_stand,
    stands.asking_https_stand,
    stands.mail_stand,
    stands.inbox_stand,
    stands.small_inbox_stand,
    stands.memory_stand,
)


@pytest.mark.parametrize("make_stand", STANDS, ids=lambda each: each.__name__)
@pytest.mark.parametrize("promise", PROMISES, ids=lambda each: each.__name__)
def test_a_shipped_adapter_keeps_its_promise(
    promise: Promise, make_stand: MakeStand, tmp_path: Path
) -> None:
    try:
        asyncio.run(keep(promise, make_stand, tmp_path))
    except PermissionError:
        # The stand with the full disk mounts one of its own, which some machines let nobody do.
        pytest.skip("nothing may be mounted here")


@pytest.mark.parametrize("factory", ["stands:memory_stand", "forgetful:forgetful_stand"])
def test_the_plugin_says_whether_an_adapter_keeps_its_promises(factory: str) -> None:
    command = ["-m", "pytest", "-q", "-n0", "-p", "hub.adapters.contract"]
    named = f"tests.adapters.{factory}"
    ran = subprocess.run(
        [sys.executable, *command, "--adapter", named],
        cwd=ROOT,
        check=False,
        capture_output=True,
        text=True,
        timeout=120,
    )

    if "forgetful" in factory:
        assert ran.returncode == 1
        assert "takes_effect_once" in ran.stdout
        assert "more than one effect" in ran.stdout
    else:
        assert ran.returncode == 0, ran.stdout + ran.stderr
        assert f"{len(PROMISES)} passed" in ran.stdout
