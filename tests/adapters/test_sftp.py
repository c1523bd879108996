# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""SFTP: the line ends at each request, the server is another one, or lets nobody in."""

import asyncio
from contextlib import suppress
from pathlib import Path

import asyncssh
import pytest

from hub.adapters.base import HandedOver, TargetTrouble
from hub.adapters.registry import make_adapter, read_target
from hub.adapters.stand import a_delivery, surroundings_in
from hub.protocols.compiled import load_compiled
from tests.adapters.sftp_server import SftpServer, an_sftp_server

CATALOGUE = load_compiled()
FORMS = ["xml", "json"]


async def handed(server: SftpServer, number: int, **said: object) -> HandedOver:
    settings = read_target({**server.settings(), "forms": FORMS, "patience": 20, **said})
    adapter = make_adapter(settings, surroundings_in(server.home, CATALOGUE))
    delivery = a_delivery(number)
    try:
        return await adapter.already_there(delivery) or await adapter.hand_over(delivery)
    finally:
        await adapter.close()


async def cut_at_each_request(home: Path) -> int:
    async with an_sftp_server(home) as server:
        for number in range(1, 40):
            server.cut_at = number
            with suppress(TargetTrouble):
                await handed(server, number)
            was_cut, server.cut_at = server.cut_at == 0, 0
            took = [path.name for path in server.folder.glob("[!.]*")]
            for name in took:
                (server.folder / name).unlink()
            await handed(server, number)
            took += [path.name for path in server.folder.glob("[!.]*")]
            names = sorted(f"{a_delivery(number).id}.{form}" for form in FORMS)
            assert sorted(took) == names, number
            for path in server.folder.glob("[!.]*"):
                path.unlink()
            if not was_cut:
                return number
    return 0


def test_cut_at_any_request_it_is_there_once(tmp_path: Path) -> None:
    """With a reader who takes away what lies there before the next attempt."""
    assert asyncio.run(cut_at_each_request(tmp_path)) > 8


def test_a_server_with_another_key_gets_nothing(tmp_path: Path) -> None:
    async def meet() -> None:
        async with an_sftp_server(tmp_path) as server:
            other = asyncssh.generate_private_key("ssh-ed25519").export_public_key().decode()
            (tmp_path / "known_hosts").write_text(f"[localhost]:{server.port} {other}")
            with pytest.raises(TargetTrouble, match="host-key"):
                await handed(server, 1)
            assert list(server.folder.iterdir()) == []

    asyncio.run(meet())


def test_a_key_that_the_server_does_not_know_is_said_to_be_refused(tmp_path: Path) -> None:
    async def meet() -> None:
        async with an_sftp_server(tmp_path) as server:
            asyncssh.generate_private_key("ssh-ed25519").write_private_key(tmp_path / "fremd")
            with pytest.raises(TargetTrouble, match="login-refused"):
                await handed(server, 1, key="fremd")

    asyncio.run(meet())


def test_a_folder_that_is_not_there_is_a_trouble_with_a_sentence(tmp_path: Path) -> None:
    async def meet() -> None:
        async with an_sftp_server(tmp_path) as server:
            with pytest.raises(TargetTrouble, match="folder-missing"):
                await handed(server, 1, folder="/gibt-es-nicht")

    asyncio.run(meet())
