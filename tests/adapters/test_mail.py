# SPDX-FileCopyrightText: 2026 Meldeweg contributors
# SPDX-License-Identifier: EUPL-1.2
"""A mail that says that something has come: to each address once, and nothing of what it is."""

import asyncio
from pathlib import Path

import pytest

from hub.adapters.base import HandedOver, TargetRefused, TargetTrouble
from hub.adapters.mail import MailAdapter
from hub.adapters.registry import SettingsUnfit, make_adapter, read_target
from hub.adapters.stand import MARKED, a_delivery, surroundings_in
from hub.protocols.compiled import load_compiled
from tests.receivers import Mailbox, a_mailbox

CATALOGUE = load_compiled()
ONE, OTHER = "dienst@jugendamt.invalid", "leitung@jugendamt.invalid"


def an_adapter(home: Path, server: str) -> MailAdapter:
    (home / "mailserver").write_text(server, "utf-8")
    said = {"kind": "mail", "server": "mailserver", "sender": "x@jugendamt.invalid"}
    settings = read_target({**said, "to": [ONE, OTHER]})
    made = make_adapter(settings, surroundings_in(home, CATALOGUE))
    assert isinstance(made, MailAdapter)
    return made


def handed(home: Path, mailbox: Mailbox) -> HandedOver:
    return asyncio.run(an_adapter(home, f"smtp://localhost:{mailbox.port}").hand_over(a_delivery()))


def test_each_address_is_told_once_and_of_nothing(tmp_path: Path) -> None:
    with a_mailbox() as mailbox:
        handed(tmp_path, mailbox)
        assert handed(tmp_path, mailbox).was_there

    assert sorted(to for to, _ in mailbox.mails) == [ONE, OTHER]
    raw = b"".join(mailbox.raw).decode()
    assert not any(word in raw for word in (*MARKED, "Wesel", "polizei", "Mia"))
    assert a_delivery().id in raw


def test_whoever_was_told_is_not_told_again_for_the_others_sake(tmp_path: Path) -> None:
    with a_mailbox() as mailbox:
        mailbox.to_address[OTHER] = ["451 4.3.0 spaeter"]
        with pytest.raises(TargetTrouble, match="mail-smtp-451"):
            handed(tmp_path, mailbox)
        handed(tmp_path, mailbox)

    assert sorted(to for to, _ in mailbox.mails) == [ONE, OTHER]


def test_one_address_that_is_gone_holds_nobody_up_and_is_seen(tmp_path: Path) -> None:
    with a_mailbox() as mailbox:
        mailbox.to_address[OTHER] = ["550 5.1.1 unbekannt"]
        adapter = an_adapter(tmp_path, f"smtp://localhost:{mailbox.port}")

        async def tell() -> str:
            await adapter.hand_over(a_delivery())
            return (await adapter.check()).text

        assert "1 der Adressen" in asyncio.run(tell())


def test_where_nobody_takes_it_a_person_has_to_look_each_time(tmp_path: Path) -> None:
    with a_mailbox() as mailbox:
        for _ in range(2):
            mailbox.to_address |= {ONE: ["550 5.1.1 nein"], OTHER: ["550 5.1.1 nein"]}
            with pytest.raises(TargetRefused, match="address-refused"):
                handed(tmp_path, mailbox)


@pytest.mark.parametrize("server", ["", "smtp://mail.invalid:25", "https://x"])
def test_a_server_elsewhere_without_tls_is_refused(tmp_path: Path, server: str) -> None:
    with pytest.raises(SettingsUnfit, match="/server"):
        an_adapter(tmp_path, server)
